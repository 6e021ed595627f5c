extension FaultServer.Step {
  /// A whole answer.
  ///
  /// - Parameters:
  ///   - status: the status code.
  ///   - headers: header fields besides `Content-Length`.
  ///   - body: the body.
  ///   - announcedLength: the value of `Content-Length`, when it is to be wrong.
  /// - Returns: the step that sends it.
  package static func answer(
    _ status: Int = 200, headers: [String] = ["Content-Type: application/json"],
    _ body: some Collection<UInt8>, announcedLength: Int? = nil
  ) -> FaultServer.Step {
    let head =
      ["HTTP/1.1 \(status) Status"] + headers
      + ["Content-Length: \(announcedLength ?? body.count)", "", ""]
    return .send(Array(head.joined(separator: "\r\n").utf8) + Array(body))
  }

  /// A whole answer of text.
  ///
  /// - Parameters:
  ///   - status: the status code.
  ///   - headers: header fields besides `Content-Length`.
  ///   - text: the body.
  /// - Returns: the step that sends it.
  package static func answer(
    _ status: Int = 200, headers: [String] = ["Content-Type: application/json"], text: String
  ) -> FaultServer.Step {
    answer(status, headers: headers, text.utf8)
  }
}
