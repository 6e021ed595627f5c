internal import JSON

/// One object of a recipe, read strictly: unknown members and members of another kind are errors.
struct RecipeObject {
  private let object: JSONObject
  private let recipe: String
  private let path: String

  /// An object of a recipe.
  ///
  /// - Parameters:
  ///   - value: the value, expected to be an object.
  ///   - recipe: the recipe's name, for messages.
  ///   - path: the object's JSON path.
  ///   - keys: the keys that are known here.
  /// - Throws: ``RecipeError``.
  init(_ value: JSONValue, recipe: String, path: String, keys: [String]) throws {
    guard let object = value.object else {
      throw RecipeError(
        recipe: recipe, path: path, problem: "\(value.kindName), expected an object")
    }
    self.object = object
    self.recipe = recipe
    self.path = path
    for member in object.members where !keys.contains(member.key) {
      throw error(
        member.key, "unknown key" + Suggestion.text(for: member.key, among: keys))
    }
  }

  /// An error at a member.
  func error(_ key: String?, _ problem: String) -> RecipeError {
    RecipeError(recipe: recipe, path: key.map { path + "." + $0 } ?? path, problem: problem)
  }

  /// Whether the member is there.
  func has(_ key: String) -> Bool { object[key] != nil }

  /// A member that must be there.
  func required<Value>(_ key: String, _ value: Value?) throws -> Value {
    guard let value else { throw error(key, "missing") }
    return value
  }

  /// A text.
  func string(_ key: String) throws -> String? {
    try read(key, expected: "a string") { $0.string }
  }

  /// A whole number within bounds.
  func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    let upper = range.upperBound == .max ? "" : " to \(range.upperBound)"
    return try read(key, expected: "a whole number from \(range.lowerBound)\(upper)") { value in
      value.int.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A number above 0.
  func positive(_ key: String, atMost: Double) throws -> Double? {
    let end = atMost.isFinite ? " and at most \(atMost)" : ""
    return try read(key, expected: "a number above 0\(end)") { value in
      value.number.flatMap { $0 > 0 && $0 <= atMost ? $0 : nil }
    }
  }

  /// A decimal number of any size, written as a number or as text.
  func decimal(_ key: String) throws -> String? {
    try read(key, expected: "a whole number, or one as text") { value in
      if let number = value.int { return String(number) }
      if case .unsignedInteger(let number) = value { return String(number) }
      return value.string
    }
  }

  /// One of the raw values of a type.
  func choice<Value>(_ key: String, _ type: Value.Type) throws -> Value?
  where Value: RawRepresentable<String> & CaseIterable {
    guard let text = try string(key) else { return nil }
    guard let value = Value(rawValue: text) else {
      let known = Value.allCases.map(\.rawValue)
      throw error(key, "unknown value \(text)" + Suggestion.text(for: text, among: known))
    }
    return value
  }

  /// A list of texts.
  func strings(_ key: String, allowingEmpty: Bool = true) throws -> [String]? {
    try read(key, expected: allowingEmpty ? "a list of strings" : "a list of at least one string") {
      guard let elements = $0.array, allowingEmpty || !elements.isEmpty else { return nil }
      let strings = elements.compactMap(\.string)
      return strings.count == elements.count ? strings : nil
    }
  }

  /// The elements of a list with their JSON paths.
  func elements(_ key: String) throws -> [(path: String, value: JSONValue)]? {
    try read(key, expected: "a list") { $0.array }?.enumerated().map {
      ("\(path).\(key)[\($0.offset)]", $0.element)
    }
  }

  /// A member that is an object.
  func nested(_ key: String, keys: [String]) throws -> RecipeObject? {
    try object[key].map {
      try RecipeObject($0, recipe: recipe, path: path + "." + key, keys: keys)
    }
  }

  private func read<Value>(
    _ key: String, expected: String, _ convert: (JSONValue) -> Value?
  ) throws -> Value? {
    guard let value = object[key] else { return nil }
    guard let converted = convert(value) else {
      let got: String
      switch value {
      case .array, .object: got = value.kindName
      default: got = value.json()
      }
      throw error(key, "\(got), expected \(expected)")
    }
    return converted
  }
}
