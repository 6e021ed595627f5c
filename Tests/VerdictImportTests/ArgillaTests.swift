import Foundation
import JSON
import Records
import Testing
import VerdictImport

/// What was read of one record.
func reading(
  _ text: String, format: VerdictFormat? = nil, question: String? = nil
) throws -> VerdictImporter.Reading {
  let importer = VerdictImporter(format: format, file: "f.json", question: question)
  return try JSONParser().parse(text.utf8) { importer.read($0, at: .line(1)) }
}

/// Who said what, in a short form.
func said(_ reading: VerdictImporter.Reading) -> [String] {
  reading.verdicts.map { "\($0.judge): \($0.verdict?.rawValue ?? "-")" }
}

/// One vote of each kind in every shape that Argilla's versions write.
@Suite struct ArgillaTests {
  private static let fields =
    #""prompt": "q", "response-1": "x", "response-2": "y""#
  private static let metadata = #"{"example_id": "e/1", "model-1": "m-a", "model-2": "m-b"}"#

  private static func nested(
    _ responses: String, status: String = "completed", fields: String = fields,
    metadata: String = metadata
  ) -> String {
    """
    {"id": "r1", "fields": {\(fields)}, "metadata": \(metadata), "suggestions": {},
     "responses": {"preference": \(responses)}, "vectors": {}, "status": "\(status)"}
    """
  }

