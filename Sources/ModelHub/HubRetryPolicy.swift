package import HTTPClient

/// Which failures of a hub are tried again, and when.
package struct HubRetryPolicy: Sendable, Equatable {
  /// The failures in a row, without enough progress between them, after which a file is given up.
  package var maximumFailures = 6
  /// The requests in a row that a hub may turn away with 429.
  package var maximumThrottles = 10
  /// The bytes that make a failure forgotten.
  package var progressBytes = 1 << 20
  /// Seconds before the second attempt.
  package var firstDelay = 1.0
  /// The most seconds between two attempts, unless the hub asks for more.
  package var maximumDelay = 30.0
  /// The most seconds that a hub may ask to wait.
  package var maximumServerDelay = 900.0

  /// The usual policy.
  package init() {}

  /// Whether another attempt can succeed after the network failed.
  ///
  /// - Parameter kind: what happened.
  /// - Returns: whether to try again.
  package func isTransient(_ kind: HTTPFailure.Kind) -> Bool {
    switch kind {
    case .badURL, .tooLarge, .cancelled, .refusedBySink: false
    default: true
    }
  }

  /// Whether no connection came about.
  static func isConnectionFailure(_ kind: HTTPFailure.Kind) -> Bool {
    switch kind {
    case .couldNotResolve, .connectionRefused, .couldNotConnect, .tls: true
    default: false
    }
  }

  /// Whether another attempt can succeed after an answer.
  ///
  /// - Parameter status: the status code.
  /// - Returns: whether to try again.
  package func isTransient(status: Int) -> Bool {
    status == 408 || status == 425 || (500...599).contains(status)
  }

  /// Seconds to wait after failures, doubled with each, the last half at random.
  ///
  /// Source: "equal jitter", Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
  ///
  /// - Parameters:
  ///   - failures: how many in a row, from 1.
  ///   - generator: the randomness.
  /// - Returns: seconds.
  package func delay(
    afterFailures failures: Int, using generator: inout some RandomNumberGenerator
  ) -> Double {
    var limit = firstDelay
    for _ in 1..<max(2, min(failures, 40)) where failures > 1 { limit *= 2 }
    limit = min(limit, maximumDelay)
    return limit > 0 ? Double.random(in: (limit / 2)...limit, using: &generator) : 0
  }
}
