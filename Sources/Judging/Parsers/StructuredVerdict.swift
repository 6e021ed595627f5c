internal import JSON
internal import Records

/// The grammar of replies that are one JSON object with the member `verdict`.
///
/// `verdict` is exactly one of `A is better`, `B is better`, `Same good`, `Same bad`; a string member
/// `reason` is kept; other members do not matter. White space may surround the object, and one
/// Markdown code fence (with or without the word `json`); any other text around it is refused.
enum StructuredVerdict {
  static func parse(_ reply: String) -> ParsedReply {
    let parser = JSONParser()
    do {
      return try parser.parse(unfenced(reply.utf8[...])) { read($0) }
    } catch {
      return .unparsable("expected one JSON object and nothing else: \(error)")
    }
  }

  private static func read(_ root: JSONElement) -> ParsedReply {
    guard root.kind == .object else {
      return .unparsable("expected a JSON object, got \(root.kindName)")
    }
    var verdicts: [JSONElement] = []
    var explanation: String?
    root.forEachMember { key, value in
      if key.isString("verdict") { verdicts.append(value) }
      if key.isString("reason") { explanation = value.string }
    }
    guard let element = verdicts.first else {
      return .unparsable("the object has no member \"verdict\"")
    }
    guard verdicts.count == 1 else {
      return .unparsable("ambiguous: the object has \(verdicts.count) members \"verdict\"")
    }
    guard let text = element.string else {
      return .unparsable("\"verdict\" is \(element.kindName), expected a string")
    }
    guard let verdict = Verdict.allCases.first(where: { $0.rawValue.utf8.elementsEqual(text.utf8) })
    else {
      let allowed = Verdict.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      return .unparsable("\"verdict\" is \(Excerpt.of(text)), expected one of \(allowed)")
    }
    return .verdict(verdict, explanation: explanation)
  }

  private static func unfenced(_ reply: Substring.UTF8View) -> Substring.UTF8View {
    let fence = Array("```".utf8)
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (9...13).contains($0) }
    var text = reply.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text.removeLast() }
    guard text.count >= 6, text.starts(with: fence), text.suffix(3).elementsEqual(fence),
      let lineEnd = text.firstIndex(of: 10)
    else { return text }
    let word = text[..<lineEnd].dropFirst(3).filter { !isSpace($0) }
    guard word.isEmpty || String(decoding: word, as: UTF8.self).lowercased() == "json" else {
      return text
    }
    return text[lineEnd...].dropLast(3)
  }
}
