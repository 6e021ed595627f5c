/// A coefficient of agreement with its 95 % interval, as far as the ratings define them.
package struct AgreementEstimate: Sendable, Equatable {
  /// The coefficient; 1 is full agreement, 0 what chance gives; `nil` where it is undefined.
  package let value: Double?
  /// Its standard error; `nil` where one item, or none, tells nothing of the spread.
  package let standardError: Double?
  /// Where it lies with 95 % confidence; `nil` without a spread.
  package let interval: ConfidenceInterval?

  /// The lower limit of the interval.
  package var low: Double? { interval?.lower }
  /// The upper limit of the interval.
  package var high: Double? { interval?.upper }

  /// A coefficient that the ratings do not define.
  package static let undefined = AgreementEstimate(
    value: nil, standardError: nil, interval: nil)

  init(value: Double?, standardError: Double?, interval: ConfidenceInterval?) {
    self.value = value
    self.standardError = standardError
    self.interval = interval
  }

  /// A coefficient with a normal interval or, for a mean over items, one of Student's t.
  ///
  /// - Parameters:
  ///   - value: the coefficient.
  ///   - variance: its variance; `nil` when it cannot be told.
  ///   - freedom: the degrees of freedom; `nil` for a normal interval.
  init(_ value: Double, variance: Double?, freedom: Int?) {
    let error = variance.map { max(0, $0).squareRoot() }
    self.init(
      value: value, standardError: error,
      interval: error.map { error in
        let reach =
          freedom.map(StudentDistribution.reach95(freedom:)) ?? ConfidenceInterval.normalReach95
        return .around(value, reach: reach * error, within: -1...1)
      })
  }
}
