import Foundation
import JSON
import Records
import Testing
import VerdictImport

/// What was read of some lines.
private struct Collected {
  var verdicts: [ImportedVerdict] = []
  var diagnostics: [Diagnostic] = []
  var assumedTieCount: Int { verdicts.count { $0.isTieKindAssumed } }
}

private func importer(
  _ lines: [String], format: VerdictFormat? = nil
) throws -> Collected {
  let importer = VerdictImporter(format: format, file: "f.jsonl")
  let parser = JSONParser()
  var collected = Collected()
  for (offset, line) in lines.enumerated() {
    let reading = try parser.parse(line.utf8) { importer.read($0, at: .line(offset + 1)) }
    collected.verdicts += reading.verdicts
    collected.diagnostics += reading.diagnostics
  }
  return collected
}

private func annotation(_ preference: String) -> String {
  """
  {"instruction": "q", "output_1": "x", "generator_1": "base", "output_2": "y", "generator_2": "m",
   "annotator": "gpt", "preference": \(preference)}
  """
}

private let preferences: [(String, Verdict?, Double?, assumed: Bool)] = [
  ("1", .aIsBetter, 1, false), ("2.0", .bIsBetter, 2, false), ("1.83", .bIsBetter, 1.83, false),
  ("1.4999999", .aIsBetter, 1.4999999, false), ("1.5000001", .bIsBetter, 1.5000001, false),
  ("1.5", .sameGood, 1.5, true), ("0", .sameGood, 1.5, true), ("0.0", .sameGood, 1.5, true),
  ("null", nil, nil, false), ("\"NaN\"", nil, nil, false), ("-1", nil, nil, false),
  ("-1.0", nil, nil, false),
]

@Test func alpacaEvalPreferencesBecomeVerdicts() throws {
  for (text, verdict, preference, assumed) in preferences {
    let result = try importer([annotation(text)])
    let imported = try #require(result.verdicts.first)
    #expect(imported.verdict == verdict, "\(text)")
    #expect(imported.preference == preference, "\(text)")
    #expect(imported.isTieKindAssumed == assumed, "\(text)")
    #expect(result.assumedTieCount == (assumed ? 1 : 0))
    #expect((imported.problem != nil) == (verdict == nil), "\(text)")
    #expect(result.diagnostics.map(\.rule) == (verdict == nil ? ["failed-judgment"] : []))
    #expect(imported.subject == .instruction("q"))
    #expect([imported.modelA, imported.modelB, imported.judge] == ["base", "m", "gpt"])
  }
}

@Test(arguments: ["0.5", "2.1", "3", "-2", "\"1\"", "true", "[]"])
func otherPreferencesAreRefused(_ text: String) throws {
  let result = try importer([annotation(text)])
  #expect(result.verdicts.isEmpty)
  #expect(result.diagnostics.count == 1)
  #expect(result.diagnostics.first?.location == .line(1))
}

@Test func alpacaEvalKeepsTheRawCompletion() throws {
  func raw(_ field: String) throws -> String? {
    let text = annotation("1").dropLast() + ", \(field)}"
    return try importer([String(text)]).verdicts.first?.raw
  }
  #expect(try raw(#""raw_completion": "Output (a)""#) == "Output (a)")
  #expect(try raw(#""preference_raw_completion": {"text": "m"}"#) == #"{"text":"m"}"#)
  #expect(try raw(#""preference_raw_completion": null"#) == nil)
}

private func game(_ first: String, _ second: String, turn: Int = 1) -> String {
  """
  {"question_id": 81, "model_1": "a", "model_2": "b", "g1_winner": "\(first)",
   "g2_winner": "\(second)", "judge": ["gpt-4", "pair-v2"], "g1_judgment": "[[A]]",
   "g2_judgment": "[[B]]", "turn": \(turn), "tstamp": 1.5}
  """
}

