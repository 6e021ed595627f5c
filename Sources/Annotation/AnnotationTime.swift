/// A moment in UTC, in whole milliseconds; as text it is ISO 8601 of one length, so that texts sort.
package struct AnnotationTime: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package let milliseconds: Int64

  /// The moment so many milliseconds after the beginning of 1970.
  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Reads `2026-01-31T12:00:00.000Z`; the fraction may be missing.
  ///
  /// - Parameter text: the text; `nil` is returned for anything else.
  package init?(_ text: String) {
    let digits = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int64? {
      guard range.upperBound <= digits.count else { return nil }
      var value: Int64 = 0
      for digit in digits[range] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
        value = value * 10 + Int64(digit - UInt8(ascii: "0"))
      }
      return value
    }
    func isMark(_ place: Int, _ mark: Unicode.Scalar) -> Bool {
      place < digits.count && digits[place] == UInt8(ascii: mark)
    }
    guard let year = number(0..<4), isMark(4, "-"), let month = number(5..<7), isMark(7, "-"),
      let day = number(8..<10), isMark(10, "T"), let hour = number(11..<13), isMark(13, ":"),
      let minute = number(14..<16), isMark(16, ":"), let second = number(17..<19),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    var fraction: Int64 = 0
    if isMark(19, ".") {
      guard digits.count == 24, isMark(23, "Z"), let value = number(20..<23) else { return nil }
      fraction = value
    } else {
      guard digits.count == 20, isMark(19, "Z") else { return nil }
    }
    let seconds =
      Self.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    milliseconds = seconds * 1000 + fraction
  }

  /// ISO 8601 with milliseconds, such as `2026-01-31T12:00:00.000Z`.
  package var iso8601: String {
    let days = Self.floorDivide(milliseconds, 86_400_000)
    let (year, month, day) = Self.date(days: days)
    let rest = milliseconds - days * 86_400_000
    let (second, fraction) = (rest / 1000, rest % 1000)
    // Written digit by digit: every request asks for some.
    var text: [UInt8] = []
    text.reserveCapacity(24)
    Self.append(year, 4, "-", to: &text)
    Self.append(month, 2, "-", to: &text)
    Self.append(day, 2, "T", to: &text)
    Self.append(second / 3600, 2, ":", to: &text)
    Self.append(second / 60 % 60, 2, ":", to: &text)
    Self.append(second % 60, 2, ".", to: &text)
    Self.append(fraction, 3, "Z", to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The moment so many seconds later.
  package func adding(seconds: Int) -> AnnotationTime {
    AnnotationTime(milliseconds: milliseconds + Int64(seconds) * 1000)
  }

  /// The midnight in UTC that the moment's day began with.
  package var startOfDay: AnnotationTime {
    AnnotationTime(
      milliseconds: Self.floorDivide(milliseconds, 86_400_000) * 86_400_000)
  }

  /// The earlier one first.
  package static func < (left: AnnotationTime, right: AnnotationTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  private static func append(
    _ number: Int64, _ width: Int, _ mark: Unicode.Scalar, to text: inout [UInt8]
  ) {
    var divisor: Int64 = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
    text.append(UInt8(ascii: mark))
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
  }

  // The calendar with years that begin in March, so that the leap day is the last one.
  // Source: E. G. Richards, Mapping Time (1998), the Gregorian calendar's day numbers.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * marchMonth + 2) / 5 + 1
    )
  }
}
