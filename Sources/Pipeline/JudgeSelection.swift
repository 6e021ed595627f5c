internal import JSON
package import Judging

/// Whose verdicts a report or an export is made of, how much each counts, and how the two
/// presentation orders of a pair combine.
package struct JudgeSelection: Sendable {
  /// The judges; empty for all of them.
  package var names: [String] = []
  /// Weights by judge or by kind of judge, the last one that fits counts; 1 where none fits. A judge
  /// of weight 0 is left out.
  package var weights: [(subject: String, weight: Double)] = []
  /// How two orders become one verdict; `nil` lets each order count as a verdict of its own.
  package var orders: OrderCombination?

  /// All judges, every verdict counting 1.
  package init() {}

  /// A short text for names of rankings: the judges, and how orders combine when they do.
  package var label: String {
    (names.isEmpty ? "all judges" : names.joined(separator: "+"))
      + (orders.map { ", \($0.rawValue)" } ?? "")
  }

  /// The weights and the treatment of orders, for what is recorded of a run.
  var json: JSONObject {
    var object: JSONObject = [:]
    for (subject, weight) in weights { object[subject] = .double(weight) }
    return ["weights": .object(object), "orders": .string(orders?.rawValue ?? "each")]
  }
}
