import Exporting
import Hashing
import JSON
import Records
import Testing
import VerdictImport

/// The lines of an export and its losses.
private func export(_ exporter: Exporter, _ inputs: [ExportInput] = sampleInputs) -> (
  lines: [String], losses: [String: Int]
) {
  var lines: [String] = []
  var counts = LossCounts()
  for input in inputs {
    let exported = exporter.export(input)
    lines += exported.records.map { $0.json() }
    counts.add(exported.losses)
  }
  return (
    lines, Dictionary(uniqueKeysWithValues: counts.sorted.map { ($0.reason.rawValue, $0.count) })
  )
}

@Test(arguments: ExportFormat.allCases) func formatsMatchTheirGoldenFiles(
  _ format: ExportFormat
) throws {
  let exporter = Exporter(
    format: format, pairSource: .scores(PairBinarizer(policy: .bestVersusWorst)))
  try expectGolden(
    export(exporter).lines.map { $0 + "\n" }.joined(), "\(format.rawValue).jsonl")
}

@Test(arguments: ExportFormat.allCases) func recordsHaveTheFieldsOfTheCard(_ format: ExportFormat) {
  let records = sampleInputs.flatMap { Exporter(format: format).export($0).records }
  #expect(!records.isEmpty)
  for record in records { #expect(record.members.map(\.key) == format.fields.map(\.name)) }
}

/// Losses by exporter: what went wrong, then what the format has no place for.
private let expectedLosses: [(Exporter, [String: Int], [String: Int])] = [
  (
    Exporter(format: .trl),
    ["tie": 1, "single-candidate": 1, "missing-score": 2, "unjudged": 1],
    ["other-candidate": 6, "reference-answer": 3, "score": 6, "verdict": 4]
  ),
  (
    Exporter(format: .trl, pairSource: .verdicts),
    ["tie": 2, "single-candidate": 1, "unjudged": 1],
    ["other-candidate": 5, "reference-answer": 3, "score": 6, "verdict": 4]
  ),
  (
    Exporter(format: .ultraFeedbackH4),
    [
      "tie": 1, "single-candidate": 1, "missing-score": 2, "unjudged": 1,
    ],
    // The two ratings of the only pair are written.
    ["other-candidate": 6, "reference-answer": 3, "score": 4, "verdict": 4]
  ),
  (
    Exporter(format: .ultraFeedbackH4, pairSource: .verdicts),
    ["tie": 2, "single-candidate": 1, "unjudged": 1, "missing-rating": 2],
    ["other-candidate": 5, "reference-answer": 3, "score": 6, "verdict": 4]
  ),
  (
    Exporter(format: .trlSFT), ["missing-answer": 1],
    ["other-candidate": 8, "score": 6, "verdict": 4]
  ),
  (
    Exporter(format: .trlSFT, answer: .best), ["missing-answer": 1],
    ["other-candidate": 5, "reference-answer": 3, "score": 6, "verdict": 4]
  ),
  (
    Exporter(format: .alpacaEvalOutputs), [:],
    ["reference-answer": 3, "score": 6, "verdict": 4]
  ),
  (
    Exporter(format: .alpacaEvalAnnotations), ["tie-kind": 2, "unjudged": 2],
    ["other-candidate": 3, "reference-answer": 3, "score": 6]
  ),
  (
    Exporter(format: .arena), ["unjudged": 2],
    ["other-candidate": 3, "reference-answer": 3, "score": 6]
  ),
  (
    // The verdicts of a model become suggestions, one for each pair.
    Exporter(format: .argilla), ["single-candidate": 1, "unjudged": 1],
    ["other-candidate": 3, "reference-answer": 3, "score": 6]
  ),
  (
    Exporter(format: .labelStudio, tasks: .all), ["single-candidate": 1],
    ["other-candidate": 1, "reference-answer": 3, "score": 6]
  ),
  (
    Exporter(format: .verdicts), ["unjudged": 2],
    ["other-candidate": 8, "reference-answer": 3, "score": 6]
  ),
]

@Test func lossesAreCounted() {
  for (exporter, losses, remainder) in expectedLosses {
    let expected = losses.merging(remainder) { $0 + $1 }
    #expect(export(exporter).losses == expected, "\(exporter)")
  }
}

@Test func unknownFieldsAreCounted() {
  var (example, scores) = scored([2, 1])
  example.additionalFields = ["topic": "x", "cmp_results": nil, "level": 3]
  let exported = Exporter(format: .hh).export(ExportInput(example: example, scores: scores))
  #expect(exported.losses.map(\.reason) == [.additionalField])
  #expect(exported.losses.first?.count == 2)
}

@Test func ktoLabelsEachCandidateOnce() {
  let (example, scores) = scored([3, 2, 1])
  let input = ExportInput(example: example, scores: scores)
  func labels(_ policy: Binarization) -> ([String], [String: Int]) {
    let result = export(
      Exporter(format: .trlKTO, pairSource: .scores(PairBinarizer(policy: policy))), [input])
    return (result.lines, result.losses)
  }
  #expect(
    labels(.allPairs).0 == [
      #"{"prompt":"q","completion":"t0","label":true}"#,
      #"{"prompt":"q","completion":"t2","label":false}"#,
    ])
  #expect(labels(.allPairs).1 == ["conflicting-labels": 1, "other-candidate": 1])
  #expect(labels(.bestVersusWorst).1 == ["other-candidate": 1])
}

