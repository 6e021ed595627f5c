internal import JSON
internal import Records

/// A task of Label Studio's JSON export with people's annotations.
///
/// Read are results of `Pairwise` (left or right), `Choices` (for ties, or for all verdicts) and
/// `Ranker` over a `List`; a `TextArea` becomes the verdict's own text. Buckets of a ranker are known
/// by their names, of which some are good, some bad, and `_` holds what was left where it was.
///
/// Source: Label Studio's task format, `Pairwise.js` and `Ranker.jsx` of its editor.
struct LabelStudioTask {
  private let data: JSONObject
  private let id: String?

  /// Whether a record looks like a task.
  static func isTask(_ element: JSONElement) -> Bool {
    element["data"]?.kind == .object
      && ["annotations", "completions", "predictions", "drafts"].contains { (key: StaticString) in
        element[key]?.kind == .array
      }
  }

  /// The verdicts of a task's people.
  ///
  /// - Parameter element: the task.
  /// - Returns: the verdicts, and the annotations that are none.
  /// - Throws: ``VerdictImportError`` when the task itself cannot be read.
  static func read(_ element: JSONElement) throws(VerdictImportError) -> RecordVerdicts {
    guard let object = element.value.object else { throw .notAnObject(found: element.kindName) }
    guard let value = object["data"] else {
      throw .missingField(
        "data", expected: "a task of the JSON export; JSON-MIN and CSV hide who cancelled")
    }
    guard let data = value.object else {
      throw .wrongKind(field: "data", found: value.kindName, expected: "an object")
    }
    let task = LabelStudioTask(
      data: data, id: object["id"].flatMap(ComparedAnswers.identifier))
    return try task.verdicts(object)
  }

  private func verdicts(_ object: JSONObject) throws(VerdictImportError) -> RecordVerdicts {
    var result = RecordVerdicts()
    result.recordID = id
    for draft in object["drafts"]?.array ?? [] {
      result.withheld.append(
        .init(
          rule: "draft-annotation",
          message: "\(Self.person(draft["user"], 0)): the annotation is a draft"))
    }
    let list = object["annotations"] ?? object["completions"] ?? []
    guard let annotations = list.array else {
      throw .wrongKind(field: "annotations", found: list.kindName, expected: "a list")
    }
    guard !annotations.isEmpty else { return result }
    let answers: ComparedAnswers
    if let items = data["items"]?.array {
      answers = try ComparedAnswers(items: items, data: data)
    } else {
      answers = try ComparedAnswers(fields: data, metadata: data)
    }
    for (number, annotation) in annotations.enumerated() {
      let judge = Self.person(annotation["completed_by"], number)
      if annotation["was_cancelled"]?.bool == true || annotation["skipped"]?.bool == true {
        result.withheld.append(
          .init(rule: "cancelled-annotation", message: "\(judge): the task was skipped"))
        continue
      }
      do throws(VerdictImportError) {
        let results = annotation["result"]?.array ?? []
        guard !results.isEmpty else {
          result.withheld.append(
            .init(rule: "empty-annotation", message: "\(judge): nothing was chosen"))
          continue
        }
        let note = Self.note(results)
        for var verdict in try Self.verdicts(results, answers) {
          verdict.judge = judge
          verdict.raw = note
          result.verdicts.append(verdict)
        }
      } catch {
        result.withheld.append(
          .init(rule: error.rule, message: "\(judge): \(error.description)"))
      }
    }
    return result
  }

  /// The person of an annotation: a number, an address, or an object with one of them.
  ///
  /// What stands for an address without being one is our own, a judge's name.
  private static func person(_ value: JSONValue?, _ number: Int) -> String {
    guard let value else { return "person:unnamed \(number + 1)" }
    if let name = value["email"]?.string, !name.isEmpty {
      return name.contains("@") ? "person:\(name)" : name
    }
    if let name = ComparedAnswers.identifier(value["id"] ?? value) { return "person:\(name)" }
    return "person:unnamed \(number + 1)"
  }

  private static func note(_ results: [JSONValue]) -> String? {
    for result in results where result["type"]?.string == "textarea" {
      let text = result["value"]?["text"]
      if let text = text?.string ?? text?.array?.first?.string, !text.isEmpty { return text }
    }
    return nil
  }

