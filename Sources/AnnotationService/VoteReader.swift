internal import Annotation
internal import JSON
internal import Records

/// Reads a vote from a request's body.
enum VoteReader {
  static let maximumNote = 2000
  /// A week: a page may stand open for long, and longer says nothing of the person.
  static let maximumMilliseconds: Int64 = 7 * 86_400_000
  /// The most answers and the most criteria.
  private static let most = 100

  static let fields: [Route.Field] = [
    .required("assignment_id"), .required("client_key"), .optional("verdict"),
    .optional("ratings"), .optional("order"), .optional("skip"), .optional("note"),
    .required("milliseconds"),
  ]

  static func vote(in body: FieldReader) throws(ServiceRefusal) -> VoteSubmission {
    VoteSubmission(
      assignmentID: try body.row("assignment_id"), clientKey: try body.uuid("client_key"),
      answer: try answer(in: body), note: try note(in: body),
      milliseconds: Int(try body.integer("milliseconds", in: 0...maximumMilliseconds)))
  }

  static func note(in body: FieldReader) throws(ServiceRefusal) -> String? {
    guard body.value("note") != nil else { return nil }
    return try body.string("note", length: 0...maximumNote)
  }

  private static func answer(in body: FieldReader) throws(ServiceRefusal) -> VoteSubmission.Answer {
    let given = ["verdict", "ratings", "order", "skip"].filter { body.value($0) != nil }
    guard given.count == 1, let name = given.first else {
      throw .wrongField("the body", expected: "one of 'verdict', 'ratings', 'order' and 'skip'")
    }
    switch name {
    case "verdict": return .verdict(try body.choice("verdict", Verdict.self))
    case "ratings": return .ratings(try ratings(in: body))
    case "order": return .order(try order(in: body))
    default:
      guard let skip = body.value("skip")?.object else {
        throw .wrongField("skip", expected: "an object with a 'reason'")
      }
      let reader = try FieldReader(skip, fields: [.required("reason")])
      return .skip(try reader.choice("reason", SkipReason.self))
    }
  }

  private static func ratings(
    in body: FieldReader
  ) throws(ServiceRefusal) -> [String: [String: Int]] {
    let expected = "for each answer's label an object of criteria with whole numbers from 1 to 5"
    guard let answers = body.value("ratings")?.object, (1...most).contains(answers.count) else {
      throw .wrongField("ratings", expected: expected)
    }
    var ratings: [String: [String: Int]] = [:]
    for answer in answers.members {
      guard isLabel(answer.key), let criteria = answer.value.object,
        (1...most).contains(criteria.count)
      else { throw .wrongField("ratings", expected: expected) }
      var values: [String: Int] = [:]
      for criterion in criteria.members {
        guard let value = FieldReader.wholeNumber(criterion.value), (1...5).contains(value),
          values.updateValue(Int(value), forKey: criterion.key) == nil
        else { throw .wrongField("ratings", expected: expected) }
      }
      ratings[answer.key] = values
    }
    return ratings
  }

  private static func order(in body: FieldReader) throws(ServiceRefusal) -> [[String]] {
    let expected = "groups of the answers' labels, each label once"
    guard let groups = body.value("order")?.array, (1...most).contains(groups.count) else {
      throw .wrongField("order", expected: expected)
    }
    var seen: Set<String> = []
    var order: [[String]] = []
    for group in groups {
      let labels = group.array?.compactMap(\.string) ?? []
      guard !labels.isEmpty, labels.count == group.array?.count,
        labels.allSatisfy({ isLabel($0) && seen.insert($0).inserted })
      else { throw .wrongField("order", expected: expected) }
      order.append(labels)
    }
    return order
  }

  /// A letter, and digits where letters did not suffice.
  private static func isLabel(_ text: String) -> Bool {
    guard let first = text.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first),
      text.utf8.count <= 3
    else { return false }
    return text.utf8.dropFirst().allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
  }
}
