internal import Dispatch
internal import Foundation
internal import Glibc
internal import HTTPClient
internal import ModelEndpoints
internal import Synchronization

/// A ``ModelCaller`` on a thread of its own: calls go in, answers come out.
///
/// So the network is served while the calling thread stores answers, and the disk's waiting times
/// cost no requests.
final class CallingThread: Sendable {
  /// What has come since it was asked last.
  struct News {
    /// Answers, in the order in which they came.
    var answers: [ModelAnswer] = []
    /// Endpoints that were given up, once nothing more will come.
    var ending: Result<[(endpoint: String, stop: EndpointStop)], any Error>?
  }

  private struct Inbox {
    // Taken from the front; the taken ones are dropped when many have gathered.
    var calls: [ModelCall] = []
    var taken = 0
    var isClosed = false

    var count: Int { calls.count - taken }

    var first: ModelCall? { taken < calls.count ? calls[taken] : nil }

    mutating func removeFirst() { taken += 1 }

    mutating func add(_ call: ModelCall) {
      if taken >= 256 {
        calls.removeFirst(taken)
        taken = 0
      }
      calls.append(call)
    }
  }

  private struct State {
    var inboxes: [String: Inbox] = [:]
    var news = News()
    var control: HTTPEngineControl?
    var stop: HTTPEngineControl.Stop?
    // The caller found an inbox empty and has to be woken when there is something in it.
    var isStarving = false
  }

  /// How long answers are gathered for one commit, in microseconds.
  private static let gatheringTime: UInt32 = 4000

  private let budget: AskingBudget
  private let state: Mutex<State>
  private let hasNews = DispatchSemaphore(value: 0)

  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - endpoints: the endpoints.
  ///   - policy: what is tried again.
  ///   - budget: is asked before each request is sent, and told of each answer.
  init(endpoints: [EndpointConfiguration], policy: RetryPolicy, budget: AskingBudget) {
    self.budget = budget
    state = Mutex(
      State(inboxes: Dictionary(endpoints.map { ($0.name, Inbox()) }) { first, _ in first }))
    // Not a dispatch queue: its threads do not keep the priority that the process was given.
    Thread.detachNewThread { [self] in
      let ending: Result<[(endpoint: String, stop: EndpointStop)], any Error> = Result {
        let caller = try ModelCaller(endpoints: endpoints, policy: policy)
        let stop = state.withLock { state in
          state.control = caller.control
          return state.stop
        }
        if let stop { caller.control.stop(stop) }
        return caller.run {
          pull($0)
        } mayStart: {
          budget.mayStart($0)
        } answered: {
          budget.note($0)
          put($0)
        }
      }
      state.withLock { $0.news.ending = ending }
      hasNews.signal()
    }
  }

  /// The number of calls of an endpoint that wait to be sent for the first time.
  func waitingCount(for endpoint: String) -> Int {
    state.withLock { $0.inboxes[endpoint]?.count ?? 0 }
  }

  /// Gives calls to an endpoint; each comes back as an answer unless the endpoint is given up.
  ///
  /// - Parameters:
  ///   - calls: the calls.
  ///   - endpoint: the endpoint's name.
  ///   - isLast: whether no more will follow for this endpoint.
  func add(_ calls: [ModelCall], for endpoint: String, isLast: Bool) {
    let control = state.withLock { state in
      for call in calls { state.inboxes[endpoint]?.add(call) }
      if isLast { state.inboxes[endpoint]?.isClosed = true }
      defer { state.isStarving = false }
      return state.isStarving ? state.control : nil
    }
    control?.wakeUp()
  }

  /// Sends nothing more: calls that wait, also for another attempt, are forgotten.
  ///
  /// - Parameter stop: what becomes of the calls in flight.
  func stop(_ stop: HTTPEngineControl.Stop = .finishingTransfers) {
    let control = state.withLock { state in
      for name in state.inboxes.keys { state.inboxes[name] = Inbox(isClosed: true) }
      state.stop = stop
      return state.control
    }
    control?.stop(stop)
  }

  /// What has come, waited for.
  ///
  /// - Parameters:
  ///   - milliseconds: how long to wait for something at most.
  ///   - gathering: the number of answers from which they are given at once; fewer are given a few
  ///     milliseconds after the first one, since a commit costs much the same for one or for many.
  /// - Returns: answers; none when nothing came in time.
  func takeNews(waiting milliseconds: Int, gathering: Int) -> News {
    _ = hasNews.wait(timeout: .now() + .milliseconds(milliseconds))
    let isEnough = state.withLock { state in
      state.news.answers.isEmpty || state.news.answers.count >= gathering
        || state.news.ending != nil
    }
    if !isEnough { usleep(Self.gatheringTime) }
    return state.withLock { state in
      defer { state.news.answers = [] }
      return state.news
    }
  }

  private func pull(_ endpoint: String) -> ModelCaller.Pull {
    let (pull, isNews) = state.withLock { state -> (ModelCaller.Pull, Bool) in
      if let call = state.inboxes[endpoint]?.first {
        switch budget.reserve(call) {
        case .now:
          state.inboxes[endpoint]?.removeFirst()
          return (.call(call), false)
        case .later: return (.wait(nil), false)
        case .never: return (.finished, true)
        }
      }
      if state.inboxes[endpoint]?.isClosed ?? true { return (.finished, false) }
      defer { state.isStarving = true }
      return (.wait(nil), !state.isStarving)
    }
    if isNews { hasNews.signal() }
    return pull
  }

  private func put(_ answer: ModelAnswer) {
    let isFirst = state.withLock { state in
      state.news.answers.append(answer)
      return state.news.answers.count == 1
    }
    if isFirst { hasNews.signal() }
  }
}
