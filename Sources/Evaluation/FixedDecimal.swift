/// Numbers for people: a fixed number of digits, rounded as `printf` rounds.
package enum FixedDecimal {
  /// A number with a fixed number of digits after the point; exact halves round to even.
  ///
  /// - Parameters:
  ///   - value: the number.
  ///   - decimals: digits after the point, 0…9.
  /// - Returns: the text; a rounded zero has no sign.
  package static func text(_ value: Double, decimals: Int) -> String {
    precondition((0...9).contains(decimals), "\(decimals) decimals")
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let magnitude = abs(value)
    guard magnitude < 9e15 / Double(scale) else { return "\(value)" }
    // The product's rounding error decides ties that only the rounded product has.
    let product = magnitude * Double(scale)
    let error = (-product).addingProduct(magnitude, Double(scale))
    var digits = Int(product.rounded(.down))
    let rest = product - Double(digits)
    if rest > 0.5 || (rest == 0.5 && (error > 0 || (error == 0 && digits % 2 == 1))) {
      digits += 1
    }
    var result = value < 0 && digits > 0 ? "-" : ""
    result += String(digits / scale)
    if decimals > 0 {
      let fraction = String(digits % scale)
      result += "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
    return result
  }

  /// A whole number with commas between groups of three digits.
  ///
  /// - Parameter value: the number.
  /// - Returns: the text.
  package static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude).utf8)
    var text = value < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0 && (digits.count - position) % 3 == 0 { text += "," }
      text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text
  }

  /// A count: whole where it is, else with one decimal.
  static func count(_ value: Double) -> String {
    value == value.rounded() ? text(value, decimals: 0) : text(value, decimals: 1)
  }
}
