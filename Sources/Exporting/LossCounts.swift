/// The losses of an export, counted by reason.
package struct LossCounts: Sendable, Equatable {
  /// How many pairs, candidates or verdicts were lost, by reason; only reasons that occurred.
  package private(set) var counts: [ExportLoss.Reason: Int] = [:]
  /// How many examples had such a loss.
  package private(set) var examples: [ExportLoss.Reason: Int] = [:]

  /// No losses.
  package init() {}

  /// Adds the losses of one example.
  ///
  /// - Parameter losses: all losses of the example.
  package mutating func add(_ losses: [ExportLoss]) {
    for loss in losses { counts[loss.reason, default: 0] += loss.count }
    for reason in Set(losses.map(\.reason)) { examples[reason, default: 0] += 1 }
  }

  /// Reasons with their counts, in the order of their names.
  package var sorted: [(reason: ExportLoss.Reason, count: Int, examples: Int)] {
    counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value, examples[$0.key] ?? 0) }
  }
}