@Test func fastChatGamesAreTwoVerdictsAsShown() throws {
  let verdicts = try importer([game("model_1", "model_1", turn: 2)]).verdicts
  #expect(verdicts.map(\.verdict) == [.aIsBetter, .bIsBetter], "game 2 shows model_2 first")
  #expect(verdicts.map(\.modelA) == ["a", "b"])
  #expect(verdicts.map(\.raw) == ["[[A]]", "[[B]]"])
  #expect(verdicts.map(\.turn) == [2, 2])
  #expect(verdicts[0].judge == "gpt-4/pair-v2")
  #expect(verdicts[0].subject == .id("81"))
  let other = try importer([game("tie", "error")])
  #expect(other.verdicts.map(\.verdict) == [.sameGood, nil])
  #expect(other.verdicts.map(\.isTieKindAssumed) == [true, false])
  #expect(other.diagnostics.map(\.message) == ["game 2 has no verdict (error)"])
  #expect(try importer([game("A", "tie")]).diagnostics.map(\.rule) == ["unknown-value"])
}

private func vote(_ winner: String) -> String {
  #"{"question_id": "x", "model_a": "a", "model_b": "b", "winner": "\#(winner)", "judge": "j"}"#
}

@Test func arenaVotesTellBothKindsOfTies() throws {
  let winners = ["model_a", "model_b", "tie", "tie (bothbad)", "bothbad"]
  let result = try importer(winners.map(vote))
  #expect(
    result.verdicts.map(\.verdict) == [.aIsBetter, .bIsBetter, .sameGood, .sameBad, .sameBad])
  #expect(result.assumedTieCount == 0)
  #expect(try importer([vote("Tie")]).diagnostics.count == 1)
}

private let refused: [(String, String)] = [
  ("[]", "the record is an array, expected an object"),
  ("{}", "no known kind of verdict: expected 'verdict', 'winner', 'g1_winner' or 'preference'"),
  (
    #"{"id": "x", "model_a": "a", "model_b": "a", "verdict": "Same good", "judge": "j"}"#,
    "both candidates are of model 'a', expected two models"
  ),
  (
    #"{"id": "x", "model_a": "a", "model_b": "b", "verdict": "A", "judge": "j"}"#,
    "'verdict' is 'A', expected one of 'A is better', 'B is better', 'Same good', 'Same bad'"
  ),
  (
    #"{"id": 1, "model_a": "a", "model_b": "b", "verdict": "Same bad", "judge": "j"}"#,
    "'id' is a number, expected a string"
  ),
  (
    #"{"id": "x", "model_a": "a", "model_b": "b", "verdict": "Same bad"}"#,
    "'judge' is missing, expected a string"
  ),
  (
    #"{"id": "x", "model_a": "a", "model_b": "b", "verdict": "Same bad", "judge": "j", "preference": 3}"#,
    "'preference' is 3, expected a number from 1 to 2 or null"
  ),
]

@Test func plainVerdictsAreStrict() throws {
  let good =
    #"{"id": "x", "model_a": "a", "model_b": "b", "verdict": "Same bad", "judge": "j", "raw": "4"}"#
  let result = try importer([good])
  #expect(
    result.verdicts == [
      ImportedVerdict(
        subject: .id("x"), modelA: "a", modelB: "b", verdict: .sameBad, judge: "j", raw: "4")
    ])
  for (line, message) in refused {
    let result = try importer([line])
    #expect(result.verdicts.isEmpty)
    #expect(result.diagnostics.map(\.message) == [message])
    #expect(result.diagnostics.first?.file == "f.jsonl")
  }
}

@Test func oneBadRecordDoesNotStopTheOthers() throws {
  let result = try importer([vote("tie"), "{}", annotation("1")])
  #expect(result.verdicts.count == 2)
  #expect(result.diagnostics.map(\.location) == [.line(2)])
}

