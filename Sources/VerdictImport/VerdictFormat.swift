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
  /// Records of Argilla, 2.x or 1.x, nested or flat, with people's responses.
  case argilla
  /// Tasks of Label Studio's JSON export, with people's annotations.
  case labelStudio = "label-studio"

  /// Whether each record holds the verdicts of several people, who keep their own names.
  package var isOfPeople: Bool { self == .argilla || self == .labelStudio }

  /// The format of a record, told by the fields that only one format has.
  ///
  /// - Parameter element: the record.
  /// - Returns: the format; `nil` when no field tells.
  package static func detect(_ element: JSONElement) -> VerdictFormat? {
    if LabelStudioTask.isTask(element) { return .labelStudio }
    if ArgillaRecord.isRecord(element) { return .argilla }
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
  /// - Parameters:
  ///   - element: the record.
  ///   - question: the question of Argilla's records that holds the verdicts; `nil` tells it.
  /// - Returns: one verdict, two for a record of two games, one for each judge of PandaLM's pairs and
  ///   for each person and pair of answers of annotation tools.
  /// - Throws: ``VerdictImportError`` with the first field that is wrong.
  func read(
    _ element: JSONElement, question: String?
  ) throws(VerdictImportError) -> RecordVerdicts {
    let fields = try RecordFields(element)
    return switch self {
    case .verdicts: RecordVerdicts([try PlainVerdict.read(fields)])
    case .alpacaEval: RecordVerdicts([try AlpacaEvalAnnotation.read(fields)])
    case .fastChatPair: RecordVerdicts(try FastChatJudgment.read(fields))
    case .arena: RecordVerdicts([try ArenaVote.read(fields)])
    case .pandaLM: RecordVerdicts(try PandaLMPair.read(fields))
    case .argilla: try ArgillaRecord.read(element, question: question)
    case .labelStudio: try LabelStudioTask.read(element)
    }
  }
}
