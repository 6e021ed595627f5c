import HTTPClient
import ModelEndpoints
import RandomNumbers
import Testing

private func advice(_ lines: [String], unixTime: Double = 0) -> RateLimitAdvice {
  let block = (["HTTP/1.1 429 x"] + lines).map { $0 + "\r\n" }.joined()
  return RateLimitAdvice(headers: HTTPResponseHeaders(block: Array(block.utf8)), unixTime: unixTime)
}

private let waits: [(text: String, seconds: Double?)] = [
  ("0", 0), ("7", 7), ("1.5", 1.5), ("1s", 1), ("6m0s", 360), ("250ms", 0.25), ("1h2m3.5s", 3723.5),
  ("784111780", 784_111_780), ("1784111780", 1_000_000_003), ("-1", nil), ("soon", nil), ("", nil),
  ("5x", nil), ("nan", nil), ("Sun, 06 Nov 1994 08:49:47 GMT", 10),
  ("Sunday, 06-Nov-94 08:49:47 GMT", 10), ("Sun Nov  6 08:49:47 1994", 10),
  ("Sat, 05 Nov 1994 08:49:47 GMT", 0), ("1994-11-06T08:49:47Z", 10),
  ("1994-11-06T09:49:47.5+01:00", 10.5),
]

@Test(arguments: waits) func readsWaits(_ text: String, _ seconds: Double?) {
  // 784111777 is 1994-11-06T08:49:37Z.
  #expect(advice(["Retry-After: \(text)"], unixTime: 784_111_777).retryAfter == seconds)
}

@Test func readsTheLimitsOfServers() {
  let openAI = advice([
    "x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 0",
    "x-ratelimit-reset-requests: 1s", "x-ratelimit-limit-tokens: 150000",
    "x-ratelimit-remaining-tokens: 149984", "x-ratelimit-reset-tokens: 6m0s",
  ])
  #expect(openAI.requests == .init(limit: 60, remaining: 0, reset: 1))
  #expect(openAI.tokens == .init(limit: 150_000, remaining: 149_984, reset: 360))
  let anthropic = advice(
    [
      "anthropic-ratelimit-requests-limit: 50", "anthropic-ratelimit-requests-remaining: 49",
      "anthropic-ratelimit-requests-reset: 1994-11-06T08:50:37Z",
      "anthropic-ratelimit-input-tokens-remaining: 900",
      "anthropic-ratelimit-input-tokens-reset: 1994-11-06T08:49:38Z",
      "anthropic-ratelimit-output-tokens-remaining: 100",
      "anthropic-ratelimit-output-tokens-reset: 1994-11-06T08:49:39Z", "retry-after-ms: 1500",
    ], unixTime: 784_111_777)
  #expect(anthropic.requests == .init(limit: 50, remaining: 49, reset: 60))
  #expect(anthropic.tokens == .init(remaining: 100, reset: 2))
  #expect(anthropic.retryAfter == 1.5)
}

@Test(arguments: [1.0, 30, 60, 600]) func neverExceedsTheRateInAnyMinute(_ perMinute: Double) {
  var limiter = EndpointLimiter(requestsPerMinute: perMinute, tokensPerMinute: nil, time: 0)
  var now = 0.0
  var times: [Double] = []
  while now < 300 {
    let wait = limiter.wait(forTokens: 1, at: now)
    if wait <= 0 {
      limiter.send(tokens: 1, at: now)
      times.append(now)
    } else {
      now += wait
    }
  }
  let burst = max(1, perMinute / 60)
  for start in times {
    let count = times.count { $0 >= start && $0 < start + 60 }
    #expect(Double(count) <= perMinute + burst)
  }
  #expect(Double(times.count) >= perMinute * 5 - 1)
}

@Test func tokenLimitsAllowDebtAndCorrections() {
  var limiter = EndpointLimiter(requestsPerMinute: nil, tokensPerMinute: 600, time: 0)
  // More than the burst of 10: allowed when the bucket is full, then paid back.
  #expect(limiter.wait(forTokens: 100, at: 0) == 0)
  limiter.send(tokens: 100, at: 0)
  #expect(abs(limiter.wait(forTokens: 10, at: 0) - 10) < 1e-6)
  limiter.correct(estimate: 100, actual: 20, at: 0)
  #expect(abs(limiter.wait(forTokens: 10, at: 0) - 2) < 1e-6)
}

@Test func heedsWhatServersAllow() {
  var limiter = EndpointLimiter(requestsPerMinute: nil, tokensPerMinute: nil, time: 0)
  limiter.heed(
    advice([
      "x-ratelimit-remaining-requests: 1", "x-ratelimit-reset-requests: 5s",
      "x-ratelimit-remaining-tokens: 100", "x-ratelimit-reset-tokens: 9s",
      "x-ratelimit-limit-tokens: 1000",
    ]), at: 100)
  #expect(limiter.wait(forTokens: 50, at: 100) == 0)
  #expect(limiter.wait(forTokens: 200, at: 100) == 9)
  limiter.send(tokens: 50, at: 100)
  #expect(limiter.wait(forTokens: 10, at: 100) == 5)
  #expect(limiter.wait(forTokens: 10, at: 105) == 0)
  // More than the whole limit fits after the reset only.
  #expect(limiter.wait(forTokens: 5000, at: 105) == 4)
  #expect(limiter.wait(forTokens: 5000, at: 109) == 0)
  limiter.block(for: 3, at: 110)
  #expect(limiter.wait(forTokens: 1, at: 111) == 2)
}

@Test func backsOffExponentiallyWithinBounds() {
  let policy = RetryPolicy()
  for seed in 0..<50 as Range<UInt64> {
    var generator = SplitMix64(seed: seed)
    for failures in 1...70 {
      var limit = 0.5
      for _ in 1..<min(failures, 20) { limit *= 2 }
      limit = min(60, limit)
      let delay = policy.delay(afterFailures: failures, using: &generator)
      #expect(delay >= limit / 2 && delay <= limit)
    }
  }
  var one = SplitMix64(seed: 7)
  var other = SplitMix64(seed: 7)
  #expect(
    policy.delay(afterFailures: 3, using: &one) == policy.delay(afterFailures: 3, using: &other))
}

@Test func knowsWhatIsTriedAgain() {
  let policy = RetryPolicy()
  for status in [408, 409, 425, 500, 502, 504, 520] {
    #expect(policy.verdict(status: status) == .retry, "\(status)")
  }
  for status in [429, 503, 529] {
    #expect(policy.verdict(status: status) == .throttled, "\(status)")
  }
  for status in [301, 400, 403, 404, 405, 413, 422] {
    #expect(policy.verdict(status: status) == .final, "\(status)")
  }
  #expect(policy.verdict(status: 401) == .endpointUnusable)
  #expect(policy.verdict(failure: .truncatedBody) == .retry)
  #expect(policy.verdict(failure: .tooLarge(limit: 1)) == .final)
}
