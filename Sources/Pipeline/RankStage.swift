package import DatasetStore
internal import JSON
package import Records
package import Reranking
internal import SQLite

/// Ranks the candidates of a store; what is compared is kept, and compared only once.
///
/// Examples are worked on in groups that depend on the dataset alone, and each group is stored in one
/// transaction. So what a killed run has left is what an undisturbed one has at that point, and the
/// groups after it are computed in the same batches.
package struct RankStage {
  /// The ranker.
  let ranker: Ranker
  /// Who it is.
  let identity: RankerIdentity
  /// How records are ranked.
  package var plan: RankingPlan
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?
  /// The name that the ranking is kept under; `nil` makes one of ranker and plan.
  package var name: String?
  /// Whether the full matrix is computed as well, to see how often an adaptive ranking is right.
  package var isChecked = false

  /// A group is complete with so many ordered pairs: enough to fill batches.
  private static let pairsPerGroup = 96
  /// Modes that compare a few pairs at a time need more examples to fill batches.
  private static let examplesPerGroup = 64

  /// A ranking of all pairs.
  ///
  /// - Parameters:
  ///   - ranker: the ranker.
  ///   - identity: who it is.
  ///   - plan: how records are ranked.
  package init(_ ranker: Ranker, _ identity: RankerIdentity, _ plan: RankingPlan) {
    self.ranker = ranker
    self.identity = identity
    self.plan = plan
  }

  /// The name of the ranking.
  private var rankingName: String {
    if let name { return name }
    return isPairwise ? "\(identity.name) \(plan.label)" : identity.name
  }

  private var isPairwise: Bool { if case .pairwise = ranker { true } else { false } }

  /// Ranks.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, ``StageError``, `TokenizerError`, `ModelInputError`.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    if plan.reference == .output {
      throw StageError.invalid(
        "comparing with the output works on lines only: verdicts of the store are on candidates")
    }
    return try StageRun.record(in: store, context) { run in
      var details = identity.details
      details["mode"] = .string(isPairwise ? plan.label : "scores")
      let ranking = try store.rankingRow(rankingName, details: details, run: run)
      let writer = RankingWriter(
        store: store, ranking: ranking, run: run,
        judge: isPairwise
          ? try store.judgeRow(identity.name, kind: .ranker, details: identity.details) : nil)
      var progress = try RankingProgress(store, writer, split: split, plan, isPairwise: isPairwise)
      var summary = StageSummary()
      for name in ["examples", "ranked", "without candidates"] { summary[name] = 0 }
      for name in isPairwise ? ["pairs computed", "pairs known"] : ["scores computed"] {
        summary[name] = 0
      }
      var agreement = RankingAgreement()
      progress.report(0, context)
      do {
        while let group = try nextGroup(of: store, after: progress.position) {
          progress.position = group.position
          switch ranker {
          case .pairwise(let ranker):
            try rank(group.examples, ranker, writer, &summary, &agreement, &progress, context)
          case .pointwise(let scorer):
            try score(group.examples, scorer, writer, &summary, &progress, context)
          }
          try context.stopIfCancelled("what was finished is kept")
        }
      } catch let error as StageError where error.isStop {
        summary.wasInterrupted = true
      }
      finish(&summary, agreement, progress)
      return summary
    }
  }

  private func finish(
    _ summary: inout StageSummary, _ agreement: RankingAgreement, _ progress: RankingProgress
  ) {
    summary.notes.append("kept as the ranking '\(rankingName)'")
    summary.details["ranking"] = .string(rankingName)
    if isPairwise { summary.details["judge"] = .string(identity.name) }
    if let rate = progress.rate {
      summary.details[isPairwise ? "pairs_per_second" : "scores_per_second"] = .double(rate)
    }
    guard case .adaptive = plan.mode, plan.reference == nil else { return }
    summary.notes += agreement.notes
    summary.details["adaptive"] = .object(agreement.json)
  }

  // MARK: - Groups

  private struct Group {
    var examples: [(stored: StoredExample, verdicts: [StoredVerdict])] = []
    var position: Int64 = -1
  }

  /// The next examples, read by a reader that ends with them: a long one would keep the log of the
  /// database from being written back.
  private func nextGroup(of store: Store, after position: Int64) throws -> Group? {
    let reader = try ExampleReader(store, .init(split: split, after: position))
    var group = Group()
    var pairs = 0
    while pairs < Self.pairsPerGroup || !plan.mode.isFull || plan.reference != nil,
      group.examples.count < Self.examplesPerGroup, let stored = try reader.next()
    {
      let count = stored.candidateRows.count
      pairs += count * max(0, count - 1)
      group.examples.append((stored, isPairwise ? try reader.verdicts(of: stored) : []))
      group.position = reader.position
    }
    return group.examples.isEmpty ? nil : group
  }

  // MARK: - Pairs

  private func rank(
    _ group: [(stored: StoredExample, verdicts: [StoredVerdict])], _ ranker: PairRanker,
    _ writer: RankingWriter, _ summary: inout StageSummary, _ agreement: inout RankingAgreement,
    _ progress: inout RankingProgress, _ context: StageContext
  ) throws {
    summary["examples"] += group.count
    var work: [RankingRun.Work] = []
    // A record without the model that all are compared with keeps its place in the group.
    let examples = group.filter { item in
      guard let own = try? plan.work(for: item.stored.example) else { return false }
      work.append(own)
      return true
    }
    if plan.reference != nil { summary["without reference"] += group.count - examples.count }
    var ledger = RankerLedger(
      examples.map { ($0.stored, $0.verdicts.filter { $0.judge == writer.judge }) })
    var prepared: [PreparedInput]?
    func compare(_ requests: [PairRanker.Request]) throws -> [Float] {
      let missing = ledger.missing(of: requests)
      if !missing.isEmpty {
        // Each record is a batch of its own: a verdict must not depend on its neighbours.
        let inputs = try prepared ?? work.map { try ranker.prepare([$0.input])[0] }
        prepared = inputs
        let scores = try ranker.scores(of: missing, in: inputs) { done in
          progress.report(done, context)
          try context.stopIfCancelled("what was finished is kept")
        }
        progress.add(missing.count, computed: ledger.add(zip(missing, scores.map(\.logit))))
      }
      return ledger.answer(requests)
    }
    if isChecked {
      _ = try RankingRun.rank(
        work.map { RankingRun.Work($0.input, .full(.maxLogits)) }, compare)
    }
    let results = try RankingRun.rank(work, compare)
    for (number, result) in results.enumerated() {
      summary[result.ranked.ranks.isEmpty ? "without candidates" : "ranked"] += 1
      agreement.add(
        result.ranked, comparedWith: result.known, ledger.matrices[number], work[number].input)
    }
    summary["pairs computed"] += ledger.computedCount
    summary["pairs known"] += ledger.reusedCount
    try writer.write(examples.map(\.stored), results.map(\.ranked), ledger)
    progress.report(0, context)
  }

  // MARK: - Scores

  private func score(
    _ examples: [(stored: StoredExample, verdicts: [StoredVerdict])],
    _ scorer: any CandidateScorer, _ writer: RankingWriter, _ summary: inout StageSummary,
    _ progress: inout RankingProgress, _ context: StageContext
  ) throws {
    let stored = examples.map(\.stored)
    let open = try stored.filter { try !writer.isRanked($0) }
    summary["examples"] += stored.count
    summary["ranked"] += stored.count { !$0.candidateRows.isEmpty }
    summary["without candidates"] += stored.count { $0.candidateRows.isEmpty }
    guard !open.isEmpty else { return }
    let scores = try scorer.scores(of: open.map { RankingInput($0.example) }) {
      try context.stopIfCancelled("what was finished is kept")
    }
    let ranked = scores.map { RankedCandidates(scores: $0.map { Double($0) }) }
    try writer.write(open, ranked, nil)
    let count = scores.reduce(0) { $0 + $1.count }
    summary["scores computed"] += count
    progress.add(count, computed: count)
    progress.report(0, context)
  }
}
