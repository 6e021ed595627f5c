internal import DatasetStore
internal import Records
internal import Reranking
internal import SQLite

/// How far a ranking is, in pairs or scores.
struct RankingProgress {
  /// The position of the last example that was worked on.
  var position: Int64 = -1
  private var done: Int
  private var total: Int?
  private var computed = 0
  private let start = ContinuousClock.now

  /// Counts what there is to do.
  init(
    _ store: Store, _ writer: RankingWriter, split: Split?, _ plan: RankingPlan,
    isPairwise: Bool
  ) throws {
    let count = Self.count(plan, isPairwise: isPairwise)
    total = try count.flatMap { expression in
      try store.connection.integer(
        """
        SELECT coalesce(sum(\(expression)), 0) FROM (SELECT count(*) AS n FROM candidates c
          JOIN examples e USING (example_id) WHERE ?1 IS NULL OR e.split = ?1
          GROUP BY c.example_id)
        """, split.map { .text($0.rawValue) } ?? .null)
    }.map { Int($0) }
    let known: Int64?
    if let judge = writer.judge {
      known = try store.connection.integer(
        """
        SELECT count(*) FROM verdicts v JOIN examples e USING (example_id)
        WHERE v.judge_id = ?1 AND (?2 IS NULL OR e.split = ?2)
        """, .integer(judge), split.map { .text($0.rawValue) } ?? .null)
    } else {
      known = try store.connection.integer(
        """
        SELECT count(*) FROM ranks r JOIN candidates c USING (candidate_id)
          JOIN examples e USING (example_id)
        WHERE r.ranking_id = ?1 AND (?2 IS NULL OR e.split = ?2)
        """, .integer(writer.ranking), split.map { .text($0.rawValue) } ?? .null)
    }
    done = total.map { min($0, Int(known ?? 0)) } ?? 0
  }

  /// The ordered pairs of an example with n candidates, as SQL; `nil` when nobody can know.
  private static func count(_ plan: RankingPlan, isPairwise: Bool) -> String? {
    guard isPairwise else { return "n" }
    if plan.reference != nil { return "2 * (n - 1)" }
    switch plan.mode {
    case .full: return "n * (n - 1)"
    case .reference: return "2 * (n - 1)"
    case .bubble(let selection):
      let passes = "min(\(selection.passCount), n - 1)"
      return "\(passes) * (2 * n - \(passes) - 1)"
    case .adaptive: return nil
    }
  }

  /// Counts what is finished.
  ///
  /// - Parameters:
  ///   - count: how many pairs or scores.
  ///   - computed: how many of them took a computation; equal texts share one.
  mutating func add(_ count: Int, computed: Int) {
    done += count
    self.computed += computed
  }

  /// Tells how far the work is.
  ///
  /// - Parameters:
  ///   - current: what is computed and not yet counted.
  ///   - context: who is told.
  func report(_ current: Int, _ context: StageContext) {
    let now = done + current
    context.report(.init(done: total.map { min($0, now) } ?? now, total: total))
  }

  /// What was computed each second; `nil` when nothing was.
  var rate: Double? {
    guard computed > 0 else { return nil }
    return Double(computed) / max((ContinuousClock.now - start) / .seconds(1), 1e-9)
  }
}
