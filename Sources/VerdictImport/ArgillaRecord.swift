internal import JSON
internal import Records

/// A record of Argilla with people's responses, in any of the shapes that its versions write.
///
/// - 2.x nested: `fields`, `metadata`, `responses` by question with `value` and `user_id`. The SDK
///   leaves their status out there: of a pending record they may be drafts and are not taken, of a
///   completed one they are taken and counted as of unknown status.
/// - 2.x flat: fields and metadata beside `QUESTION.responses`, `….users` and `….status`.
/// - 1.x and the server's API: `responses` is a list of `user_id`, `values` and `status`.
/// - 1.x datasets of the Hub: columns, with `QUESTION` a list of `user_id`, `value` and `status`.
///
/// Source: argilla 2.8, `records/_io` and `records/_resource.py`; argilla_v1 1.29,
/// `client/feedback/schemas` and `client/feedback/integrations/huggingface`.
struct ArgillaRecord {
  /// One person's answer to one question.
  struct Response {
    var user: String?
    var value: JSONValue
    var status: String?
  }

  private var fields: JSONObject
  private var metadata: JSONObject = [:]
  /// The questions that have responses, in their order.
  private var questions: [(name: String, responses: [Response])] = []
  /// People who gave no answer to keep, with what they did instead.
  private var withdrawn: [(user: String?, status: String)] = []
  private let id: String?
  /// Whether a response without status may be a draft.
  private let hidesDrafts: Bool

  /// What the columns of a question end with; the singular is what the SDK takes in.
  private static let flatSuffixes = [".responses", ".response"]

  /// Whether a record looks like one of Argilla's.
  static func isRecord(_ element: JSONElement) -> Bool {
    guard element.kind == .object else { return false }
    if element["fields"]?.kind == .object {
      return element["responses"] != nil || element["suggestions"] != nil
    }
    var found = false
    element.forEachMember { name, _ in
      let key = name.string ?? ""
      found =
        found || Self.flatSuffixes.contains { key.hasSuffix($0) }
        || key.hasSuffix("-suggestion-metadata")
    }
    return found
  }

  /// The verdicts of a record's people.
  ///
  /// - Parameters:
  ///   - element: the record.
  ///   - question: the question that holds the verdicts; `nil` tells it.
  /// - Returns: the verdicts, and the responses that are none.
  /// - Throws: ``VerdictImportError`` when the record itself cannot be read.
  static func read(
    _ element: JSONElement, question: String?
  ) throws(VerdictImportError) -> RecordVerdicts {
    guard let object = element.value.object else { throw .notAnObject(found: element.kindName) }
    guard object["fields"] != nil || isRecord(element) else {
      throw .missingField("fields", expected: "a record of Argilla, nested or flat")
    }
    return try ArgillaRecord(object).verdicts(question: question)
  }

  private init(_ object: JSONObject) throws(VerdictImportError) {
    id = object["id"]?.string ?? object["external_id"]?.string
    hidesDrafts = object["status"]?.string == "pending"
    if let nested = object["fields"] {
      fields = try Self.object(nested, "fields")
      metadata = try Self.metadata(object)
      switch object["responses"] {
      case nil, .null?: break
      case .object(let byQuestion)?:
        for member in byQuestion.members {
          questions.append((member.key, try Self.responses(member.value, member.key)))
        }
      case .array(let list)?: try addUsers(list)
      case let other?:
        throw .wrongKind(
          field: "responses", found: other.kindName, expected: "an object or a list")
      }
    } else {
      fields = object
      metadata = try Self.metadata(object)
      for member in object.members {
        if let suffix = Self.flatSuffixes.first(where: { member.key.hasSuffix($0) }) {
          try addColumns(String(member.key.dropLast(suffix.count)), suffix, object)
        } else if object["\(member.key)-suggestion-metadata"] != nil {
          questions.append((member.key, try Self.responses(member.value, member.key)))
        }
      }
    }
  }

  // MARK: The shapes

