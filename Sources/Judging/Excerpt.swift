/// The beginning of a text, on one line and in quotes, for messages.
enum Excerpt {
  static func of(_ text: some StringProtocol) -> String {
    let limit = 60
    let isLong = text.unicodeScalars.count > limit
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) {
      line.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
    }
    return "\"\(String(line))\(isLong ? "…" : "")\""
  }
}
