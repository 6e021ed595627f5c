/// How much people agree in a queue.
package struct AgreementFigures: Sendable, Equatable {
  /// A statistic with its 95 % confidence interval.
  package struct Statistic: Sendable, Equatable {
    /// `raw`, `cohen_kappa`, `fleiss_kappa`, `krippendorff_alpha` or `gwet_ac2`.
    package let name: String
    /// The value; `nil` when it is not defined.
    package let value: Double?
    /// The interval's lower end.
    package let low: Double?
    /// The interval's upper end.
    package let high: Double?

    /// A statistic.
    package init(name: String, value: Double?, low: Double?, high: Double?) {
      self.name = name
      self.value = value
      self.low = low
      self.high = high
    }
  }

  /// Two people.
  package struct Pair: Sendable, Equatable {
    /// The first one's name.
    package let first: String
    /// The second one's name.
    package let second: String
    /// What both voted on.
    package let items: Int
    /// The share of equal votes.
    package let raw: Double?
    /// Cohen's kappa.
    package let kappa: Double?

    /// Two people.
    package init(first: String, second: String, items: Int, raw: Double?, kappa: Double?) {
      self.first = first
      self.second = second
      self.items = items
      self.raw = raw
      self.kappa = kappa
    }
  }

  /// What was voted on by two people or more.
  package let items: Int
  /// The people who voted.
  package let raters: Int
  /// The statistics.
  package let statistics: [Statistic]
  /// All two people who have something in common.
  package let pairs: [Pair]

  /// Figures.
  package init(items: Int, raters: Int, statistics: [Statistic], pairs: [Pair]) {
    self.items = items
    self.raters = raters
    self.statistics = statistics
    self.pairs = pairs
  }
}
