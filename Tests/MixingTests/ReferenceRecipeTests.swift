import Foundation
import JSON
import Mixing
import Records
import Testing
import Tokenizers

/// A recorded run of the published script.
private struct Recording {
  let folder: URL

  init(_ name: String) {
    folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/\(name)")
  }

  func json(_ path: String) throws -> JSONValue {
    try JSONParser().value(of: Data(contentsOf: folder.appending(path: path)))
  }

  private func rows(_ file: String) throws -> [JSONValue] {
    try #require(json("raw/\(file).json").array)
  }

  /// The records of the raw files, read as the published script reads them.
  func records() throws -> [SourceRecord] {
    try gpt4AllRecords() + dollyRecords() + alpacaRecords() + shareGPTRecords()
  }

  private func gpt4AllRecords() throws -> [SourceRecord] {
    var counts: [String: Int] = [:]
    return try rows("gpt4all").compactMap { row in
      let origin = try #require(row["source"]?.string)
      guard ["laion/unified_chip2", "unified_chip2"].contains(origin) else { return nil }
      defer { counts[origin, default: 0] += 1 }
      return SourceRecord(
        source: .gpt4All, id: "\(origin)/\(counts[origin, default: 0])", instruction: "",
        input: try #require(row["prompt"]?.string), output: try #require(row["response"]?.string))
    }
  }

  private func dollyRecords() throws -> [SourceRecord] {
    var counts: [String: Int] = [:]
    return try rows("dolly").map { row in
      let category = try #require(row["category"]?.string)
      defer { counts[category, default: 0] += 1 }
      return SourceRecord(
        source: .dolly, id: "dolly_15k/\(category)/\(counts[category, default: 0])",
        instruction: try #require(row["instruction"]?.string),
        input: try #require(row["input"]?.string), output: try #require(row["output"]?.string))
    }
  }

  private func alpacaRecords() throws -> [SourceRecord] {
    try rows("alpaca_gpt4").enumerated().map { offset, row in
      SourceRecord(
        source: .alpacaGPT4, id: "itwgpt4/\(offset)",
        instruction: try #require(row["instruction"]?.string),
        input: try #require(row["input"]?.string), output: try #require(row["output"]?.string))
    }
  }

  private func shareGPTRecords() throws -> [SourceRecord] {
    try rows("sharegpt").compactMap { row in
      let turns = try #require(row["conversations"]?.array)
      guard turns.count >= 2 else { return nil }
      let roles = turns.map { $0["from"]?.string ?? "" }
      let texts = turns.map { $0["value"]?.string ?? "" }
      let id = "sharegpt/\(try #require(row["id"]?.string))"
      if roles[0] == "human" && roles[1] == "gpt" {
        return SourceRecord(
          source: .shareGPT, id: id, instruction: "", input: texts[0], output: texts[1])
      }
      guard turns.count >= 3, ["gpt", "system"].contains(roles[0]), roles[1] == "human",
        roles[2] == "gpt"
      else { return nil }
      return SourceRecord(
        source: .shareGPT, id: id, instruction: texts[0], input: texts[1], output: texts[2])
    }
  }

  /// The shipped recipe with the run's numbers.
  func recipe() throws -> Recipe {
    let settings = try json("recipe.json")
    func number(_ key: String) throws -> Int { try #require(settings[key]?.int) }
    var overrides = RecipeOverrides()
    overrides.train = try number("train_num")
    overrides.dev = try number("dev_num")
    overrides.test = try number("test_num")
    overrides.seed = String(try number("seed"))
    overrides.maxInput = try number("max_input_length")
    overrides.maxOutput = try number("max_output_length")
    overrides.tokenizer = folder.appending(path: "tokenizer").path(percentEncoded: false)
    overrides.quotas = [
      (.gpt4All, try number("gpt4all_num")), (.dolly, try number("dolly_num")),
      (.alpacaGPT4, try number("itwgpt4_num")), (.shareGPT, try number("sharegpt_num")),
    ]
    return try #require(try Recipe(bundled: "reference")).applying(overrides)
  }
}

private func ids(_ value: JSONValue?) throws -> [String] {
  try #require(value?.array).compactMap(\.string)
}

/// The bytes that the published script writes for a split.
private func file(_ records: [SourceRecord]) -> [UInt8] {
  var writer = JSONWriter(style: .indented(4))
  writer.append(
    .array(
      records.map { record in
        [
          "id": .string(record.id), "instruction": .string(record.instruction),
          "input": .string(record.input), "output": .string(record.output),
        ]
      }))
  return writer.bytes
}

@Suite struct ReferenceRecipeTests {
  @Test(arguments: ["llama", "unigram"], [1, 2])
  func choosesWhatThePublishedScriptChose(_ name: String, threads: Int) throws {
    let recording = Recording(name)
    let records = try recording.records()
    let recipe = try recording.recipe()
    let tokenizer = try Tokenizer(folder: try #require(recipe.tokenizer))
    let mixer = try Mixer(
      recipe: recipe, supply: MemorySupply(records: records), counter: tokenizer, threads: threads)
    var stages: [String: [Int64]] = [:]
    var decisions: [Decision] = []
    let outcome = try mixer.mix(
      afterStage: { stages[$0] = $1 }, decisions: { decisions.append($0) })
    func names(_ references: [Int64]?) -> [String] {
      (references ?? []).map { records[Int($0)].id }
    }

    let expected = try recording.json("expected.json")
    let cut = expected["stages"]?["shuffled_and_capped"]
    let concatenated = try ["gpt4all", "dolly", "itwgpt4", "sharegpt"].flatMap {
      try ids(cut?[$0])
    }
    #expect(names(stages["concatenated"]) == concatenated)
    #expect(try names(stages["exact-duplicates"]) == ids(expected["stages"]?["deduplicated"]))
    #expect(try names(stages["output-length"]) == ids(expected["stages"]?["after_output_filter"]))
    #expect(try names(stages["input-length"]) == ids(expected["stages"]?["after_input_filter"]))

    let files: [(Split, String)] = [(.dev, "val"), (.test, "test"), (.train, "train")]
    for (split, fileName) in files {
      let references = outcome.references(of: split)
      #expect(try names(references) == ids(expected["splits"]?["\(fileName)_data.json"]))
      let url = recording.folder.appending(path: "expected/\(fileName)_data.json")
      #expect(try file(references.map { records[Int($0)] }) == Array(Data(contentsOf: url)))
    }

    let lengths = try Data(contentsOf: recording.folder.appending(path: "expected.lengths.jsonl"))
      .split(separator: UInt8(ascii: "\n")).map { try JSONParser().value(of: $0) }
    let deduplicated = try #require(stages["exact-duplicates"])
    #expect(lengths.count == deduplicated.count)
    for (row, reference) in zip(lengths, deduplicated) {
      let decision = decisions[Int(reference)]
      #expect(decision.reference == reference)
      #expect(decision.outputLength == row["output_tokens"]?.int, "\(row.json())")
      #expect(decision.inputLength == row["input_tokens"]?.int, "\(row.json())")
    }
    #expect(decisions.count == records.count)
  }

  @Test func shipsThePublishedNumbers() throws {
    let recipe = try #require(try Recipe(bundled: "reference"))
    #expect(recipe.sources.map(\.source) == Source.reference)
    let shares: [Recipe.SourceRule.Share] = [
      .quota(100_000), .quota(15_000), .quota(52_000), .quota(50_000),
    ]
    #expect(recipe.sources.map(\.share) == shares)
    #expect([.train, .dev, .test].map { recipe.size(of: $0) } as [Int] == [100_000, 5_000, 5_000])
    #expect(recipe.seed == "42")
    #expect(try Recipe(bundled: "nothing") == nil)
    #expect(Recipe.bundledNames == ["clean", "reference"])
  }

  @Test func dropsConversationsWithOtherRoleNames() throws {
    var other = record(
      "b", source: .shareGPT, "A fine text that holds twelve words, as you can tell, dear friend.")
    var same = other
    same.id = "a"
    other.additionalFields = ["turn_roles": ["user", "assistant"]]
    let recipe = try #require(try Recipe(bundled: "reference"))
    var rules: [String?] = []
    _ = try Mixer(
      recipe: recipe, supply: MemorySupply(records: [same, other]), counter: WordTokenizer()
    ).mix { rules.append($0.rule) }
    #expect(rules == [nil, "unknown-roles"])
  }

  @Test func keepsTheLastOfEqualRecordsInTheFirstPlace() throws {
    let text = """
      {"name": "t", "seed": 1, "sources": [{"source": "dolly"}], "quotas": "after-filters",
       "filters": [{"rule": "exact-duplicates", "compare": "record"}],
       "splits": {"train": 9}}
      """
    // The last one differs in the identifier only, the fourth in the boundary between two fields.
    let records = [
      record("a", input: "x", "y"), record("b", input: "x", "y"), record("a", input: "x", "y"),
      record("a", input: "xy", ""), record("a", input: "x", "y"),
    ]
    var order: [Int64] = []
    var kept: [Int64: Int64] = [:]
    let mixer = try Mixer(
      recipe: recipe(text), supply: MemorySupply(records: records), counter: WordTokenizer())
    let outcome = try mixer.mix(
      afterStage: { if $0 == "exact-duplicates" { order = $1 } },
      decisions: { kept[$0.reference] = $0.keptInstead })
    #expect(order == [4, 1, 3])
    #expect(kept == [0: 4, 2: 4])
    #expect(outcome.summary == "5 read, 3 kept, 2 dropped (2 exact-duplicates)")
  }
}
