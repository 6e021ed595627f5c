import Foundation
import Fusion
import JSON
import Records
import Testing
import Tokenizers

private let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "Fixtures/genfuser")

private func rows(_ name: String) throws -> [JSONValue] {
  // Texts hold other line breaks than "\n".
  try Data(contentsOf: fixtures.appending(path: name)).split(separator: UInt8(ascii: "\n"))
    .map { try JSONParser().value(of: Data($0)) }
}

private func tokenizer() throws -> Tokenizer {
  try Tokenizer(folder: fixtures.appending(path: "model").path(percentEncoded: false))
}

private func integers(_ value: JSONValue?) -> [Int] { value?.array?.compactMap(\.int) ?? [] }

@Suite struct FusionPromptTests {
  @Test func textsAndIDsAreTheReferences() throws {
    let tokenizer = try tokenizer()
    var prompt = FusionPrompt()
    let settings = try JSONParser().value(
      of: Data(contentsOf: fixtures.appending(path: "settings.json")))
    prompt.limit = try #require(settings["max_length"]?.int)
    prompt.candidateLimit = try #require(settings["candidate_max_length"]?.int)
    let expected = try rows("expected.jsonl")
    for (row, wanted) in zip(try rows("cases.jsonl"), expected) {
      let input = FusionInput(
        instruction: row["instruction"]?.string ?? "", input: row["input"]?.string ?? "",
        candidates: row["candidates"]?.array?.compactMap(\.string) ?? [])
      let text = try prompt.text(of: input, tokenizer)
      #expect(text == wanted["fuse_text"]?.string)
      #expect(try prompt.ids(of: text, tokenizer) == integers(wanted["input_ids"]))
    }
    #expect(expected.count == 7)
  }

  @Test func lineBreaksCanBeSeparators() throws {
    let tokenizer = try tokenizer()
    var prompt = FusionPrompt()
    prompt.lineBreaks = .separated
    for (row, wanted) in zip(try rows("newlines.jsonl"), try rows("expected.newlines.jsonl")) {
      let ids = try prompt.ids(of: row["text"]?.string ?? "", tokenizer)
      #expect(ids == integers(wanted["input_ids"]))
    }
    // A line break inside "\r\n" is one as well.
    let end = try #require(tokenizer.tokenID(for: "</s>"))
    #expect(try prompt.ids(of: "a\r\nb", tokenizer).filter { $0 == Int(end) }.count == 2)
    // The separator at the end stays when a text is cut.
    prompt.limit = 6
    let cut = try prompt.ids(of: String(repeating: "night sky ", count: 20), tokenizer)
    #expect(cut.count == 6 && cut.last == Int(end))
  }

  /// A limit of exactly a candidate's length cuts nothing.
  @Test func onlyLongerCandidatesAreCut() throws {
    let tokenizer = try tokenizer()
    let candidate = "The river  is clean.\nIt is."
    let count = try tokenizer.encode(candidate, addingSpecialTokens: false).count
    var prompt = FusionPrompt()
    prompt.candidateLimit = count
    let input = FusionInput(instruction: "", input: "", candidates: [candidate])
    #expect(try prompt.text(of: input, tokenizer).contains("<extra_id_0>:\(candidate)</s>"))
    prompt.candidateLimit = count - 1
    let text = try prompt.text(of: input, tokenizer)
    #expect(!text.contains(candidate) && text.contains("...</s>"))
  }
}

@Suite struct ParentsTests {
  private func example(_ models: [String], fused: [Int] = []) -> Example {
    var example = Example(id: "x", instruction: "", input: "")
    example.candidates = models.enumerated().map { place, model in
      Candidate(
        model: model, text: model,
        additionalFields: fused.contains(place) ? [Parents.field: [:]] : [:])
    }
    return example
  }

  @Test func theBestComeFirst() {
    let example = example(["a", "b", "c"])
    #expect(Parents.best(of: example, 2, by: [2, 3, 1]) == [2, 0])
    #expect(Parents.best(of: example, 9, by: [1, 1, 1]) == [0, 1, 2])
    #expect(Parents.best(of: example, 3, by: [nil, 2, 1]) == [2, 1, 0])
    #expect(Parents.best(of: example, 2, by: nil) == [0, 1])
  }

  @Test func fusionsAreNoParents() {
    let example = example(["a", "fused", "c"], fused: [1])
    #expect(Parents.best(of: example, 3, by: [3, 1, 2]) == [2, 0])
  }

  @Test(arguments: ["[1,2]", "[1,2,\"3\"]", "[0,1,2]", "3", "[1.5,1,2]"])
  func ranksMustFit(_ ranks: String) throws {
    var example = example(["a", "b", "c"])
    example.additionalFields["ranks"] = try JSONValue(json: ranks)
    #expect(throws: FusionError.self) { try Parents.ranks(of: example) }
    example.additionalFields["ranks"] = .null
    #expect(try Parents.ranks(of: example) == nil)
    example.additionalFields["ranks"] = [2, 1, 2]
    #expect(try Parents.ranks(of: example) == [2, 1, 2])
  }
}

@Suite struct CopyRatioTests {
  @Test func runsOfParentsAreCopies() {
    let parents = ["one two three four five", "six seven eight nine"]
    #expect(CopyRatio.ratio(of: "one two three four five", in: parents) == 1)
    #expect(CopyRatio.ratio(of: "two three\nfour five new", in: parents) == 0.8)
    #expect(CopyRatio.ratio(of: "three four five six seven", in: parents) == 0)
    #expect(CopyRatio.ratio(of: "eight nine", in: parents) == 1)
    #expect(CopyRatio.ratio(of: "nine eight", in: parents) == 0)
    #expect(CopyRatio.ratio(of: " ", in: parents) == 0)
    #expect(CopyRatio.ratio(of: "a", in: []) == 0)
  }
}
