internal import JSON

/// Why a field cannot be used; becomes a `Diagnostic` where the record's place is known.
struct FieldFlaw: Error {
  let rule: String
  let message: String

  /// A field is not there.
  static func missing(_ field: String, expected: String) -> FieldFlaw {
    FieldFlaw(rule: "missing-field", message: "\(field) is missing; expected \(expected)")
  }

  /// A field holds a value of another kind.
  static func wrongKind(_ field: String, _ found: JSONElement, expected: String) -> FieldFlaw {
    FieldFlaw(
      rule: "wrong-kind", message: "\(field) is \(found.kindName); expected \(expected)")
  }

  /// A field holds a text that is not laid out as expected.
  static func wrongText(_ field: String, expected: String) -> FieldFlaw {
    FieldFlaw(rule: "wrong-text", message: "\(field) is not laid out as expected: \(expected)")
  }
}

extension JSONElement {
  /// The string in a field of this object.
  ///
  /// - Parameter names: the names that the field can have, the preferred one first.
  /// - Returns: the string.
  /// - Throws: `missing-field`, `wrong-kind`.
  func requiredString(_ names: StaticString...) throws(FieldFlaw) -> String {
    let label = names.map { "“\($0)”" }.joined(separator: " or ")
    guard let field = firstMember(names) else {
      throw FieldFlaw.missing("field \(label)", expected: "a string")
    }
    guard let string = field.string else {
      throw FieldFlaw.wrongKind("field \(label)", field, expected: "a string")
    }
    return string
  }

  /// The string in a field of this object, empty when the field is absent or null.
  ///
  /// - Parameter names: the names that the field can have, the preferred one first.
  /// - Returns: the string.
  /// - Throws: `wrong-kind`.
  func optionalString(_ names: StaticString...) throws(FieldFlaw) -> String {
    guard let field = firstMember(names), !field.isNull else { return "" }
    guard let string = field.string else {
      let label = names.map { "“\($0)”" }.joined(separator: " or ")
      throw FieldFlaw.wrongKind("field \(label)", field, expected: "a string")
    }
    return string
  }

  /// The member of the first of these names that this object has.
  func firstMember(_ names: [StaticString]) -> JSONElement? {
    for name in names {
      if let member = self[name] { return member }
    }
    return nil
  }

  /// A string, or a whole number as its digits; `nil` for other values.
  var identifier: String? {
    switch kind {
    case .string: string
    case .integer, .unsignedInteger: value.json()
    default: nil
    }
  }

  /// The members of this object that `isKnown` does not accept, bounded in number and size.
  ///
  /// Names that did not fit are listed in `omitted_fields`.
  ///
  /// - Parameter isKnown: whether a member is held elsewhere.
  /// - Returns: the others.
  func otherMembers(_ isKnown: (JSONElement) -> Bool) -> JSONObject {
    var others = JSONObject()
    var omitted: [JSONValue] = []
    var omittedCount = 0
    forEachMember { key, value in
      if isKnown(key) { return }
      var budget = Self.additionalFieldLimit
      if others.count < Self.additionalFieldCount, value.fits(&budget), let name = key.string {
        others[name] = value.value
      } else {
        omittedCount += 1
        if omitted.count < Self.additionalFieldCount, let name = key.string {
          omitted.append(.string(name.utf8.count <= 100 ? name : String(name.prefix(25)) + "…"))
        }
      }
    }
    if omittedCount > omitted.count { omitted.append(.string("… of \(omittedCount)")) }
    if !omitted.isEmpty { others["omitted_fields"] = .array(omitted) }
    return others
  }

  private static var additionalFieldCount: Int { 64 }
  private static var additionalFieldLimit: Int { 64 * 1024 }

  /// Whether the value's text takes less than `budget` bytes, roughly; takes them off.
  private func fits(_ budget: inout Int) -> Bool {
    budget -= unsafe withStringBytes { $0.count } ?? 8
    forEachElement { if budget > 0 { _ = $0.fits(&budget) } }
    forEachMember { key, value in
      if budget > 0 { _ = key.fits(&budget) && value.fits(&budget) }
    }
    return budget > 0
  }
}
