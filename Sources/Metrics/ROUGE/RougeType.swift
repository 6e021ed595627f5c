/// A ROUGE measure.
package enum RougeType: Sendable, Hashable {
  /// Common n-grams, for n from 1 to 9: `rouge1`…
  case nGrams(Int)
  /// The longest common subsequence of the whole texts: `rougeL`.
  case longestCommonSubsequence
  /// The union of the longest common subsequences of the lines: `rougeLsum`.
  case summary

  /// A measure by rouge-score's name for it.
  ///
  /// - Parameter name: `rouge1` to `rouge9`, `rougeL` or `rougeLsum`.
  package init?(name: String) {
    switch name {
    case "rougeL": self = .longestCommonSubsequence
    case "rougeLsum": self = .summary
    default:
      guard name.utf8.count == 6, name.hasPrefix("rouge"), let digit = name.utf8.last,
        (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(digit)
      else { return nil }
      self = .nGrams(Int(digit - UInt8(ascii: "0")))
    }
  }

  /// rouge-score's name for it.
  package var name: String {
    switch self {
    case .nGrams(let n): "rouge\(n)"
    case .longestCommonSubsequence: "rougeL"
    case .summary: "rougeLsum"
    }
  }
}
