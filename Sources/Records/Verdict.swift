/// What a judge says of a pair of candidates, in the four choices of MixInstruct.
///
/// Raw values are the exact strings of the published files.
public enum Verdict: String, Sendable, CaseIterable, Hashable {
  /// The first candidate of the pair is better.
  case aIsBetter = "A is better"
  /// The second candidate of the pair is better.
  case bIsBetter = "B is better"
  /// Both are equally good.
  case sameGood = "Same good"
  /// Both are equally bad.
  case sameBad = "Same bad"

  /// The verdict on the same pair with its candidates exchanged.
  public var exchanged: Verdict {
    switch self {
    case .aIsBetter: .bIsBetter
    case .bIsBetter: .aIsBetter
    case .sameGood, .sameBad: self
    }
  }

  /// Whether neither candidate is better.
  public var isTie: Bool { self == .sameGood || self == .sameBad }
}
