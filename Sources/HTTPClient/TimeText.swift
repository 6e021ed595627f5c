/// Times in header fields: `20`, `1.5`, `250ms`, `6m0s`, HTTP dates, RFC 3339 and Unix times.
package enum TimeText {
  /// The seconds from now that a text names.
  ///
  /// - Parameters:
  ///   - text: the value of a header field.
  ///   - unixTime: now, in seconds since 1970.
  /// - Returns: seconds, 0 for times in the past; `nil` when the text is no time.
  package static func seconds(in text: String, unixTime: Double) -> Double? {
    let text = text.trimmed
    guard let first = text.utf8.first else { return nil }
    if let number = Double(text) {
      guard number.isFinite, number >= 0 else { return nil }
      // No server asks to wait for thirty years: these are points in time, in (milli)seconds.
      if number > 1e11 { return max(0, number / 1000 - unixTime) }
      return number > 1e9 ? max(0, number - unixTime) : number
    }
    if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
      return duration(text) ?? rfc3339(text).map { max(0, $0 - unixTime) }
    }
    return httpDate(text).map { max(0, $0 - unixTime) }
  }

  /// `1h2m3.5s`, `250ms`, `1d`.
  private static func duration(_ text: String) -> Double? {
    var total = 0.0
    var rest = text[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let number = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count)
      switch unit {
      case "ns": total += number / 1e9
      case "us", "µs", "μs": total += number / 1e6
      case "ms": total += number / 1e3
      case "s": total += number
      case "m": total += number * 60
      case "h": total += number * 3600
      case "d": total += number * 86_400
      default: return nil
      }
    }
    return total
  }

  /// `2026-01-02T03:04:05Z`, with a fraction or an offset.
  private static func rfc3339(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A,
      bytes[16] == 0x3A, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      let start = unixTime(year, month, day, hour, minute, second)
    else { return nil }
    var rest = bytes[19...]
    var fraction = 0.0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
      fraction = Double("0." + String(decoding: digits, as: UTF8.self)) ?? 0
      rest = rest.dropFirst(digits.count + 1)
    }
    let base = start + fraction
    switch rest.first {
    case UInt8(ascii: "Z"), UInt8(ascii: "z"): return base
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      guard rest.count == 6, let hours = number(rest.dropFirst().prefix(2)),
        let minutes = number(rest.suffix(2))
      else { return nil }
      let offset = Double(hours * 3600 + minutes * 60)
      return rest.first == UInt8(ascii: "+") ? base - offset : base + offset
    default: return nil
    }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, and the two older forms.
  ///
  /// Source: RFC 9110, section 5.6.7.
  private static func httpDate(_ text: String) -> Double? {
    let marks: Set<Character> = [" ", ",", "-"]
    let parts = text.split(whereSeparator: { marks.contains($0) })
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard parts.count >= 5 else { return nil }
    // asctime: Sun Nov 6 08:49:37 1994
    let isASCTime = months.contains(String(parts[1]))
    let (dayText, monthText) = isASCTime ? (parts[2], parts[1]) : (parts[1], parts[2])
    let (timeText, yearText) = isASCTime ? (parts[3], parts[4]) : (parts[4], parts[3])
    let time = timeText.split(separator: ":").compactMap { Int($0) }
    guard let day = Int(dayText), let month = months.firstIndex(of: String(monthText)),
      var year = Int(yearText), time.count == 3
    else { return nil }
    if yearText.count == 2 { year += year < 70 ? 2000 : 1900 }
    return unixTime(year, month + 1, day, time[0], time[1], time[2])
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: digits, as: UTF8.self))
  }

  /// Seconds since 1970 of a date of the Gregorian calendar in UTC.
  ///
  /// Source: Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
  private static func unixTime(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
  ) -> Double? {
    guard (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second), (0...9999).contains(year)
    else { return nil }
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return Double(days * 86_400 + hour * 3600 + minute * 60 + second)
  }
}

extension String {
  fileprivate var trimmed: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !isSpace($0) }),
      let last = lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[first...last])
  }
}
