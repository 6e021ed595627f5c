internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// A small HTTP/1.1 server: one handler is called for each request, on one of a few threads.
///
/// Connections are kept alive. `HEAD` is handled as `GET` whose body is not sent.
///
/// Source: libmicrohttpd 0.9.75, internal epoll threads.
@safe package final class WebServer {
  /// Answers a request; called on several threads at a time.
  package typealias Handler = @Sendable (HTTPServerRequest) -> HTTPServerResponse

  /// The port that is listened on.
  package let port: UInt16
  /// The numeric address that is listened on.
  package let address: String
  private let context: ServerContext
  // Taken by the first call of stop().
  private let daemon: Mutex<DaemonHandle?>

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - options: where and how to listen.
  ///   - handler: answers each request.
  /// - Throws: ``WebServerError`` when the address cannot be listened on.
  package init(
    options: WebServerOptions = WebServerOptions(), handler: @escaping Handler
  ) throws(WebServerError) {
    context = ServerContext(handler: handler, maximumBodyBytes: options.maximumBodyBytes)
    let started = unsafe cmicrohttpd_start(
      options.address, options.port, UInt32(clamping: options.threads),
      UInt32(clamping: options.maximumConnections), UInt32(clamping: options.idleSeconds),
      answerRequest, Unmanaged.passUnretained(context).toOpaque(), releaseRequest)
    guard let started = unsafe started else {
      let code = errno
      guard code != 0 else { throw .badAddress(options.address) }
      throw .cannotListen(
        address: options.address, port: options.port, reason: unsafe String(cString: strerror(code))
      )
    }
    address = options.address
    port = unsafe cmicrohttpd_port(started)
    daemon = unsafe Mutex(DaemonHandle(daemon: started))
  }

  /// The address to send requests to, such as `http://127.0.0.1:8080`, without a slash at the end.
  package var url: String {
    address.utf8.contains(UInt8(ascii: ":"))
      ? "http://[\(address)]:\(port)" : "http://\(address):\(port)"
  }

  /// Stops listening, lets requests in the handler finish and closes all connections.
  ///
  /// Not to be called by the handler. Further calls do nothing.
  package func stop() {
    let handle = daemon.withLock { daemon in
      let handle = daemon
      daemon = nil
      return handle
    }
    if let handle { unsafe MHD_stop_daemon(handle.daemon) }
  }

  deinit { stop() }
}

/// The daemon, so that it can stand in a mutex.
@safe private struct DaemonHandle {
  let daemon: OpaquePointer
}

// Only the holder that took the handle out of the mutex uses it.
extension DaemonHandle: @unchecked Sendable {}
// All stored properties are constants that are Sendable or stand behind the mutex.
extension WebServer: Sendable {}

/// What the threads of a server share.
final class ServerContext: Sendable {
  let handler: WebServer.Handler
  let maximumBodyBytes: Int

  init(handler: @escaping WebServer.Handler, maximumBodyBytes: Int) {
    self.handler = handler
    self.maximumBodyBytes = maximumBodyBytes
  }
}
