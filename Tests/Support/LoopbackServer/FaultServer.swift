internal import Glibc
internal import Synchronization

/// A server on a loopback port that misbehaves as a test tells it to, one thread per connection.
package final class FaultServer: Sendable {
  /// A request as it arrived.
  package struct Request: Sendable {
    /// Counted from 0 over all connections.
    package let number: Int
    /// The connection, counted from 0.
    package let connection: Int
    /// The request line and header fields.
    package let head: String
    /// The body.
    package let body: [UInt8]
  }

  /// What the server does with a connection; after the last step the next request is awaited.
  package enum Step: Sendable {
    /// Sends bytes.
    case send([UInt8])
    /// Sends bytes one at a time with a pause in milliseconds after each.
    case drip([UInt8], milliseconds: Int)
    /// Waits for a time in milliseconds.
    case pause(milliseconds: Int)
    /// Sends nothing more until the client goes.
    case stall
    /// Closes the connection in order.
    case close
    /// Breaks the connection: the client sees a reset.
    case reset
  }

  /// Decides what happens to a request; called on several threads.
  package typealias Script = @Sendable (Request) -> [Step]

  /// The port.
  package let port: UInt16
  private let listener: Int32
  private let script: Script
  private let counters = Mutex<(requests: Int, connections: Int)>((0, 0))
  private let isListening = Atomic<Bool>(true)
  private let open = Mutex<Set<Int32>>([])

  /// Starts a server.
  ///
  /// - Parameters:
  ///   - wantedPort: the port, such as that of a server that was stopped; 0 is any free one.
  ///   - script: decides what happens to each request.
  package init(port wantedPort: UInt16 = 0, _ script: @escaping Script) {
    self.script = script
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = wantedPort.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    var on: Int32 = 1
    unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, 4)
    let isBound = unsafe withUnsafeMutablePointer(to: &place) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        unsafe bind(listener, place, length) == 0 && listen(listener, 256) == 0
          && getsockname(listener, place, &length) == 0
      }
    }
    precondition(isBound, "no free loopback port: errno \(errno)")
    port = UInt16(bigEndian: place.sin_port)
    startThread { [self] in accept() }
  }

  /// The address, without a slash at the end.
  package var url: String { "http://127.0.0.1:\(port)" }

  /// The number of requests so far.
  package var requestCount: Int { counters.withLock { $0.requests } }

  /// The number of connections so far.
  package var connectionCount: Int { counters.withLock { $0.connections } }

  /// Stops listening and breaks all connections; a second call does nothing.
  package func stop() {
    // Closed descriptors are given to others: to another server of the same test run.
    guard isListening.exchange(false, ordering: .acquiringAndReleasing) else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    open.withLock { for connection in $0 { shutdown(connection, Int32(SHUT_RDWR)) } }
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      if connection < 0 && errno == EINTR { continue }
      guard connection >= 0 else { break }
      var on: Int32 = 1
      unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
      open.withLock { _ = $0.insert(connection) }
      let number = counters.withLock { counters in
        counters.connections += 1
        return counters.connections - 1
      }
      startThread { [self] in
        serve(connection, number)
        open.withLock { _ = $0.remove(connection) }
        Glibc.close(connection)
      }
    }
    Glibc.close(listener)
  }

  private func serve(_ connection: Int32, _ number: Int) {
    var reader = RequestReader(connection: connection)
    while let (head, body) = reader.next() {
      let requestNumber = counters.withLock { counters in
        counters.requests += 1
        return counters.requests - 1
      }
      let request = Request(number: requestNumber, connection: number, head: head, body: body)
      for step in script(request) {
        guard perform(step, on: connection) else { return }
      }
    }
  }

  /// Performs a step; says whether the connection goes on.
  private func perform(_ step: Step, on connection: Int32) -> Bool {
    switch step {
    case .send(let bytes): return send(bytes, on: connection)
    case .drip(let bytes, let milliseconds):
      for byte in bytes {
        guard send([byte], on: connection) else { return false }
        usleep(UInt32(milliseconds * 1000))
      }
      return true
    case .pause(let milliseconds):
      usleep(UInt32(milliseconds * 1000))
      return true
    case .stall:
      var byte: UInt8 = 0
      while unsafe recv(connection, &byte, 1, 0) > 0 {}
      return false
    case .close:
      shutdown(connection, Int32(SHUT_RDWR))
      return false
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(
        connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
      return false
    }
  }

  private func send(_ bytes: [UInt8], on connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes[sent...].withUnsafeBytes {
        unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
