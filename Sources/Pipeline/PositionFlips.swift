internal import DatasetStore
internal import JSON
internal import SQLite
internal import TerminalOutput

/// How often the winner of a pair changed when its candidates were shown the other way round.
enum PositionFlips {
  /// Adds the flip rate of judges, over all that the store has of them, to a summary.
  static func add(to summary: inout StageSummary, judges: [Int64], _ store: Store) throws {
    var list: [JSONValue] = []
    for judge in judges {
      try store.connection.query(
        """
        SELECT j.name, count(v.verdict_id),
          coalesce(sum(v.verdict = w.verdict AND v.verdict IN ('A is better', 'B is better')), 0),
          coalesce(sum(v.verdict = w.verdict AND v.verdict = 'A is better'), 0)
        FROM judges j
          LEFT JOIN verdicts v ON v.judge_id = j.judge_id AND v.candidate_a < v.candidate_b
            AND v.verdict IS NOT NULL
          JOIN verdicts w ON w.example_id = v.example_id AND w.judge_id = v.judge_id
            AND w.candidate_a = v.candidate_b AND w.candidate_b = v.candidate_a
            AND w.verdict IS NOT NULL
        WHERE j.judge_id = ? GROUP BY j.judge_id
        """, .integer(judge)
      ) { row in
        let (pairs, flips, toFirst) = (row.int(1), row.int(2), row.int(3))
        guard pairs > 0 else { return }
        list.append([
          "judge": .string(row.text(0)), "both_orders": .integer(Int64(pairs)),
          "flips": .integer(Int64(flips)), "flips_to_first": .integer(Int64(toFirst)),
          "flip_percent": .double(100 * Double(flips) / Double(pairs)),
        ])
        summary.notes.append(
          "\(row.text(0)): of \(QuantityFormat.count(pairs)) pairs judged in both orders, "
            + "\(QuantityFormat.count(flips)) changed their winner with the order "
            + "(\(QuantityFormat.percent(flips, of: pairs))), "
            + "\(QuantityFormat.count(toFirst)) of them to the one shown first")
      }
    }
    if !list.isEmpty { summary.details["position_flips"] = .array(list) }
  }
}
