internal import CCurl
internal import CLinuxEvents
internal import Glibc

/// Waits for the sockets that libcurl is interested in, for its timer, and to be woken.
///
/// With `curl_multi_poll` each wait passes all sockets to the kernel and each step asks the kernel
/// for every one of them again; here the kernel keeps the list and libcurl hears of ready ones only.
///
/// Source: libcurl 7.88, `curl_multi_socket_action`; epoll(7), eventfd(2).
@safe final class SocketWatch {
  /// What a socket is doing, as far as the kernel was told.
  private struct Interest {
    /// The events that libcurl waits for; 0 while the connection rests.
    var wanted: UInt32 = 0
    /// Whether the kernel watches the descriptor, unless it was closed in the meantime.
    var isWatched = false
  }

  private let poll: Int32
  private let wake: Int32
  private var interests: [Interest] = []
  private let events: UnsafeMutablePointer<epoll_event>
  private var count = 0
  /// When libcurl wants to be called without an event, in ``HTTPEngine/clock()``'s nanoseconds.
  private(set) var timer = UInt64.max

  private static let capacity = 256
  /// In microseconds: less than any model takes, and enough for a quick server to answer more.
  private static let gatheringTime: UInt32 = 100
  private static let readable = EPOLLIN.rawValue
  private static let writable = EPOLLOUT.rawValue

  /// A watch without sockets; `nil` when the process has no descriptor left for it.
  init?() {
    poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    wake = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    unsafe events = .allocate(capacity: Self.capacity)
    guard poll >= 0, wake >= 0, control(EPOLL_CTL_ADD, wake, Self.readable) else { return nil }
  }

  deinit {
    unsafe events.deallocate()
    if wake >= 0 { close(wake) }
    if poll >= 0 { close(poll) }
  }

  /// Makes `multi` tell this watch what it waits for; the watch must outlive it.
  func attach(to multi: UnsafeMutableRawPointer) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe ccurl_multi_set_socket_callback(
      multi,
      { _, socket, what, context, _ in
        guard let context = unsafe context else { return 0 }
        unsafe Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue().note(socket, what)
        return 0
      }, context)
    unsafe ccurl_multi_set_timer_callback(
      multi,
      { _, milliseconds, context in
        guard let context = unsafe context else { return 0 }
        unsafe Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue()
          .setTimer(milliseconds)
        return 0
      }, context)
  }

  /// Ends a wait, now or the next one; may be called from any thread.
  func wakeUp() {
    var one: UInt64 = 1
    _ = unsafe write(wake, &one, 8)
  }

  /// Lets libcurl work on whatever its timer was set for.
  func takeTimer(_ multi: UnsafeMutableRawPointer) {
    timer = .max
    var running: Int32 = 0
    unsafe curl_multi_socket_action(multi, ccurl_socket_timeout, 0, &running)
  }

  /// Waits for events, at most until a time or libcurl's timer, and lets libcurl work on them.
  ///
  /// - Parameters:
  ///   - multi: the handle that the watch is attached to.
  ///   - now: the time.
  ///   - time: when to return if nothing happens.
  ///   - gather: with fewer events than this a moment is waited for more: each time that a thread is
  ///     woken costs as much as the work on several answers.
  func wait(
    _ multi: UnsafeMutableRawPointer, now: UInt64, until time: UInt64, gathering gather: Int
  ) {
    let end = min(time, timer)
    let milliseconds = end <= now ? 0 : min((end - now) / 1_000_000 + 1, 60_000)
    var ready = unsafe epoll_wait(poll, events, Int32(Self.capacity), Int32(milliseconds))
    if ready > 0, ready < Int32(gather) {
      usleep(Self.gatheringTime)
      ready = unsafe epoll_wait(poll, events, Int32(Self.capacity), 0)
    }
    for index in 0..<max(0, Int(ready)) {
      let event = unsafe events[index]
      let socket = unsafe event.data.fd
      if socket == wake {
        var value: UInt64 = 0
        _ = unsafe read(wake, &value, 8)
        continue
      }
      unsafe act(multi, socket, event.events)
    }
  }

  private func act(_ multi: UnsafeMutableRawPointer, _ socket: Int32, _ events: UInt32) {
    let index = Int(socket)
    guard interests.indices.contains(index) else { return }
    guard interests[index].wanted != 0 else {
      // The server closed, or spoke on, a resting connection: libcurl finds out when it needs it.
      _ = control(EPOLL_CTL_DEL, socket, 0)
      interests[index].isWatched = false
      return
    }
    var happened: Int32 = 0
    // Of a broken connection libcurl learns by reading or writing, which tells it why.
    if events & ~Self.writable != 0 { happened |= CURL_CSELECT_IN }
    if events & Self.writable != 0 { happened |= CURL_CSELECT_OUT }
    var running: Int32 = 0
    unsafe curl_multi_socket_action(multi, socket, happened, &running)
  }

  /// libcurl's interest in a socket has changed.
  private func note(_ socket: Int32, _ what: Int32) {
    let index = Int(socket)
    guard index >= 0 else { return }
    if index >= interests.count {
      interests += Array(repeating: Interest(), count: index + 1 - interests.count)
    }
    guard what != CURL_POLL_REMOVE else {
      // It stays in the kernel's list: the next request on the connection wants it there again.
      interests[index].wanted = 0
      return
    }
    var wanted: UInt32 = 0
    if what & CURL_POLL_IN != 0 { wanted |= Self.readable }
    if what & CURL_POLL_OUT != 0 { wanted |= Self.writable }
    interests[index].wanted = wanted
    // A descriptor that was closed has left the kernel's list, also if its number is in use again.
    if interests[index].isWatched, control(EPOLL_CTL_MOD, socket, wanted) { return }
    interests[index].isWatched =
      control(EPOLL_CTL_ADD, socket, wanted) || control(EPOLL_CTL_MOD, socket, wanted)
  }

  private func setTimer(_ milliseconds: Int) {
    timer =
      milliseconds < 0
      ? .max : HTTPEngine.clock() &+ UInt64(milliseconds) &* 1_000_000
  }

  private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32) -> Bool {
    var event = unsafe epoll_event(events: events, data: epoll_data_t(fd: descriptor))
    return unsafe epoll_ctl(poll, operation, descriptor, &event) == 0
  }
}
