package import DatasetStore
package import Evaluation
internal import JSON
package import Records
internal import SQLite

/// Makes the tables of the paper from what is in a store.
package struct EvaluateStage {
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?
  /// Whose verdicts count.
  package var selection = JudgeSelection()
  /// The most answers of a model that the diversity of corpora is computed over; `nil` leaves the
  /// table of corpora out.
  package var corpusSample: Int? = 1000
  /// How verdicts become ranks, what ties are worth, and what else the report says.
  package var options = EvaluationOptions()

  /// An evaluation with the usual options.
  package init() {}

  /// One metric and where its values are.
  private struct Column {
    let name: String
    /// The row of the way to score; `nil` for imported scores.
    let scorer: Int64?
    let signature: String
    var higherIsBetter = true
  }

  /// Evaluates.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the report.
  /// - Throws: `SQLiteError`, `EvaluationError`, ``StageError``.
  package func run(on store: Store, _ context: StageContext) throws -> EvaluationReport {
    let judges = try Judges(store, selection)
    let columns = try columns(of: store)
    var options = options
    options.metrics = columns.map {
      .standard($0.name, higherIsBetter: $0.higherIsBetter, signature: $0.signature)
    }
    var corpora = corpusSample.map { CorpusTallies(sampleSize: $0) }
    options.notes += judges.notes
    var accumulator = EvaluationAccumulator(options: options)
    let reader = try ExampleReader(store, .init(split: split))
    let lookup = try store.makeReader()
    var done = 0
    while let stored = try reader.next() {
      done += 1
      if done % 256 == 0 {
        context.report(.init(done: done))
        try context.stopIfCancelled("the store was only read")
      }
      let example = stored.example
      corpora?.add(stored)
      guard !example.candidates.isEmpty else { continue }
      var values = columns.map { _ in [Double?](repeating: nil, count: example.candidates.count) }
      for (place, row) in stored.candidateRows.enumerated() {
        let computed =
          columns.contains { $0.scorer != nil } ? try Store.scores(of: row, on: lookup) : [:]
        for (index, column) in columns.enumerated() {
          values[index][place] =
            column.scorer.map { computed[$0] } ?? example.candidates[place].score(column.name)
        }
      }
      let stored = try reader.verdicts(of: stored)
      let (verdicts, weights) = judges.pairVerdicts(stored, of: example)
      try accumulator.add(
        EvaluatedExample(
          id: example.id, models: example.candidates.map(\.model), metrics: values,
          verdicts: verdicts, weights: weights, judgments: judges.judgments(stored, of: example),
          lengths: example.candidates.map { $0.text.unicodeScalars.count }))
    }
    var report = try accumulator.report()
    report.corpus = corpora?.table()
    return report
  }

  /// Each metric from one place only: the computed scores when they cover at least as many
  /// candidates as the imported ones.
  private func columns(of store: Store) throws -> [Column] {
    var columns: [Column] = []
    var imported: [(name: String, count: Int)] = []
    try store.connection.query(
      """
      SELECT j.key, count(*) FROM candidates c, json_each(c.scores) j
      WHERE j.type IN ('integer', 'real') GROUP BY j.key ORDER BY min(c.candidate_id), min(j.id)
      """
    ) { row in imported.append((row.text(0), row.int(1))) }
    for scorer in try store.scorers() where scorer.count > 0 {
      let known = imported.first { $0.name == scorer.metric }?.count ?? 0
      guard scorer.count >= known, !columns.contains(where: { $0.name == scorer.metric }) else {
        continue
      }
      columns.append(
        Column(
          name: scorer.metric, scorer: scorer.row, signature: scorer.signature,
          higherIsBetter: scorer.higherIsBetter))
    }
    for (name, _) in imported where !columns.contains(where: { $0.name == name }) {
      columns.append(Column(name: name, scorer: nil, signature: "\(name), imported"))
    }
    return columns
  }
}
