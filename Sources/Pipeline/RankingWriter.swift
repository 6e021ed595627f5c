internal import DatasetStore
internal import Records
internal import Reranking
internal import SQLite

/// Stores the ranks and verdicts of a group of examples together, or not at all.
struct RankingWriter {
  let store: Store
  /// The row of the ranking.
  let ranking: Int64
  let run: Int64
  /// The row of the ranker among the judges; `nil` for rankers that compare no pairs.
  let judge: Int64?

  /// Whether all candidates of an example have their ranks.
  func isRanked(_ example: StoredExample) throws -> Bool {
    try example.candidateRows.allSatisfy { try store.rank(of: $0, in: ranking) != nil }
  }

  /// Stores what is new.
  ///
  /// - Parameters:
  ///   - examples: the examples.
  ///   - ranked: the order of each one's candidates.
  ///   - ledger: the logits; `nil` for rankers that compare no pairs.
  /// - Throws: `SQLiteError`.
  func write(
    _ examples: [StoredExample], _ ranked: [RankedCandidates], _ ledger: RankerLedger?
  ) throws {
    var changes: [(candidate: Int64, rank: Int, score: Double)] = []
    for (example, ranked) in zip(examples, ranked) {
      for (place, row) in example.candidateRows.enumerated() {
        let (rank, score) = (ranked.ranks[place], ranked.scores[place])
        let present = try store.rank(of: row, in: ranking)
        if present?.rank != rank || present?.score != score { changes.append((row, rank, score)) }
      }
    }
    let logits = ledger?.newLogits ?? []
    guard !changes.isEmpty || !logits.isEmpty else { return }
    try store.connection.transaction {
      if let judge {
        for new in logits {
          let rows = examples[new.example].candidateRows
          try store.add(
            NewVerdict(
              example: examples[new.example].row, candidateA: rows[new.first],
              candidateB: rows[new.second], verdict: Self.verdict(new.logit),
              logit: Double(new.logit)), judge: judge, run: run)
        }
      }
      for change in changes {
        try store.addRank(
          change.rank, score: change.score, candidate: change.candidate, ranking: ranking)
      }
    }
  }

  /// A ranker has no opinion of both texts together: where it sees no difference it is a tie.
  static func verdict(_ logit: Float) -> Verdict {
    logit > 0 ? .aIsBetter : logit < 0 ? .bIsBetter : .sameGood
  }
}
