internal import ModelEndpoints
internal import Synchronization

/// The limits on what a run of `collect` or `judge` may send and spend; they are never passed.
final class AskingBudget: Sendable {
  private struct State {
    var sent = 0
    var spent = 0.0
    /// What the requests in flight will cost at most, as far as can be told.
    var committed = 0.0
    var isSpent = false
  }

  private let maximumRequests: Int?
  private let maximumUSD: Double?
  private let prices: PriceTable
  private let state = Mutex(State())

  init(maximumRequests: Int?, maximumUSD: Double?, prices: PriceTable) {
    self.maximumRequests = maximumRequests
    self.maximumUSD = maximumUSD
    self.prices = prices
  }

  /// Whether a request was refused because of a limit.
  var isSpent: Bool { state.withLock { $0.isSpent } }

  /// What the answers so far have cost, in US dollars.
  var spentUSD: Double { state.withLock { $0.spent } }

  /// Whether an attempt of this call may be sent; if so, it is counted.
  func mayStart(_ call: ModelCall) -> Bool {
    let cost = maximumUSD == nil ? 0 : estimate(call)
    return state.withLock { state in
      if let maximumRequests, state.sent >= maximumRequests { state.isSpent = true }
      if let maximumUSD, state.spent + state.committed + cost > maximumUSD { state.isSpent = true }
      guard !state.isSpent else { return false }
      state.sent += 1
      state.committed += cost
      return true
    }
  }

  /// Counts what an answer cost in place of what its attempts were estimated to.
  func note(_ answer: ModelAnswer) {
    let cost = answer.usage.flatMap { prices[answer.call.model]?.cost(of: $0) } ?? 0
    let estimate = maximumUSD == nil ? 0 : estimate(answer.call) * Double(answer.attempts)
    state.withLock { state in
      state.spent += cost
      state.committed = max(0, state.committed - estimate)
    }
  }

  private func estimate(_ call: ModelCall) -> Double {
    prices[call.model]?.cost(
      of: TokenUsage(
        promptTokens: TokenUsage.estimate(bytes: call.promptBytes),
        completionTokens: call.maximumTokens ?? 256, isEstimate: true)) ?? 0
  }
}
