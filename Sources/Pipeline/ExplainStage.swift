package import DatasetStore
internal import JSON
package import Mixing
internal import Records
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

  /// Tells what another threshold of the last mix would drop, from what was measured then.
  ///
  /// - Parameters:
  ///   - question: such as `max-output=64`, `min-input=5`, `near-duplicates=0.9`.
  ///   - store: the store.
  /// - Returns: the effect on the rule.
  /// - Throws: `RecipeError`, `SQLiteError`, ``StageError``.
  package static func whatIf(_ question: String, on store: Store) throws -> WhatIf.Effect {
    guard let mix = try store.lastMix() else {
      throw StageError.nothingToDo("\(store.path): there is no mix yet: 'mix' makes one")
    }
    let recipe = try recipe(of: mix.recipe)
    var whatIf = try WhatIf(change(question, of: recipe), recipe: recipe)
    try store.forEachMixDecision { decision in
      whatIf.add(
        WhatIf.StoredDecision(
          rule: decision.rule, outputLength: decision.outputLength,
          inputLength: decision.inputLength, similarity: decision.similarity))
    }
    return whatIf.effect
  }

  private static func recipe(of stored: JSONObject) throws -> Recipe {
    let base: Recipe
    if let name = stored["recipe"]?.string, let bundled = try Recipe(bundled: name) {
      base = bundled
    } else {
      base = try Recipe(json: (stored["recipe"] ?? .null).json().utf8, name: "of the last mix")
    }
    var overrides = RecipeOverrides()
    let changes = stored["overrides"]?.object ?? [:]
    overrides.maxInput = changes["max_input"]?.int
    overrides.maxOutput = changes["max_output"]?.int
    return try base.applying(overrides)
  }

  private static func change(_ question: String, of recipe: Recipe) throws -> WhatIf.Change {
    let parts = question.split(separator: "=", maxSplits: 1).map(String.init)
    let expected =
      "expected max-output=N, min-output=N, max-input=N, min-input=N or near-duplicates=X"
    guard parts.count == 2, let value = Double(parts[1]) else {
      throw StageError.invalid("--what-if \(question): \(expected)")
    }
    func bounds(_ field: Filter.Field) -> Filter.LengthBounds {
      for case .length(field, let bounds) in recipe.filters { return bounds }
      return Filter.LengthBounds()
    }
    func length(
      _ field: Filter.Field, _ set: (inout Filter.LengthBounds, Int) -> Void
    ) throws -> WhatIf.Change {
      guard let number = Int(parts[1]), number >= 0 else {
        throw StageError.invalid("--what-if \(question): \(expected)")
      }
      var changed = bounds(field)
      set(&changed, number)
      return .length(field, changed)
    }
    switch parts[0] {
    case "max-output": return try length(.output) { $0.maximum = $1 }
    case "min-output": return try length(.output) { $0.minimum = $1 }
    case "max-input": return try length(.input) { $0.maximum = $1 }
    case "min-input": return try length(.input) { $0.minimum = $1 }
    case "near-duplicates": return .nearDuplicates(threshold: value)
    default: throw StageError.invalid("--what-if \(question): \(expected)")
    }
  }
}
