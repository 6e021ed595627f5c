internal import Annotation
internal import JSON
internal import Records

extension JSONValue {
  /// A whole number.
  init(_ number: Int) { self = .integer(Int64(number)) }
  /// A whole number, or null.
  init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }
  /// A number, or null when there is none or it is not finite.
  init(_ number: Double?) { self = number.flatMap { $0.isFinite ? .double($0) : nil } ?? .null }
  /// A text, or null.
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }
  /// A moment, or null.
  init(_ time: AnnotationTime?) { self = time.map { .string($0.iso8601) } ?? .null }
}

extension RatingCriterion {
  var json: JSONValue { ["name": .string(name), "description": .string(description)] }
}

extension AnnotatorOverview {
  var json: JSONObject {
    [
      "name": .string(name), "queues": .array(queues.map(\.json)),
      "today": ["votes": JSONValue(votesToday), "median_seconds": JSONValue(medianSecondsToday)],
      "settings": .object(settings),
    ]
  }
}

extension AnnotatorOverview.Queue {
  var json: JSONValue {
    [
      "queue_id": .integer(queueID), "name": .string(name), "kind": .string(kind.rawValue),
      "guidelines": .string(guidelines), "criteria": .array(criteria.map(\.json)),
      "done": JSONValue(done), "quota": JSONValue(quota), "available": JSONValue(available),
      "qualification": [
        "state": .string(qualification.state.rawValue), "done": JSONValue(qualification.done),
        "total": JSONValue(qualification.total),
      ],
    ]
  }
}

extension AnnotationTask {
  var json: JSONObject {
    [
      "assignment_id": .integer(assignmentID), "queue_id": .integer(queueID),
      "kind": .string(kind.rawValue), "lease_expires_at": JSONValue(leaseExpiresAt),
      "instruction": .string(instruction), "input": .string(input),
      "answers": .array(
        answers.map { ["label": .string($0.label), "text": .string($0.text)] }),
      "criteria": .array(criteria.map(\.json)),
    ]
  }
}

extension VoteReceipt {
  var json: JSONObject {
    [
      "vote_id": .integer(voteID), "repeated": .bool(isRepeated), "done": JSONValue(done),
      "feedback": feedback.map {
        [
          "correct": .bool($0.isCorrect), "expected": .string($0.expected),
          "explanation": .string($0.explanation),
        ]
      } ?? .null,
    ]
  }
}

extension PastVote {
  var json: JSONObject {
    var object: JSONObject = [
      "vote_id": .integer(voteID), "assignment_id": .integer(assignmentID),
      "excerpt": .string(excerpt),
    ]
    switch answer {
    case .verdict(let verdict): object["verdict"] = .string(verdict.rawValue)
    case .ratings(let ratings):
      // Dictionaries have no order of their own.
      var answers: JSONObject = [:]
      for (label, criteria) in ratings.sorted(by: { $0.key < $1.key }) {
        var values: JSONObject = [:]
        for (name, value) in criteria.sorted(by: { $0.key < $1.key }) {
          values[name] = JSONValue(value)
        }
        answers[label] = .object(values)
      }
      object["ratings"] = .object(answers)
    case .order(let groups):
      object["order"] = .array(groups.map { .array($0.map { .string($0) }) })
    case .skip(let reason): object["skip"] = ["reason": .string(reason.rawValue)]
    }
    object["note"] = JSONValue(note)
    object["created_at"] = JSONValue(createdAt)
    return object
  }
}
