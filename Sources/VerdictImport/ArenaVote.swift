internal import Records

/// A vote of Chatbot Arena or of MT-Bench's human study.
///
/// `tie` stands beside `tie (bothbad)` there, so it means that both are good.
///
/// Source: the published votes, `winner` ∈ `model_a`, `model_b`, `tie`, `tie (bothbad)`.
enum ArenaVote {
  static func read(_ fields: RecordFields) throws(VerdictImportError) -> ImportedVerdict {
    let (modelA, modelB) = try fields.models("model_a", "model_b")
    let text = try fields.text("winner")
    let verdict: Verdict
    switch text {
    case "model_a": verdict = .aIsBetter
    case "model_b": verdict = .bIsBetter
    case "tie": verdict = .sameGood
    case "tie (bothbad)", "bothbad": verdict = .sameBad
    default:
      throw .unknownValue(
        field: "winner", found: "'\(text)'", expected: "model_a, model_b, tie or tie (bothbad)")
    }
    return ImportedVerdict(
      subject: .id(try fields.identifier("question_id")), modelA: modelA, modelB: modelB,
      verdict: verdict, judge: try fields.judge("judge"), turn: try fields.optionalInteger("turn"))
  }
}
