internal import JSON
internal import Records

extension VoteSubmission {
  /// The most characters of a remark.
  package static let maximumNoteLength = 2000

  /// Refuses a vote that does not answer what was asked.
  ///
  /// - Parameters:
  ///   - kind: what was asked.
  ///   - labels: the labels that were shown.
  ///   - criteria: the names of the rubric.
  /// - Throws: ``AnnotationError/invalid(field:expected:)``.
  package func check(
    kind: QueueKind, labels: [String], criteria: [String]
  ) throws(AnnotationError) {
    try Self.check(clientKey: clientKey, note: note)
    guard milliseconds >= 0 else {
      throw .invalid(field: "milliseconds", expected: "a number from 0 up")
    }
    switch answer {
    case .skip: return
    case .verdict:
      guard kind == .pair else { throw Self.wrongKind(kind) }
    case .ratings(let ratings):
      guard kind == .rating else { throw Self.wrongKind(kind) }
      guard Set(ratings.keys) == Set(labels) else {
        throw .invalid(
          field: "ratings", expected: "one of each of " + labels.joined(separator: ", "))
      }
      for values in ratings.values {
        guard Set(values.keys) == Set(criteria), values.values.allSatisfy({ 1...5 ~= $0 }) else {
          throw .invalid(
            field: "ratings",
            expected: "1 to 5 for each of " + criteria.joined(separator: ", "))
        }
      }
    case .order(let groups):
      guard kind == .ranking else { throw Self.wrongKind(kind) }
      guard !groups.contains(where: \.isEmpty), groups.flatMap(\.self).sorted() == labels.sorted()
      else {
        throw .invalid(
          field: "order", expected: "each of " + labels.joined(separator: ", ") + " once")
      }
    }
  }

  /// Refuses keys that are no UUIDs in form, and remarks that are too long.
  ///
  /// - Throws: ``AnnotationError/invalid(field:expected:)``.
  package static func check(clientKey: String, note: String?) throws(AnnotationError) {
    let isKey =
      (8...64).contains(clientKey.utf8.count)
      && clientKey.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
      }
    guard isKey else { throw .invalid(field: "client_key", expected: "a UUID") }
    guard (note ?? "").unicodeScalars.count <= maximumNoteLength else {
      throw .invalid(field: "note", expected: "at most \(maximumNoteLength) characters")
    }
  }

  private static func wrongKind(_ kind: QueueKind) -> AnnotationError {
    switch kind {
    case .pair: .invalid(field: "verdict", expected: "a verdict or a skip")
    case .rating: .invalid(field: "ratings", expected: "ratings or a skip")
    case .ranking: .invalid(field: "order", expected: "an order or a skip")
    }
  }
}

extension VoteSubmission.Answer {
  /// Ratings as they are stored; `nil` for other answers.
  package var storedRatings: String? {
    guard case .ratings(let ratings) = self else { return nil }
    var object = JSONObject()
    for (label, values) in ratings.sorted(by: { $0.key < $1.key }) {
      object[label] = .object(TaskAnswer.json(values))
    }
    return object.json()
  }

  /// An order as it is stored; `nil` for other answers.
  package var storedOrder: String? {
    guard case .order(let groups) = self else { return nil }
    return JSONValue.array(groups.map { .array($0.map { .string($0) }) }).json()
  }

  /// Reads an answer from the columns of the ledger; `nil` when none holds one.
  package init?(verdict: String?, ratings: String?, order: String?, skipReason: String?) {
    if let verdict = verdict.flatMap(Verdict.init(rawValue:)) {
      self = .verdict(verdict)
    } else if let ratings, let object = try? JSONValue(json: ratings).object {
      var byLabel: [String: [String: Int]] = [:]
      for member in object.members {
        byLabel[member.key] = Dictionary(
          (member.value.object?.members ?? []).compactMap { value in
            value.value.int.map { (value.key, $0) }
          }, uniquingKeysWith: { $1 })
      }
      self = .ratings(byLabel)
    } else if let order, let groups = try? JSONValue(json: order).array {
      self = .order(groups.map { ($0.array ?? []).compactMap(\.string) })
    } else if let reason = skipReason.flatMap(SkipReason.init(rawValue:)) {
      self = .skip(reason)
    } else {
      return nil
    }
  }
}