  @Test func nestedRecordsAreRead() throws {
    let found = try reading(
      Self.nested(
        """
        [{"value": "A is better", "user_id": "u1"}, {"value": "response-2", "user_id": "u2"},
         {"value": "Same bad", "user_id": "None"}, {"value": "Tie", "user_id": "u4"}]
        """))
    #expect(
      said(found) == [
        "person:u1: A is better", "person:u2: B is better", "person:unnamed 3: Same bad",
        "person:u4: Same good",
      ])
    #expect(found.diagnostics.isEmpty && !found.isUnanswered && found.withoutStatus == 4)
    #expect(found.verdicts.map(\.isTieKindAssumed) == [false, false, false, true])
    let first = try #require(found.verdicts.first)
    #expect(first.subject == .id("e/1") && first.modelA == "m-a" && first.modelB == "m-b")
    #expect(first.textA == "x" && first.textB == "y" && first.kind == .human)
  }

  /// The SDK leaves the status out of nested records: what is pending may be a draft.
  @Test func whatMayBeADraftIsNoVote() throws {
    let found = try reading(
      Self.nested(#"[{"value": "A", "user_id": "u1"}]"#, status: "pending"))
    #expect(found.verdicts.isEmpty && !found.isUnanswered)
    #expect(found.diagnostics.map(\.rule) == ["response-without-status"])
    #expect(found.diagnostics.first?.message.contains("flatten=True") == true)
    let own = try reading(
      Self.nested(
        #"[{"value": "A", "user_id": "u1", "status": "submitted"}]"#, status: "pending"))
    #expect(said(own) == ["person:u1: A is better"] && own.withoutStatus == 0)
  }

  @Test func namesOfOurOwnExportAreKept() throws {
    let found = try reading(
      Self.nested(
        #"[{"value": "B", "user_id": "7f-1", "status": "submitted"}]"#,
        metadata: #"{"example_id": 7, "annotators": ["7f ann", "7f-1 annotator 1"]}"#))
    #expect(said(found) == ["annotator 1: B is better"])
    #expect(found.verdicts.first?.subject == .id("7") && found.verdicts.first?.modelA == nil)
  }

  @Test func flatRecordsAreRead() throws {
    let found = try reading(
      """
      {"id": "r1", "status": "pending", "_server_id": null, \(Self.fields), "example_id": "e/1",
       "model-1": "m-a", "model-2": "m-b",
       "preference.responses": ["A", "B", "B"], "preference.responses.users": ["u1", "u2", "u3"],
       "preference.responses.status": ["submitted", "discarded", "draft"],
       "preference.suggestion": "A", "preference.suggestion.score": 1}
      """)
    #expect(said(found) == ["person:u1: A is better"])
    #expect(found.diagnostics.map(\.rule) == ["discarded-response", "draft-response"])
    #expect(
      found.diagnostics.map(\.message) == [
        "person:u2: the response is discarded", "person:u3: the response is draft",
      ])
    #expect(found.verdicts.first?.modelB == "m-b")
  }

  @Test func aSingleResponseBesideTheFieldsIsRead() throws {
    let found = try reading(
      #"{\#(Self.fields), "preference.response": "Response-2 is better"}"#)
    #expect(said(found) == ["person:unnamed 1: B is better"] && found.withoutStatus == 1)
    let none = try reading(
      #"{\#(Self.fields), "preference.responses": null, "preference.responses.users": null}"#)
    #expect(none.isUnanswered && none.diagnostics.isEmpty)
  }

  @Test func otherRecordsAreNotTakenForUnansweredOnes() throws {
    let found = try reading(#"{"prompt": "q"}"#, format: .argilla)
    #expect(
      found.diagnostics.map(\.message) == [
        "'fields' is missing, expected a record of Argilla, nested or flat"
      ])
    #expect(
      try reading(#"{"fields": 3, "responses": []}"#, format: .argilla).diagnostics.map(\.message)
        == ["'fields' is a number, expected an object"])
  }

  @Test func recordsOfTheOlderSDKAreRead() throws {
    let found = try reading(
      """
      {"fields": {\(Self.fields)}, "metadata": {"source": "dolly"}, "external_id": "x",
       "responses": [
        {"user_id": "u1", "status": "submitted", "values": {
          "preference": {"value": [{"value": "response-1", "rank": 2},
                                   {"value": "response-2", "rank": 1}]},
          "reason": {"value": "shorter"}}},
        {"user_id": null, "status": "submitted", "values": {
          "preference": {"value": [{"value": "response-1", "rank": 1},
                                   {"value": "response-2", "rank": 1}]}}},
        {"user_id": "u3", "status": "discarded", "values": {}},
        {"user_id": "u4", "status": "draft", "values": {"preference": {"value": []}}}],
       "suggestions": [{"question_name": "preference", "value": "A", "agent": "pairrm"}]}
      """)
    #expect(said(found) == ["person:u1: B is better", "person:unnamed 2: Same good"])
    #expect(found.verdicts.map(\.isTieKindAssumed) == [false, true])
    #expect(found.verdicts.map(\.raw) == ["shorter", nil])
    #expect(found.verdicts.first?.subject == .instruction("q"))
    #expect(found.verdicts.first?.modelA == nil && found.verdicts.first?.textA == "x")
    #expect(found.diagnostics.map(\.rule) == ["discarded-response", "draft-response"])
    #expect(found.diagnostics.allSatisfy { $0.recordID == "x" && $0.location == .line(1) })
  }

  /// A table turns a list of objects into an object of lists, of the older library even twice.
  @Test(arguments: [
    """
    [{"user_id": "u1", "value": {"rank": [1, 2], "value": ["answer_b", "answer_a"]},
      "status": "submitted"}, {"user_id": "u2", "value": null, "status": "discarded"}]
    """,
    """
    {"user_id": ["u1", "u2"], "status": ["submitted", "discarded"],
     "value": [{"rank": [1, 2], "value": ["answer_b", "answer_a"]}, null]}
    """,
  ])
  func tablesOfTheHubAreRead(_ responses: String) throws {
    let found = try reading(
      """
      {"instruction": "Add.", "input": "1 and 2", "answer_a": "x", "answer_b": "y",
       "best": \(responses), "best-suggestion": null,
       "best-suggestion-metadata": {"type": null, "score": null, "agent": null},
       "external_id": null, "metadata": "{\\"model_a\\": \\"m-a\\", \\"model_b\\": \\"m-b\\"}"}
      """)
    #expect(said(found) == ["person:u1: B is better"])
    #expect(found.verdicts.first?.subject == .instruction("Add.\n1 and 2"))
    #expect(found.verdicts.first?.modelA == "m-a")
    #expect(found.diagnostics.map(\.rule) == ["discarded-response"])
  }

  /// What the libraries themselves write of five people: two votes, one discarded, one draft, one of
  /// nobody; `FIXTURES.md` says how.
  @Test(arguments: [
    ("argilla-2-flat", ["discarded-response", "draft-response"]),
    ("argilla-2-nested", Array(repeating: "response-without-status", count: 4)),
    ("argilla-1-records", ["discarded-response", "discarded-response", "draft-response"]),
    ("argilla-1-datasets", ["discarded-response", "draft-response"]),
  ])
  func recordsOfTheLibrariesAreRead(_ name: String, _ rules: [String]) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/\(name).json")
    let text = try String(contentsOf: file, encoding: .utf8)
    let record = try #require(try JSONValue(json: text).array?.first)
    let found = try reading(record.json())
    #expect(found.diagnostics.map(\.rule).sorted() == rules.sorted(), "\(found.diagnostics)")
    #expect(found.verdicts.allSatisfy { $0.subject == .id("e/1") && $0.modelB == "m-b" })
    #expect(found.verdicts.allSatisfy { $0.textB == "Größe 9" && $0.kind == .human })
    let user = "person:00000000-0000-0000-0000-00000000000"
    switch name {
    case "argilla-2-nested": #expect(found.verdicts.isEmpty)
    case "argilla-2-flat":
      #expect(said(found) == ["\(user)1: A is better", "\(user)2: Same bad"])
    default:
      #expect(
        said(found) == [
          "\(user)1: A is better", "\(user)2: Same good", "person:unnamed 5: B is better",
        ])
      #expect(found.verdicts.map(\.isTieKindAssumed) == [false, true, false])
      #expect(found.verdicts.map(\.raw) == ["because", "because", nil])
    }
  }

  @Test func rankingsOfSeveralAnswersAreVerdictsOnAllPairs() throws {
    let found = try reading(
      Self.nested(
        """
        [{"user_id": "u", "value": [{"value": "response-10", "rank": 1},
          {"value": "response-1", "rank": 2}, {"value": "response-2", "rank": 2}]}]
        """, fields: Self.fields + #", "response-10": "z""#, metadata: "{}"))
    #expect(
      found.verdicts.map { "\($0.textA ?? "")\($0.textB ?? "") \($0.verdict?.rawValue ?? "")" }
        == ["xy Same good", "xz B is better", "yz B is better"], "10 comes after 2")
  }

  @Test func recordsThatNobodyAnsweredAreNoted() throws {
    let found = try reading(Self.nested("[]"), format: .argilla)
    #expect(found.isUnanswered && found.diagnostics.isEmpty && found.verdicts.isEmpty)
  }

  @Test func anotherQuestionCanBeNamed() throws {
    let record = """
      {"fields": {\(Self.fields)}, "metadata": \(Self.metadata), "suggestions": {}, "responses": {
        "winner": [{"value": "A", "user_id": "u", "status": "submitted"}],
        "style": [{"value": "B", "user_id": "u", "status": "submitted"}]}}
      """
    let unclear = try reading(record)
    #expect(
      unclear.diagnostics.map(\.message) == [
        "none of the questions 'winner', 'style' is known to hold verdicts: name it with --field"
      ])
    #expect(said(try reading(record, question: "style")) == ["person:u: B is better"])
    #expect(
      try reading(record, question: "stile").diagnostics.map(\.message) == [
        "'stile' is missing, expected a question among 'winner', 'style'"
      ])
  }

  @Test(arguments: [
    (#"[{"value": "C", "user_id": "u"}]"#, "person:u: 'preference' is 'C', expected "),
    (#"[{"value": 3, "user_id": "u"}]"#, "person:u: 'preference' is a number, expected a label"),
    (
      #"[{"value": [{"value": "response-3", "rank": 1}], "user_id": "u"}]"#,
      "person:u: 'preference' is 'response-3', expected one of 'response-1', 'response-2'"
    ),
    (
      #"[{"value": [{"value": "response-1", "rank": 1}], "user_id": "u"}]"#,
      "person:u: 'preference' is an order of fewer than two answers, expected two or more"
    ),
    (
      #"[{"value": ["response-1", "response-1"], "user_id": "u"}]"#,
      "person:u: 'preference' is 'response-1' twice, expected each answer once"
    ),
    (#"[{"value": [3], "user_id": "u"}]"#, "person:u: 'preference' is 3, expected an object"),
    (#"["A"]"#, "'preference' is a string, expected an object with 'value'"),
    (#""A""#, "'preference' is a string, expected a list of responses"),
    (
      #"{"value": ["A"], "user_id": []}"#,
      "'preference' is lists of different lengths, expected one user for each value"
    ),
  ])
  func brokenResponsesHaveOneClearLine(_ responses: String, _ message: String) throws {
    let found = try reading(Self.nested(responses))
    #expect(found.verdicts.isEmpty && found.diagnostics.count == 1)
    #expect(found.diagnostics.first?.message.hasPrefix(message) == true, "\(found.diagnostics)")
  }

  @Test func aBrokenResponseDoesNotStopTheOthers() throws {
    let found = try reading(
      Self.nested(#"[{"value": "C", "user_id": "u1"}, {"value": "B", "user_id": "u2"}]"#))
    #expect(said(found) == ["person:u2: B is better"] && found.diagnostics.count == 1)
  }

  @Test(arguments: [
    (#""prompt": "q", "response-1": "x""#, "'response-1' is missing, expected two answers"),
    (#""response-1": "x", "response-2": "y""#, "'prompt' is missing, expected 'prompt'"),
    (
      #""prompt": "q", "response-1": "x", "response-2": 5"#,
      "'response-2' is a number, expected an answer's text"
    ),
    (
      #""prompt": [{"role": "system", "content": "x"}], "response-1": "x", "response-2": "y""#,
      "'prompt' is an array, expected a string, or one message of a user"
    ),
  ])
  func brokenFieldsHaveOneClearLine(_ fields: String, _ message: String) throws {
    let found = try reading(
      Self.nested(#"[{"value": "A", "user_id": "u"}]"#, fields: fields, metadata: "{}"))
    #expect(found.verdicts.isEmpty && found.diagnostics.count == 1)
    #expect(found.diagnostics.first?.message.hasPrefix(message) == true, "\(found.diagnostics)")
  }
}
