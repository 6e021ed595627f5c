internal import JSON
internal import Records

extension Exporter {
  /// One record for each verdict.
  func exportVerdicts(of input: ExportInput) -> Exported {
    let example = input.example
    var tally = LossTally(exampleID: example.id)
    if input.judgements.isEmpty { tally[.unjudged] += 1 }
    var records: [JSONObject] = []
    var candidates: Set<Int> = []
    for judgement in input.judgements {
      let verdict = judgement.verdict
      guard format != .verdicts else {
        records.append(Self.plain(judgement, id: example.id))
        continue
      }
      guard let a = example.index(ofModel: verdict.modelA),
        let b = example.index(ofModel: verdict.modelB)
      else {
        tally[.unknownModel] += 1
        continue
      }
      candidates.formUnion([a, b])
      if format == .arena {
        records.append(Self.vote(judgement, example, a, b))
      } else {
        if verdict.verdict.isTie { tally[.tieKind] += 1 }
        records.append(Self.annotation(judgement, example, a, b))
      }
    }
    return Exported(records: records, losses: tally.losses, candidates: candidates)
  }

  private static func plain(_ judgement: ExportInput.Judgement, id: String) -> JSONObject {
    [
      "id": .string(id), "model_a": .string(judgement.verdict.modelA),
      "model_b": .string(judgement.verdict.modelB),
      "verdict": .string(judgement.verdict.verdict.rawValue), "judge": .string(judgement.judge),
    ]
  }

  private static func vote(
    _ judgement: ExportInput.Judgement, _ example: Example, _ a: Int, _ b: Int
  ) -> JSONObject {
    let winner =
      switch judgement.verdict.verdict {
      case .aIsBetter: "model_a"
      case .bIsBetter: "model_b"
      case .sameGood: "tie"
      case .sameBad: "tie (bothbad)"
      }
    return [
      "question_id": .string(example.id), "model_a": .string(judgement.verdict.modelA),
      "model_b": .string(judgement.verdict.modelB), "winner": .string(winner),
      "judge": .string(judgement.judge),
      "conversation_a": Chat.conversation(example.prompt, example.candidates[a].text),
      "conversation_b": Chat.conversation(example.prompt, example.candidates[b].text), "turn": 1,
    ]
  }

  private static func annotation(
    _ judgement: ExportInput.Judgement, _ example: Example, _ a: Int, _ b: Int
  ) -> JSONObject {
    let preference: JSONValue =
      switch judgement.verdict.verdict {
      case .aIsBetter: 1.0
      case .bIsBetter: 2.0
      case .sameGood, .sameBad: 1.5
      }
    return [
      "instruction": .string(example.prompt), "output_1": .string(example.candidates[a].text),
      "generator_1": .string(judgement.verdict.modelA), "dataset": .string(example.collection),
      "output_2": .string(example.candidates[b].text),
      "generator_2": .string(judgement.verdict.modelB), "annotator": .string(judgement.judge),
      "preference": preference,
    ]
  }
}
