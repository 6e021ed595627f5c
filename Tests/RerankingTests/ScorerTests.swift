import JSON
import PretrainedModels
import Records
import Testing

@testable import Reranking

/// The rankers that score candidates one by one.
@Suite struct ScorerTests {
  private func options(_ name: String) throws -> RankerOptions {
    var options = RankerOptions()
    let settings = try Fixture.object("\(name)/settings.json")
    options.sourceLimit = settings["source_max_length"]?.int
    options.candidateLimit = settings["candidate_max_length"]?.int
    return options
  }

  private func check(_ name: String, _ ranker: Ranker, tolerance: Double) throws {
    let expected = try Fixture.rows("\(name)/expected.jsonl")
    let inputs = try Fixture.rows("\(name)/cases.jsonl").map { try Fixture.input($0) }
    for (result, row) in zip(try ranker.rank(inputs.map { .init($0, .full(.maxLogits)) }), expected)
    {
      expectNear(
        result.ranked.scores, try Fixture.doubles(row["scores"]), tolerance: tolerance, name)
      #expect(try result.ranked.ranks == Fixture.ints(row["ranks"]))
    }
    #expect(inputs.count == expected.count)
  }

  private func idRows(_ value: JSONValue?) throws -> [[Int]] {
    try #require(value?.array).map { try Fixture.ints($0) }
  }

  @Test func reward() throws {
    let folder = try RankerFolder(path: Fixture.path("reward-deberta/model"))
    #expect(folder.kind == .reward)
    let model = try RewardModel(
      folder, options: options("reward-deberta"), for: Fixture.compute())
    for (row, expected) in zip(
      try Fixture.rows("reward-deberta/cases.jsonl"),
      try Fixture.rows("reward-deberta/expected.jsonl"))
    {
      let input = try Fixture.input(row)
      #expect(
        try model.sequences(input.source, input.candidates).map(\.ids)
          == idRows(expected["input_ids"]))
    }
    try check("reward-deberta", .pointwise(model), tolerance: 2e-4)
  }

  @Test func simCLS() throws {
    let folder = try RankerFolder(path: Fixture.path("simcls/model"))
    #expect(folder.kind == .simCLS)
    let options = try options("simcls")
    let model = try SimCLS(folder, options: options, for: Fixture.compute())
    for (row, expected) in zip(
      try Fixture.rows("simcls/cases.jsonl"), try Fixture.rows("simcls/expected.jsonl"))
    {
      let input = try Fixture.input(row)
      #expect(
        try model.sequence("<source>" + input.source, 36).ids
          == Fixture.ints(expected["source_ids"]))
      #expect(
        try input.candidates.map { try model.sequence("<candidate>" + $0, 44).ids }
          == idRows(expected["candidate_ids"]))
    }
    try check("simcls", .pointwise(model), tolerance: 1e-4)
  }

  @Test func summaReranker() throws {
    let folder = try RankerFolder(
      path: Fixture.path("summareranker/ranker"),
      backbone: Fixture.path("summareranker/backbone"))
    #expect(folder.kind == .summaReranker)
    let model = try SummaReranker(folder, options: RankerOptions(), for: Fixture.compute())
    for (row, expected) in zip(
      try Fixture.rows("summareranker/cases.jsonl"),
      try Fixture.rows("summareranker/expected.jsonl"))
    {
      let input = try Fixture.input(row)
      #expect(
        try model.sequences(input.source, input.candidates).map(\.ids)
          == idRows(expected["input_ids"]))
      let outputs = try model.outputs(of: [input])[0]
      let tasks = try Fixture.matrix(expected["task_scores"])
      let gates = try #require(expected["gates"]?.array).map { try Fixture.matrix($0) }
      for (candidate, output) in outputs.enumerated() {
        expectNear(output.tasks.map { Double($0) }, tasks[candidate], "tasks")
        for (task, weights) in output.gates.enumerated() {
          expectNear(weights.map { Double($0) }, gates[task][candidate], "gates")
        }
      }
    }
    try check("summareranker", .pointwise(model), tolerance: 2e-4)
  }

  @Test func aRankersWeightsAloneNeedABackbone() {
    #expect {
      try RankerFolder(path: Fixture.path("summareranker/ranker"))
    } throws: { error in
      "\(error)".contains("--backbone") && "\(error)".contains("'backbone'")
    }
  }

  @Test func kindsCanBeForced() throws {
    // A pair ranker's folder holds no reward model: the name table says so.
    let folder = try RankerFolder(path: Fixture.path("pairrm-hf/model"), kind: .reward)
    #expect(throws: (any Error).self) { try Ranker.load(folder, for: Fixture.compute()) }
  }
}
