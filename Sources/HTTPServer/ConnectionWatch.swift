internal import Glibc
internal import Synchronization

/// One connection with the time by which its client must have done its part.
///
/// libmicrohttpd closes connections without traffic, but a client that drips a byte now and then
/// keeps one for ever ("slowloris"): these times do not move when a byte arrives.
final class ConnectionWatch: Sendable {
  let descriptor: Int32
  /// The client's numeric address.
  let clientAddress: String
  // Nanoseconds of the monotonic clock; 0 is no limit.
  private let deadline = Atomic<Int64>(0)

  init(descriptor: Int32, clientAddress: String) {
    self.descriptor = descriptor
    self.clientAddress = clientAddress
  }

  /// Sets the time that the client has from now on; 0 seconds is no limit.
  func allow(seconds: Int) {
    deadline.store(
      seconds > 0 ? Self.now() + Int64(seconds) * 1_000_000_000 : 0, ordering: .relaxed)
  }

  /// Lets the connection be: the work is ours.
  func pause() { deadline.store(0, ordering: .relaxed) }

  func isLate(at time: Int64) -> Bool {
    let deadline = deadline.load(ordering: .relaxed)
    return deadline != 0 && deadline < time
  }

  static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