@Test func outputsAreRead() throws {
  let text =
    #"{"instruction": "q", "output": "a", "generator": "m", "dataset": "d", "datasplit": "eval"}"#
  let output = try JSONParser().parse(text.utf8) { try ImportedOutput.read($0) }
  #expect(output == ImportedOutput(instruction: "q", model: "m", text: "a", dataset: "d"))
  #expect(throws: VerdictImportError.missingField("generator", expected: "a string")) {
    try JSONParser().parse(#"{"instruction": "q", "output": "a"}"#.utf8) {
      try ImportedOutput.read($0)
    }
  }
}

@Test func pythonsNumbersAreRepairedOutsideStrings() throws {
  let text = #"[{"a": NaN, "b": -Infinity, "c": "NaN \" NaN \\", "d": Infinity, "e": [NaN,1]}]"#
  let (repaired, count) = NonFiniteNumbers.replacedByNull(in: Array(text.utf8))
  #expect(count == 4)
  #expect(
    String(decoding: repaired, as: UTF8.self)
      == #"[{"a": null, "b": null, "c": "NaN \" NaN \\", "d": null, "e": [null,1]}]"#)
}

private let published = """
  {"idx": 4, "motivation_app": "x", "cmp_key": "cerebras-gpt-6.7B_pythia-6.9b", "instruction": "q",
   "input": null, "response1": "one", "response2": "two", "annotator1": 2, "annotator2": 0,
   "annotator3": 1}
  """

@Test func pandaLMsPairsAreOneVerdictForEachPerson() throws {
  let verdicts = try importer([published]).verdicts
  #expect(verdicts.map(\.verdict) == [.bIsBetter, .sameGood, .aIsBetter])
  #expect(verdicts.map(\.judge) == ["annotator1", "annotator2", "annotator3"])
  #expect(verdicts.map(\.isTieKindAssumed) == [false, true, false])
  #expect(verdicts.allSatisfy { $0.kind == .human && $0.subject == .instruction("q") })
  #expect(verdicts.allSatisfy { $0.modelA == "cerebras-gpt-6.7B" && $0.modelB == "pythia-6.9b" })
  #expect(verdicts.first?.textA == "one" && verdicts.first?.textB == "two")
}

@Test func copiesOfPandaLMHoldModelsAsWell() throws {
  let line = """
    {"id": "pandalm/1", "instruction": "q", "input": "i", "output_1": "x", "output_2": "y",
     "generator_1": "a", "generator_2": "b", "human": [1, 1, 2], "human_majority": 1,
     "gpt-3.5-turbo": "Tie", "gpt_reason": "both", "pandalm-7b": 2}
    """
  let verdicts = try importer([line]).verdicts
  #expect(
    verdicts.map(\.judge) == [
      "annotator1", "annotator2", "annotator3", "gpt-3.5-turbo", "pandalm-7b",
    ])
  #expect(
    verdicts.map(\.verdict) == [.aIsBetter, .aIsBetter, .bIsBetter, .sameGood, .bIsBetter])
  #expect(verdicts.map(\.kind) == [.human, .human, .human, .model, .model])
  #expect(verdicts[3].raw == "both" && verdicts[4].raw == nil)
  #expect(verdicts[0].subject == .id("pandalm/1"))
}

@Test(arguments: [
  (#""annotator1": 2"#, #""annotator1": 3"#, "'annotator1' is 3, expected 1, 2, 0 or Tie"),
  (
    #""cerebras-gpt-6.7B_pythia-6.9b""#, #""a_b_c""#,
    "'cmp_key' is 'a_b_c', expected two models with one underscore between"
  ),
  (#""response1": "one""#, #""response1": true"#, "'response1' is a boolean, expected a string"),
])
func brokenPandaLMPairsAreRefused(_ part: String, _ other: String, _ message: String) throws {
  let place = try #require(published.range(of: part))
  let result = try importer([published.replacingCharacters(in: place, with: other)])
  #expect(result.verdicts.isEmpty)
  #expect(result.diagnostics.map(\.message) == [message])
}
