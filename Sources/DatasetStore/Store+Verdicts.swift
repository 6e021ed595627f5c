package import JSON
package import Records
package import SQLite

/// What kind of judge gave a verdict.
package enum JudgeKind: String, Sendable, CaseIterable {
  /// A language model that was prompted.
  case llm
  /// A person.
  case human
  /// A trained ranker.
  case ranker
  /// A metric against the reference.
  case metric
  /// The `cmp_results` of an imported record, or annotations of another tool.
  case imported
  /// A rule that made labels of something else: nobody compared the two texts.
  case derived
}

/// A judge of the store.
package struct Judge: Sendable {
  /// Its row.
  package let row: Int64
  /// Its name.
  package let name: String
  /// What it is.
  package let kind: JudgeKind
  /// How many verdicts it gave.
  package let verdicts: Int
  /// How many answers of it could not be understood.
  package let unparsed: Int
}

/// A verdict to be stored.
package struct NewVerdict: Sendable {
  /// The row of the example.
  package var example: Int64
  /// The row of the candidate shown as A.
  package var candidateA: Int64
  /// The row of the candidate shown as B.
  package var candidateB: Int64
  /// What was said; `nil` when it could not be understood.
  package var verdict: Verdict?
  /// A ranker's logit; above 0, A is better.
  package var logit: Double?
  /// An imported annotation's number: 1 is A, 2 is B.
  package var preference: Double?
  /// Name and version of the parser, for verdicts read from text.
  package var parser: String?
  /// Why there is no verdict, or what is suspicious about it.
  package var problem: String?
  /// The text it was read from, when no request holds it.
  package var raw: String?
  /// The row of the request that was answered with it.
  package var request: Int64?

  /// A verdict; everything optional unknown unless said.
  package init(
    example: Int64, candidateA: Int64, candidateB: Int64, verdict: Verdict?,
    logit: Double? = nil, preference: Double? = nil, parser: String? = nil, problem: String? = nil,
    raw: String? = nil,
    request: Int64? = nil
  ) {
    self.example = example
    self.candidateA = candidateA
    self.candidateB = candidateB
    self.verdict = verdict
    self.logit = logit
    self.preference = preference
    self.parser = parser
    self.problem = problem
    self.raw = raw
    self.request = request
  }
}

extension Store {
  /// The row of a judge, made when it is new.
  ///
  /// - Parameters:
  ///   - name: the judge's name.
  ///   - kind: what it is, for a new one.
  ///   - details: prompt, model and parameters, for a new one.
  /// - Returns: the row.
  /// - Throws: `SQLiteError`.
  package func judgeRow(
    _ name: String, kind: JudgeKind, details: JSONObject = [:]
  ) throws(SQLiteError) -> Int64 {
    if let row = judgeIDs[name] { return row }
    try connection.run(
      "INSERT INTO judges (name, kind, details) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      .text(name), .text(kind.rawValue), details.isEmpty ? .null : .text(details.json()))
    let row = try connection.integer("SELECT judge_id FROM judges WHERE name = ?", .text(name)) ?? 0
    judgeIDs[name] = row
    return row
  }

  /// Stores a verdict; a verdict of the same judge on the same ordered pair is replaced.
  ///
  /// - Parameters:
  ///   - verdict: the verdict.
  ///   - judge: the row of the judge.
  ///   - run: the run.
  /// - Throws: `SQLiteError`.
  package func add(_ verdict: NewVerdict, judge: Int64, run: Int64) throws(SQLiteError) {
    let statement = try connection.prepare(
      """
      INSERT INTO verdicts (example_id, judge_id, candidate_a, candidate_b, verdict, logit,
        preference, parser, problem, raw, request_id, run_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET verdict = excluded.verdict, logit = excluded.logit,
        preference = excluded.preference, parser = excluded.parser, problem = excluded.problem,
        raw = excluded.raw, request_id = excluded.request_id, run_id = excluded.run_id
      """)
    try statement.bind(1, verdict.example)
    try statement.bind(2, judge)
    try statement.bind(3, verdict.candidateA)
    try statement.bind(4, verdict.candidateB)
    try statement.bind(5, verdict.verdict?.rawValue)
    try statement.bind(6, verdict.logit)
    try statement.bind(7, verdict.preference)
    try statement.bind(8, verdict.parser)
    try statement.bind(9, verdict.problem)
    try statement.bind(10, verdict.raw)
    try statement.bind(11, verdict.request)
    try statement.bind(12, run)
    try statement.execute()
  }

  /// All judges, in the order they came.
  ///
  /// - Returns: the judges with their counts.
  /// - Throws: `SQLiteError`.
  package func judges() throws -> [Judge] {
    var judges: [Judge] = []
    try connection.query(
      """
      SELECT j.judge_id, j.name, j.kind, count(v.verdict), count(v.verdict_id) - count(v.verdict)
      FROM judges j LEFT JOIN verdicts v USING (judge_id) GROUP BY j.judge_id ORDER BY j.judge_id
      """
    ) { row in
      judges.append(
        Judge(
          row: row.int64(0), name: row.text(1), kind: JudgeKind(rawValue: row.text(2)) ?? .imported,
          verdicts: row.int(3), unparsed: row.int(4)))
    }
    return judges
  }
}
