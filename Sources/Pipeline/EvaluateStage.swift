package import DatasetStore
package import Evaluation
package import Records
internal import SQLite

/// Makes the tables of the paper from what is in a store.
package struct EvaluateStage {
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?
  /// Whose verdicts count.
  package var selection = JudgeSelection()
  /// Which way to score is shown of metrics that have several: signatures, or what only one of them
  /// contains; the one with the most scores where none is named.
  package var scorers: [String] = []
  /// The most answers of a model that the diversity of corpora is computed over; `nil` leaves the
  /// table of corpora out.
  package var corpusSample: Int? = 1000
  /// How verdicts become ranks, what ties are worth, and what else the report says.
  package var options = EvaluationOptions()

  /// An evaluation with the usual options.
  package init() {}

  /// Evaluates.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the report.
  /// - Throws: `SQLiteError`, `EvaluationError`, ``StageError``.
  package func run(on store: Store, _ context: StageContext) throws -> EvaluationReport {
    let judges = try Judges(store, selection)
    let columns = try MetricColumns(store, choices: scorers)
    let rankings = try RankingRows(store)
    var options = options
    options.metrics = columns.descriptions
    var corpora = corpusSample.map { CorpusTallies(sampleSize: $0) }
    options.notes += judges.notes + (try labelNotes(store, judges)) + columns.notes
    var accumulator = EvaluationAccumulator(options: options)
    let reader = try ExampleReader(store, .init(split: split))
    let lookup = try store.makeReader()
    try reader.forEachExample(context) { stored in
      corpora?.add(stored)
      guard !stored.example.candidates.isEmpty else { return }
      let verdicts = try reader.verdicts(of: stored)
      try accumulator.add(
        evaluated(stored, verdicts, judges, try columns.values(of: stored, on: lookup), rankings))
    }
    var report = try accumulator.report()
    report.corpus = corpora?.table()
    return report
  }

  /// A ranker that is measured by labels made of its own verdicts looks better than it is.
  private func labelNotes(_ store: Store, _ judges: Judges) throws -> [String] {
    var notes: [String] = []
    try store.connection.query(
      """
      SELECT name, json_extract(details, '$.ranker') FROM judges
      WHERE kind = 'derived' AND json_extract(details, '$.ranker') IS NOT NULL ORDER BY judge_id
      """
    ) { row in
      guard judges.names.contains(where: { $0.utf8.elementsEqual(row.text(0).utf8) }) else {
        return
      }
      notes.append(
        "Verdicts of '\(row.text(0))' are labels of the ranker '\(row.text(1))', whose own rows are "
          + "partly measured by themselves: --weight derived=0 leaves them out.")
    }
    return notes
  }

  /// What the tables are made of; a fusion is no candidate but an answer of its own, as in the
  /// published tables.
  private func evaluated(
    _ stored: StoredExample, _ verdicts: [StoredVerdict], _ judges: Judges, _ values: [[Double?]],
    _ rankings: RankingRows
  ) throws -> EvaluatedExample {
    let candidates = stored.example.candidates
    let own = candidates.indices.filter { !candidates[$0].isFusion }
    var outcomes = try rankings.outcomes(of: own.map { stored.candidateRows[$0] })
    for place in candidates.indices where candidates[place].isFusion {
      let model = candidates[place].model
      // A repeated fuser stands for its first fusion.
      guard !outcomes.contains(where: { $0.method.utf8.elementsEqual(model.utf8) }) else {
        continue
      }
      outcomes.append(
        MethodOutcome(method: model, outcome: .generated(metrics: values.map { $0[place] })))
    }
    let (pairs, weights) = judges.pairVerdicts(verdicts, of: stored.example)
    return EvaluatedExample(
      id: stored.example.id, models: own.map { candidates[$0].model },
      metrics: values.map { values in own.map { values[$0] } }, verdicts: pairs, weights: weights,
      outcomes: outcomes, judgments: judges.judgments(verdicts, of: stored.example),
      judgedModels: candidates.map(\.model),
      lengths: candidates.map { $0.text.unicodeScalars.count }
    )
  }
}
