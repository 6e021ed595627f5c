package import DatasetStore
internal import JSON
package import Metrics
package import NeuralMetrics
package import Records
internal import SQLite

/// Scores candidates against their references; only what is missing is computed.
package struct ScoreStage {
  /// The names that can be asked for: metrics of texts, with and without models, and what servers
  /// returned.
  package static let metricNames =
    LexicalMetric.all.map(\.name) + NeuralMetric.allCases.map(\.name)
    + ServerLogprobs.allCases.map(\.rawValue)

  /// The metrics that are computed of texts alone.
  package let metrics: [LexicalMetric]
  /// The scorers of the metrics that need a model.
  package let models: [any NeuralScorer]
  /// What is taken from the journal of model servers.
  package let logprobs: [ServerLogprobs]
  /// Whether words are stemmed for ROUGE.
  package let useStemmer: Bool
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?

  /// What is computed before it is committed: so many examples, so many pairs of models (some ten
  /// seconds of a large one), so many bytes of texts.
  private static let pageExamples = 500
  private static let pagePairs = 256
  private static let pageBytes = 16 << 20

  /// A scoring with some metrics.
  ///
  /// - Parameters:
  ///   - names: the metrics' names.
  ///   - useStemmer: whether words are stemmed for ROUGE.
  ///   - models: the scorers of those metrics that need a model.
  /// - Throws: `MetricsError` for an unknown name.
  package init(
    metrics names: [String], useStemmer: Bool, models: [any NeuralScorer] = []
  ) throws(MetricsError) {
    logprobs = names.compactMap(ServerLogprobs.init(rawValue:))
    let scorer = try LexicalScorer(
      metrics: names.filter { name in
        ServerLogprobs(rawValue: name) == nil && !models.contains { $0.metric.name == name }
      }, useStemmer: useStemmer)
    metrics = scorer.metrics
    self.models = models
    self.useStemmer = useStemmer
  }

  /// Scores.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, what keeps a model from computing.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    try StageRun.record(in: store, context) { _ in
      var summary = StageSummary()
      for name in ["candidates", "scored", "already scored", "without reference"] {
        summary[name] = 0
      }
      for metric in logprobs {
        summary["\(metric.rawValue) of the journal"] = try metric.score(
          store, split: split?.rawValue)
      }
      try readReferences(of: store, context)
      var scorer = LexicalScorer(metrics, useStemmer: useStemmer)
      summary.details["signatures"] = .array(
        (scorer.signatures.map(\.description) + models.map(\.signature)
          + logprobs.map(\.signature)).map { .string($0) })
      guard !metrics.isEmpty || !models.isEmpty else { return summary }
      let rows = try scorerRows(scorer, store)
      let total = try store.connection.integer(
        "SELECT count(*) FROM examples WHERE ?1 IS NULL OR split = ?1",
        SQLiteValue(split?.rawValue))
      var page = Page()
      var done = 0
      while !page.isLast {
        page = try readPage(after: page.position, rows, store)
        do {
          try score(page, rows, &scorer, store, context, &summary)
        } catch NeuralMetricsError.stopped {
          summary.wasInterrupted = true
          break
        }
        done += page.items.count
        context.report(.init(done: done, total: total.map { Int($0) }))
        if context.isCancelled(), !page.isLast {
          summary.wasInterrupted = true
          break
        }
      }
      return summary
    }
  }

  /// The rows of the ways to score, those of models behind the others.
  private func scorerRows(_ scorer: LexicalScorer, _ store: Store) throws -> [Int64] {
    try scorer.signatures.map {
      try store.scorerRow(
        metric: $0.metric, signature: $0.description,
        higherIsBetter: $0.direction == .higherIsBetter)
    }
      + models.map {
        try store.scorerRow(
          metric: $0.metric.name, signature: $0.signature, higherIsBetter: true)
      }
  }

  /// Lets models that must know all references read them: those of the examples that are scored.
  private func readReferences(of store: Store, _ context: StageContext) throws {
    let readers = models.filter(\.readsReferences)
    guard !readers.isEmpty else { return }
    try store.connection.query(
      """
      SELECT output FROM examples WHERE output IS NOT NULL AND (?1 IS NULL OR split = ?1)
      ORDER BY position
      """, SQLiteValue(split?.rawValue)
    ) { row in
      try context.stopIfCancelled("nothing was scored")
      // A reference that a model cannot express is noted when its candidates are scored.
      for reader in readers { try? reader.read(reference: row.text(0)) }
    }
  }

  // MARK: - Pages

  /// Examples that are scored and committed together.
  ///
  /// A reader that stays open keeps SQLite from emptying its log, which would grow by all that is
  /// written meanwhile.
  private struct Page {
    /// An example, and the scores that each of its candidates has, by row of the way to score.
    var items: [(stored: StoredExample, known: [[Int64: Double]])] = []
    /// The position of its last example.
    var position: Int64 = -1
    /// Whether there are no more examples.
    var isLast = false
  }

  private func readPage(after position: Int64, _ rows: [Int64], _ store: Store) throws -> Page {
    let ofModels = rows.suffix(models.count)
    let reader = try ExampleReader(store, .init(split: split, after: position))
    var page = Page()
    page.position = position
    var (bytes, pairs) = (0, 0)
    while page.items.count < Self.pageExamples, pairs < Self.pagePairs, bytes < Self.pageBytes {
      guard let stored = try reader.next() else {
        page.isLast = true
        break
      }
      let known = try stored.candidateRows.map { try reader.scores(of: $0) }
      if let output = stored.example.output {
        bytes += stored.example.candidates.reduce(output.utf8.count) { $0 + $1.text.utf8.count }
        for scores in known { pairs += ofModels.count { scores[$0] == nil } }
      }
      page.items.append((stored, known))
      page.position = reader.position
    }
    return page
  }

  private func score(
    _ page: Page, _ rows: [Int64], _ scorer: inout LexicalScorer, _ store: Store,
    _ context: StageContext, _ summary: inout StageSummary
  ) throws {
    var found = try modelScores(page, rows.suffix(models.count), context)[...]
    try store.connection.transaction {
      for (stored, known) in page.items {
        summary["candidates"] += stored.candidateRows.count
        guard let output = stored.example.output else {
          summary["without reference"] += stored.candidateRows.count
          continue
        }
        var reference: LexicalScorer.Reference?
        for (place, candidate) in stored.example.candidates.enumerated() {
          let row = stored.candidateRows[place]
          if rows.allSatisfy({ known[place][$0] != nil }) {
            summary["already scored"] += 1
            continue
          }
          var isScored = false
          if rows.prefix(metrics.count).contains(where: { known[place][$0] == nil }) {
            let prepared = reference ?? scorer.prepare(output)
            reference = prepared
            let values = scorer.score(candidate: candidate.text, reference: prepared)
            for (metric, value) in zip(rows, values) where known[place][metric] == nil {
              try store.addScore(value.number, candidate: row, scorer: metric)
            }
            isScored = true
          }
          while let score = found.first, score.candidate == row {
            found.removeFirst()
            switch score.value {
            case .success(let value) where value.isFinite:
              try store.addScore(value, candidate: row, scorer: score.scorer)
              isScored = true
            case .success(let value):
              note("the score is \(value), which is no number", stored, candidate, context)
            case .failure(let error): note("\(error)", stored, candidate, context)
            }
          }
          summary[isScored ? "scored" : "not scorable"] += 1
        }
      }
    }
  }

  private func note(
    _ problem: String, _ stored: StoredExample, _ candidate: Candidate, _ context: StageContext
  ) {
    context.note(
      Diagnostic(
        recordID: stored.example.id, rule: "not-scorable", message: "\(candidate.model): \(problem)"
      ))
  }

  /// What a model said of a candidate.
  private struct ModelScore {
    let candidate: Int64
    let scorer: Int64
    let value: Result<Double, any Error>
  }

  /// The scores that candidates of a page lack, in the order of the candidates.
  private func modelScores(
    _ page: Page, _ rows: ArraySlice<Int64>, _ context: StageContext
  ) throws -> [ModelScore] {
    var found: [(place: Int, score: ModelScore)] = []
    for (model, scorer) in zip(models, rows) {
      var pairs: [TextPair] = []
      var owners: [(place: Int, candidate: Int64)] = []
      var place = 0
      for (stored, known) in page.items {
        for (number, candidate) in stored.example.candidates.enumerated() {
          place += 1
          guard let output = stored.example.output, known[number][scorer] == nil else { continue }
          pairs.append(TextPair(candidate: candidate.text, reference: output))
          owners.append((place, stored.candidateRows[number]))
        }
      }
      guard !pairs.isEmpty else { continue }
      let values = try model.score(pairs, isCancelled: context.isCancelled)
      for (owner, value) in zip(owners, values) {
        found.append(
          (
            owner.place,
            ModelScore(candidate: owner.candidate, scorer: scorer, value: value.map(\.number))
          ))
      }
    }
    return found.sorted { $0.place < $1.place }.map(\.score)
  }
}
