package import DatasetStore
internal import SQLite

/// Tells what was dropped on the way into the dataset, by which rule, with samples.
package struct ExplainStage {
  /// One rule and what it dropped.
  package struct Rule: Sendable {
    /// The stage: `ingest`, `import` or `mix`.
    package let stage: String
    /// The rule's name.
    package let name: String
    /// How many records it dropped.
    package var count: Int
    /// Some of them.
    package var samples: [Sample]
  }

  /// One dropped record.
  package struct Sample: Sendable {
    /// Where it stands, or its identifier.
    package let record: String
    /// What was measured, if anything.
    package let measured: Double?
    /// What it was compared with.
    package let threshold: Double?
    /// The reason, or the beginning of the text.
    package let text: String
  }

  /// Only this rule; `nil` for all.
  package var rule: String?
  /// How many samples of each rule.
  package var samples = 3

  /// An explanation with the usual options.
  package init() {}

  /// Collects the rules and their samples.
  ///
  /// - Parameter store: the store.
  /// - Returns: the rules, the stages in the order of the pipeline.
  /// - Throws: `SQLiteError`.
  package func run(on store: Store) throws -> [Rule] {
    var rules: [Rule] = []
    let connection = store.connection
    try connection.query(
      """
      SELECT stage, rule, count(*) FROM dropped_records WHERE ?1 IS NULL OR rule = ?1
      GROUP BY stage, rule ORDER BY min(dropped_record_id)
      """, SQLiteValue(rule)
    ) { row in
      rules.append(Rule(stage: row.text(0), name: row.text(1), count: row.int(2), samples: []))
    }
    for index in rules.indices {
      try connection.query(
        """
        SELECT coalesce(
            f.path || ', ' || d.place || coalesce(': ' || d.record_id, ''), d.record_id, d.place, ''),
          d.measured, d.threshold, d.message
        FROM dropped_records d LEFT JOIN input_files f USING (input_file_id)
        WHERE d.stage = ? AND d.rule = ? ORDER BY d.dropped_record_id LIMIT ?
        """, .text(rules[index].stage), .text(rules[index].name), SQLiteValue(samples)
      ) { row in rules[index].samples.append(Self.sample(row)) }
    }
    let first = rules.count
    try connection.query(
      """
      SELECT rule, count(*) FROM mix_decisions
      WHERE rule IS NOT NULL AND (?1 IS NULL OR rule = ?1) GROUP BY rule ORDER BY count(*) DESC, rule
      """, SQLiteValue(rule)
    ) { row in
      rules.append(Rule(stage: "mix", name: row.text(0), count: row.int(1), samples: []))
    }
    for index in rules.indices.dropFirst(first) {
      try connection.query(
        """
        SELECT r.id, d.measured, d.threshold,
          coalesce('[' || iif(d.detail GLOB 'source record [0-9]*', 'kept instead: ' || (
              SELECT o.id FROM source_records o
              WHERE o.source_record_id = CAST(substr(d.detail, 15) AS INTEGER)), d.detail) || '] ', '')
            || substr(replace(r.output, char(10), ' '), 1, 90)
            || iif(length(r.output) > 90, '…', '')
        FROM mix_decisions d JOIN source_records r USING (source_record_id)
        WHERE d.rule = ? ORDER BY d.source_record_id LIMIT ?
        """, .text(rules[index].name), SQLiteValue(samples)
      ) { row in rules[index].samples.append(Self.sample(row)) }
    }
    return rules
  }

  private static func sample(_ row: Statement) -> Sample {
    Sample(
      record: row.text(0), measured: row.optionalDouble(1), threshold: row.optionalDouble(2),
      text: row.text(3))
  }
}
