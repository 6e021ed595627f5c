import Exporting
import JSON
import Records

/// Four examples: plain, with a tie, with a single candidate, not judged.
let sampleInputs: [ExportInput] = [
  sample(
    "dolly_15k/open_qa/1", "Name a prime.", "", "7",
    [("m-a", "Seven.", 3), ("m-b", "9", 1), ("m,c", "Größe: 2 \"two\"\n\nyes", 2)],
    [("m-a", "m-b", .aIsBetter), ("m,c", "m-a", .bIsBetter), ("m-b", "m,c", .sameBad)]),
  sample(
    "itwgpt4/2", "Add.", "2 and 3", nil, [("m-a", "5", 1), ("m-b", "five", 1)],
    [("m-a", "m-b", .sameGood)]),
  sample("itwgpt4/3", "", "Say hi.", "Hi.", [("m-a", "Hello.", 1)], []),
  sample("sharegpt/x_0", "", "Why?", "Because.", [("m-a", "So.", nil), ("m-b", "No.", nil)], []),
]

private func sample(
  _ id: String, _ instruction: String, _ input: String, _ output: String?,
  _ candidates: [(String, String, Double?)], _ verdicts: [(String, String, Verdict)]
) -> ExportInput {
  let example = Example(
    id: id, instruction: instruction, input: input, output: output,
    candidates: candidates.map { model, text, score in
      Candidate(model: model, text: text, scores: score.map { ["bartscore": .double($0)] })
    },
    verdicts: verdicts.map { PairVerdict(modelA: $0, modelB: $1, verdict: $2) })
  return ExportInput(
    example: example, scores: CandidateScores(metric: "bartscore", of: example), judge: "judge-1")
}

/// An example with these texts, scored as given, of models `m0`, `m1`…
func scored(
  _ scores: [Double?], texts: [String]? = nil, id: String = "x/1"
) -> (Example, CandidateScores) {
  let example = Example(
    id: id, instruction: "q", input: "",
    candidates: scores.indices.map { Candidate(model: "m\($0)", text: texts?[$0] ?? "t\($0)") })
  return (example, CandidateScores(source: "s", values: scores))
}