@Test(arguments: ["x\n\nHuman: y", "x\n\nAssistant: y"])
func hhRefusesTextsWithTurnMarkers(_ text: String) {
  let (example, scores) = scored([2, 1], texts: [text, "ok"])
  let exporter = Exporter(format: .hh)
  let exported = exporter.export(ExportInput(example: example, scores: scores))
  #expect(exported.records.isEmpty)
  #expect(exported.losses.map(\.reason) == [.otherCandidate, .turnMarker])
  var prompted = scored([2, 1]).0
  prompted.input = text
  #expect(exporter.export(ExportInput(example: prompted, scores: scores)).records.isEmpty)
}

@Test func hhReadsBackByItsMarkers() throws {
  let (example, scores) = scored([2, 1], texts: ["a\n", "\nHuman: b"])
  let exported = Exporter(format: .hh).export(ExportInput(example: example, scores: scores))
  #expect(
    try #require(exported.records.first).json()
      == #"{"chosen":"\n\nHuman: q\n\nAssistant: a\n","rejected":"\n\nHuman: q\n\nAssistant: \nHuman: b"}"#
  )
}

@Test func promptIDsAreTheHashOfThePrompt() throws {
  let record = try #require(
    Exporter(format: .ultraFeedbackH4).export(sampleInputs[0]).records.first)
  #expect(record["prompt_id"]?.string == SHA256.hexadecimal(of: "Name a prime."))
}

/// What is read back from an export of verdicts.
private func readBack(
  _ format: ExportFormat, _ verdictFormat: VerdictFormat
) throws -> VerdictImporter.Reading {
  let importer = VerdictImporter(format: verdictFormat)
  let parser = JSONParser()
  var all = VerdictImporter.Reading()
  for line in export(Exporter(format: format)).lines {
    try parser.parse(line.utf8) { element in
      #expect(VerdictFormat.detect(element) == verdictFormat)
      let reading = importer.read(element)
      all.verdicts += reading.verdicts
      all.diagnostics += reading.diagnostics
    }
  }
  return all
}

private let judgements = sampleInputs.flatMap { $0.judgements.map(\.verdict) }

@Test func plainVerdictsAndVotesRoundTrip() throws {
  for (format, reader) in [(ExportFormat.verdicts, VerdictFormat.verdicts), (.arena, .arena)] {
    let importer = try readBack(format, reader)
    #expect(importer.diagnostics.isEmpty)
    #expect(importer.verdicts.map(\.verdict) == judgements.map(\.verdict))
    #expect(importer.verdicts.map(\.modelA) == judgements.map(\.modelA))
    #expect(importer.verdicts.allSatisfy { $0.judge == "judge-1" && !$0.isTieKindAssumed })
    #expect(importer.verdicts.last?.subject == .id("itwgpt4/2"))
  }
}

@Test func annotationsRoundTripButForTheKindOfTies() throws {
  let importer = try readBack(.alpacaEvalAnnotations, .alpacaEval)
  #expect(importer.verdicts.map(\.verdict) == [.aIsBetter, .bIsBetter, .sameGood, .sameGood])
  #expect(importer.verdicts.count { $0.isTieKindAssumed } == 2)
  #expect(importer.verdicts.last?.subject == .instruction("Add.\n2 and 3"))
}

@Test func outputsRoundTrip() throws {
  let parser = JSONParser()
  let outputs = try export(Exporter(format: .alpacaEvalOutputs)).lines.map { line in
    try parser.parse(line.utf8) { try ImportedOutput.read($0) }
  }
  #expect(outputs.map(\.model) == sampleInputs.flatMap { $0.example.candidates.map(\.model) })
  #expect(outputs.map(\.text) == sampleInputs.flatMap { $0.example.candidates.map(\.text) })
  #expect(outputs.first?.dataset == "dolly_15k/open_qa")
}
