package import JSON

/// What a stage did, in counts: "n read, n kept, n dropped", by reason.
package struct StageSummary: Sendable {
  /// A count with its name, in the order they are shown.
  package struct Count: Sendable {
    /// The name, such as `read` or `dropped: malformed-json`.
    package let name: String
    /// The count.
    package var value: Int
  }

  /// Why a stage that came to its end has not done all that it was asked.
  package enum Shortfall: Sendable {
    /// A service could not be reached, or failed.
    case unavailable(String)
    /// A service sent what it should not.
    case malformed(String)

    /// One sentence.
    package var message: String {
      switch self {
      case .unavailable(let message), .malformed(let message): message
      }
    }
  }

  /// The counts in order.
  package private(set) var counts: [Count] = []
  /// Sentences for people that counts cannot say.
  package var notes: [String] = []
  /// Whether the stage was stopped before its end.
  package var wasInterrupted = false
  /// What a stop has left: what was finished, unless said otherwise.
  package var remainder = "what was finished is kept"
  /// What could not be done; `nil` when everything was.
  package var shortfall: Shortfall?
  /// More for machines.
  package var details: JSONObject = [:]

  /// No counts yet.
  package init() {}

  /// The count of a name; 0 when there is none.
  package subscript(name: String) -> Int {
    get { counts.first { $0.name == name }?.value ?? 0 }
    set {
      if let index = counts.firstIndex(where: { $0.name == name }) {
        counts[index].value = newValue
      } else {
        counts.append(Count(name: name, value: newValue))
      }
    }
  }

  /// The summary for machines.
  package var json: JSONObject {
    var object: JSONObject = [:]
    for count in counts { object[count.name] = .integer(Int64(count.value)) }
    if !notes.isEmpty { object["notes"] = .array(notes.map { .string($0) }) }
    if let shortfall { object["error"] = .string(shortfall.message) }
    object["interrupted"] = .bool(wasInterrupted)
    for member in details.members { object[member.key] = member.value }
    return object
  }
}
