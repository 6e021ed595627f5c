package import HTTPServer
internal import JSON
internal import RecordFiles
internal import Records
internal import Synchronization

/// Serves recorded answers of model servers over HTTP, as an OpenAI-compatible server.
///
/// A request is answered with the response that was recorded for an equal request, whatever the
/// order of its members; other requests get status 404 and a message.
package struct ReplayServer: Sendable {
  /// How requests were answered.
  package struct Tally: Sendable {
    /// Those that were recorded.
    package var answered = 0
    /// Those that were not, or could not be understood.
    package var refused = 0
  }

  /// The count, which requests on several connections change.
  private final class Counter: Sendable {
    let tally = Mutex(Tally())
  }

  private let answers: [ContentHash: (status: Int, body: [UInt8])]
  /// The models whose answers were recorded, in the order of the file.
  package let models: [String]
  private let counter = Counter()

  /// The number of recorded answers.
  package var count: Int { answers.count }

  /// How requests were answered so far.
  package var tally: Tally { counter.tally.withLock { $0 } }

  /// Reads a recording.
  ///
  /// - Parameter path: JSON Lines of `request`, `status` and `response`, as `collect --record`
  ///   writes them.
  /// - Throws: `RecordFileError`; ``StageError`` for a line that is no recorded answer.
  package init(recording path: String) throws {
    var answers: [ContentHash: (status: Int, body: [UInt8])] = [:]
    var models: [String] = []
    let reader = try RecordFileReader(path: path)
    try reader.forEachRecord { element, location in
      guard let request = element["request"]?.value, let response = element["response"]?.value
      else {
        throw StageError.invalid(
          "\(path), \(location): no recorded answer, expected members request and response")
      }
      let status = element["status"]?.value.int ?? 200
      answers[Self.key(of: request)] = (status, Array(response.json().utf8))
      if let model = request["model"]?.string, !models.contains(model) { models.append(model) }
    } broken: { diagnostic in
      throw StageError.invalid("\(diagnostic)")
    }
    self.answers = answers
    self.models = models
  }

  private static func key(of request: JSONValue) -> ContentHash {
    ContentHash(sorted(request).json())
  }

  /// The value with the members of all its objects in the order of their keys.
  private static func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(sorted))
    case .object(let object):
      var result = JSONObject()
      let members = object.members.sorted {
        $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
      }
      for member in members { result[member.key] = sorted(member.value) }
      return .object(result)
    case .integer(let number): return .double(Double(number))
    default: return value
    }
  }

  /// Answers one request.
  ///
  /// - Parameter request: the request.
  /// - Returns: the recorded answer, or an error in the form of OpenAI's.
  package func response(to request: HTTPServerRequest) -> HTTPServerResponse {
    if request.method == "GET", request.path.hasSuffix("/models") {
      let list: JSONValue = [
        "object": "list",
        "data": .array(models.map { ["id": .string($0), "object": "model"] }),
      ]
      return .json(Array(list.json().utf8))
    }
    guard request.method == "POST" else {
      return refusal(404, "there is nothing at \(request.path): ask with POST")
    }
    guard let value = try? JSONParser().value(of: request.body) else {
      return refusal(400, "the request is not valid JSON")
    }
    guard let answer = answers[Self.key(of: value)] else {
      return refusal(404, "no answer was recorded for this request")
    }
    counter.tally.withLock { $0.answered += 1 }
    return .json(answer.body, status: answer.status)
  }

  private func refusal(_ status: Int, _ message: String) -> HTTPServerResponse {
    counter.tally.withLock { $0.refused += 1 }
    let body: JSONValue = [
      "error": [
        "message": .string(message), "type": "replay_error", "code": .integer(Int64(status)),
      ]
    ]
    return .json(Array(body.json().utf8), status: status)
  }
}
