internal import CCurl
internal import Glibc

/// Transfers many requests at a time over libcurl, on the thread that calls ``run(next:completed:)``.
///
/// Connections are kept and used again; HTTP/2 is used where a server offers it over TLS.
///
/// Source: libcurl 7.88 multi interface.
@safe package final class HTTPEngine {
  /// What the caller has for a free place.
  package enum Pull {
    /// A request to start now.
    case request(HTTPRequest)
    /// Nothing now: ask again after a completion, a wake-up, or this time.
    case wait(Duration?)
    /// Nothing any more: the run ends when the transfers in flight have.
    case finished
  }

  /// Stops or wakes a run from other threads.
  package let control: HTTPEngineControl
  private let options: HTTPEngineOptions
  private var transfers: [Transfer] = []
  private var idle: [Int] = []
  private var active = 0
  private var now: UInt64 = 0
  /// No transfer has a deadline before this time.
  private var nextDeadline = UInt64.max

  private static let globalInitialization = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  /// An engine without connections.
  ///
  /// - Parameter options: limits and how to connect.
  /// - Throws: ``HTTPFailure`` when libcurl or the kernel's watch cannot be started, for want of memory or descriptors.
  package init(options: HTTPEngineOptions = HTTPEngineOptions()) throws(HTTPFailure) {
    guard Self.globalInitialization == CURLE_OK, let watch = SocketWatch(),
      let multi = unsafe curl_multi_init()
    else {
      throw HTTPFailure(kind: .other(code: Int(CURLE_FAILED_INIT.rawValue)))
    }
    self.options = options
    control = unsafe HTTPEngineControl(multi: multi, watch: watch)
    // The default is four times the transfers, counted anew each time; a fixed number keeps the
    // connections of a run that is short of work for a moment.
    unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, options.concurrency + 8)
  }

  deinit {
    for transfer in transfers where transfer.isActive {
      unsafe curl_multi_remove_handle(control.multi, transfer.easy)
    }
  }

  /// Transfers until `next` says that there is nothing any more, or the control stops the run.
  ///
  /// - Parameters:
  ///   - next: is asked whenever a place is free.
  ///   - completed: receives the end of each transfer, in the order in which they end.
  package func run(next: () -> Pull, completed: (HTTPCompletion) -> Void) {
    withoutPipeSignal { transferAll(next, completed) }
  }

  private func transferAll(_ next: () -> Pull, _ completed: (HTTPCompletion) -> Void) {
    var pullTime: UInt64 = 0
    while true {
      now = Self.clock()
      if control.takeWakeUp() { pullTime = 0 }
      let isFinished = fill(next, &pullTime)
      if control.stop == .abortingTransfers { abort(completed) }
      if active == 0, isFinished { return }
      if control.watch.timer <= now { unsafe control.watch.takeTimer(control.multi) }
      now = Self.clock()
      let ended = drain(completed)
      let expired = now >= nextDeadline && expire(completed)
      if ended || expired {
        pullTime = 0
      } else {
        unsafe control.watch.wait(
          control.multi, now: now, until: min(pullTime, nextDeadline), gathering: active / 4)
      }
    }
  }

  /// Starts transfers while places are free; says whether the caller has nothing any more.
  private func fill(_ next: () -> Pull, _ pullTime: inout UInt64) -> Bool {
    guard control.stop == nil else {
      pullTime = .max
      return true
    }
    guard pullTime <= now else { return false }
    while active < options.concurrency {
      switch next() {
      case .request(let request): start(request)
      case .wait(let duration):
        pullTime = duration.map { now + max(1_000_000, $0.clampedNanoseconds) } ?? .max
        return false
      case .finished:
        pullTime = .max
        return true
      }
    }
    pullTime = .max
    return false
  }

  private func start(_ request: HTTPRequest) {
    let index = idle.popLast() ?? makeTransfer()
    let transfer = transfers[index]
    transfer.prepare(request, now: now)
    transfer.isActive = true
    active += 1
    nextDeadline = min(nextDeadline, transfer.deadline)
    unsafe curl_multi_add_handle(control.multi, transfer.easy)
  }

  private func makeTransfer() -> Int {
    guard let transfer = Transfer(index: transfers.count, options: options) else {
      preconditionFailure("out of memory while making transfer \(transfers.count)")
    }
    transfers.append(transfer)
    return transfers.count - 1
  }

  /// Completes what libcurl has ended; says whether there was anything.
  private func drain(_ completed: (HTTPCompletion) -> Void) -> Bool {
    var hasEnded = false
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(control.multi, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
      // The message is gone once its handle is removed.
      let code = unsafe ccurl_message_result(message)
      var place: UnsafeMutableRawPointer?
      unsafe ccurl_get_private(message.pointee.easy_handle, &place)
      let index = Int(bitPattern: place) - 1
      hasEnded = true
      release(index)
      completed(transfers[index].completion(code: code, now: now))
    }
    return hasEnded
  }

  private func release(_ index: Int) {
    let transfer = transfers[index]
    unsafe curl_multi_remove_handle(control.multi, transfer.easy)
    transfer.isActive = false
    active -= 1
    idle.append(index)
  }

  /// Ends transfers whose time is up; says whether there were any.
  private func expire(_ completed: (HTTPCompletion) -> Void) -> Bool {
    var hasExpired = false
    nextDeadline = .max
    for (index, transfer) in transfers.enumerated() where transfer.isActive {
      guard now >= transfer.deadline else {
        nextDeadline = min(nextDeadline, transfer.deadline)
        continue
      }
      hasExpired = true
      let kind: HTTPFailure.Kind =
        if !transfer.hasFirstByte, let limit = transfer.timeouts.firstByte,
          now >= transfer.firstByteDeadline
        {
          .firstByteTimeout(limit)
        } else if let limit = transfer.timeouts.stall, now >= transfer.stallDeadline {
          transfer.hasFirstByte ? .stalled(limit) : .firstByteTimeout(limit)
        } else {
          .totalTimeout(transfer.timeouts.total)
        }
      end(index, kind, completed)
    }
    return hasExpired
  }

  private func abort(_ completed: (HTTPCompletion) -> Void) {
    for (index, transfer) in transfers.enumerated() where transfer.isActive {
      end(index, .cancelled, completed)
    }
  }

  private func end(
    _ index: Int, _ kind: HTTPFailure.Kind, _ completed: (HTTPCompletion) -> Void
  ) {
    let completion = transfers[index].completion(.failure(HTTPFailure(kind: kind)), now: now)
    release(index)
    completed(completion)
  }

  /// Nanoseconds that only grow.
  static func clock() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
