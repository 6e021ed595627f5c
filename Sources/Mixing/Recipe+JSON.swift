internal import BundledRecipes
internal import JSON
internal import RandomNumbers
internal import Records

extension Recipe {
  /// The names of the recipes that are shipped with the program.
  package static var bundledNames: [String] {
    BundledRecipe.allCases.map(\.rawValue).sorted()
  }

  /// A recipe that is shipped with the program.
  ///
  /// - Parameter name: one of ``bundledNames``; `nil` is returned for other names.
  /// - Throws: ``RecipeError`` when the shipped file is broken.
  package init?(bundled name: String) throws {
    guard let bundled = BundledRecipe(rawValue: name) else { return nil }
    try self.init(json: bundled.json, name: name)
  }

  /// Reads a recipe.
  ///
  /// - Parameters:
  ///   - json: the JSON text.
  ///   - name: what messages call the recipe: its file.
  /// - Throws: ``RecipeError``.
  package init(json: some Collection<UInt8>, name: String) throws {
    let value: JSONValue
    do {
      value = try JSONParser().value(of: json)
    } catch {
      throw RecipeError(recipe: name, path: "$", problem: "\(error)")
    }
    let root = try RecipeObject(
      value, recipe: name, path: "$",
      keys: [
        "name", "description", "seed", "length_unit", "tokenizer", "sources", "quotas", "filters",
        "splits", "keep_together",
      ])
    self.name = try root.required("name", root.string("name"))
    description = try root.string("description") ?? ""
    seed = try root.required("seed", root.decimal("seed"))
    guard PythonRandom(decimalSeed: seed) != nil else {
      throw root.error("seed", "\(seed), expected a whole number")
    }
    tokenizer = try root.string("tokenizer")
    lengthUnit =
      try root.choice("length_unit", LengthUnit.self) ?? (tokenizer == nil ? .words : .tokens)
    quotaStage = try root.choice("quotas", QuotaStage.self) ?? .afterFilters
    let bonds = try root.strings("keep_together") ?? []
    keepTogether = try bonds.enumerated().map { offset, text in
      guard let bond = Bond(rawValue: text) else {
        let known = Bond.allCases.map(\.rawValue)
        throw root.error(
          "keep_together[\(offset)]",
          "unknown value \(text)" + Suggestion.text(for: text, among: known))
      }
      return bond
    }
    let splits = try root.required(
      "splits", root.nested("splits", keys: Split.allCases.map(\.rawValue)))
    trainSize = try splits.integer("train", in: 0...Int(Int32.max)) ?? 0
    devSize = try splits.integer("dev", in: 0...Int(Int32.max)) ?? 0
    testSize = try splits.integer("test", in: 0...Int(Int32.max)) ?? 0
    filters = try (root.elements("filters") ?? []).map {
      try Filter($0.value, recipe: name, path: $0.path, isOfOneSource: false)
    }
    sources = try root.required("sources", root.elements("sources")).map {
      try SourceRule($0.value, recipe: name, path: $0.path)
    }
    try checkSources(root)
    try checkFilters(root)
  }

  private func checkSources(_ root: RecipeObject) throws {
    guard !sources.isEmpty else { throw root.error("sources", "an empty list") }
    var names: Set<Source> = []
    for (offset, rule) in sources.enumerated() where !names.insert(rule.source).inserted {
      throw root.error("sources[\(offset)].source", "\(rule.source) is there twice")
    }
    let weights = sources.count { if case .weight = $0.share { true } else { false } }
    guard weights > 0 else { return }
    if weights < sources.count {
      throw root.error(
        "sources", "\(weights) of \(sources.count) have a weight, expected all or none")
    }
    if quotaStage == .beforeFilters {
      throw root.error("quotas", "before-filters with weights, expected after-filters")
    }
  }

  private func checkFilters(_ root: RecipeObject) throws {
    for (offset, filter) in filters.enumerated()
    where filters[..<offset].contains(where: { $0.rule == filter.rule }) {
      throw root.error("filters[\(offset)].rule", "\(filter.rule) is there twice")
    }
    let hasNear = filters.contains { if case .nearDuplicates = $0 { true } else { false } }
    if keepTogether.contains(.nearDuplicates) && !hasNear {
      throw root.error("keep_together", "near-duplicates without a filter near-duplicates")
    }
  }
}

