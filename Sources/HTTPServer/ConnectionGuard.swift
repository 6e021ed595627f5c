internal import Dispatch
internal import Glibc
internal import Synchronization

/// Closes connections whose clients are late.
final class ConnectionGuard: Sendable {
  private let open = Mutex<[ObjectIdentifier: ConnectionWatch]>([:])
  private let isStopped = DispatchSemaphore(value: 0)
  private let thread = Mutex<ServerThread?>(nil)

  /// How often it looks; a client may be late by as much.
  private static let milliseconds = 250

  func start() throws(WebServerError) {
    let thread = try ServerThread { [self] in
      while isStopped.wait(timeout: .now() + .milliseconds(Self.milliseconds)) == .timedOut {
        cutLateConnections()
      }
    }
    self.thread.withLock { $0 = thread }
  }

  func stop() {
    let thread = self.thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    guard let thread else { return }
    isStopped.signal()
    thread.join()
  }

  func add(_ watch: ConnectionWatch) {
    open.withLock { $0[ObjectIdentifier(watch)] = watch }
  }

  /// To be called before the descriptor is closed, since others get its number then.
  func remove(_ watch: ConnectionWatch) {
    _ = open.withLock { $0.removeValue(forKey: ObjectIdentifier(watch)) }
  }

  private func cutLateConnections() {
    let now = ConnectionWatch.now()
    // Under the lock no descriptor of the list is closed. libmicrohttpd sees the end of the
    // connection and closes it on its own thread.
    open.withLock { open in
      for watch in open.values where watch.isLate(at: now) {
        watch.pause()
        shutdown(watch.descriptor, Int32(SHUT_RDWR))
      }
    }
  }
}
