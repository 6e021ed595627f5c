internal import ModelEndpoints
internal import Synchronization

/// The limits on what a run of `collect` or `judge` may send and spend; they are never passed.
///
/// A call in flight counts with the most that it can cost, until its answer says what it did cost.
final class AskingBudget: Sendable {
  private struct State {
    var sent = 0
    var spent = 0.0
    /// The most that the calls in flight can cost, by tag.
    var reserved: [Int: Double] = [:]
    /// The longest answer so far, for models that may answer at any length.
    var longestAnswer = 256
    var isSpent = false
  }

  /// Whether there is room for a call.
  enum Room {
    /// It can be sent.
    case now
    /// Perhaps when those in flight have cost less than they could have.
    case later
    /// A limit is reached.
    case never
  }

  private let maximumRequests: Int?
  private let maximumUSD: Double?
  private let prices: PriceTable
  private let state = Mutex(State())

  /// A message and the template around it take some tokens beside its text.
  private static let tokensBesideText = 32

  init(maximumRequests: Int?, maximumUSD: Double?, prices: PriceTable) {
    self.maximumRequests = maximumRequests
    self.maximumUSD = maximumUSD
    self.prices = prices
  }

  /// Whether a request was refused because of a limit.
  var isSpent: Bool { state.withLock { $0.isSpent } }

  /// What the answers so far have cost, in US dollars.
  var spentUSD: Double { state.withLock { $0.spent } }

  /// The requests sent, repeated ones too.
  var sentCount: Int { state.withLock { $0.sent } }

  /// The limit that was reached, as the command line names it; `nil` while none is.
  var limit: String? {
    state.withLock { state in
      guard state.isSpent else { return nil }
      if let maximumRequests, state.sent >= maximumRequests {
        return "--max-requests \(maximumRequests)"
      }
      return maximumUSD.map { "--max-usd \($0)" }
    }
  }

  /// Sets aside what a call can cost, when there is room for it.
  ///
  /// - Parameter call: a call that will be answered, also when it is not sent after all.
  /// - Returns: whether there is.
  func reserve(_ call: ModelCall) -> Room { state.withLock { reserve(call, &$0) } }

  private func reserve(_ call: ModelCall, _ state: inout State) -> Room {
    if let maximumRequests, state.sent >= maximumRequests {
      state.isSpent = true
      return .never
    }
    guard let maximumUSD, state.reserved[call.tag] == nil else { return .now }
    let most = most(call, state)
    if state.spent + state.reserved.values.reduce(0, +) + most <= maximumUSD {
      state.reserved[call.tag] = most
      return .now
    }
    guard state.reserved.isEmpty else { return .later }
    state.isSpent = true
    return .never
  }

  /// Whether an attempt of this call may be sent; if so, it is counted.
  func mayStart(_ call: ModelCall) -> Bool {
    state.withLock { state in
      guard case .now = reserve(call, &state) else { return false }
      state.sent += 1
      return true
    }
  }

  /// Counts what an answer cost in place of what it could have cost.
  func note(_ answer: ModelAnswer) {
    let price = prices[answer.call.model]
    state.withLock { state in
      state.reserved[answer.tag] = nil
      guard let usage = answer.usage, let price else { return }
      state.spent += price.cost(of: usage)
      state.longestAnswer = max(state.longestAnswer, usage.completionTokens)
    }
  }

  /// The most that a call can cost: no tokenizer makes more tokens of a text than it has bytes.
  private func most(_ call: ModelCall, _ state: State) -> Double {
    prices[call.model]?.cost(
      of: TokenUsage(
        promptTokens: call.promptBytes + Self.tokensBesideText,
        completionTokens: call.maximumTokens ?? state.longestAnswer, isEstimate: true)) ?? 0
  }
}
