internal import Records

/// A pairwise judgment of FastChat: game 1 shows `model_1` first, game 2 shows `model_2` first.
///
/// Both winners are named by model, so the second game's verdict is turned to what was shown. A tie
/// becomes `Same good` with `isTieKindAssumed`; `error` is a game without a verdict.
///
/// Source: FastChat, `gen_judgment` of MT-Bench.
enum FastChatJudgment {
  static func read(_ fields: RecordFields) throws(VerdictImportError) -> [ImportedVerdict] {
    let (model1, model2) = try fields.models("model_1", "model_2")
    let subject = ImportedVerdict.Subject.id(try fields.identifier("question_id"))
    let judge = try fields.judge("judge")
    let turn = try fields.optionalInteger("turn")
    let first = try winner(fields, "g1_winner")
    let second = try winner(fields, "g2_winner")
    return [
      ImportedVerdict(
        subject: subject, modelA: model1, modelB: model2, verdict: first, judge: judge,
        raw: try fields.optionalText("g1_judgment"), turn: turn,
        isTieKindAssumed: first == .sameGood,
        problem: first == nil ? "game 1 has no verdict (error)" : nil),
      ImportedVerdict(
        subject: subject, modelA: model2, modelB: model1, verdict: second?.exchanged, judge: judge,
        raw: try fields.optionalText("g2_judgment"), turn: turn,
        isTieKindAssumed: second == .sameGood,
        problem: second == nil ? "game 2 has no verdict (error)" : nil),
    ]
  }

  private static func winner(
    _ fields: RecordFields, _ key: StaticString
  ) throws(VerdictImportError) -> Verdict? {
    let text = try fields.text(key)
    switch text {
    case "model_1": return .aIsBetter
    case "model_2": return .bIsBetter
    case "tie": return .sameGood
    case "error": return nil
    default:
      throw .unknownValue(
        field: "\(key)", found: "'\(text)'", expected: "model_1, model_2, tie or error")
    }
  }
}
