internal import RandomNumbers

/// Why an endpoint is not asked any more.
package enum EndpointStop: Sendable, Equatable, CustomStringConvertible {
  /// The server refuses the key or the account.
  case refused(status: Int, message: String)
  /// The address cannot be used.
  case unusable(message: String)
  /// No connection, many times in a row: the service cannot be reached.
  case unreachable(failures: Int, message: String)
  /// Connections come about, but call after call fails at every attempt.
  case failing(calls: Int, message: String)
  /// The server asks to wait longer than the policy allows.
  case waitTooLong(seconds: Double, limit: Double)

  /// One line for people.
  package var description: String {
    switch self {
    case .refused(let status, let message):
      "status \(status), \(message.isEmpty ? "without a message" : message)"
    case .unusable(let message): message
    case .unreachable(let failures, let message):
      "cannot be reached, \(failures) times in a row: \(message)"
    case .failing(let calls, let message):
      "\(calls) questions in a row failed at every attempt; last \(message)"
    case .waitTooLong(let seconds, let limit):
      "asks to wait \(seconds) s; expected at most \(limit) s"
    }
  }
}

/// A call on its way through attempts.
struct CallProgress: Sendable {
  let call: ModelCall
  /// The times that it was sent.
  var attempts = 0
  /// The attempts that failed.
  var failures = 0
  /// The attempts that were throttled.
  var throttles = 0
  /// What went wrong last.
  var lastError: String?
  /// The status of the last attempt.
  var lastStatus: Int?

  init(call: ModelCall) { self.call = call }
}

/// When the calls of one endpoint are sent: places, limits, retries and giving up.
///
/// A pure state machine: times are seconds of any clock, and randomness comes from outside.
struct EndpointSchedule: Sendable {
  /// What to do now.
  enum Action: Sendable {
    /// Send this call; it counts as in flight.
    case send(CallProgress)
    /// Give it a call by ``offer(_:)``, or say ``noMoreCalls()``.
    case needsCall
    /// Nothing for so many seconds, or until something ends.
    case wait(Double?)
    /// Nothing ever.
    case finished
  }

  let concurrency: Int
  private let policy: RetryPolicy
  private(set) var limiter: EndpointLimiter
  private(set) var stop: EndpointStop?
  private(set) var inFlight = 0
  private var pending: CallProgress?
  private var retries: [(time: Double, progress: CallProgress)] = []
  private var hasMoreCalls = true
  // Throttled answers and lost connections since the last good answer.
  private var throttlesInRow = 0
  private var lostInRow = 0
  private var firstLost = 0.0
  // Calls that failed at every attempt since the last answer of any kind.
  private var hopelessInRow = 0

  init(_ endpoint: EndpointConfiguration, policy: RetryPolicy, now: Double) {
    concurrency = endpoint.concurrency
    self.policy = policy
    limiter = EndpointLimiter(
      requestsPerMinute: endpoint.requestsPerMinute, tokensPerMinute: endpoint.tokensPerMinute,
      time: now)
  }

  mutating func next(now: Double) -> Action {
    guard stop == nil else { return .finished }
    guard inFlight < concurrency else { return .wait(nil) }
    if pending == nil { pending = takeDueRetry(now) }
    guard let progress = pending else {
      // A server that fails everything must not collect the whole data set among the retries.
      if hasMoreCalls, retries.count < concurrency { return .needsCall }
      guard let wait = retryWait(now: now) else {
        return inFlight == 0 ? .finished : .wait(nil)
      }
      return .wait(wait)
    }
    let wait = limiter.wait(forTokens: progress.call.estimatedTokens, at: now)
    guard wait <= 0 else { return .wait(wait) }
    limiter.send(tokens: progress.call.estimatedTokens, at: now)
    pending = nil
    inFlight += 1
    var sent = progress
    sent.attempts += 1
    return .send(sent)
  }

  /// Seconds until the next retry is due; `nil` when none waits.
  func retryWait(now: Double) -> Double? {
    retries.map(\.time).min().map { max(0, $0 - now) }
  }

