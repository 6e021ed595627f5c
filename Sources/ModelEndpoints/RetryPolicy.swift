package import HTTPClient

/// Which failures are tried again, when, and how often.
package struct RetryPolicy: Sendable, Equatable {
  /// What becomes of a failed attempt.
  package enum Verdict: Sendable, Equatable {
    /// Another attempt may succeed.
    case retry
    /// The server asks for fewer requests; another attempt may succeed later.
    case throttled
    /// No attempt will succeed.
    case final
    /// No request to this endpoint will succeed: the key is wrong, or the account is empty.
    case endpointUnusable
  }

  /// The most attempts of a call, those that were throttled not counted.
  package var maximumAttempts = 5
  /// The most attempts of a call that were throttled.
  package var maximumThrottledAttempts = 20
  /// Seconds before the second attempt, on average.
  package var firstDelay = 0.5
  /// The most seconds between two attempts, unless the server asks for more.
  package var maximumDelay = 60.0
  /// The most seconds that a server may ask to wait; the endpoint is given up beyond.
  package var maximumServerDelay = 900.0
  /// The failed connections in a row after which an endpoint counts as not reachable…
  package var unreachableFailures = 6
  /// …when at least so many seconds lie between the first and the last of them.
  package var unreachableSeconds = 5.0

  /// The calls in a row that fail at every attempt, after which an endpoint is given up; at least as
  /// many as it may have in flight.
  package var hopelessCalls = 20

  /// The usual policy.
  package init() {}

  /// What becomes of an attempt that was answered with this status.
  ///
  /// - Parameter status: a status outside of 200 to 299.
  /// - Returns: the verdict.
  package func verdict(status: Int) -> Verdict {
    switch status {
    case 401, 402: .endpointUnusable
    case 429, 503, 529: .throttled
    case 408, 409, 425, 500...599: .retry
    default: .final
    }
  }

  /// What becomes of an attempt that the network failed.
  ///
  /// - Parameter kind: what happened.
  /// - Returns: the verdict.
  package func verdict(failure kind: HTTPFailure.Kind) -> Verdict {
    switch kind {
    case .badURL: .endpointUnusable
    case .tooLarge, .cancelled: .final
    default: .retry
    }
  }

  /// Seconds to wait before another attempt: exponential, between half and all of it at random.
  ///
  /// Source: "equal jitter", Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
  ///
  /// - Parameters:
  ///   - failures: how often it failed, from 1.
  ///   - generator: the randomness.
  /// - Returns: seconds.
  package func delay(
    afterFailures failures: Int, using generator: inout some RandomNumberGenerator
  ) -> Double {
    var limit = firstDelay
    for _ in 1..<max(2, min(failures, 60)) where failures > 1 { limit *= 2 }
    limit = min(limit, maximumDelay)
    return Double.random(in: (limit / 2)...limit, using: &generator)
  }
}
