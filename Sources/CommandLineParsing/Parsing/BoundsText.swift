/// Says the bounds of a number in words.
enum BoundsText {
  /// The words for a range: `from 1 to 10`, `1 or more`, `more than 0`.
  ///
  /// - Parameter range: any of the standard library's ranges.
  /// - Returns: what a number in the range is.
  static func words<Bound>(_ range: some RangeExpression<Bound>) -> String {
    switch range {
    case let range as ClosedRange<Bound>:
      isJustAboveZero(range.lowerBound)
        ? "more than 0, at most \(range.upperBound)"
        : "from \(range.lowerBound) to \(range.upperBound)"
    case let range as Range<Bound>:
      isJustAboveZero(range.lowerBound)
        ? "more than 0, less than \(range.upperBound)"
        : "at least \(range.lowerBound), less than \(range.upperBound)"
    case let range as PartialRangeFrom<Bound>:
      isJustAboveZero(range.lowerBound) ? "more than 0" : "\(range.lowerBound) or more"
    case let range as PartialRangeThrough<Bound>: "\(range.upperBound) or less"
    case let range as PartialRangeUpTo<Bound>: "less than \(range.upperBound)"
    default: "\(range)"
    }
  }

  /// Swift has no range without its lower bound: the least positive number stands for it.
  private static func isJustAboveZero<Bound>(_ bound: Bound) -> Bool {
    (bound as? Double) == .leastNonzeroMagnitude
  }
}
