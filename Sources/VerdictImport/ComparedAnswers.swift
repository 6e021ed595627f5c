internal import JSON
internal import Records

/// The prompt and the answers of a task, as annotation tools keep them in fields of any name.
///
/// Answers are fields that differ in a number or a letter at their end, such as `response-1` and
/// `response-2`, or `answer_a` and `answer_b`; their models may stand beside them.
struct ComparedAnswers {
  /// One answer.
  struct Answer {
    /// The field's name, or an item's identifier.
    let name: String
    /// The number or letter at its end.
    let suffix: String
    let text: String
    let model: String?
  }

  let subject: ImportedVerdict.Subject
  /// The answers, at least two, in the order in which they are shown.
  let answers: [Answer]

  private static let nouns = [
    "response", "answer", "candidate", "completion", "output", "generation", "reply", "summary",
    "option", "text",
  ]

  /// The answers among the fields of a record.
  ///
  /// - Parameters:
  ///   - fields: what is shown.
  ///   - metadata: what is not, where models and the example may be named.
  /// - Throws: ``VerdictImportError`` without two answers or a prompt.
  init(fields: JSONObject, metadata: JSONObject) throws(VerdictImportError) {
    var found: [[(name: String, suffix: String, text: String)]] = Array(
      repeating: [], count: Self.nouns.count)
    for member in fields.members {
      guard let (noun, suffix) = Self.parts(of: member.key) else { continue }
      guard let text = member.value.string else {
        throw .wrongKind(
          field: member.key, found: member.value.kindName, expected: "an answer's text")
      }
      found[noun].append((member.key, suffix, text))
    }
    let most = found.map(\.count).max() ?? 0
    guard most > 1, let noun = found.firstIndex(where: { $0.count == most }) else {
      throw .missingField("response-1", expected: "two answers, such as response-1 and response-2")
    }
    let sorted = found[noun].sorted { left, right in
      (left.suffix.utf8.count, left.suffix) < (right.suffix.utf8.count, right.suffix)
    }
    answers = sorted.map { answer in
      Answer(
        name: answer.name, suffix: answer.suffix, text: answer.text,
        model: Self.model(of: answer.name, answer.suffix, in: [metadata, fields]))
    }
    subject = try Self.subject(fields: fields, metadata: metadata)
  }

  /// The answers of a list of items.
  ///
  /// - Parameters:
  ///   - items: objects with `id` and `body`, and perhaps `model`.
  ///   - data: the task's data.
  /// - Throws: ``VerdictImportError`` without two items or a prompt.
  init(items: [JSONValue], data: JSONObject) throws(VerdictImportError) {
    var answers: [Answer] = []
    for item in items {
      guard let id = item["id"].flatMap(Self.identifier) else {
        throw .missingField("items[].id", expected: "a string or a whole number")
      }
      guard let text = item["body"]?.string ?? item["text"]?.string else {
        throw .missingField("items[].body", expected: "the answer's text")
      }
      answers.append(Answer(name: id, suffix: id, text: text, model: item["model"]?.string))
    }
    guard answers.count > 1 else {
      throw .missingField("items", expected: "two answers or more")
    }
    self.answers = answers
    subject = try Self.subject(fields: data, metadata: data)
  }

  /// A verdict on two of the answers, without a judge.
  func verdict(
    _ first: Int, _ second: Int, _ said: Outcome
  ) throws(VerdictImportError) -> ImportedVerdict {
    let (a, b) = (answers[first], answers[second])
    if let modelA = a.model, let modelB = b.model, modelA.utf8.elementsEqual(modelB.utf8) {
      throw .sameModel(modelA)
    }
    return ImportedVerdict(
      subject: subject, modelA: a.model, modelB: b.model, verdict: said.verdict, judge: "",
      isTieKindAssumed: said.isTieKindAssumed, kind: .human, textA: a.text, textB: b.text)
  }

  /// The place of the answer that a label names.
  func place(of label: String) -> Int? {
    let label = PreferenceLabel.folded(label)
    return answers.firstIndex { PreferenceLabel.folded($0.name) == label }
      ?? answers.firstIndex { PreferenceLabel.folded($0.suffix) == label }
  }

  /// A string, or a whole number as one.
  static func identifier(_ value: JSONValue) -> String? {
    value.string ?? value.int.map(String.init)
  }

  private static func subject(
    fields: JSONObject, metadata: JSONObject
  ) throws(VerdictImportError) -> ImportedVerdict.Subject {
    if let id = metadata["example_id"].flatMap(identifier) { return .id(id) }
    for key in ["prompt", "instruction", "question", "query"] {
      guard let value = fields[key], !value.isNull else { continue }
      guard let text = value.string ?? onlyUserTurn(of: value) else {
        throw .wrongKind(
          field: key, found: value.kindName, expected: "a string, or one message of a user")
      }
      let input = key == "instruction" ? fields["input"]?.string ?? "" : ""
      return .instruction(input.isEmpty ? text : text.isEmpty ? input : text + "\n" + input)
    }
    throw .missingField("prompt", expected: "'prompt' or 'instruction', or 'example_id' beside it")
  }

  private static func onlyUserTurn(of value: JSONValue) -> String? {
    guard let messages = value.array, messages.count == 1, messages[0]["role"]?.string == "user"
    else { return nil }
    return messages[0]["content"]?.string
  }

  /// A noun's number and what follows it; `nil` for fields that are no answers.
  private static func parts(of key: String) -> (noun: Int, suffix: String)? {
    let name = key.lowercased()
    for (number, noun) in nouns.enumerated() where name.hasPrefix(noun) {
      let suffix = name.dropFirst(noun.count).drop { $0 == "-" || $0 == "_" || $0 == " " }
      let isNumber = !suffix.isEmpty && suffix.utf8.allSatisfy { 0x30...0x39 ~= $0 }
      let isLetter = suffix.utf8.count == 1 && suffix.utf8.allSatisfy { 0x61...0x7A ~= $0 }
      if isNumber || isLetter { return (number, String(suffix)) }
    }
    return nil
  }

  private static func model(
    of name: String, _ suffix: String, in objects: [JSONObject]
  ) -> String? {
    let keys =
      ["model", "generator"].flatMap { noun in
        ["-", "_", ""].map { noun + $0 + suffix }
      } + ["\(name)-model", "\(name)_model"]
    for object in objects {
      for key in keys {
        if let model = object[key]?.string, !model.isEmpty { return model }
      }
    }
    return nil
  }
}
