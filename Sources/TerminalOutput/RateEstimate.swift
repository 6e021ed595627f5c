internal import Glibc

/// The recent speed of work: an average over reports that forgets the past within some seconds.
struct RateEstimate: Sendable {
  /// The time after which an old speed weighs 1/e.
  private static let memorySeconds = 10.0
  /// Before so much time has passed, what came in one go would look like an enormous speed.
  private static let leastSeconds = 0.3

  private var last: (done: Int, time: Double)?
  private var weightedItems = 0.0
  private var weightedSeconds = 0.0

  /// The speed in items a second, or nil before there is enough to tell it from.
  var perSecond: Double? {
    weightedSeconds >= Self.leastSeconds ? max(0, weightedItems / weightedSeconds) : nil
  }

  /// Takes a report in.
  ///
  /// - Parameters:
  ///   - done: how much is done in all.
  ///   - time: the time of the report in seconds; a clock that stands still adds nothing.
  mutating func add(done: Int, at time: Double) {
    guard let previous = last else {
      last = (done, time)
      return
    }
    let seconds = time - previous.time
    guard seconds > 0 else { return }
    let kept = exp(-seconds / Self.memorySeconds)
    weightedItems = weightedItems * kept + Double(done - previous.done)
    weightedSeconds = weightedSeconds * kept + seconds
    last = (done, time)
  }
}
