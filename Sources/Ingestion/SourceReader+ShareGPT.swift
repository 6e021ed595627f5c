internal import JSON
internal import Records

extension SourceReader {
  private static let listNames: [StaticString] = [
    "conversations", "items", "messages", "conversation",
  ]
  private static let roleNames: [StaticString] = ["from", "role"]
  private static let textNames: [StaticString] = ["value", "content", "text", "markdown"]

  /// One turn, as far as it was looked at.
  private struct Turn {
    let element: JSONElement
    let name: String
    let role: SpeakerRole?
  }

  /// A conversation, of which the first question and answer are used.
  ///
  /// Other names of roles than the published file's are accepted, and noted in the field
  /// `turn_roles`: the reference recipe would skip such a conversation.
  mutating func shareGPT(_ element: JSONElement) throws(FieldFlaw) -> SourceReading {
    let (list, listName) = try conversation(element)
    let (turns, count) = try firstTurns(list, name: listName)
    guard count >= 2 else {
      let turns = count == 1 ? "turn" : "turns"
      return .skipped(
        rule: "short-conversation",
        reason: "the conversation has \(count) \(turns); expected 2 or more")
    }
    let roles = turns.map(\.role)
    let usedTurns: [Turn]
    if roles[0] == .human, roles[1] == .gpt {
      usedTurns = Array(turns[..<2])
    } else if count >= 3, roles[0] == .gpt || roles[0] == .system, roles[1] == .human,
      roles[2] == .gpt
    {
      usedTurns = turns
    } else {
      let found = turns.map { "“\($0.name)”" }.joined(separator: ", ")
      return .skipped(
        rule: "turn-order",
        reason: "the turns begin with \(found); expected human, gpt or (gpt or system), human, gpt")
    }
    var texts: [String] = []
    for (offset, turn) in usedTurns.enumerated() {
      texts.append(try text(of: turn.element, label: "\(listName)[\(offset)]"))
    }
    let instruction = texts.count == 3 ? texts.removeFirst() : ""
    var others = element.otherMembers { key in
      key.isString("id") || key.string?.utf8.elementsEqual(listName.utf8) == true
    }
    others["turns"] = .integer(Int64(count))
    if usedTurns.contains(where: { $0.role?.publishedName != $0.name }) {
      others["turn_roles"] = .array(usedTurns.map { .string($0.name) })
    }
    let (id, group) = try identifiers(element)
    return .record(
      record(
        id: id, group: group, instruction: instruction, input: texts[0], output: texts[1],
        additionalFields: others))
  }

  private func conversation(_ element: JSONElement) throws(FieldFlaw) -> (JSONElement, String) {
    for name in Self.listNames {
      guard let list = element[name], !list.isNull else { continue }
      guard list.kind == .array else {
        throw FieldFlaw.wrongKind("field “\(name)”", list, expected: "an array of turns")
      }
      return (list, name.description)
    }
    throw FieldFlaw.missing("field “conversations”", expected: "an array of turns")
  }

  /// The first three turns at most, and the number of all.
  private func firstTurns(
    _ list: JSONElement, name: String
  ) throws(FieldFlaw) -> (turns: [Turn], count: Int) {
    var elements: [JSONElement] = []
    var count = 0
    list.forEachElement { turn in
      if count < 3 { elements.append(turn) }
      count += 1
    }
    var turns: [Turn] = []
    // Of a lone turn nothing is used, so nothing in it can be wrong.
    if count < 2 { return (turns, count) }
    for (offset, element) in elements.enumerated() {
      let label = "\(name)[\(offset)]"
      guard element.kind == .object else {
        throw FieldFlaw.wrongKind("\(label)", element, expected: "an object")
      }
      guard let field = element.firstMember(Self.roleNames) else {
        throw FieldFlaw.missing("\(label).from", expected: "a string such as human or gpt")
      }
      guard let role = field.string else {
        throw FieldFlaw.wrongKind("\(label).from", field, expected: "a string such as human or gpt")
      }
      turns.append(Turn(element: element, name: role, role: SpeakerRole(role)))
    }
    return (turns, count)
  }

  /// A turn's text: of several fields for it, exports leave all but one null.
  private func text(of turn: JSONElement, label: String) throws(FieldFlaw) -> String {
    var found: JSONElement?
    for name in Self.textNames {
      guard let field = turn[name] else { continue }
      if let string = field.string {
        return cleansHTML ? WebPageText.cleaned(string) : string
      }
      found = found ?? field
    }
    guard let found else { throw FieldFlaw.missing("\(label).value", expected: "a string") }
    throw FieldFlaw.wrongKind("\(label).value", found, expected: "a string")
  }

  /// The identifier, and the conversation's own without the number of its part.
  private mutating func identifiers(
    _ element: JSONElement
  ) throws(FieldFlaw) -> (id: String, group: String?) {
    guard let field = element["id"], !field.isNull else {
      return (counters.nextID(prefix("sharegpt")), nil)
    }
    guard let own = field.identifier else {
      throw FieldFlaw.wrongKind("field “id”", field, expected: "a string or a whole number")
    }
    let id = "\(prefix("sharegpt"))/\(own)"
    let digits = own.utf8.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let stem = own.utf8.dropLast(digits.count)
    guard !digits.isEmpty, stem.last == UInt8(ascii: "_"), stem.count > 1 else { return (id, id) }
    return (id, "\(prefix("sharegpt"))/\(String(Substring(stem.dropLast())))")
  }
}
