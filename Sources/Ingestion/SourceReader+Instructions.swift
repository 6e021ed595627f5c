internal import JSON
internal import Records

extension SourceReader {
  /// Alpaca and Alpaca-GPT4.
  mutating func alpaca(_ element: JSONElement) throws(FieldFlaw) -> SourceRecord {
    let instruction = try element.requiredString("instruction")
    let input = try element.optionalString("input")
    let output = try element.requiredString("output")
    return record(
      id: counters.nextID(prefix("itwgpt4")), instruction: instruction, input: input,
      output: output,
      additionalFields: element.otherMembers {
        $0.isString("instruction") || $0.isString("input") || $0.isString("output")
      })
  }

  /// Dolly: the original's `context` and `response` or the mirror's `input` and `output`.
  mutating func dolly(_ element: JSONElement) throws(FieldFlaw) -> SourceRecord {
    let instruction = try element.requiredString("instruction")
    let input = try element.optionalString("context", "input")
    let output = try element.requiredString("response", "output")
    let category = try element.requiredString("category")
    let inputName: StaticString = element["context"] == nil ? "input" : "context"
    let outputName: StaticString = element["response"] == nil ? "output" : "response"
    return record(
      id: counters.nextID("\(prefix("dolly_15k"))/\(category)"), instruction: instruction,
      input: input, output: output, category: category,
      additionalFields: element.otherMembers {
        $0.isString("instruction") || $0.isString(inputName) || $0.isString(outputName)
          || $0.isString("category")
      })
  }

  /// Records read by a mapping of fields.
  mutating func plain(_ element: JSONElement) throws(FieldFlaw) -> SourceRecord {
    let instruction = try text(.instruction, in: element)
    let input = try text(.input, in: element)
    guard let output = try text(.output, in: element) else {
      throw FieldFlaw.missing("field “\(mapping.path(.output) ?? "output")”", expected: "a string")
    }
    if instruction == nil && input == nil {
      let names = [FieldMapping.Target.instruction, .input].compactMap { mapping.path($0) }
      throw FieldFlaw.missing(
        "field " + names.map { "“\($0)”" }.joined(separator: " or "), expected: "a string")
    }
    let category = try text(.category, in: element)
    let group = try identifier(.group, in: element)
    let id = try identifier(.id, in: element).map { own in
      // An identifier that came from here once is not given its prefix twice.
      own.utf8.starts(with: "\(source.rawValue)/".utf8) ? own : "\(source.rawValue)/\(own)"
    }
    return record(
      id: id ?? counters.nextID(source.rawValue), group: group.map { "\(source.rawValue)/\($0)" },
      instruction: instruction ?? "", input: input ?? "", output: output, category: category,
      additionalFields: element.otherMembers { key in
        key.string.map { mapping.usesTopLevelField($0) } ?? false
      })
  }

  private func value(_ target: FieldMapping.Target, in element: JSONElement) -> JSONElement? {
    guard let path = mapping.path(target) else { return nil }
    let found = FieldMapping.value(at: Substring(path).utf8, in: element)
    return found?.isNull == true ? nil : found
  }

  /// The mapped string; `nil` when it is not mapped, absent or null.
  private func text(
    _ target: FieldMapping.Target, in element: JSONElement
  ) throws(FieldFlaw) -> String? {
    guard let value = value(target, in: element) else { return nil }
    guard let string = value.string else {
      throw FieldFlaw.wrongKind(
        "field “\(mapping.path(target) ?? "")”", value, expected: "a string")
    }
    return string
  }

  private func identifier(
    _ target: FieldMapping.Target, in element: JSONElement
  ) throws(FieldFlaw) -> String? {
    guard let value = value(target, in: element) else { return nil }
    guard let identifier = value.identifier else {
      throw FieldFlaw.wrongKind(
        "field “\(mapping.path(target) ?? "")”", value, expected: "a string or a whole number")
    }
    return identifier
  }
}
