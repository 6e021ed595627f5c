internal import Synchronization

/// Counts what people and addresses do, so that none does too much.
///
/// Source: the token bucket; J. Turner, New directions in communications, IEEE Communications
/// Magazine 24(10), 1986 ("leaky bucket" as a meter).
final class RateLimiter: Sendable {
  typealias Rate = AnnotationServiceOptions.Rate

  private struct Bucket {
    var tokens: Double
    var time: Double
  }

  private struct State {
    var buckets: [String: Bucket] = [:]
    /// The number of buckets after which full ones are thrown away.
    var limit = 4096
  }

  private let rate: Rate
  private let state = Mutex(State())

  init(_ rate: Rate) { self.rate = rate }

  /// How many people or addresses are remembered.
  var count: Int { state.withLock { $0.buckets.count } }

  /// Takes a token.
  ///
  /// - Parameters:
  ///   - key: whose.
  ///   - time: now, in seconds of any clock that does not go back.
  /// - Returns: `nil` when there was one; else after how many seconds there will be.
  func take(_ key: String, at time: Double) -> Int? {
    state.withLock { state in
      var bucket = current(key, time, &state)
      let wait = wait(for: bucket)
      if wait == nil { bucket.tokens -= 1 }
      state.buckets[key] = bucket
      return wait
    }
  }

  /// Whether there is a token, without taking it.
  func check(_ key: String, at time: Double) -> Int? {
    state.withLock { state in wait(for: current(key, time, &state)) }
  }

  private func wait(for bucket: Bucket) -> Int? {
    guard bucket.tokens < 1 else { return nil }
    guard rate.perSecond > 0 else { return 3600 }
    return min(3600, max(1, Int(((1 - bucket.tokens) / rate.perSecond).rounded(.up))))
  }

  private func current(_ key: String, _ time: Double, _ state: inout State) -> Bucket {
    guard let bucket = state.buckets[key] else {
      if state.buckets.count >= state.limit { forgetFullBuckets(time, &state) }
      return Bucket(tokens: rate.burst, time: time)
    }
    return Bucket(tokens: tokens(of: bucket, time), time: time)
  }

  private func tokens(of bucket: Bucket, _ time: Double) -> Double {
    min(rate.burst, bucket.tokens + max(0, time - bucket.time) * rate.perSecond)
  }

  /// A full bucket says no more than a missing one.
  private func forgetFullBuckets(_ time: Double, _ state: inout State) {
    state.buckets = state.buckets.filter { tokens(of: $0.value, time) < rate.burst }
    // Many addresses at once: looking at all of them again for each would take long.
    state.limit = max(4096, 2 * state.buckets.count)
  }
}
