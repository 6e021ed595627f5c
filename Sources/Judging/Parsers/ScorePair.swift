internal import Records

/// The grammar of replies whose first line holds two marks, A's before B's.
///
/// The marks are decimal numbers without sign or exponent, apart by spaces, tabs or commas, and
/// nothing else stands on the line. The higher mark is better; equal marks are a tie that does not
/// say whether both are good or bad: it becomes `Same good` with `isTieKindAssumed`.
///
/// Source: `parse_score` of FastChat's Vicuna-benchmark reviews. Marks that people later read out of
/// free text are not found: such a reply is unparsable.
enum ScorePair {
  static func parse(_ reply: String) -> ParsedReply {
    let text = reply.utf8.drop { $0 == 0x20 || (9...13).contains($0) }
    let line = text.prefix { $0 != 10 && $0 != 13 }
    let parts = line.split { $0 == 0x20 || $0 == 9 || $0 == UInt8(ascii: ",") }
      .map { String(decoding: $0, as: UTF8.self) }
    guard parts.count == 2, let a = number(parts[0]), let b = number(parts[1]) else {
      return .unparsable(
        "expected two numbers on the first line, got "
          + Excerpt.of(String(decoding: line, as: UTF8.self)))
    }
    let marks = ParsedReply.Marks(a: a, b: b)
    if a == b { return .verdict(.sameGood, isTieKindAssumed: true, marks: marks) }
    return .verdict(a > b ? .aIsBetter : .bIsBetter, marks: marks)
  }

  private static func number(_ text: String) -> Double? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (48...57).contains($0) }
    }
    guard parts.count <= 2, isPlain, let value = Double(text), value.isFinite else { return nil }
    return value
  }
}
