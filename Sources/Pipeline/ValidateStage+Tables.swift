internal import DatasetStore
internal import Mixing
internal import Records
internal import SQLite

// MARK: What only a store can break

extension ValidateStage {
  /// One question to the store whose every row is a finding: identifier and message.
  private struct Query {
    let rule: String
    let sql: String
  }

  private static let queries = [
    Query(
      rule: "repeated-id",
      sql: """
        SELECT id, count(*) || ' records have this id, expected one' FROM examples
        WHERE id IN (SELECT id FROM examples WHERE occurrence > 0)
        GROUP BY id ORDER BY min(position)
        """),
    Query(
      rule: "foreign-candidate",
      sql: """
        SELECT e.id, 'verdict ' || v.verdict_id || ' of ' || j.name
          || ' is on a candidate of another example'
        FROM verdicts v JOIN candidates a ON a.candidate_id = v.candidate_a
          JOIN candidates b ON b.candidate_id = v.candidate_b
          JOIN examples e ON e.example_id = v.example_id JOIN judges j USING (judge_id)
        WHERE a.example_id <> v.example_id OR b.example_id <> v.example_id
        ORDER BY v.verdict_id
        """),
    Query(
      rule: "wrong-request",
      sql: """
        SELECT e.id, 'the candidate of ' || c.model
          || ' is no longer the text of the answer it was collected from'
        FROM candidates c JOIN requests r USING (request_id) JOIN examples e USING (example_id)
        WHERE r.purpose <> 'candidate' OR r.text IS NOT c.text ORDER BY c.candidate_id
        """),
    Query(
      rule: "wrong-request",
      sql: """
        SELECT e.id, 'verdict ' || v.verdict_id || ' names a request for a candidate'
        FROM verdicts v JOIN requests r USING (request_id) JOIN examples e USING (example_id)
        WHERE r.purpose <> 'verdict' ORDER BY v.verdict_id
        """),
    Query(
      rule: "half-ranked",
      sql: """
        SELECT e.id, 'the ranking ''' || g.name || ''' has ' || count(r.candidate_id) || ' of '
          || count(*) || ' candidates'
        FROM rankings g JOIN examples e JOIN candidates c USING (example_id)
          LEFT JOIN ranks r ON r.candidate_id = c.candidate_id AND r.ranking_id = g.ranking_id
        GROUP BY g.ranking_id, e.example_id
        HAVING count(r.candidate_id) BETWEEN 1 AND count(*) - 1 ORDER BY g.ranking_id, e.position
        """),
  ]

  /// Damage, references to nothing, and rows that do not belong together.
  func checkTables(of store: Store, _ findings: inout ValidationFindings) throws {
    let connection = store.connection
    try connection.query("PRAGMA integrity_check") { row in
      guard row.text(0) != "ok" else { return }
      findings.add(Diagnostic(rule: "integrity", message: row.text(0)), .error)
    }
    try connection.query("PRAGMA foreign_key_check") { row in
      findings.add(
        Diagnostic(
          rule: "dangling-reference",
          message: "row \(row.int64(1)) of \(row.text(0)) names a row of \(row.text(2)) that is "
            + "gone"), .error)
    }
    for query in Self.queries {
      try connection.query(query.sql) { row in
        findings.add(
          Diagnostic(recordID: row.text(0), rule: query.rule, message: row.text(1)),
          query.rule == "half-ranked" ? .warning : .error)
      }
    }
  }

  /// The prompts of a store, for the comparison of similar ones.
  private struct Prompts: RecordSupply {
    let connection: Connection

    func forEachRecord(
      of source: Source, _ body: (Int64, SourceRecord) throws -> Void
    ) throws {
      try connection.query(
        "SELECT example_id, instruction, input FROM examples ORDER BY example_id"
      ) { row in
        try body(row.int64(0), Self.record(row.text(1), row.text(2)))
      }
    }

    func records(at references: [Int64]) throws -> [SourceRecord] {
      try references.compactMap { reference in
        try connection.first(
          "SELECT instruction, input FROM examples WHERE example_id = ?", .integer(reference)
        ) { Self.record($0.text(0), $0.text(1)) }
      }
    }

    private static func record(_ instruction: String, _ input: String) -> SourceRecord {
      SourceRecord(
        source: Source(rawValue: ""), id: "", instruction: instruction, input: input, output: "")
    }
  }

  /// Prompts that are similar, not equal, and stand in different splits.
  func checkSimilarPrompts(
    from threshold: Double, _ store: Store, _ findings: inout ValidationFindings
  ) throws {
    let prompts = Prompts(connection: try store.makeReader())
    var search = NearDuplicateSearch(threshold: threshold)
    try prompts.forEachRecord(of: Source(rawValue: "")) { reference, record in
      search.add(record, reference: reference)
    }
    for cluster in try search.clusters(supply: prompts) {
      var members: [(id: String, split: String)] = []
      for reference in cluster {
        let member = try store.connection.first(
          "SELECT id, split FROM examples WHERE example_id = ? AND split IS NOT NULL",
          .integer(reference)
        ) { (id: $0.text(0), split: $0.text(1)) }
        if let member { members.append(member) }
      }
      guard let first = members.first else { continue }
      for member in members.dropFirst() where member.split != first.split {
        findings.add(
          Diagnostic(
            recordID: member.id, rule: "similar-prompts",
            message: "a prompt of \(member.split) is like that of record \(first.id) of "
              + "\(first.split), or belongs to its cluster of similar prompts"), .error)
      }
    }
  }
}
