internal import JSON

/// Reads the members of a request's body, each with its kind and limits.
struct FieldReader {
  let object: JSONObject

  /// Refuses members that are missing or not known.
  init(_ object: JSONObject, fields: [Route.Field]) throws(ServiceRefusal) {
    self.object = object
    for field in fields where field.isRequired && object[field.name] == nil {
      throw .wrongField(field.name, expected: "a value: it is missing")
    }
    for member in object.members
    where !fields.contains(where: { $0.name.utf8.elementsEqual(member.key.utf8) }) {
      let known = fields.map { "'\($0.name)'" }.joined(separator: ", ")
      throw .wrongField(
        "the body",
        expected: fields.isEmpty ? "an empty object" : "no other members than \(known)")
    }
  }

  /// Takes any object.
  init(_ object: JSONObject) { self.object = object }

  /// A member; `nil` when it is missing or null.
  func value(_ name: String) -> JSONValue? {
    guard let value = object[name] else { return nil }
    if case .null = value { return nil }
    return value
  }

  func integer(_ name: String, in range: ClosedRange<Int64>) throws(ServiceRefusal) -> Int64 {
    guard let value = value(name).flatMap(Self.wholeNumber), range.contains(value) else {
      throw .wrongField(name, expected: Self.description(of: range))
    }
    return value
  }

  func row(_ name: String) throws(ServiceRefusal) -> Int64 {
    try integer(name, in: 1...Int64.max)
  }

  /// A text of so many characters.
  func string(_ name: String, length: ClosedRange<Int>) throws(ServiceRefusal) -> String {
    guard let text = value(name)?.string, length.contains(text.unicodeScalars.count) else {
      throw .wrongField(
        name, expected: "a text of \(length.lowerBound) to \(length.upperBound) characters")
    }
    return text
  }

  /// A UUID, in lower case.
  func uuid(_ name: String) throws(ServiceRefusal) -> String {
    let groups = (value(name)?.string ?? "").lowercased().split(
      separator: "-", omittingEmptySubsequences: false)
    let isHexadecimal = groups.joined().utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
    guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], isHexadecimal else {
      throw .wrongField(
        name, expected: "a UUID such as 01234567-89ab-4cde-8f01-23456789abcd")
    }
    return groups.joined(separator: "-")
  }

  /// One of an enumeration's texts.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(ServiceRefusal) -> Choice {
    guard let choice = value(name)?.string.flatMap({ text in Self.choice(text, type) }) else {
      let list = type.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw .wrongField(name, expected: "one of \(list)")
    }
    return choice
  }

  // Raw values are compared by canonical equivalence; the contract's texts are ASCII alone.
  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ text: String, _ type: Choice.Type
  ) -> Choice? {
    type.allCases.first { $0.rawValue.utf8.elementsEqual(text.utf8) }
  }

  /// A number without a fraction, however it is written.
  static func wholeNumber(_ value: JSONValue) -> Int64? {
    switch value {
    case .integer(let number): number
    case .double(let number): Int64(exactly: number)
    default: nil
    }
  }

  static func description(of range: ClosedRange<Int64>) -> String {
    range.upperBound == Int64.max
      ? "a whole number from \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }
}
