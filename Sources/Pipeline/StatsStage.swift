package import DatasetStore
package import Evaluation
package import Records
package import Tokenizers

/// The seed's table of sources: examples and mean lengths of inputs and outputs.
package struct StatsStage {
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?
  /// What counts lengths.
  package var counter: any TokenCounter = WordTokenizer()
  /// What ``counter`` counts.
  package var unit = "words"

  /// A table with the usual options.
  package init() {}

  /// Counts.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the table.
  /// - Throws: `SQLiteError`, `TokenizerError`.
  package func run(on store: Store, _ context: StageContext) throws -> SourceStatistics {
    let reader = try ExampleReader(store, .init(split: split))
    var statistics = SourceStatistics(unit: unit)
    try reader.forEachExample(context) { stored in
      let example = stored.example
      statistics.add(
        source: stored.source, input: try counter.count(example.instruction + example.input),
        output: try example.output.map { try counter.count($0) },
        candidates: example.candidates.count)
    }
    return statistics
  }
}
