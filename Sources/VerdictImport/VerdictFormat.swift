package import JSON

/// The kinds of files that verdicts are taken from.
package enum VerdictFormat: String, Sendable, CaseIterable {
  /// One verdict for each line; `Schemas/verdict.schema.json`.
  case verdicts
  /// Annotations of AlpacaEval.
  case alpacaEval = "alpacaeval"
  /// Pairwise judgments of FastChat's MT-Bench, two games in a record.
  case fastChatPair = "fastchat-pair"
  /// Votes of Chatbot Arena, and MT-Bench's human votes.
  case arena
  /// Pairs of PandaLM's test set, judged by people and models.
  case pandaLM = "pandalm"

  /// The format of a record, told by the fields that only one format has.
  ///
  /// - Parameter element: the record.
  /// - Returns: the format; `nil` when no field tells.
  package static func detect(_ element: JSONElement) -> VerdictFormat? {
    if element["verdict"] != nil { return .verdicts }
    if element["g1_winner"] != nil { return .fastChatPair }
    if element["winner"] != nil { return .arena }
    if element["preference"] != nil, element["generator_1"] != nil { return .alpacaEval }
    if element["cmp_key"] != nil || (element["human"] != nil && element["generator_1"] != nil) {
      return .pandaLM
    }
    return nil
  }

  /// Reads the verdicts of a record.
  ///
  /// A judgment that failed in its own program becomes a value without verdict, so that it is
  /// counted and not mistaken for a pair that nobody judged.
  ///
  /// - Parameter element: the record.
  /// - Returns: one verdict, two for a record of two games, one for each judge of PandaLM's pairs.
  /// - Throws: ``VerdictImportError`` with the first field that is wrong.
  package func read(_ element: JSONElement) throws(VerdictImportError) -> [ImportedVerdict] {
    let fields = try RecordFields(element)
    return switch self {
    case .verdicts: [try PlainVerdict.read(fields)]
    case .alpacaEval: [try AlpacaEvalAnnotation.read(fields)]
    case .fastChatPair: try FastChatJudgment.read(fields)
    case .arena: [try ArenaVote.read(fields)]
    case .pandaLM: try PandaLMPair.read(fields)
    }
  }
}
