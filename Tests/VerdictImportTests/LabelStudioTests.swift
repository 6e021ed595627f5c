import JSON
import Records
import Testing
import VerdictImport

/// Annotations of Label Studio's JSON export.
@Suite struct LabelStudioTests {
  private static let data =
    #"{"prompt": "q", "answer1": "x", "answer2": "y", "pair_id": "p1", "model1": "m-a", "model2": "m-b"}"#

  private static func task(_ annotations: String, data: String = data) -> String {
    #"{"id": 5, "data": \#(data), "annotations": \#(annotations), "predictions": [], "drafts": []}"#
  }

  private static func annotation(
    _ results: String, by person: String = "3", more: String = ""
  ) -> String {
    """
    {"id": 1, "completed_by": \(person), "was_cancelled": false, "ground_truth": false,
     "lead_time": 12.3\(more), "result": [\(results)]}
    """
  }

  private static func pairwise(_ side: String) -> String {
    #"{"id": "x", "type": "pairwise", "from_name": "comparison", "to_name": "comparison", "value": {"selected": "\#(side)"}}"#
  }

  private static func choice(_ choices: String) -> String {
    #"{"type": "choices", "from_name": "tie", "to_name": "prompt", "value": {"choices": [\#(choices)]}}"#
  }

  @Test func sidesTiesAndNotesAreRead() throws {
    let note = #"{"type": "textarea", "from_name": "note", "value": {"text": ["shorter", "b"]}}"#
    let found = try reading(
      Self.task(
        "["
          + [
            Self.annotation(Self.pairwise("left")),
            Self.annotation(Self.pairwise("right") + "," + note, by: #"{"id": 4, "email": "a@b"}"#),
            Self.annotation(Self.choice(#""Same bad""#), by: #"{"id": 5}"#),
            Self.annotation(Self.choice(#""tie""#), by: #"{"email": "annotator 1"}"#),
            Self.annotation(Self.choice(#""Harmless""#) + "," + Self.pairwise("left"), by: "null"),
          ].joined(separator: ",") + "]"))
    #expect(
      said(found) == [
        "person:3: A is better", "person:a@b: B is better", "person:5: Same bad",
        "annotator 1: Same good", "person:unnamed 5: A is better",
      ])
    #expect(found.verdicts.map(\.raw) == [nil, "shorter", nil, nil, nil])
    #expect(found.verdicts.map(\.isTieKindAssumed) == [false, false, false, true, false])
    let first = try #require(found.verdicts.first)
    #expect(first.subject == .instruction("q") && first.modelA == "m-a" && first.textB == "y")
    #expect(first.kind == .human && found.diagnostics.isEmpty)
  }

  @Test func cancelledEmptyAndDraftAnnotationsAreNoVotes() throws {
    let text = """
      {"id": 5, "data": \(Self.data), "drafts": [{"user": "ann", "result": [\(Self.pairwise("left"))]}],
       "annotations": [{"completed_by": 1, "was_cancelled": true, "result": [\(Self.pairwise("left"))]},
                       {"completed_by": 2, "was_cancelled": false, "result": []}]}
      """
    let found = try reading(text)
    #expect(found.verdicts.isEmpty && !found.isUnanswered)
    #expect(
      found.diagnostics.map(\.rule) == [
        "draft-annotation", "cancelled-annotation", "empty-annotation",
      ])
    #expect(
      found.diagnostics.map(\.message) == [
        "person:ann: the annotation is a draft", "person:1: the task was skipped",
        "person:2: nothing was chosen",
      ])
    #expect(found.diagnostics.allSatisfy { $0.recordID == "5" })
    #expect(try reading(Self.task("[]")).isUnanswered)
  }

  private static let items = """
    {"example_id": "e/1", "prompt": "q", "items": [
      {"id": "i1", "title": "m-a", "body": "x"}, {"id": "i2", "body": "y", "model": "m-b"},
      {"id": 3, "body": "z"}]}
    """

  private static func ranker(_ value: String) -> String {
    #"{"type": "ranker", "from_name": "rank", "to_name": "results", "value": {"ranker": \#(value)}}"#
  }

  private static let rankings: [(String, [String])] = [
    (#"{"rank": ["3", "i1", "i2"]}"#, ["xy A is better", "xz B is better", "yz B is better"]),
    (#"["i2", "i1"]"#, ["xy B is better"]),
    (
      #"{"best": ["i2", "i1"], "bad": ["3"], "_": []}"#,
      ["xy Same good", "xz A is better", "yz A is better"]
    ),
    (
      #"{"_": ["i2"], "biased_results": ["3", "i1"], "relevant_results": []}"#,
      ["xy B is better", "xz Same bad", "yz A is better"]
    ),
  ]

  @Test(arguments: rankings) func rankersAreVerdictsOnAllPairs(
    _ value: String, _ expected: [String]
  ) throws {
    let found = try reading(
      Self.task("[\(Self.annotation(Self.ranker(value)))]", data: Self.items))
    #expect(
      found.verdicts.map { "\($0.textA ?? "")\($0.textB ?? "") \($0.verdict?.rawValue ?? "")" }
        == expected, "\(found.diagnostics)")
    #expect(found.verdicts.first?.subject == .id("e/1"))
    #expect(found.verdicts.first?.modelA == nil && found.verdicts.first?.modelB == "m-b")
  }

  private static let broken: [(String, String)] = [
    (pairwise("middle"), "person:3: 'comparison' is 'middle', expected 'left' or 'right'"),
    (choice(#""Harmless""#), "person:3: 'tie' is 'Harmless', expected 'answer1', 'answer2', "),
    (choice(#""A", "B""#), "person:3: 'tie' is 'A, B', expected "),
    (
      pairwise("left") + "," + choice(#""Same good""#),
      "person:3: 'result' is comparison 'A is better' and tie 'Same good', expected one verdict"
    ),
    (
      #"{"type": "rating", "value": {"rating": 3}}"#,
      "person:3: 'result' is missing, expected a result of type pairwise, choices or ranker"
    ),
    (
      ranker(#"{"rank": ["answer1", "answer3"]}"#),
      "person:3: 'rank' is 'answer3', expected one of 'answer1', 'answer2'"
    ),
    (
      ranker(#"{"p": ["answer1"], "q": ["answer2"]}"#),
      "person:3: 'rank' is the bucket 'p', expected buckets whose names are known"
    ),
    (ranker("3"), "person:3: 'rank' is a number, expected lists of items by bucket"),
  ]

  @Test(arguments: broken) func brokenResultsHaveOneClearLine(
    _ result: String, _ message: String
  ) throws {
    let found = try reading(
      Self.task(
        "[\(Self.annotation(result)), \(Self.annotation(Self.pairwise("left"), by: "4"))]"))
    #expect(said(found) == ["person:4: A is better"], "the other annotation stands")
    #expect(found.diagnostics.count == 1)
    #expect(found.diagnostics.first?.message.hasPrefix(message) == true, "\(found.diagnostics)")
  }

  @Test(arguments: [
    (#"{"prompt": "q", "answer1": "x"}"#, "'response-1' is missing, expected two answers"),
    (#"{"answer1": "x", "answer2": "y"}"#, "'prompt' is missing"),
    (#"{"prompt": "q", "items": [{"id": "a"}]}"#, "'items[].body' is missing"),
    (#"{"prompt": "q", "items": [{"body": "a"}]}"#, "'items[].id' is missing"),
    (#"{"prompt": "q", "items": [{"id": 1, "body": "a"}]}"#, "'items' is missing, expected two"),
    (
      #"{"prompt": "q", "answer1": "x", "answer2": "y", "model1": "m", "model2": "m"}"#,
      "person:3: both candidates are of model 'm'"
    ),
  ])
  func brokenTasksHaveOneClearLine(_ data: String, _ message: String) throws {
    let found = try reading(
      Self.task("[\(Self.annotation(Self.pairwise("left")))]", data: data))
    #expect(found.verdicts.isEmpty && found.diagnostics.count == 1)
    #expect(found.diagnostics.first?.message.hasPrefix(message) == true, "\(found.diagnostics)")
    let other = try reading(#"{"annotation_id": 1, "comparison": "left"}"#, format: .labelStudio)
    #expect(
      other.diagnostics.map(\.message) == [
        "'data' is missing, expected a task of the JSON export; JSON-MIN and CSV hide who cancelled"
      ])
  }
}
