internal import JSON

/// Reads a component of `tokenizer.json` and says where it is when something is wrong.
struct ComponentReader {
  /// The component.
  let value: JSONValue
  /// The file.
  let path: String
  /// Where the component stands in the file, such as `normalizer.normalizers[2]`.
  let place: String

  /// The component's type.
  var type: String {
    get throws(TokenizerError) { try string("type") }
  }

  /// An error about this component.
  func failure(_ reason: String) -> TokenizerError {
    .malformedConfiguration(path: path, reason: "\(place) \(reason)")
  }

  /// An error about a type or a value that nothing here can follow.
  func unsupported(_ what: String, expected: String) -> TokenizerError {
    .unsupported(path: path, what: "\(place) with \(what)", expected: expected)
  }

  /// A member that is a string.
  func string(_ key: String) throws(TokenizerError) -> String {
    try member(key, "a string") { $0.string }
  }

  /// A member that is a string, or `nil` when it is `null` or missing.
  func optionalString(_ key: String) throws(TokenizerError) -> String? {
    try optional(key) { reader throws(TokenizerError) in try reader.string(key) }
  }

  /// A member that is a truth value.
  func bool(_ key: String) throws(TokenizerError) -> Bool {
    try member(key, "a boolean") { $0.bool }
  }

  /// A member that is a truth value, or another value when it is `null` or missing.
  func bool(_ key: String, default value: Bool) throws(TokenizerError) -> Bool {
    try optional(key) { reader throws(TokenizerError) in try reader.bool(key) } ?? value
  }

  /// A member that is a whole number from zero on.
  func count(_ key: String) throws(TokenizerError) -> Int {
    try member(key, "a whole number from 0 on") { $0.int.flatMap { $0 >= 0 ? $0 : nil } }
  }

  /// A member that is a token's id.
  func id(_ key: String) throws(TokenizerError) -> TokenID {
    try member(key, "a token id") { Self.id($0) }
  }

  /// A member that is one character.
  func scalar(_ key: String) throws(TokenizerError) -> Unicode.Scalar {
    try member(key, "one character") { value in
      guard let scalars = value.string?.unicodeScalars, scalars.count == 1 else { return nil }
      return scalars.first
    }
  }

  /// A member that is an array, each element with a reader of its own.
  func elements(_ key: String) throws(TokenizerError) -> [ComponentReader] {
    let array = try member(key, "an array") { $0.array }
    return array.enumerated().map { index, element in
      ComponentReader(value: element, path: path, place: "\(place).\(key)[\(index)]")
    }
  }

  /// A member with a reader of its own.
  func component(_ key: String) throws(TokenizerError) -> ComponentReader {
    ComponentReader(
      value: try member(key, "an object") { $0 }, path: path, place: "\(place).\(key)")
  }

  /// Whether a member exists and is not `null`.
  func has(_ key: String) -> Bool { !(value[key]?.isNull ?? true) }

  /// The id that a value is, or `nil`.
  static func id(_ value: JSONValue) -> TokenID? {
    value.int.flatMap { $0 >= 0 ? TokenID(exactly: $0) : nil }
  }

  private func member<Member>(
    _ key: String, _ expected: String, _ read: (JSONValue) -> Member?
  ) throws(TokenizerError) -> Member {
    guard value.object != nil else {
      throw failure("is \(value.kindName), expected an object")
    }
    guard let found = value[key] else { throw failure("lacks '\(key)', expected \(expected)") }
    guard let member = read(found) else {
      let text = found.json()
      let shown = text.utf8.count > 60 ? found.kindName : text
      throw failure("has \(shown) as '\(key)', expected \(expected)")
    }
    return member
  }

  private func optional<Member>(
    _ key: String, _ read: (ComponentReader) throws(TokenizerError) -> Member
  ) throws(TokenizerError) -> Member? {
    has(key) ? try read(self) : nil
  }
}
