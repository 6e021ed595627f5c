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
  /// Whether requests come over TLS.
  package let isSecure: Bool
  private let context: ServerContext
  // Taken by the first call of stop().
  private let daemon: Mutex<DaemonHandle?>

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - options: where and how to listen.
  ///   - refuse: makes the answer to a request that the handler does not see.
  ///   - handler: answers each request.
  /// - Throws: ``WebServerError`` when the address cannot be listened on, or when certificate and
  ///   key cannot be used.
  package init(
    options: WebServerOptions = WebServerOptions(),
    refuse: @escaping @Sendable (RequestRefusal) -> HTTPServerResponse = { $0.response },
    handler: @escaping Handler
  ) throws(WebServerError) {
    context = ServerContext(options: options, refuse: refuse, handler: handler)
    let started: OpaquePointer
    do throws(WebServerError) {
      try context.start()
      unsafe started = try Self.startDaemon(options, context)
    } catch {
      context.stopHandling()
      context.connections.stop()
      throw error
    }
    address = options.address
    isSecure = options.identity != nil
    port = unsafe cmicrohttpd_port(started)
    daemon = unsafe Mutex(DaemonHandle(daemon: started))
  }

  private static func startDaemon(
    _ options: WebServerOptions, _ context: ServerContext
  ) throws(WebServerError) -> OpaquePointer {
    var settings = unsafe cmicrohttpd_settings()
    unsafe settings.port = options.port
    unsafe settings.threads = UInt32(clamping: options.threads)
    unsafe settings.connections = UInt32(clamping: options.maximumConnections)
    unsafe settings.connections_per_address = UInt32(
      clamping: options.maximumConnectionsPerAddress)
    unsafe settings.idle_seconds = UInt32(clamping: options.idleSeconds)
    // Room for the header that is refused, so that its refusal can be ours, and for the parsed
    // fields beside it.
    unsafe settings.connection_memory = max(32 << 10, 5 * options.maximumHeaderBytes / 2)
    unsafe settings.is_secure = options.identity == nil ? 0 : 1
    unsafe settings.handle = answerRequest
    unsafe settings.completed = releaseRequest
    unsafe settings.connection_changed = watchConnection
    unsafe settings.context = Unmanaged.passUnretained(context).toOpaque()
    if options.identity != nil, MHD_is_feature_supported(.FEATURE_TLS) != .YES {
      throw .badIdentity("this libmicrohttpd was built without TLS")
    }
    let started = unsafe options.address.withCString { address in
      unsafe (options.identity?.certificate ?? "").withCString { certificate in
        unsafe (options.identity?.key ?? "").withCString { key in
          unsafe settings.address = address
          unsafe settings.certificate = certificate
          unsafe settings.key = key
          return unsafe cmicrohttpd_start(&settings)
        }
      }
    }
    if let started = unsafe started { return unsafe started }
    let code = errno
    guard code != 0 else { throw .badAddress(options.address) }
    // GnuTLS's reason is not passed on, and errno is what happened to stand there.
    if options.identity != nil, code != EADDRINUSE, code != EACCES, code != EADDRNOTAVAIL {
      throw .badIdentity(
        "the certificate and the private key cannot be used together: expected a PEM certificate "
          + "and the key it was made for")
    }
    throw .cannotListen(
      address: options.address, port: options.port, reason: unsafe String(cString: strerror(code)))
  }

  /// The address to send requests to, such as `http://127.0.0.1:8080`, without a slash at the end.
  package var url: String {
    let scheme = isSecure ? "https" : "http"
    return address.utf8.contains(UInt8(ascii: ":"))
      ? "\(scheme)://[\(address)]:\(port)" : "\(scheme)://\(address):\(port)"
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
    guard let handle else { return }
    // No connection may be suspended when the daemon stops.
    context.stopHandling()
    unsafe MHD_stop_daemon(handle.daemon)
    context.connections.stop()
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
