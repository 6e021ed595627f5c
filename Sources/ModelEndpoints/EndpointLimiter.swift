/// Decides when an endpoint may be asked next: our limits, the server's, and its wishes to wait.
package struct EndpointLimiter: Sendable {
  /// What a server said that it still allows, counted down by us until it says more.
  private struct Allowance {
    var limit: Double?
    var remaining: Double
    var reset: Double

    func wait(for amount: Double, at now: Double) -> Double {
      guard now < reset, remaining < min(amount, limit ?? amount) else { return 0 }
      return reset - now
    }
  }

  private var requestBucket: TokenBucket?
  private var tokenBucket: TokenBucket?
  private var requests: Allowance?
  private var tokens: Allowance?
  private var blockedUntil = -Double.infinity

  /// A limiter that has seen nothing yet.
  ///
  /// - Parameters:
  ///   - requestsPerMinute: the most requests in a minute; `nil` for no limit.
  ///   - tokensPerMinute: the most tokens in a minute; `nil` for no limit.
  ///   - time: now, in seconds.
  package init(requestsPerMinute: Double?, tokensPerMinute: Double?, time: Double) {
    requestBucket = requestsPerMinute.map { TokenBucket(perMinute: $0, time: time) }
    tokenBucket = tokensPerMinute.map { TokenBucket(perMinute: $0, time: time) }
  }

  /// Seconds until a request may be sent.
  ///
  /// - Parameters:
  ///   - tokens: an estimate of its tokens.
  ///   - now: now, in seconds.
  /// - Returns: 0 when it may be sent now.
  package func wait(forTokens tokens: Int, at now: Double) -> Double {
    let amount = Double(tokens)
    return max(
      blockedUntil - now, requestBucket?.wait(for: 1, at: now) ?? 0,
      tokenBucket?.wait(for: amount, at: now) ?? 0, requests?.wait(for: 1, at: now) ?? 0,
      self.tokens?.wait(for: amount, at: now) ?? 0, 0)
  }

  /// Counts a request that is sent now.
  ///
  /// - Parameters:
  ///   - tokens: an estimate of its tokens.
  ///   - now: now, in seconds.
  package mutating func send(tokens: Int, at now: Double) {
    requestBucket?.take(1, at: now)
    tokenBucket?.take(Double(tokens), at: now)
    requests?.remaining -= 1
    self.tokens?.remaining -= Double(tokens)
  }

  /// Corrects the estimate by what the server counted.
  ///
  /// - Parameters:
  ///   - estimate: the tokens given to ``send(tokens:at:)``.
  ///   - actual: the tokens that the call took.
  ///   - now: now, in seconds.
  package mutating func correct(estimate: Int, actual: Int, at now: Double) {
    tokenBucket?.take(Double(actual - estimate), at: now)
  }

  /// Notes what the server's header fields say.
  ///
  /// - Parameters:
  ///   - advice: the fields.
  ///   - now: now, in seconds.
  package mutating func heed(_ advice: RateLimitAdvice, at now: Double) {
    if let window = advice.requests { requests = Self.allowance(window, now) }
    if let window = advice.tokens { tokens = Self.allowance(window, now) }
  }

  /// Sends nothing for a time.
  ///
  /// - Parameters:
  ///   - seconds: how long.
  ///   - now: now, in seconds.
  package mutating func block(for seconds: Double, at now: Double) {
    blockedUntil = max(blockedUntil, now + seconds)
  }

  private static func allowance(_ window: RateLimitAdvice.Window, _ now: Double) -> Allowance {
    Allowance(limit: window.limit, remaining: window.remaining, reset: now + window.reset)
  }
}
