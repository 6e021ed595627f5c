internal import HTTPServer
internal import Hashing

/// A file of `Pages`, which is a part of the program.
struct EmbeddedFile: Sendable {
  let name: String
  let bytes: [UInt8]
  /// Changes with the content, so that browsers ask for what they have not got.
  let tag: String

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var hash = SHA256()
    hash.update(bytes)
    tag = "\"\(hash.hexadecimal.prefix(32))\""
  }

  /// The type that browsers are told; they must not guess.
  var type: String {
    switch name.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml; charset=utf-8"
    default: "application/octet-stream"
    }
  }

  /// The file, or that the browser has it already.
  func response(to request: HTTPServerRequest) -> HTTPServerResponse {
    let fields: [HTTPServerRequest.Field] = [
      .init(name: "ETag", value: tag), .init(name: "Cache-Control", value: "no-cache"),
    ]
    let known = request.header("if-none-match")?.split(separator: ",").map {
      $0.drop { $0 == " " }.prefix { $0 != " " }
    }
    if let known, known.contains(where: { $0 == tag || $0 == "W/" + tag }) {
      return HTTPServerResponse(status: 304, headers: fields)
    }
    return HTTPServerResponse(
      headers: [.init(name: "Content-Type", value: type)] + fields, body: bytes)
  }
}
