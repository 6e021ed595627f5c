import JSON

/// An object of the configuration with its place, so that each error can name where it stands.
struct ConfigurationObject {
  let object: JSONObject
  let path: String

  /// Takes `value` as an object that has no keys but `keys`.
  init(
    _ value: JSONValue, path: String, keys: [String]
  ) throws(ConfigurationError) {
    guard let object = value.object else {
      throw ConfigurationError(path: path, got: value.kindName, expected: "an object")
    }
    self.object = object
    self.path = path
    for member in object.members where !keys.contains(where: { Self.same($0, member.key) }) {
      let hint = SpellingSuggestion.closest(to: member.key, in: keys)
      throw ConfigurationError(
        path: place(member.key), got: "an unknown key",
        expected: hint.map { "\"\($0)\"" } ?? "one of \(keys.joined(separator: ", "))")
    }
  }

  static func same(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

  func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func failure(_ key: String, _ got: String, _ expected: String) -> ConfigurationError {
    ConfigurationError(path: place(key), got: got, expected: expected)
  }

  /// The value of a key, unless it is absent or `null`.
  func value(_ key: String) -> JSONValue? {
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  func string(_ key: String) throws(ConfigurationError) -> String? {
    guard let value = value(key) else { return nil }
    guard let string = value.string else { throw failure(key, value.kindName, "a string") }
    return string
  }

  func requiredName(_ key: String) throws(ConfigurationError) -> String {
    guard let name = try string(key) else { throw failure(key, "nothing", "a string") }
    guard !name.isEmpty else { throw failure(key, "an empty string", "a name") }
    return name
  }

  func number(
    _ key: String, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.number else { throw failure(key, value.kindName, "a number") }
    guard range.contains(number) else {
      let limit =
        range.upperBound.isFinite
        ? "between \(range.lowerBound) and \(range.upperBound)" : "from \(range.lowerBound) on"
      throw failure(key, value.json(), "a number \(limit)")
    }
    return number
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
    guard let value = value(key) else { return nil }
    guard let integer = value.int, range.contains(integer) else {
      throw failure(
        key, value.number == nil ? value.kindName : value.json(),
        "a whole number from \(range.lowerBound)"
          + (range.upperBound == .max ? " on" : " to \(range.upperBound)"))
    }
    return integer
  }

  func bool(_ key: String) throws(ConfigurationError) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let bool = value.bool else { throw failure(key, value.kindName, "true or false") }
    return bool
  }

  func array(_ key: String) throws(ConfigurationError) -> [JSONValue]? {
    guard let value = value(key) else { return nil }
    guard let array = value.array else { throw failure(key, value.kindName, "an array") }
    return array
  }

  func object(
    _ key: String, keys: [String]
  ) throws(ConfigurationError) -> ConfigurationObject? {
    guard let value = value(key) else { return nil }
    return try ConfigurationObject(value, path: place(key), keys: keys)
  }
}
