internal import Glibc

/// A connection to a loopback port for sending what no client library would send.
package final class RawConnection {
  private let descriptor: Int32
  private var received: [UInt8] = []

  /// Connects.
  ///
  /// - Parameter port: a port that is listened on.
  package init(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &place) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        unsafe connect(descriptor, place, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    precondition(result == 0, "nothing listens on port \(port): errno \(errno)")
  }

  deinit { close(descriptor) }

  /// Sends bytes.
  ///
  /// - Parameter bytes: what to send.
  /// - Returns: whether the other side took them.
  @discardableResult
  package func send(_ bytes: some Sequence<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Sends a text.
  @discardableResult
  package func send(_ text: String) -> Bool { send(text.utf8) }

  /// Reads one answer.
  ///
  /// - Parameter seconds: how long to wait for its next piece.
  /// - Returns: the answer; `nil` when the other side closed or time was over before its end.
  package func readResponse(seconds: Int = 10) -> RawResponse? {
    while true {
      if let (response, length) = RawResponse.first(in: received) {
        received.removeFirst(length)
        return response
      }
      guard receive(seconds: seconds) == .some(true) else { return nil }
    }
  }

  /// Waits until the other side closes.
  ///
  /// - Parameter seconds: how long to wait in all.
  /// - Returns: whether it closed.
  package func waitForEnd(seconds: Int) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if receive(seconds: 1) == .some(false) { return true }
    }
    return false
  }

  /// Takes what has arrived: true for bytes, false for the end, `nil` when time is over.
  private func receive(seconds: Int) -> Bool? {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&watched, 1, Int32(seconds * 1000)) > 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard count > 0 else { return false }
    received += buffer[..<count]
    return true
  }
}
