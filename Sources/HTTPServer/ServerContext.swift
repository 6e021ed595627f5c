/// What the threads of a server share.
final class ServerContext: Sendable {
  let options: WebServerOptions
  let refuse: @Sendable (RequestRefusal) -> HTTPServerResponse
  let handler: WebServer.Handler
  /// `nil` when the handler is called where requests are read.
  let handlerThreads: HandlerThreads?
  let connections = ConnectionGuard()

  init(
    options: WebServerOptions,
    refuse: @escaping @Sendable (RequestRefusal) -> HTTPServerResponse,
    handler: @escaping WebServer.Handler
  ) {
    self.options = options
    self.refuse = refuse
    self.handler = handler
    handlerThreads = options.handlerThreads > 0 ? HandlerThreads() : nil
  }

  func start() throws(WebServerError) {
    try connections.start()
    try handlerThreads?.start(count: options.handlerThreads)
  }

  /// The answer to a request that the handler does not see.
  func response(to refusal: RequestRefusal) -> HTTPServerResponse {
    var response = refuse(refusal)
    // Where a request ends is not sure: what follows on this connection may be a part of it.
    if refusal == .ambiguousLength || refusal == .stopping {
      response.headers.append(.init(name: "Connection", value: "close"))
    }
    return response
  }

  /// Lets requests that are being answered finish; others are refused from now on.
  func stopHandling() { handlerThreads?.stop() }
}
