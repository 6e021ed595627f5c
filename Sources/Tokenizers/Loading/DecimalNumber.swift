/// Numbers as the reference reads them from JSON: not always the nearest ones.
///
/// It scales the digits, taken as a whole number, by a power of ten, and so rounds twice. Scores
/// that differ in their last bit decide between cuts of equal sums, such as those of `-----`.
///
/// Source: serde_json 1.0 without the feature `float_roundtrip`, `de.rs`, `f64_from_parts`.
enum DecimalNumber {
  private static let powers: [Double] = (0...308).map { Double("1e\($0)") ?? .infinity }

  /// The value that the reference reads where the nearest number is `value`.
  ///
  /// Files are written with the fewest digits that tell a number from all others; these are what is
  /// read here again.
  static func value(readAs value: Double) -> Double {
    guard value.isFinite else { return value }
    var digits: UInt64 = 0
    var exponent = 0
    var isAfterPoint = false
    var written = 0
    var isExponentNegative = false
    var isInExponent = false
    for byte in value.magnitude.description.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = UInt64(byte - UInt8(ascii: "0"))
        if isInExponent {
          written = written * 10 + Int(digit)
          continue
        }
        let (product, overflows) = digits.multipliedReportingOverflow(by: 10)
        let (sum, overflowsAgain) = product.addingReportingOverflow(digit)
        guard !overflows, !overflowsAgain else { return value }
        digits = sum
        if isAfterPoint { exponent -= 1 }
      case UInt8(ascii: "."): isAfterPoint = true
      case UInt8(ascii: "e"): isInExponent = true
      case UInt8(ascii: "-"): isExponentNegative = true
      default: break
      }
    }
    exponent += isExponentNegative ? -written : written
    var result = Double(digits)
    while exponent < -308, result != 0 {
      result /= powers[308]
      exponent += 308
    }
    guard abs(exponent) <= 308 else { return value }
    result = exponent < 0 ? result / powers[-exponent] : result * powers[exponent]
    return value.sign == .minus ? -result : result
  }
}
