internal import Records

/// The grammar of replies that choose one of four options and say nothing else.
///
/// The whole reply must be one line of this form; letters are read in either case, white space
/// around it, Markdown's `*` and backticks, one pair of straight quotes and one final full stop do
/// not count:
///
///     reply  = [label] option
///     label  = ("answer" | "final answer" | "verdict" | "final verdict" | "choice" | "option") ":"
///            | "option "
///     option = number | phrase | number (" " | ". " | ": " | " - ") phrase
///     number = d | "(" d ")" | d ")" | "[" d "]" | "[[" d "]]"          with d from 1 to 4
///     phrase = ["candidate " | "answer " | "response "] ("a" | "b") " is better"
///            | "[[a]]" | "[[b]]"
///            | ("same " | "both " | "both are ") ("good" | "bad")
///
/// A number and a phrase together must mean the same. A letter alone is refused: it may be the first
/// token of a reply that was cut, such as "A and B are both good".
enum FourChoiceGrammar {
  private static let labels = [
    "final answer", "final verdict", "answer", "verdict", "choice", "option",
  ]

  private static let options: [Verdict] = [.aIsBetter, .bIsBetter, .sameGood, .sameBad]

  private static let numbers: [(form: String, verdict: Verdict)] = options.enumerated().flatMap {
    let digit = $0.offset + 1
    return [
      ("[[\(digit)]]", $0.element), ("[\(digit)]", $0.element), ("(\(digit))", $0.element),
      ("\(digit))", $0.element), ("\(digit)", $0.element),
    ]
  }

  private static let phrases: [String: Verdict] = {
    var phrases: [String: Verdict] = ["[[a]]": .aIsBetter, "[[b]]": .bIsBetter]
    for noun in ["", "candidate ", "answer ", "response "] {
      phrases["\(noun)a is better"] = .aIsBetter
      phrases["\(noun)b is better"] = .bIsBetter
    }
    for start in ["same ", "both ", "both are "] {
      phrases[start + "good"] = .sameGood
      phrases[start + "bad"] = .sameBad
    }
    return phrases
  }()

  static func parse(_ reply: String) -> ParsedReply {
    let text = withoutLabel(plain(reply))
    if text.utf8.contains(where: { $0 == 10 || $0 == 13 }) {
      return .unparsable("more than one line, expected one option and nothing else")
    }
    if let verdict = phrases[text] { return .verdict(verdict) }
    for (form, verdict) in numbers where text.utf8.starts(with: form.utf8) {
      let rest = text.utf8.dropFirst(form.utf8.count)
      if rest.isEmpty { return .verdict(verdict) }
      for separator in [". ", ": ", " - ", " "] where rest.starts(with: separator.utf8) {
        let phrase = String(decoding: rest.dropFirst(separator.utf8.count), as: UTF8.self)
        guard let named = phrases[phrase] else { continue }
        if named == verdict { return .verdict(verdict) }
        return .unparsable(
          "ambiguous: the number means \"\(verdict.rawValue)\", the words \"\(named.rawValue)\"")
      }
    }
    return .unparsable(reason(for: text))
  }

  /// Lower-cased ASCII without what does not count.
  private static func plain(_ reply: String) -> String {
    var bytes = reply.utf8.filter { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "`") }[...]
    func trim() {
      let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (9...13).contains($0) }
      bytes = bytes.drop(while: isSpace)
      while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    }
    trim()
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    if let first = bytes.first, bytes.count > 1, first == bytes.last,
      first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
    {
      bytes = bytes.dropFirst().dropLast()
      if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    }
    trim()
    let lowered = bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
    return String(decoding: lowered, as: UTF8.self)
  }

  private static func withoutLabel(_ text: String) -> String {
    for label in labels where text.utf8.starts(with: label.utf8) {
      var rest = text.utf8.dropFirst(label.utf8.count)
      let isOption = label == "option" && rest.first == 0x20
      guard rest.first == UInt8(ascii: ":") || isOption else { continue }
      rest = rest.dropFirst().drop { $0 == 0x20 }
      return String(decoding: rest, as: UTF8.self)
    }
    return text
  }

  private static func reason(for text: String) -> String {
    if text == "a" || text == "b" || text == "(a)" || text == "(b)" {
      return "a letter alone, which may be the start of a cut reply; expected an option, 1 to 4"
    }
    if ["tie", "[[c]]", "same", "both", "equal", "draw", "neither"].contains(text) {
      return "a tie that does not say whether both are good or both are bad"
    }
    let words = text.utf8.split { !(48...57).contains($0) && !(97...122).contains($0) }
      .map { String(decoding: $0, as: UTF8.self) }
    let named = Set(words.filter { ["1", "2", "3", "4"].contains($0) }).sorted()
    if named.count > 1 {
      return "ambiguous: names the options " + named.joined(separator: ", ")
    }
    if words.count == 1, let word = words.first, word.utf8.allSatisfy({ (48...57).contains($0) }) {
      return "\(word) is not one of the options 1 to 4"
    }
    return "not one option and nothing else: \(Excerpt.of(text))"
  }
}
