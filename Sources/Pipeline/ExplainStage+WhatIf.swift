package import DatasetStore
internal import JSON
package import Mixing
internal import Records
internal import SQLite

// MARK: Other thresholds

extension ExplainStage {
  /// What can be asked of the last mix.
  package static let questions = [
    "max-output=N", "min-output=N", "max-input=N", "min-input=N", "near-duplicates=X",
    "refusals=CHARACTERS", "quota:SOURCE=N", "train=N", "dev=N", "test=N",
  ]

  /// Tells what another threshold of the last mix would drop, from what was measured then.
  ///
  /// - Parameters:
  ///   - question: one of ``questions``, such as `max-output=64` or `quota:dolly=500`.
  ///   - store: the store.
  /// - Returns: the effect on the rule.
  /// - Throws: `RecipeError`, `SQLiteError`, ``StageError``.
  package static func whatIf(_ question: String, on store: Store) throws -> WhatIf.Effect {
    guard let mix = try store.lastMix() else {
      throw StageError.nothingToDo("\(store.path): there is no mix yet: 'mix' makes one")
    }
    let recipe = try recipe(of: mix.recipe)
    let (name, value) = try parts(of: question)
    if name.hasPrefix("quota:") {
      let source = Source(rawValue: String(name.dropFirst("quota:".count)))
      return try quota(try number(value, question), of: source, recipe, store)
    }
    if let split = Split(rawValue: name) {
      return try size(try number(value, question), of: split, recipe, store)
    }
    var whatIf = try WhatIf(change(name, value, question, of: recipe), recipe: recipe)
    let texts = whatIf.needsOutput ? try store.makeReader() : nil
    try store.forEachMixDecision { decision in
      let output = try texts?.first(
        "SELECT output FROM source_records WHERE source_record_id = ?",
        .integer(decision.sourceRecord)
      ) { $0.text(0) }
      whatIf.add(
        WhatIf.StoredDecision(
          rule: decision.rule, outputLength: decision.outputLength,
          inputLength: decision.inputLength, similarity: decision.similarity, output: output))
    }
    return whatIf.effect
  }

  /// The recipe of a mix with what the command line changed of it.
  private static func recipe(of stored: JSONObject) throws -> Recipe {
    let base: Recipe
    if let name = stored["recipe"]?.string, let bundled = try Recipe(bundled: name) {
      base = bundled
    } else {
      base = try Recipe(json: (stored["recipe"] ?? .null).json().utf8, name: "of the last mix")
    }
    let changes = stored["overrides"]?.object ?? [:]
    var overrides = RecipeOverrides()
    overrides.train = changes["train"]?.int
    overrides.dev = changes["dev"]?.int
    overrides.test = changes["test"]?.int
    overrides.maxInput = changes["max_input"]?.int
    overrides.maxOutput = changes["max_output"]?.int
    for member in changes.members where member.key.hasPrefix("quota ") {
      guard let quota = member.value.int else { continue }
      overrides.quotas.append((Source(rawValue: String(member.key.dropFirst(6))), quota))
    }
    return try base.applying(overrides)
  }

  // MARK: Questions

  private static func refusal(_ question: String) -> StageError {
    .invalid("--what-if \(question): expected one of \(questions.joined(separator: ", "))")
  }

  private static func parts(of question: String) throws -> (name: String, value: String) {
    guard let place = question.lastIndex(of: "=") else { throw refusal(question) }
    return (String(question[..<place]), String(question[question.index(after: place)...]))
  }

  private static func number(_ text: String, _ question: String) throws -> Int {
    guard let number = Int(text), number >= 0 else { throw refusal(question) }
    return number
  }

  private static func change(
    _ name: String, _ value: String, _ question: String, of recipe: Recipe
  ) throws -> WhatIf.Change {
    func length(
      _ field: Filter.Field, _ set: (inout Filter.LengthBounds, Int) -> Void
    ) throws -> WhatIf.Change {
      var changed = Filter.LengthBounds()
      for case .length(field, let bounds) in recipe.filters { changed = bounds }
      set(&changed, try number(value, question))
      return .length(field, changed)
    }
    switch name {
    case "max-output": return try length(.output) { $0.maximum = $1 }
    case "min-output": return try length(.output) { $0.minimum = $1 }
    case "max-input": return try length(.input) { $0.maximum = $1 }
    case "min-input": return try length(.input) { $0.minimum = $1 }
    case "near-duplicates":
      guard let threshold = Double(value), (0...1).contains(threshold) else {
        throw refusal(question)
      }
      return .nearDuplicates(threshold: threshold)
    case "refusals": return .refusalWindow(characters: try number(value, question))
    default: throw refusal(question)
    }
  }

  // MARK: Sizes, which count records instead of measuring them

  private static func effect(before: Int, after: Int, isExact: Bool) -> WhatIf.Effect {
    var effect = WhatIf.Effect()
    effect.droppedBefore = before
    effect.droppedAfter = after
    effect.newlyDropped = max(0, after - before)
    effect.noLongerDropped = max(0, before - after)
    effect.isExact = isExact
    return effect
  }

  private static func quota(
    _ quota: Int, of source: Source, _ recipe: Recipe, _ store: Store
  ) throws -> WhatIf.Effect {
    guard let rule = recipe.sources.first(where: { $0.source == source }) else {
      throw StageError.invalid(
        "the last mix has no source '\(source)': expected one of "
          + recipe.sources.map(\.source.rawValue).joined(separator: ", "))
    }
    if case .weight = rule.share {
      throw StageError.invalid(
        "the share of '\(source)' is a weight: quotas of the others decide how many it gives")
    }
    // What was dropped before the cut never reached it, whatever the quota.
    let earlier =
      rule.filters.map(\.rule)
      + (recipe.quotaStage == .afterFilters ? recipe.filters.map(\.rule) : [])
    var reached = 0
    var dropped = 0
    try store.connection.query(
      """
      SELECT d.rule, count(*) FROM mix_decisions d JOIN source_records r USING (source_record_id)
      WHERE r.source = ? GROUP BY d.rule
      """, .text(source.rawValue)
    ) { row in
      let rule = row.optionalText(0)
      if let rule, earlier.contains(rule) { return }
      reached += row.int(1)
      if rule == Decision.MixRule.quota { dropped = row.int(1) }
    }
    return effect(before: dropped, after: max(0, reached - quota), isExact: true)
  }

  private static func size(
    _ size: Int, of split: Split, _ recipe: Recipe, _ store: Store
  ) throws -> WhatIf.Effect {
    var kept = 0
    var dropped = 0
    try store.connection.query(
      """
      SELECT rule, count(*) FROM mix_decisions WHERE rule IS NULL OR rule = ? GROUP BY rule
      """, .text(Decision.MixRule.splitSizes)
    ) { row in if row.isNull(0) { kept = row.int(1) } else { dropped = row.int(1) } }
    let sizes = [Split.train, .dev, .test].reduce(0) {
      $0 + ($1 == split ? size : recipe.size(of: $1))
    }
    // Records that must stay together may not fill a split to its last place.
    return effect(
      before: dropped, after: max(0, kept + dropped - sizes), isExact: recipe.keepTogether.isEmpty)
  }
}