  /// A list of responses, or the columns that a table makes of it.
  private static func responses(
    _ value: JSONValue, _ name: String
  ) throws(VerdictImportError) -> [Response] {
    if value.isNull { return [] }
    if let columns = value.object {
      let values = columns["value"]?.array ?? []
      let users = columns["user_id"]?.array ?? []
      let statuses = columns["status"]?.array ?? []
      guard users.count == values.count, statuses.isEmpty || statuses.count == values.count else {
        throw .unknownValue(
          field: name, found: "lists of different lengths", expected: "one user for each value")
      }
      return values.indices.map {
        Response(
          user: Self.user(users[$0]), value: values[$0],
          status: statuses.isEmpty ? nil : statuses[$0].string)
      }
    }
    guard let list = value.array else {
      throw .wrongKind(field: name, found: value.kindName, expected: "a list of responses")
    }
    var responses: [Response] = []
    for item in list {
      guard item.object != nil else {
        throw .wrongKind(field: name, found: item.kindName, expected: "an object with 'value'")
      }
      responses.append(
        Response(
          user: item["user_id"].flatMap(Self.user), value: item["value"] ?? .null,
          status: item["status"]?.string))
    }
    return responses
  }

  /// Responses by user, each with the values of all questions.
  private mutating func addUsers(_ list: [JSONValue]) throws(VerdictImportError) {
    for item in list {
      guard item.object != nil else {
        throw .wrongKind(
          field: "responses", found: item.kindName, expected: "objects with 'values'")
      }
      let user = item["user_id"].flatMap(Self.user)
      // The older SDK leaves the status out only of responses that are meant as submitted.
      let status = item["status"]?.string ?? "submitted"
      let values = item["values"]?.object ?? [:]
      if values.isEmpty { withdrawn.append((user, status)) }
      for member in values.members {
        let response = Response(
          user: user, value: member.value["value"] ?? .null, status: status)
        if let place = questions.firstIndex(where: { $0.name == member.key }) {
          questions[place].responses.append(response)
        } else {
          questions.append((member.key, [response]))
        }
      }
    }
  }

  private mutating func addColumns(
    _ name: String, _ suffix: String, _ object: JSONObject
  ) throws(VerdictImportError) {
    let column = name + suffix
    guard let value = object[column], !value.isNull else { return questions.append((name, [])) }
    guard value.array != nil, suffix == ".responses" else {
      let response = Response(user: nil, value: value, status: nil)
      return questions.append((name, [response]))
    }
    let columns: JSONObject = [
      "value": value, "user_id": object["\(column).users"] ?? .null,
      "status": object["\(column).status"] ?? .null,
    ]
    questions.append((name, try Self.responses(.object(columns), column)))
  }

  private static func object(
    _ value: JSONValue, _ field: String
  ) throws(VerdictImportError) -> JSONObject {
    guard let object = value.object else {
      throw .wrongKind(field: field, found: value.kindName, expected: "an object")
    }
    return object
  }

  /// The metadata; flat records have it beside the fields, tables as a string of JSON.
  private static func metadata(_ object: JSONObject) throws(VerdictImportError) -> JSONObject {
    guard let value = object["metadata"], !value.isNull else { return object }
    guard let text = value.string else { return try Self.object(value, "metadata") }
    guard let parsed = try? JSONValue(json: text) else {
      throw .unknownValue(field: "metadata", found: "no JSON", expected: "an object as JSON")
    }
    return try Self.object(parsed, "metadata")
  }

  /// Python writes the missing user of a response as a word.
  private static func user(_ value: JSONValue) -> String? {
    ComparedAnswers.identifier(value).flatMap { $0 == "None" || $0.isEmpty ? nil : $0 }
  }

  // MARK: The verdicts

  private static let knownQuestions = [
    "preference", "verdict", "ranking", "rank", "comparison", "choice", "best",
  ]

  private static let noteQuestions = [
    "note", "notes", "comment", "comments", "reason", "explanation", "rationale", "feedback",
  ]

