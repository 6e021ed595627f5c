internal import Dispatch
internal import Foundation
internal import Synchronization

/// Values that a thread of their own makes while earlier ones are used; taken in order.
///
/// A few values wait at most, so memory stays bounded whichever side is the slower one. The thread
/// ends when its values are made, or when nobody wants them any more.
final class ReadAhead<Value: Sendable> {
  private let exchange: Exchange

  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - capacity: how many values wait at most.
  ///   - make: makes the values and gives each away; must return when giving answers `false`. What
  ///     it throws is thrown by ``next(orWhen:)`` after the values before it.
  init(
    capacity: Int, _ make: @escaping @Sendable (_ give: (Value) -> Bool) throws -> Void
  ) {
    let exchange = Exchange(capacity: capacity)
    self.exchange = exchange
    // Not a dispatch queue: its threads do not keep the priority that the process was given.
    Thread.detachNewThread {
      do {
        try make { exchange.put(.value($0)) }
        _ = exchange.put(.end(nil))
      } catch {
        _ = exchange.put(.end(error))
      }
    }
  }

  deinit { exchange.stop() }

  /// The next value, waited for.
  ///
  /// - Parameter isCancelled: asked while waiting, several times a second; `true` gives up.
  /// - Returns: the value; `nil` after the last one and when waiting was given up.
  /// - Throws: what making the values threw.
  func next(orWhen isCancelled: () -> Bool = { false }) throws -> Value? {
    switch exchange.take(orWhen: isCancelled) {
    case .value(let value): return value
    case .end(let error?): throw error
    case .end(nil), nil: return nil
    }
  }

  /// The place where one thread leaves values and the other one takes them.
  private final class Exchange: Sendable {
    enum Item: Sendable {
      case value(Value)
      case end((any Error)?)
    }

    private struct State {
      var items: [Item] = []
      var isStopped = false
    }

    private let state = Mutex(State())
    private let free = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    init(capacity: Int) {
      // A semaphore must not be released below the value it was made with, so it is made with 0.
      for _ in 0..<capacity { free.signal() }
    }

    func put(_ item: Item) -> Bool {
      free.wait()
      let isWanted = state.withLock { state in
        if !state.isStopped { state.items.append(item) }
        return !state.isStopped
      }
      if isWanted { filled.signal() } else { free.signal() }
      return isWanted
    }

    func take(orWhen isCancelled: () -> Bool) -> Item? {
      while filled.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
        if isCancelled() { return nil }
      }
      let item = state.withLock { $0.items.removeFirst() }
      free.signal()
      return item
    }

    func stop() {
      state.withLock { state in
        state.isStopped = true
        state.items.removeAll()
      }
      free.signal()
    }
  }
}
