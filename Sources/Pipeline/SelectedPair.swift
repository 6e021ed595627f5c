package import JSON

/// A pair of candidates that is worth judging, and why.
package struct SelectedPair: Sendable {
  /// The example's identifier.
  package let id: String
  /// The model of the candidate that stands first in the record.
  package let modelA: String
  /// The model of the other one.
  package let modelB: String
  /// The mean logit of the ranker, above 0 when A is better; `nil` when it has none.
  package let logit: Double?
  /// Who prefers A, with those that prefer B and those that see a tie; empty where only the margin
  /// counts.
  package let votes: (a: [String], b: [String], ties: [String])

  /// The pair as a line that `judge --pairs` reads.
  package var json: JSONObject {
    var object: JSONObject = [
      "id": .string(id), "model_a": .string(modelA), "model_b": .string(modelB),
    ]
    if let logit { object["logit"] = .double(logit) }
    if !votes.a.isEmpty || !votes.b.isEmpty {
      func list(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
      object["prefer_a"] = list(votes.a)
      object["prefer_b"] = list(votes.b)
      if !votes.ties.isEmpty { object["ties"] = list(votes.ties) }
    }
    return object
  }
}
