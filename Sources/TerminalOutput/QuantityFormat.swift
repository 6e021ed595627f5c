/// Numbers as people read them; the same in every locale, so that output can be compared.
package enum QuantityFormat {
  /// A whole number with a comma between groups of three digits: `1,234,567`.
  ///
  /// - Parameter value: any whole number.
  /// - Returns: its decimal digits, grouped.
  package static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var result = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }

  /// A size in bytes with a decimal unit: `512 B`, `12.3 MB`.
  ///
  /// - Parameter value: a number of bytes.
  /// - Returns: three significant digits or fewer, and the unit (1 kB is 1,000 bytes).
  package static func bytes(_ value: Int) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
    let magnitude = Double(value.magnitude)
    guard magnitude >= 1000 else { return "\(value) B" }
    var scaled = magnitude
    var unit = "B"
    for next in units {
      // 999.95 would be written as 1000.0: it belongs to the next unit.
      if scaled < 999.95 { break }
      scaled /= 1000
      unit = next
    }
    return "\(value < 0 ? "-" : "")\(fixed(scaled, digits: 1)) \(unit)"
  }

  /// A length of time in its two largest units: `0.4s`, `12s`, `3m 20s`, `2h 05m`, `3d 04h`.
  ///
  /// - Parameter seconds: a length of time; anything that is not a number is written as `?`.
  /// - Returns: the length, rounded to the smaller unit.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "?" }
    let positive = max(0, seconds)
    if positive < 9.95 { return fixed(positive, digits: 1) + "s" }
    let whole = Int(positive.rounded())
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m \(twoDigits(whole % 60))s" }
    let minutes = Int((positive / 60).rounded())
    if minutes < 24 * 60 { return "\(minutes / 60)h \(twoDigits(minutes % 60))m" }
    let hours = Int((positive / 3600).rounded())
    return "\(hours / 24)d \(twoDigits(hours % 24))h"
  }

  /// A number with a fixed number of decimals: `0.875`.
  ///
  /// - Parameters:
  ///   - value: any number; one that is not finite is written as `nan`, `inf` or `-inf`.
  ///   - digits: the number of decimals, 0 to 15.
  /// - Returns: the value rounded half away from zero, with a point.
  package static func fixed(_ value: Double, digits: Int) -> String {
    precondition((0...15).contains(digits), "digits is \(digits), expected 0...15")
    guard value.isFinite else { return "\(value)" }
    let power = (0..<digits).reduce(1) { result, _ in result * 10 }
    let scaled = (value.magnitude * Double(power)).rounded()
    // Beyond 2^53 a double has no decimals left that could be rounded.
    guard scaled < 0x1p53 else { return "\(value)" }
    let units = Int(scaled)
    let sign = value < 0 && units > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(units)" }
    let decimals = String(units % power)
    let zeros = String(repeating: "0", count: digits - decimals.count)
    return "\(sign)\(units / power).\(zeros)\(decimals)"
  }

  /// A share as a percentage: `12.5%`.
  ///
  /// - Parameters:
  ///   - part: the number that is counted.
  ///   - whole: the number it is a share of.
  ///   - digits: the number of decimals.
  /// - Returns: the percentage, or `-` when the whole is zero.
  package static func percent(_ part: Int, of whole: Int, digits: Int = 1) -> String {
    whole == 0 ? "-" : fixed(100 * Double(part) / Double(whole), digits: digits) + "%"
  }

  /// How many a second: `1,234`, `12.3`, `0.45`.
  ///
  /// - Parameter perSecond: a number of items in each second.
  /// - Returns: at most three significant digits below a thousand.
  package static func rate(_ perSecond: Double) -> String {
    guard perSecond.isFinite, perSecond < 1e15 else { return "?" }
    if perSecond >= 99.95 { return count(Int(perSecond.rounded())) }
    return fixed(perSecond, digits: perSecond >= 9.995 || perSecond == 0 ? 1 : 2)
  }

  private static func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
