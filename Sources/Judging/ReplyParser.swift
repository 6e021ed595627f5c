/// The parsers of judge replies; none of them guesses, and each states its grammar.
///
/// A stored reply can be parsed again at any time with ``parse(_:)``; keep ``signature`` with the
/// result.
package enum ReplyParser: String, Sendable, CaseIterable {
  /// One of four options and nothing else; see ``FourChoiceGrammar``.
  case fourChoice = "four-choice"
  /// A JSON object with `verdict`; see ``StructuredVerdict``.
  case structuredJSON = "structured-json"
  /// `[[A]]`, `[[B]]` or `[[C]]` somewhere in the reply; see ``BracketedVerdict``.
  case mtBench = "mt-bench"
  /// Two numbers on the first line; see ``ScorePair``.
  case scorePair = "score-pair"

  /// Goes up with every change that reads some reply differently.
  package var version: Int { 1 }

  /// Name and version, such as `four-choice/1`, to store with a verdict.
  package var signature: String { "\(rawValue)/\(version)" }

  /// Reads a reply, fresh or stored.
  ///
  /// - Parameter reply: the judge's raw text.
  /// - Returns: the verdict on the candidates as shown, or why there is none.
  package func parse(_ reply: String) -> ParsedReply {
    if reply.utf8.allSatisfy({ $0 == 0x20 || (9...13).contains($0) }) {
      return .unparsable("the reply is empty")
    }
    return switch self {
    case .fourChoice: FourChoiceGrammar.parse(reply)
    case .structuredJSON: StructuredVerdict.parse(reply)
    case .mtBench: BracketedVerdict.parse(reply)
    case .scorePair: ScorePair.parse(reply)
    }
  }
}