  private func verdicts(question: String?) throws(VerdictImportError) -> RecordVerdicts {
    var result = RecordVerdicts()
    result.recordID = id
    for (user, status) in withdrawn where status != "submitted" {
      result.withheld.append(Self.withheld(person(user, of: 0), status))
    }
    guard let asked = try self.question(question) else { return result }
    let answers = try ComparedAnswers(fields: fields, metadata: metadata)
    for (number, response) in asked.responses.enumerated() {
      let judge = person(response.user, of: number)
      let status = response.status ?? (hidesDrafts ? "unknown" : "submitted")
      guard status == "submitted" else {
        result.withheld.append(Self.withheld(judge, status))
        continue
      }
      if response.status == nil { result.withoutStatus += 1 }
      do throws(VerdictImportError) {
        for var verdict in try Self.verdicts(response.value, answers, asked.name) {
          verdict.judge = judge
          verdict.raw = note(of: response.user)
          result.verdicts.append(verdict)
        }
      } catch {
        result.withheld.append(
          .init(rule: error.rule, message: "\(judge): \(error.description)"))
      }
    }
    return result
  }

  /// The question with the verdicts; `nil` when nobody answered any.
  private func question(
    _ wanted: String?
  ) throws(VerdictImportError) -> (name: String, responses: [Response])? {
    if let wanted {
      let found = questions.first { $0.name.utf8.elementsEqual(wanted.utf8) }
      guard found != nil || questions.isEmpty else {
        throw .missingField(
          wanted,
          expected: "a question among " + questions.map { "'\($0.name)'" }.joined(separator: ", "))
      }
      return found
    }
    for name in Self.knownQuestions {
      if let known = questions.first(where: { $0.name == name }) { return known }
    }
    let others = questions.filter { !Self.noteQuestions.contains($0.name) }
    guard others.count < 2 else { throw .unclearQuestion(others.map(\.name)) }
    return others.first
  }

  private static func withheld(_ judge: String, _ status: String) -> RecordVerdicts.Withheld {
    switch status {
    case "draft", "discarded":
      return .init(rule: "\(status)-response", message: "\(judge): the response is \(status)")
    case "unknown":
      return .init(
        rule: "response-without-status",
        message: "\(judge): the record is pending and the response has no status, it may be a "
          + "draft: export the records with flatten=True, which keeps the status")
    default:
      return .init(
        rule: "unsubmitted-response",
        message: "\(judge): the response is '\(status)', expected submitted")
    }
  }

  /// The verdicts of one answer: a label, or an order of the answers.
  private static func verdicts(
    _ value: JSONValue, _ answers: ComparedAnswers, _ name: String
  ) throws(VerdictImportError) -> [ImportedVerdict] {
    if let label = value.string {
      guard answers.answers.count == 2, let outcome = PreferenceLabel.outcome(label, answers) else {
        throw .unknownValue(
          field: name, found: "'\(label)'", expected: PreferenceLabel.expected(answers))
      }
      return [try answers.verdict(0, 1, outcome)]
    }
    var placed: [(name: String, rank: Int?)] = []
    if let columns = value.object, let names = columns["value"]?.array,
      let ranks = columns["rank"]?.array, names.count == ranks.count
    {
      placed = zip(names, ranks).map { ($0.string ?? $0.json(), $1.int) }
    } else if let list = value.array {
      for (place, item) in list.enumerated() {
        if let label = item.string {
          placed.append((label, place + 1))
        } else if let label = item["value"]?.string {
          placed.append((label, item["rank"]?.int))
        } else {
          throw .unknownValue(
            field: name, found: item.json(), expected: "an object with 'value' and 'rank'")
        }
      }
    } else {
      throw .wrongKind(field: name, found: value.kindName, expected: "a label or a ranking")
    }
    return try AnswerRanking(placed, answers, field: name).verdicts(answers)
  }

  /// The judge of a response; several that name nobody are told apart by their place.
  private func person(_ user: String?, of number: Int) -> String {
    guard let user else { return "person:unnamed \(number + 1)" }
    for entry in metadata["annotators"]?.array ?? [] {
      // Our own export names the people behind the users.
      guard let text = entry.string, text.hasPrefix(user + " ") else { continue }
      return String(text.dropFirst(user.count + 1))
    }
    return "person:\(user)"
  }

  private func note(of user: String?) -> String? {
    guard let user else { return nil }
    for question in questions where Self.noteQuestions.contains(question.name) {
      let own = question.responses.first { $0.user == user }
      if let text = own?.value.string, !text.isEmpty { return text }
    }
    return nil
  }
}
