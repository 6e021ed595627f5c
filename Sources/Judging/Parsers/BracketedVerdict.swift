internal import Records

/// The grammar of replies that end an explanation in `[[A]]`, `[[B]]` or `[[C]]`.
///
/// Exactly one of the three kinds must occur, once or more. `[[C]]` is a tie that does not say
/// whether both are good or bad: it becomes `Same good` with `isTieKindAssumed`.
///
/// Source: the prompts `pair-v2` of MT-Bench in FastChat. FastChat takes the first of A, B, C that
/// occurs; here a reply with two kinds is unparsable.
enum BracketedVerdict {
  static func parse(_ reply: String) -> ParsedReply {
    let marks: [(Verdict, String)] = [
      (.aIsBetter, "[[A]]"), (.bIsBetter, "[[B]]"), (.sameGood, "[[C]]"),
    ]
    let bytes = Array(reply.utf8)
    let found = marks.filter { ByteSearch.firstIndex(of: Array($0.1.utf8), in: bytes) != nil }
    guard let first = found.first else {
      return .unparsable("none of [[A]], [[B]], [[C]] in the reply")
    }
    guard found.count == 1 else {
      return .unparsable(
        "ambiguous: the reply has " + found.map(\.1).joined(separator: " and "))
    }
    return .verdict(first.0, isTieKindAssumed: first.0 == .sameGood)
  }
}
