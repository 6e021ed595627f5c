/// Takes the body of an answer piece by piece, on the engine's thread.
package protocol HTTPBodySink: AnyObject, Sendable {
  /// Says whether the body comes here; asked once, before its first piece, or at its end when it
  /// is empty.
  ///
  /// - Parameters:
  ///   - status: the status code.
  ///   - headers: the header fields.
  /// - Returns: `true` for a body in pieces, `false` for one in ``HTTPResponse/body``, as short
  ///   answers that tell of an error are.
  func accepts(status: Int, headers: HTTPResponseHeaders) -> Bool

  /// Takes the next bytes.
  ///
  /// - Parameter bytes: the bytes, lent for the call.
  /// - Returns: `false` to end the transfer with ``HTTPFailure/Kind/refusedBySink``.
  func receive(_ bytes: RawSpan) -> Bool
}
