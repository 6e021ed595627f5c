internal import JSON
internal import Records

extension SourceReader {
  /// GPT4All prompt generations, of which only LAION's chip2 rows are used.
  mutating func gpt4All(_ element: JSONElement) throws(FieldFlaw) -> SourceReading {
    if element["prompt"] == nil, element["text"] != nil { return try chip2(element) }
    let question = try element.requiredString("prompt")
    let answer = try element.requiredString("response")
    guard let field = element["source"] else {
      throw FieldFlaw.missing("field “source”", expected: "a string")
    }
    guard field.isNull || field.kind == .string else {
      throw FieldFlaw.wrongKind("field “source”", field, expected: "a string")
    }
    return used(
      field.string, question: question, answer: answer,
      additionalFields: element.otherMembers {
        $0.isString("prompt") || $0.isString("response") || $0.isString("source")
      })
  }

  /// Chip2 as in OIG: both turns in one text, the source in the metadata.
  private mutating func chip2(_ element: JSONElement) throws(FieldFlaw) -> SourceReading {
    let text = try element.requiredString("text")
    guard let metadata = element["metadata"] else {
      throw FieldFlaw.missing("field “metadata.source”", expected: "a string")
    }
    guard let field = metadata["source"] else {
      throw FieldFlaw.missing("field “metadata.source”", expected: "a string")
    }
    guard field.isNull || field.kind == .string else {
      throw FieldFlaw.wrongKind("field “metadata.source”", field, expected: "a string")
    }
    guard let dialogue = ChipDialogue(text) else {
      throw FieldFlaw.wrongText(
        "field “text”", expected: "“<human>: …”, a line feed, “<bot>: …”")
    }
    var others = element.otherMembers { $0.isString("text") || $0.isString("metadata") }
    let metadataOthers = metadata.otherMembers { $0.isString("source") }
    if !metadataOthers.isEmpty { others["metadata"] = .object(metadataOthers) }
    if dialogue.turns > 2 { others["turns"] = .integer(Int64(dialogue.turns)) }
    return used(
      field.string, question: dialogue.question, answer: dialogue.answer,
      additionalFields: others)
  }

  private mutating func used(
    _ name: String?, question: String, answer: String, additionalFields: JSONObject
  ) -> SourceReading {
    let names = ["laion/unified_chip2", "unified_chip2"]
    guard let name, names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
      let found = name.map { "“\($0)”" } ?? "null"
      return .skipped(
        rule: "other-source",
        reason: "the source is \(found), not laion/unified_chip2 or unified_chip2")
    }
    return .record(
      record(
        id: counters.nextID(prefix(name)), instruction: "", input: question, output: answer,
        additionalFields: additionalFields))
  }
}
