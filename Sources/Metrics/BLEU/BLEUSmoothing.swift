/// What BLEU does about orders without a match.
///
/// Source: Chen and Cherry, "A Systematic Comparison of Smoothing Techniques for Sentence-Level
/// BLEU" (WMT 2014); sacreBLEU 2.6.0.
package enum BLEUSmoothing: Sendable, Hashable {
  /// Each further order without a match counts half a match less: 1/2, 1/4… sacreBLEU's default.
  case exponential
  /// An order without a match counts so many matches; sacreBLEU's default is 0.1.
  case floor(Double)
  /// Counts and totals of all orders above 1 grow by this; sacreBLEU's default is 1.
  case add(Double)
  /// Nothing.
  case none

  /// sacreBLEU's name for it, with the value to two places.
  var signature: String {
    switch self {
    case .exponential: "exp"
    case .floor(let value): "floor[\(Self.twoPlaces(value))]"
    case .add(let value): "add-k[\(Self.twoPlaces(value))]"
    case .none: "none"
    }
  }

  private static func twoPlaces(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded(.toNearestOrEven))
    let fraction = String(hundredths % 100)
    return "\(hundredths / 100)." + (fraction.utf8.count == 1 ? "0" : "") + fraction
  }
}
