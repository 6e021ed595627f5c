internal import JSON

/// Strict access to the fields of a record.
struct RecordFields {
  let element: JSONElement

  init(_ element: JSONElement) throws(VerdictImportError) {
    guard element.kind == .object else { throw .notAnObject(found: element.kindName) }
    self.element = element
  }

  /// A string that must be there.
  func text(_ key: StaticString) throws(VerdictImportError) -> String {
    guard let value = element[key] else {
      throw .missingField("\(key)", expected: "a string")
    }
    guard let text = value.string else {
      throw .wrongKind(field: "\(key)", found: value.kindName, expected: "a string")
    }
    return text
  }

  /// A string that may be absent or null.
  func optionalText(_ key: StaticString) throws(VerdictImportError) -> String? {
    guard let value = element[key], !value.isNull else { return nil }
    guard let text = value.string else {
      throw .wrongKind(field: "\(key)", found: value.kindName, expected: "a string or null")
    }
    return text
  }

  /// An identifier that may be a whole number.
  func identifier(_ key: StaticString) throws(VerdictImportError) -> String {
    guard let value = element[key] else {
      throw .missingField("\(key)", expected: "a string or a whole number")
    }
    switch value.kind {
    case .string, .integer, .unsignedInteger: return value.string ?? value.value.json()
    default:
      throw .wrongKind(
        field: "\(key)", found: value.kindName, expected: "a string or a whole number")
    }
  }

  /// A whole number that may be absent or null.
  func optionalInteger(_ key: StaticString) throws(VerdictImportError) -> Int? {
    guard let value = element[key], !value.isNull else { return nil }
    guard let number = value.value.int else {
      throw .wrongKind(field: "\(key)", found: value.kindName, expected: "a whole number or null")
    }
    return number
  }

  /// A judge's name; FastChat writes a list of model and prompt, which is joined by slashes.
  func judge(_ key: StaticString) throws(VerdictImportError) -> String {
    guard let value = element[key], value.kind == .array else { return try text(key) }
    let parts = value.value.array?.compactMap(\.string) ?? []
    guard !parts.isEmpty, parts.count == value.value.array?.count else {
      throw .wrongKind(field: "\(key)", found: "a list with other values", expected: "strings")
    }
    return parts.joined(separator: "/")
  }

  /// The two models, which must differ.
  func models(
    _ keyA: StaticString, _ keyB: StaticString
  ) throws(VerdictImportError) -> (String, String) {
    let (modelA, modelB) = (try text(keyA), try text(keyB))
    if modelA.utf8.elementsEqual(modelB.utf8) { throw .sameModel(modelA) }
    return (modelA, modelB)
  }
}
