import Foundation
import JSON
import Records
import Tensors
import Testing

@testable import Reranking

/// Both layouts and both encodings of PairRanker: text in, logits and ranks out.
@Suite struct PairRankerTests {
  /// A recorded ranker with its settings and batches.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let folder: String
    let backbone: String?
    let source: Int?
    let candidate: Int?
    var testDescription: String { name }

    static let all = [
      Case(
        name: "pairrm-hf", folder: "pairrm-hf/model", backbone: nil, source: 60, candidate: 40),
      Case(
        name: "pairranker", folder: "pairranker/ranker", backbone: "pairranker/backbone",
        source: nil, candidate: nil),
    ]

    func ranker(precision: Precision = .float32) throws -> PairRanker {
      var options = RankerOptions()
      options.sourceLimit = source
      options.candidateLimit = candidate
      options.precision = precision
      let folder = try RankerFolder(
        path: Fixture.path(folder), backbone: backbone.map { Fixture.path($0) })
      #expect(folder.kind == .pairRanker)
      return try PairRanker(folder, options: options, for: Fixture.compute())
    }

    /// The recorded inputs by batch, with their names.
    func batches() throws -> [[(id: String, input: RankingInput)]] {
      let rows =
        backbone == nil
        ? [try Fixture.rows("pairrm-hf/cases.jsonl")]
        : try Fixture.rows("pairranker/batches.jsonl").map { batch in
          try #require(batch["records"]?.array).map { try #require($0.object) }
        }
      return try rows.map { try $0.map { (try Fixture.id($0), try Fixture.input($0)) } }
    }
  }

  @Test(arguments: Case.all) func pairs(_ recorded: Case) throws {
    let ranker = try recorded.ranker()
    let expected = Dictionary(
      uniqueKeysWithValues: try Fixture.rows("\(recorded.name)/expected.pairs.jsonl").map {
        (try Fixture.id($0), $0)
      })
    var count = 0
    for batch in try recorded.batches() {
      let inputs = try ranker.prepare(batch.map(\.input))
      let requests = inputs.enumerated().flatMap { number, input in
        ComparisonMatrix(count: input.count).missing.map {
          PairRanker.Request(input: number, first: $0.first, second: $0.second)
        }
      }
      for (request, scores) in zip(requests, try ranker.scores(of: requests, in: inputs)) {
        let id = "\(batch[request.input].id)/\(request.first)/\(request.second)"
        let row = try #require(expected[id])
        let ids = ranker.tokens(request.first, request.second, of: inputs[request.input])
        #expect(try ids == Fixture.ints(row["input_ids"]), "\(id)")
        expectNear(scores.first.map { Double($0) }, try Fixture.doubles(row["left"]), id)
        expectNear(scores.second.map { Double($0) }, try Fixture.doubles(row["right"]), id)
        expectNear([Double(scores.logit)], [try #require(row["logit"]?.number)], id)
        count += 1
      }
    }
    #expect(count == expected.count)
  }

  @Test(arguments: Case.all) func ranks(_ recorded: Case) throws {
    let ranker = Ranker.pairwise(try recorded.ranker())
    let expected = Dictionary(
      uniqueKeysWithValues: try Fixture.rows("\(recorded.name)/expected.jsonl").map {
        (try Fixture.id($0), $0)
      })
    for scoring in PairwiseScoring.allCases {
      let name = scoring.rawValue.replacing("-", with: "_")
      for batch in try recorded.batches() {
        for (item, result) in zip(
          batch, try ranker.rank(batch.map { .init($0.input, .full(scoring)) }))
        {
          let row = try #require(expected[item.id])
          let known = try #require(result.known)
          expectNear(
            known.rows.flatMap { $0 }, try Fixture.matrix(row["matrix"]).flatMap { $0 }, item.id)
          let scores = try #require(row[name]?.object)
          expectNear(result.ranked.scores, try Fixture.doubles(scores["scores"]), item.id)
          #expect(try result.ranked.ranks == Fixture.ints(scores["ranks_from_scores"]))
          if scoring == .maxLogits {
            #expect(result.ranked.best == row["best_index"]?.int)
          }
        }
      }
    }
  }

  @Test func references() throws {
    let recorded = Case.all[1]
    let ranker = Ranker.pairwise(try recorded.ranker())
    let expected = Dictionary(
      uniqueKeysWithValues: try Fixture.rows("pairranker/expected.ref.jsonl").map {
        (try Fixture.id($0), $0)
      })
    for (name, choice) in ReferenceChoice.named {
      for batch in try recorded.batches() {
        let results = try ranker.rank(
          batch.map { .init($0.input, .reference(choice)) })
        for (item, result) in zip(batch, results) {
          let row = try #require(expected["\(item.id)/\(name)"])
          #expect(choice.index(among: item.input.candidates) == row["reference_index"]?.int)
          expectNear(result.ranked.scores, try Fixture.doubles(row["scores"]), item.id)
          #expect(try result.ranked.ranks == Fixture.ints(row["ranks"]))
          // A reference needs 2 (N - 1) of the N (N - 1) pairs.
          let known = try #require(result.known)
          #expect(known.missing.count == known.count * (known.count - 1) - 2 * (known.count - 1))
        }
      }
    }
    #expect(ReferenceChoice.given(7).index(among: ["a"]) == nil)
  }

  @Test func bubbles() throws {
    let recorded = Case.all[1]
    let ranker = Ranker.pairwise(try recorded.ranker())
    var matrices: [String: ComparisonMatrix] = [:]
    for batch in try recorded.batches() {
      for (item, result) in zip(
        batch, try ranker.rank(batch.map { .init($0.input, .full(.maxLogits)) }))
      {
        matrices[item.id] = result.known
      }
    }
    let cases = try Fixture.rows("pairranker/bubble.jsonl")
    for (row, expected) in zip(cases, try Fixture.rows("pairranker/expected.bubble.jsonl")) {
      var selection = BubbleSelection()
      selection.choice = row["select"]?.string == "worst" ? .worst : .best
      selection.passCount = try #require(row["num_runs"]?.int)
      selection.permutation = try Fixture.ints(row["permutation"])
      selection.passes = .published
      let record = try #require(row["record"]).json()
      let matrix = try #require(matrices[record])
      let outcome = try selection.run(matrix).get()
      #expect(try outcome.comparisons.map(\.left) == Fixture.ints(expected["compared_left"]))
      #expect(try outcome.comparisons.map(\.right) == Fixture.ints(expected["compared_right"]))
      #expect(try outcome.comparisons.map(\.winner) == Fixture.ints(expected["winner"]))
      #expect(try outcome.order == Fixture.ints(expected["final_permutation"]))
      #expect(outcome.winners.last == expected["selected"]?.int)
    }
    #expect(cases.count > 10)
  }

  @Test func comparisonsInEitherOrder() throws {
    let recorded = Case.all[1]
    let ranker = try recorded.ranker()
    let expected = try Fixture.rows("pairranker/expected.compare.jsonl")
    var number = 0
    for batch in try recorded.batches() {
      let inputs = try ranker.prepare(batch.map(\.input))
      for input in inputs.indices {
        let row = expected[number]
        number += 1
        let given = try #require(row["[A,B]"]?.number)
        let exchanged = try #require(row["[B,A]"]?.number)
        for (orders, logit) in [
          (PairOrders.given, given), (.exchanged, -exchanged), (.both, (given - exchanged) / 2),
        ] {
          let scores = try ranker.scores(
            of: orders.pairs.map { .init(input: input, first: $0.first, second: $0.second) },
            in: inputs)
          expectNear([Double(orders.logit(scores.map(\.logit)))], [logit], "\(number) \(orders)")
        }
      }
    }
    #expect(number == expected.count)
  }

  @Test func conversations() throws {
    var options = RankerOptions()
    options.sourceLimit = 100
    options.candidateLimit = 40
    let ranker = try PairRanker(
      RankerFolder(path: Fixture.path("pairrm-hf/model")), options: options,
      for: Fixture.compute())
    func conversation(_ value: JSONValue?) throws -> Conversation {
      Conversation(
        try #require(value?.array).map { turn in
          let turn = try #require(turn.object)
          return .init(
            role: turn["role"]?.string ?? "", content: turn["content"]?.string ?? "")
        })
    }
    let expected = try Fixture.rows("pairrm-hf/expected.conversations.jsonl")
    for (row, expected) in zip(try Fixture.rows("pairrm-hf/conversations.jsonl"), expected) {
      let input = try Conversation.input(conversation(row["a"]), conversation(row["b"]))
      #expect(input.source == expected["source"]?.string)
      #expect(input.candidates[0] == expected["candidate_a"]?.string)
      #expect(input.candidates[1] == expected["candidate_b"]?.string)
      let prepared = try ranker.prepare([input])
      #expect(try ranker.tokens(0, 1, of: prepared[0]) == Fixture.ints(expected["input_ids"]))
      let scores = try ranker.scores(of: [.init(input: 0, first: 0, second: 1)], in: prepared)
      expectNear(
        [Double(scores[0].logit)], [try #require(expected["logit"]?.number)], "conversation")
    }
  }

  @Test func oddConversationsAreRefused() {
    let question = Conversation.Turn(role: "user", content: "Hello?")
    let answer = Conversation.Turn(role: "assistant", content: "Hello.")
    let good = Conversation([question, answer])
    for bad in [
      Conversation([]), Conversation([question]), Conversation([answer, question]),
      Conversation([question, answer, question, answer]),
      Conversation([.init(role: "user", content: "Hi?"), answer]),
    ] {
      #expect(throws: RerankingError.self) { try Conversation.input(good, bad) }
    }
  }

  /// Which batches pairs are computed in must not matter, nor that equal texts share a computation.
  @Test func equalTextsAreComparedOnce() throws {
    let ranker = try Case.all[0].ranker()
    let input = RankingInput(source: "Why?", candidates: ["Because.", "No idea.", "Because."])
    let prepared = try ranker.prepare([input])
    #expect(prepared[0].texts.count == 2)
    #expect(prepared[0].areEqual(0, 2))
    var computed = 0
    let requests = ComparisonMatrix(count: 3).missing.map {
      PairRanker.Request(input: 0, first: $0.first, second: $0.second)
    }
    let scores = try ranker.scores(of: requests, in: prepared) { computed = $0 }
    #expect(computed == 6)
    // (0, 1) and (2, 1), (1, 0) and (1, 2), (0, 2) and (2, 0).
    #expect(scores[0] == scores[5] && scores[2] == scores[3] && scores[1] == scores[4])
    // What stands first matters even for equal texts: the published code computes these as well.
    #expect(scores[1].logit != 0)
    for (request, score) in zip(requests, scores) {
      let alone = try ranker.scores(of: [request], in: prepared)
      expectNear([Double(alone[0].logit)], [Double(score.logit)], tolerance: 1e-5, "\(request)")
    }
  }

  @Test(arguments: Case.all) func markersInTextsAreText(_ recorded: Case) throws {
    let ranker = try recorded.ranker()
    let texts = ["<|candidate2|> I am B", "\u{0338} joins the marker", "", "  spaces  ", "[SEP] x"]
    let prepared = try ranker.prepare([RankingInput(source: "<|source|>", candidates: texts)])
    let requests = (1..<texts.count).map { PairRanker.Request(input: 0, first: 0, second: $0) }
    let scores = try ranker.scores(of: requests, in: prepared)
    #expect(scores.allSatisfy { $0.logit.isFinite })
    let ids = ranker.tokens(0, 1, of: prepared[0])
    let second = ids.count - prepared[0].texts[1].count
    #expect(ids[second + 1] == 1410)
    // Only the collator's form takes separators out of texts.
    let separators = prepared[0].texts[4].filter { $0 == 2 }.count
    #expect(separators == (recorded.backbone == nil ? 2 : 1))
  }

  @Test func lowerPrecisionsPickMostlyTheSame() throws {
    let exact = try Case.all[0].ranker()
    let inputs = try Case.all[0].batches()[0].map(\.input)
    func logits(_ ranker: PairRanker) throws -> [Float] {
      let prepared = try ranker.prepare(inputs)
      let requests = prepared.enumerated().flatMap { number, input in
        ComparisonMatrix(count: input.count).missing.map {
          PairRanker.Request(input: number, first: $0.first, second: $0.second)
        }
      }
      return try ranker.scores(of: requests, in: prepared).map(\.logit)
    }
    let reference = try logits(exact)
    for (precision, tolerance) in [(Precision.bfloat16, 0.03), (.int8, 0.12)] {
      let other = try logits(Case.all[0].ranker(precision: precision))
      expectNear(
        other.map { Double($0) }, reference.map { Double($0) }, tolerance: tolerance,
        "\(precision)")
    }
  }
}
