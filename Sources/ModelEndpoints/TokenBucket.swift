/// Allows an amount per minute, evenly over the minute with a small burst.
///
/// The burst is one second's worth, at least 1: starting with a full minute's worth would allow
/// twice the limit in the first minute.
package struct TokenBucket: Sendable, Equatable {
  private let perSecond: Double
  private let capacity: Double
  private var level: Double
  private var time: Double

  /// A full bucket.
  ///
  /// - Parameters:
  ///   - perMinute: the amount allowed in a minute.
  ///   - time: now, in seconds.
  package init(perMinute: Double, time: Double) {
    perSecond = perMinute / 60
    capacity = max(1, perSecond)
    level = capacity
    self.time = time
  }

  /// Seconds until an amount may be taken; an amount beyond the capacity needs a full bucket.
  ///
  /// - Parameters:
  ///   - amount: how much.
  ///   - now: now, in seconds.
  /// - Returns: 0 when it may be taken now.
  package func wait(for amount: Double, at now: Double) -> Double {
    let missing = min(amount, capacity) - filled(now)
    // Rounding must not ask for a wait that is too short to fill the bucket.
    return missing <= 1e-9 ? 0 : missing / perSecond
  }

  /// Takes an amount, into debt if need be; a negative amount gives back.
  ///
  /// - Parameters:
  ///   - amount: how much.
  ///   - now: now, in seconds.
  package mutating func take(_ amount: Double, at now: Double) {
    level = min(capacity, filled(now) - amount)
    time = max(time, now)
  }

  private func filled(_ now: Double) -> Double {
    min(capacity, level + max(0, now - time) * perSecond)
  }
}
