/// The counts of a corpus that BLEU is computed from, added up hypothesis by hypothesis.
package struct BLEUCorpus: Sendable {
  private var sum: BLEUStatistics
  private let smoothing: BLEUSmoothing

  init(order: Int, smoothing: BLEUSmoothing) {
    sum = BLEUStatistics(order: order)
    self.smoothing = smoothing
  }

  mutating func add(_ statistics: BLEUStatistics) { sum += statistics }

  /// The score; all orders count, as in sacreBLEU's corpus score.
  package var score: BLEUScore {
    BLEUScore(sum, smoothing: smoothing, usesEffectiveOrder: false)
  }
}
