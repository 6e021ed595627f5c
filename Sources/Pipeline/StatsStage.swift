package import DatasetStore
package import Records
package import Tokenizers

/// The seed's table of sources: examples and mean lengths of inputs and outputs.
package struct StatsStage {
  /// One row of the table.
  package struct Row: Sendable {
    /// The source, or `unknown`.
    package let source: String
    /// The number of examples.
    package var examples = 0
    /// The sum of the inputs' lengths.
    package var inputLength = 0
    /// The sum of the outputs' lengths.
    package var outputLength = 0
    /// The number of candidates.
    package var candidates = 0

    /// A row that has counted nothing yet.
    package init(source: String) { self.source = source }

    /// The mean length of instruction and input together.
    package var meanInput: Double { Double(inputLength) / Double(max(1, examples)) }
    /// The mean length of the reference answer.
    package var meanOutput: Double { Double(outputLength) / Double(max(1, examples)) }
  }

  /// Only this part of the dataset; `nil` for all.
  package var split: Split?
  /// What counts lengths.
  package var counter: any TokenCounter = WordTokenizer()

  /// A table with the usual options.
  package init() {}

  /// Counts.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the rows by number of examples, largest first.
  /// - Throws: `SQLiteError`, `TokenizerError`.
  package func run(on store: Store, _ context: StageContext) throws -> [Row] {
    let reader = try ExampleReader(store, .init(split: split))
    var rows: [Row] = []
    var done = 0
    while let stored = try reader.next() {
      done += 1
      if done % 256 == 0 {
        context.report(.init(done: done))
        try context.stopIfCancelled("the store was only read")
      }
      let source = stored.source ?? "unknown"
      let index = rows.firstIndex { $0.source == source } ?? rows.count
      if index == rows.count { rows.append(Row(source: source)) }
      let example = stored.example
      rows[index].examples += 1
      rows[index].inputLength += try counter.count(example.instruction + example.input)
      rows[index].outputLength += try counter.count(example.output ?? "")
      rows[index].candidates += example.candidates.count
    }
    return rows.sorted { ($1.examples, $0.source) < ($0.examples, $1.source) }
  }
}
