import SQLite

/// Verdicts of a ranker that are put into a store without one.
enum RankerVerdicts {
  /// Adds a logit for each ordered pair of candidates, made of their rows.
  static func add(_ ranker: String, to store: String) throws {
    try Connection(path: store, access: .readWrite).execute(
      """
      INSERT INTO judges (name, kind) VALUES ('\(ranker)', 'ranker');
      INSERT INTO verdicts (example_id, judge_id, candidate_a, candidate_b, verdict, logit, run_id)
      SELECT a.example_id, (SELECT max(judge_id) FROM judges), a.candidate_id, b.candidate_id,
        'Same good', (a.candidate_id * 37 % 11 - b.candidate_id * 53 % 13) / 7.0, 1
      FROM candidates a JOIN candidates b USING (example_id)
      WHERE a.candidate_id <> b.candidate_id
      """)
  }

  /// Adds logits by identifier and models, (first shown, second shown).
  static func add(
    _ ranker: String, _ logits: [(id: String, a: String, b: String, logit: Double)],
    to store: String
  ) throws {
    let connection = try Connection(path: store, access: .readWrite)
    try connection.execute("INSERT INTO judges (name, kind) VALUES ('\(ranker)', 'ranker')")
    for (id, a, b, logit) in logits {
      try connection.execute(
        """
        INSERT INTO verdicts (example_id, judge_id, candidate_a, candidate_b, verdict, logit, run_id)
        SELECT a.example_id, (SELECT max(judge_id) FROM judges), a.candidate_id, b.candidate_id,
          '\(logit > 0 ? "A is better" : "B is better")', \(logit), 1
        FROM examples e JOIN candidates a USING (example_id) JOIN candidates b USING (example_id)
        WHERE e.id = '\(id)' AND a.model = '\(a)' AND b.model = '\(b)'
        """)
    }
  }
}
