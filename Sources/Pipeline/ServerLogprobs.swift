internal import DatasetStore
internal import SQLite

/// Log-probabilities of answers as model servers returned them, kept as scores of candidates.
package enum ServerLogprobs: String, Sendable, CaseIterable {
  /// The mean over the answer's tokens.
  case mean = "logprobs"
  /// The sum over the answer's tokens.
  case sum = "logprob_sum"

  /// How the values are made.
  package var signature: String {
    "\(rawValue)|aggregate:\(self == .mean ? "mean" : "sum")|source:server"
  }

  /// Scores every candidate whose answer's log-probabilities are in the journal and that has no such
  /// score yet.
  ///
  /// - Returns: the number of new scores.
  func score(_ store: Store, split: String?) throws -> Int {
    let scorer = try store.scorerRow(metric: rawValue, signature: signature, higherIsBetter: true)
    let before = try count(store, scorer)
    let value = self == .mean ? "r.logprob_sum / r.logprob_count" : "r.logprob_sum"
    try store.connection.run(
      """
      INSERT OR IGNORE INTO scores (candidate_id, scorer_id, value)
      SELECT c.candidate_id, ?1, \(value) FROM candidates c JOIN requests r USING (request_id)
      JOIN examples e USING (example_id)
      WHERE r.logprob_sum IS NOT NULL AND r.logprob_count > 0 AND (?2 IS NULL OR e.split = ?2)
      """, .integer(scorer), SQLiteValue(split))
    return try count(store, scorer) - before
  }

  private func count(_ store: Store, _ scorer: Int64) throws -> Int {
    Int(
      try store.connection.integer(
        "SELECT count(*) FROM scores WHERE scorer_id = ?", .integer(scorer)) ?? 0)
  }
}