  private mutating func takeDueRetry(_ now: Double) -> CallProgress? {
    let due = retries.indices.filter { retries[$0].time <= now }
      .min { retries[$0].time < retries[$1].time }
    return due.map { retries.remove(at: $0).progress }
  }

  mutating func offer(_ call: ModelCall) { pending = CallProgress(call: call) }

  mutating func noMoreCalls() { hasMoreCalls = false }

  /// A call that was to be sent is not: its place is free again.
  mutating func withdraw(_ progress: CallProgress, now: Double) {
    inFlight -= 1
    limiter.correct(estimate: progress.call.estimatedTokens, actual: 0, at: now)
  }

  /// Notes an answer that ends a call, good or bad.
  mutating func answered(
    _ progress: CallProgress, tokens: Int?, advice: RateLimitAdvice?, now: Double
  ) {
    inFlight -= 1
    throttlesInRow = 0
    lostInRow = 0
    hopelessInRow = 0
    if let advice { limiter.heed(advice, at: now) }
    if let tokens {
      limiter.correct(estimate: progress.call.estimatedTokens, actual: tokens, at: now)
    }
  }

  /// Notes a failed attempt; says whether the call comes again.
  mutating func failed(
    _ progress: CallProgress, throttled: Bool, advice: RateLimitAdvice?, now: Double,
    using generator: inout SplitMix64
  ) -> Bool {
    inFlight -= 1
    lostInRow = 0
    limiter.correct(estimate: progress.call.estimatedTokens, actual: 0, at: now)
    if let advice { limiter.heed(advice, at: now) }
    // Calls that were in flight when the endpoint was given up end with what they got.
    guard stop == nil else { return false }
    var progress = progress
    if throttled { progress.throttles += 1 } else { progress.failures += 1 }
    let asked = advice?.retryAfter
    if let asked, asked > policy.maximumServerDelay {
      stop = .waitTooLong(seconds: asked, limit: policy.maximumServerDelay)
      return false
    }
    if throttled {
      throttlesInRow += 1
      // Calls in flight are throttled together: one storm is one failure, not `concurrency`.
      let storms = 1 + (throttlesInRow - 1) / concurrency
      let pause = asked ?? policy.delay(afterFailures: storms, using: &generator)
      limiter.block(for: pause, at: now)
    }
    guard progress.failures < policy.maximumAttempts,
      progress.throttles < policy.maximumThrottledAttempts
    else {
      hopelessInRow += 1
      if hopelessInRow >= max(policy.hopelessCalls, concurrency) {
        stop = .failing(calls: hopelessInRow, message: progress.lastError ?? "without a reason")
      }
      return false
    }
    let delay =
      policy.delay(
        afterFailures: max(1, throttled ? progress.throttles : progress.failures),
        using: &generator)
    // What the server asks for is a lower bound; a little randomness keeps calls from returning
    // all at once.
    let time = asked.map { $0 + Double.random(in: 0...0.1, using: &generator) * min($0, 10) }
    retries.append((now + (time ?? delay), progress))
    return true
  }

  /// Notes that the network failed an attempt; says whether the call comes again.
  mutating func lost(
    _ progress: CallProgress, isConnectionFailure: Bool, message: String, now: Double,
    using generator: inout SplitMix64
  ) -> Bool {
    let (count, first) = (lostInRow, firstLost)
    let comesAgain = failed(
      progress, throttled: false, advice: nil, now: now, using: &generator)
    guard isConnectionFailure else { return comesAgain }
    lostInRow = count + 1
    firstLost = count == 0 ? now : first
    if lostInRow >= policy.unreachableFailures, now - firstLost >= policy.unreachableSeconds {
      stop = stop ?? .unreachable(failures: lostInRow, message: message)
    }
    return comesAgain
  }

  /// Gives the endpoint up.
  mutating func giveUp(_ reason: EndpointStop) { stop = stop ?? reason }

  /// Takes the calls that wait here, once nobody will send them any more.
  mutating func takeWaiting() -> [CallProgress] {
    defer {
      pending = nil
      retries = []
    }
    return (pending.map { [$0] } ?? []) + retries.map(\.progress)
  }
}
