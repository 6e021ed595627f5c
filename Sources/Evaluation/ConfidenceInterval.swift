/// A value with the limits of its confidence interval.
package struct ConfidenceInterval: Sendable, Equatable {
  /// The lower limit.
  package let lower: Double
  /// The upper limit.
  package let upper: Double

  /// Half the width of a 95 % interval in standard errors, for a normal distribution.
  static let normalReach95 = 1.959_963_984_540_054

  /// An interval that reaches equally far to both sides, cut where no value can be.
  ///
  /// - Parameters:
  ///   - value: the middle.
  ///   - reach: half the width.
  ///   - limits: the values that are possible.
  /// - Returns: the interval.
  static func around(
    _ value: Double, reach: Double, within limits: ClosedRange<Double>
  ) -> ConfidenceInterval {
    ConfidenceInterval(
      lower: max(limits.lowerBound, value - reach), upper: min(limits.upperBound, value + reach))
  }

  /// The 95 % score interval of a share, which is sound for few trials and for 0 % and 100 %.
  ///
  /// Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference
  /// (1927).
  ///
  /// - Parameters:
  ///   - share: the observed share, from 0 to 1.
  ///   - trials: the number of trials, more than 0.
  /// - Returns: the interval.
  static func wilson(_ share: Double, trials: Double) -> ConfidenceInterval {
    let square = normalReach95 * normalReach95
    let middle = (share + square / (2 * trials)) / (1 + square / trials)
    let variance = share * (1 - share) / trials + square / (4 * trials * trials)
    let reach = normalReach95 * variance.squareRoot() / (1 + square / trials)
    // At 0 % and 100 % the limit is exact; the two terms above are so only up to rounding.
    return ConfidenceInterval(
      lower: share == 0 ? 0 : max(0, middle - reach),
      upper: share == 1 ? 1 : min(1, middle + reach))
  }
}