  private static func verdicts(
    _ results: [JSONValue], _ answers: ComparedAnswers
  ) throws(VerdictImportError) -> [ImportedVerdict] {
    for result in results where result["type"]?.string == "ranker" {
      return try ranked(result, answers)
    }
    var outcomes: [(field: String, outcome: Outcome)] = []
    var unknown: (field: String, label: String)?
    for result in results {
      let field = result["from_name"]?.string ?? "result"
      switch result["type"]?.string {
      case "pairwise":
        let label = result["value"]?["selected"]?.string ?? ""
        guard label == "left" || label == "right" else {
          throw .unknownValue(
            field: field, found: "'\(label)'", expected: "'left' or 'right'")
        }
        outcomes.append(
          (field, Outcome(verdict: label == "left" ? .aIsBetter : .bIsBetter)))
      case "choices":
        let chosen = result["value"]?["choices"]?.array?.compactMap(\.string) ?? []
        if chosen.count == 1, let outcome = PreferenceLabel.outcome(chosen[0], answers) {
          outcomes.append((field, outcome))
        } else {
          unknown = (field, chosen.joined(separator: ", "))
        }
      default: continue
      }
    }
    guard let first = outcomes.first else {
      // Other questions of the form may have other choices; alone they are a verdict misnamed.
      if let unknown {
        throw .unknownValue(
          field: unknown.field, found: "'\(unknown.label)'",
          expected: PreferenceLabel.expected(answers))
      }
      throw .missingField("result", expected: "a result of type pairwise, choices or ranker")
    }
    guard outcomes.allSatisfy({ $0.outcome.verdict == first.outcome.verdict }) else {
      let said = outcomes.map { "\($0.field) '\($0.outcome.verdict.rawValue)'" }
      throw .unknownValue(
        field: "result", found: said.joined(separator: " and "), expected: "one verdict")
    }
    guard answers.answers.count == 2 else {
      throw .unknownValue(
        field: first.field, found: "a choice between two", expected: "a ranking of the items")
    }
    return [try answers.verdict(0, 1, first.outcome)]
  }

  // MARK: Rankings

  private static let goodBuckets = [
    "best", "good", "top", "better", "accepted", "relevant", "relevant results", "helpful",
  ]
  private static let neutralBuckets = ["", "neutral", "ok", "okay", "average", "medium"]
  private static let badBuckets = [
    "bad", "worst", "worse", "rejected", "irrelevant", "irrelevant results", "biased results",
    "unhelpful",
  ]

  private static func ranked(
    _ result: JSONValue, _ answers: ComparedAnswers
  ) throws(VerdictImportError) -> [ImportedVerdict] {
    let field = result["from_name"]?.string ?? "ranker"
    let value = result["value"]?["ranker"]
    let buckets: [(name: String, items: [JSONValue])]
    if let list = value?.array {
      buckets = [(field, list)]
    } else if let object = value?.object {
      buckets = object.members.map { ($0.key, $0.value.array ?? []) }
    } else {
      throw .wrongKind(
        field: field, found: value?.kindName ?? "missing", expected: "lists of items by bucket")
    }
    var placed: [(name: String, rank: Int?)] = []
    // One list is an order; several are groups, whose own order means nothing.
    if buckets.count == 1, rank(ofBucket: buckets[0].name) == nil || buckets[0].name == field {
      for (place, item) in buckets[0].items.enumerated() {
        placed.append((ComparedAnswers.identifier(item) ?? item.json(), place + 1))
      }
      return try AnswerRanking(placed, answers, field: field).verdicts(answers)
    }
    for bucket in buckets where !bucket.items.isEmpty {
      guard let rank = rank(ofBucket: bucket.name) else {
        throw .unknownValue(
          field: field, found: "the bucket '\(bucket.name)'",
          expected: "buckets whose names are known to be good or bad, such as best and worst")
      }
      placed += bucket.items.map { (ComparedAnswers.identifier($0) ?? $0.json(), rank) }
    }
    return try AnswerRanking(
      placed, answers, field: field, qualities: [1: .good, 2: .unsaid, 3: .bad]
    ).verdicts(answers)
  }

  private static func rank(ofBucket name: String) -> Int? {
    let name = PreferenceLabel.folded(name)
    if goodBuckets.contains(name) { return 1 }
    if neutralBuckets.contains(name) { return 2 }
    return badBuckets.contains(name) ? 3 : nil
  }
}
