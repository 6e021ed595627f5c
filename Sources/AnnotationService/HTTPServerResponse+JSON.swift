internal import HTTPServer
internal import JSON

extension HTTPServerResponse {
  /// An answer of a JSON object.
  static func object(_ object: JSONObject) -> HTTPServerResponse {
    var writer = JSONWriter()
    writer.append(object)
    return .json(writer.bytes)
  }

  /// An answer without content.
  static let empty = HTTPServerResponse(status: 204)
}
