package import DatasetStore
internal import JSON
package import Metrics
package import Records
internal import SQLite

/// Scores candidates against their references; only what is missing is computed.
package struct ScoreStage {
  /// The names that can be asked for: metrics of texts, and what servers returned.
  package static let metricNames =
    LexicalMetric.all.map(\.name) + ServerLogprobs.allCases.map(\.rawValue)

  /// The metrics that are computed of texts.
  package let metrics: [LexicalMetric]
  /// What is taken from the journal of model servers.
  package let logprobs: [ServerLogprobs]
  /// Whether words are stemmed for ROUGE.
  package let useStemmer: Bool
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?

  private static let batch = 500

  /// A scoring with some metrics.
  ///
  /// - Parameters:
  ///   - names: the metrics' names.
  ///   - useStemmer: whether words are stemmed for ROUGE.
  /// - Throws: `MetricsError` for an unknown name.
  package init(metrics names: [String], useStemmer: Bool) throws(MetricsError) {
    logprobs = names.compactMap(ServerLogprobs.init(rawValue:))
    let scorer = try LexicalScorer(
      metrics: names.filter { ServerLogprobs(rawValue: $0) == nil }, useStemmer: useStemmer)
    metrics = scorer.metrics
    self.useStemmer = useStemmer
  }

  /// Scores.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    try StageRun.record(in: store, context) { _ in
      var scorer = LexicalScorer(metrics, useStemmer: useStemmer)
      let rows = try scorer.signatures.map {
        try store.scorerRow(
          metric: $0.metric, signature: $0.description,
          higherIsBetter: $0.direction == .higherIsBetter)
      }
      var summary = StageSummary()
      for name in ["candidates", "scored", "already scored", "without reference"] {
        summary[name] = 0
      }
      for metric in logprobs {
        summary["\(metric.rawValue) of the journal"] = try metric.score(
          store, split: split?.rawValue)
      }
      summary.details["signatures"] = .array(
        scorer.signatures.map { .string($0.description) }
          + logprobs.map { .string($0.signature) })
      guard !metrics.isEmpty else { return summary }
      let reader = try ExampleReader(store, .init(split: split))
      let lookup = try store.makeReader()
      let total = try store.connection.integer("SELECT count(*) FROM examples") ?? 0
      var done = 0
      var isAtEnd = false
      while !isAtEnd {
        try store.connection.transaction {
          for _ in 0..<Self.batch {
            guard let stored = try reader.next() else {
              isAtEnd = true
              break
            }
            done += 1
            try score(stored, rows, &scorer, lookup, store, &summary)
          }
        }
        context.report(.init(done: done, total: Int(total)))
        if context.isCancelled(), !isAtEnd {
          summary.wasInterrupted = true
          break
        }
      }
      return summary
    }
  }

  private func score(
    _ stored: StoredExample, _ rows: [Int64], _ scorer: inout LexicalScorer, _ lookup: Connection,
    _ store: Store, _ summary: inout StageSummary
  ) throws {
    summary["candidates"] += stored.candidateRows.count
    guard let output = stored.example.output else {
      summary["without reference"] += stored.candidateRows.count
      return
    }
    var reference: LexicalScorer.Reference?
    for (place, candidate) in stored.example.candidates.enumerated() {
      let row = stored.candidateRows[place]
      let known = try Store.scores(of: row, on: lookup)
      if rows.allSatisfy({ known[$0] != nil }) {
        summary["already scored"] += 1
        continue
      }
      let prepared = reference ?? scorer.prepare(output)
      reference = prepared
      let values = scorer.score(candidate: candidate.text, reference: prepared)
      for (metric, value) in zip(rows, values) where known[metric] == nil {
        try store.addScore(value.number, candidate: row, scorer: metric)
      }
      summary["scored"] += 1
    }
  }
}
