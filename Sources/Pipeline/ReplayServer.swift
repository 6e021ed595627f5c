package import HTTPServer
internal import JSON
internal import RecordFiles
internal import Records

/// Serves recorded answers of model servers over HTTP, as an OpenAI-compatible server.
///
/// A request is answered with the response that was recorded for an equal request, whatever the
/// order of its members; other requests get status 404 and a message.
package struct ReplayServer: Sendable {
  private let answers: [ContentHash: (status: Int, body: [UInt8])]
  private let models: [String]

  /// The number of recorded answers.
  package var count: Int { answers.count }

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
      return Self.failure(404, "there is nothing at \(request.path): ask with POST")
    }
    guard let value = try? JSONParser().value(of: request.body) else {
      return Self.failure(400, "the request is not valid JSON")
    }
    guard let answer = answers[Self.key(of: value)] else {
      return Self.failure(404, "no answer was recorded for this request")
    }
    return .json(answer.body, status: answer.status)
  }

  private static func failure(_ status: Int, _ message: String) -> HTTPServerResponse {
    let body: JSONValue = [
      "error": [
        "message": .string(message), "type": "replay_error", "code": .integer(Int64(status)),
      ]
    ]
    return .json(Array(body.json().utf8), status: status)
  }
}