extension Recipe.SourceRule {
  fileprivate init(_ value: JSONValue, recipe: String, path: String) throws {
    let object = try RecipeObject(
      value, recipe: recipe, path: path, keys: ["source", "quota", "weight", "filters"])
    source = Source(rawValue: try object.required("source", object.string("source")))
    let quota = try object.integer("quota", in: 0...Int(Int32.max))
    let weight = try object.positive("weight", atMost: .infinity)
    switch (quota, weight) {
    case (nil, nil): share = .all
    case (let quota?, nil): share = .quota(quota)
    case (nil, let weight?): share = .weight(weight)
    case (.some, .some): throw object.error("weight", "beside a quota, expected one of the two")
    }
    filters = try (object.elements("filters") ?? []).map {
      try Filter($0.value, recipe: recipe, path: $0.path, isOfOneSource: true)
    }
  }
}

extension Filter {
  private static let rules: [String: [String]] = [
    "exact-duplicates": ["compare"],
    "near-duplicates": ["threshold", "together", "shingle_words", "bands", "rows"],
    "output-length": ["at_least", "more_than", "at_most", "less_than"],
    "input-length": ["at_least", "more_than", "at_most", "less_than"],
    "banned-substrings": ["phrases"],
    "refusals": ["phrases", "within_characters"],
    "licenses": ["allow", "deny"],
    "unknown-roles": [],
  ]

  fileprivate init(
    _ value: JSONValue, recipe: String, path: String, isOfOneSource: Bool
  ) throws {
    // The rule first, without a check of keys, since it decides which keys are known.
    let keys = value.object?.members.map(\.key) ?? []
    let any = try RecipeObject(value, recipe: recipe, path: path, keys: keys)
    let rule = try any.required("rule", any.string("rule"))
    guard let known = Self.rules[rule] else {
      throw any.error(
        "rule", "unknown rule \(rule)" + Suggestion.text(for: rule, among: Self.rules.keys.sorted())
      )
    }
    let object = try RecipeObject(value, recipe: recipe, path: path, keys: ["rule"] + known)
    switch rule {
    case "exact-duplicates":
      self = .exactDuplicates(
        try object.required("compare", object.choice("compare", Comparison.self)))
    case "near-duplicates": self = .nearDuplicates(try NearDuplicates(object))
    case "output-length": self = .length(.output, try LengthBounds(object))
    case "input-length": self = .length(.input, try LengthBounds(object))
    case "banned-substrings": self = .bannedSubstrings(try Self.phrases(object))
    case "refusals":
      self = .refusals(
        phrases: try Self.phrases(object),
        withinCharacters: try object.integer("within_characters", in: 1...1_000_000) ?? 120)
    case "unknown-roles": self = .unknownRoles
    default:
      let allow = try object.strings("allow")
      let deny = try object.strings("deny")
      guard allow != nil || deny != nil else {
        throw object.error(nil, "neither allow nor deny, expected one of them")
      }
      self = .licenses(allow: allow, deny: deny ?? [])
    }
    switch self {
    case .exactDuplicates, .nearDuplicates:
      if isOfOneSource {
        throw object.error("rule", "\(rule) compares all sources, expected it in $.filters")
      }
    default: break
    }
  }

  private static func phrases(_ object: RecipeObject) throws -> [String] {
    let phrases = try object.required(
      "phrases", object.strings("phrases", allowingEmpty: false))
    if let offset = phrases.firstIndex(where: { NormalizedText.folded($0).isEmpty }) {
      throw object.error("phrases[\(offset)]", "an empty string, which every text contains")
    }
    return phrases
  }
}

extension Filter.LengthBounds {
  fileprivate init(_ object: RecipeObject) throws {
    let range = 0...Int(Int32.max)
    if object.has("at_least") && object.has("more_than") {
      throw object.error("more_than", "beside at_least, expected one of the two")
    }
    if object.has("at_most") && object.has("less_than") {
      throw object.error("less_than", "beside at_most, expected one of the two")
    }
    self.init(
      minimum: try object.integer("at_least", in: range),
      maximum: try object.integer("at_most", in: range))
    if let bound = try object.integer("more_than", in: range) {
      minimum = bound + 1
      isMinimumExclusive = true
    }
    if let bound = try object.integer("less_than", in: range) {
      maximum = bound - 1
      isMaximumExclusive = true
    }
    guard minimum != nil || maximum != nil else {
      throw object.error(nil, "no bound, expected at_least, more_than, at_most or less_than")
    }
  }
}

extension Filter.NearDuplicates {
  fileprivate init(_ object: RecipeObject) throws {
    threshold = try object.required("threshold", object.positive("threshold", atMost: 1))
    together = try object.positive("together", atMost: 1)
    shingleWords = try object.integer("shingle_words", in: 1...32) ?? 3
    bands = try object.integer("bands", in: 1...256) ?? 25
    rows = try object.integer("rows", in: 1...64) ?? 5
    if let together, together > threshold {
      throw object.error("together", "\(together), expected at most the threshold \(threshold)")
    }
  }
}
