internal import JSON

/// One check of one value against a schema.
struct SchemaCheck {
  typealias Node = JSONSchema.Node

  let definitions: [String: Node]
  let limit: Int
  private(set) var findings: [JSONSchema.Finding] = []

  init(definitions: [String: Node], limit: Int) {
    self.definitions = definitions
    self.limit = limit
  }

  mutating func check(_ value: JSONValue, _ node: Node, path: String) {
    guard findings.count < limit else { return }
    if let reference = node.reference, let target = definitions[reference] {
      check(value, target, path: path)
    }
    if !node.kinds.isEmpty, !node.kinds.contains(where: { Self.fits(value, $0) }) {
      let expected = node.kinds.map(\.name).joined(separator: " or ")
      report("is \(value.kindName), expected \(expected)", path)
      return
    }
    if let allowed = node.allowed, !allowed.contains(value) {
      let list = allowed.map { $0.json() }.joined(separator: ", ")
      let expected = allowed.count > 1 ? "one of \(list)" : list
      report("is \(Self.excerpt(value)), expected \(expected)", path)
    }
    switch value {
    case .object(let object): check(object, node, path: path)
    case .array(let elements): check(elements, node, path: path)
    case .string(let text): check(text, node, path: path)
    case .integer, .unsignedInteger, .double: check(value.number ?? 0, node, path: path)
    case .null, .bool: break
    }
    checkAlternatives(value, node, path: path)
  }

  private mutating func report(_ problem: String, _ path: String) {
    guard findings.count < limit else { return }
    findings.append(.init(path: path, problem: problem))
  }

  private static func fits(_ value: JSONValue, _ kind: JSONSchema.Kind) -> Bool {
    switch (kind, value) {
    case (.null, .null), (.boolean, .bool), (.string, .string), (.array, .array),
      (.object, .object), (.number, .integer), (.number, .unsignedInteger), (.number, .double),
      (.integer, .integer), (.integer, .unsignedInteger):
      true
    // A number with a fraction of zero is an integer since draft 6.
    case (.integer, .double(let number)): number == number.rounded()
    default: false
    }
  }

  private static func excerpt(_ value: JSONValue) -> String {
    switch value {
    case .array, .object: return value.kindName
    default:
      let text = value.json()
      return text.unicodeScalars.count > 60
        ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(60))) + "…" : text
    }
  }

  private mutating func check(_ object: JSONObject, _ node: Node, path: String) {
    func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    for key in node.required where object[key] == nil {
      report("is missing", place(key))
    }
    if let minimum = node.minimumMembers, object.count < minimum {
      report("has \(object.count) members, expected at least \(minimum)", path)
    }
    if let maximum = node.maximumMembers, object.count > maximum {
      report("has \(object.count) members, expected at most \(maximum)", path)
    }
    if let names = node.names {
      for member in object.members { check(.string(member.key), names, path: place(member.key)) }
    }
    guard !node.properties.isEmpty || node.isClosed || node.otherProperties != nil else { return }
    for member in object.members {
      let known = node.properties.first { $0.key.utf8.elementsEqual(member.key.utf8) }
      if let known {
        check(member.value, known.node, path: place(member.key))
      } else if node.isClosed {
        report("is not expected here", place(member.key))
      } else if let others = node.otherProperties {
        check(member.value, others, path: place(member.key))
      }
    }
  }

  private mutating func check(_ elements: [JSONValue], _ node: Node, path: String) {
    if let minimum = node.minimumItems, elements.count < minimum {
      report("has \(elements.count) elements, expected at least \(minimum)", path)
    }
    if let maximum = node.maximumItems, elements.count > maximum {
      report("has \(elements.count) elements, expected at most \(maximum)", path)
    }
    guard let items = node.items else { return }
    for (index, element) in elements.enumerated() {
      check(element, items, path: "\(path)[\(index)]")
    }
  }

  private mutating func check(_ text: String, _ node: Node, path: String) {
    if let minimum = node.minimumLength, text.unicodeScalars.count < minimum {
      report(
        "has \(text.unicodeScalars.count) characters, expected at least \(minimum)", path)
    }
    if let maximum = node.maximumLength, text.unicodeScalars.count > maximum {
      report(
        "has \(text.unicodeScalars.count) characters, expected at most \(maximum)", path)
    }
    if let pattern = node.pattern, let regex = try? Regex(pattern), !text.contains(regex) {
      report("is \(Self.excerpt(.string(text))), expected text like \(pattern)", path)
    }
    guard let content = node.content else { return }
    guard let value = try? JSONValue(json: text) else {
      report("is a string that holds no JSON", path)
      return
    }
    check(value, content, path: path)
  }

  private mutating func check(_ number: Double, _ node: Node, path: String) {
    if let minimum = node.minimum, number < minimum {
      report("is \(number), expected at least \(minimum)", path)
    }
    if let maximum = node.maximum, number > maximum {
      report("is \(number), expected at most \(maximum)", path)
    }
    if let minimum = node.exclusiveMinimum, number <= minimum {
      report("is \(number), expected more than \(minimum)", path)
    }
  }

  private mutating func checkAlternatives(_ value: JSONValue, _ node: Node, path: String) {
    for part in node.allOf { check(value, part, path: path) }
    if let not = node.not, attempt(value, not, path: path).isEmpty {
      report("has a form that is excluded", path)
    }
    if !node.oneOf.isEmpty {
      let fitting = node.oneOf.count { attempt(value, $0, path: path).isEmpty }
      if fitting > 1 { report("fits \(fitting) forms, expected exactly one", path) }
      if fitting == 0 { reportNoneFits(value, node.oneOf, path: path) }
    }
    if !node.anyOf.isEmpty,
      !node.anyOf.contains(where: { attempt(value, $0, path: path).isEmpty })
    {
      reportNoneFits(value, node.anyOf, path: path)
    }
  }

  private func attempt(
    _ value: JSONValue, _ node: Node, path: String
  ) -> [JSONSchema.Finding] {
    var check = SchemaCheck(definitions: definitions, limit: limit)
    check.check(value, node, path: path)
    return check.findings
  }

  /// Says what is wrong with the alternative that the value's kind means, or that none fits.
  private mutating func reportNoneFits(_ value: JSONValue, _ nodes: [Node], path: String) {
    let meant = nodes.filter { node in
      let node = node.reference.flatMap { definitions[$0] } ?? node
      return !node.kinds.isEmpty && node.kinds.contains { Self.fits(value, $0) }
    }
    if meant.count == 1, let node = meant.first {
      for finding in attempt(value, node, path: path) { report(finding.problem, finding.path) }
      return
    }
    let required = nodes.compactMap { $0.required.count == 1 ? $0.required.first : nil }
    if required.count == nodes.count {
      report("lacks \(required.map { "'\($0)'" }.joined(separator: " and "))", path)
    } else {
      report("is \(Self.excerpt(value)), which fits none of the forms allowed here", path)
    }
  }
}
