import JSON
import Tensors
import Testing

@testable import NeuralMetrics

/// BARTScore, BLEURT and the pseudo-log-likelihood against what the references computed.
@Suite struct ModelScoreTests {
  private func bart(
    _ direction: BARTScoreDirection = .candidateToReference, weights: String? = nil, length: Int
  ) throws -> BARTScorer {
    try BARTScorer(
      Fixture(name: "bartscore").model(weights: weights), maximumLength: length,
      direction: direction)
  }

  @Test func bartScoreEqualsTheRecording() throws {
    let rows = try Fixture(name: "bartscore").pairs()
    let pairs = rows.map(\.pair)
    let recall = try rows.map { try Fixture.number($0.expected, "hyp_to_ref") }
    let precision = try rows.map { try Fixture.number($0.expected, "ref_to_hyp") }
    #expect(rows.count == 24)
    #expect(distance(try bart(length: 60).numbers(pairs), recall) < 3e-4)
    let backwards = try bart(.referenceToCandidate, length: 60)
    #expect(distance(try backwards.numbers(pairs), precision) < 3e-4)
    let mean = zip(recall, precision).map { ($0 + $1) / 2 }
    #expect(distance(try bart(.mean, length: 60).numbers(pairs), mean) < 3e-4)
  }

  @Test func bartScoreEqualsTheReferenceForUnseenTexts() throws {
    let rows = try Fixture.unseen("bartscore")
    let pairs = rows.map(\.pair)
    for direction in [BARTScoreDirection.candidateToReference, .referenceToCandidate] {
      let expected = try rows.map { try Fixture.number($0.expected, direction.rawValue) }
      let scorer = try bart(direction, length: 50)
      #expect(distance(try scorer.numbers(pairs), expected) < 3e-4)
      // One at a time, and with others in between.
      for (pair, value) in zip(pairs, expected) {
        #expect(abs(try scorer.numbers([pair])[0] - value) < 3e-4)
      }
      let doubled = (pairs + pairs.reversed()).map(\.self)
      #expect(distance(try scorer.numbers(doubled), expected + expected.reversed()) < 3e-4)
    }
  }

  @Test func bartScoreTakesWeightsOfATorchFile() throws {
    let rows = try Fixture.unseen("bartscore")
    let expected = try rows.map { try Fixture.number($0.expected, "weights") }
    let scorer = try bart(weights: "bart.pth", length: 50)
    #expect(distance(try scorer.numbers(rows.map(\.pair)), expected) < 3e-4)
    #expect(scorer.signature != (try bart(length: 50).signature))
  }

  @Test func bleurtEqualsTheRecording() throws {
    let rows = try Fixture(name: "bleurt").pairs()
    #expect(rows.count == 23)
    let scorer = try BLEURTScorer(Fixture(name: "bleurt").model(), maximumLength: 96)
    let values = try scorer.numbers(rows.map(\.pair))
    let expected = try rows.map { try Fixture.number($0.expected, "score") }
    #expect(distance(values, expected) < 2e-4)
    for (row, value) in zip(rows, expected) {
      #expect(abs(try scorer.numbers([row.pair])[0] - value) < 2e-4)
    }
  }

  /// A RemBERT with SentencePiece under BLEURT-20's names.
  @Test func bleurt20EqualsTheReferenceForUnseenTexts() throws {
    let rows = try Fixture.unseen("bleurt-20")
    let scorer = try BLEURTScorer(
      ScoringModel(
        path: Fixture.path("bleurt-20"), compute: Compute(pool: ThreadPool(count: 2))),
      maximumLength: 60)
    let expected = try rows.map { try Fixture.number($0.expected, "score") }
    #expect(distance(try scorer.numbers(rows.map(\.pair)), expected) < 2e-4)
  }

  @Test(arguments: ["bert-mlm", "roberta-mlm"])
  func pseudoLogLikelihoodEqualsTheRecording(_ name: String) throws {
    let expected = try Fixture.rows("\(name)/expected.jsonl").map { try Fixture.number($0, "pll") }
    let pairs = try Fixture.rows("\(name)/sentences.jsonl").map {
      TextPair(candidate: try Fixture.text($0, "text"), reference: "")
    }
    let scorer = try PseudoLikelihoodScorer(Fixture(name: name).model())
    #expect(distance(try scorer.numbers(pairs), expected) < 2e-3)
    #expect(try scorer.numbers([TextPair(candidate: "", reference: "x")]) == [0])
  }

  @Test func cutsTextsToWhatTheModelTakes() throws {
    let long = String(repeating: "the river and the market ", count: 2000)
    let pair = TextPair(candidate: long, reference: long + "x")
    let model = try Fixture(name: "bleurt").model()
    #expect(try BLEURTScorer(model, maximumLength: 100_000).signature.contains("max-length:96"))
    #expect(try BLEURTScorer(model, maximumLength: 100_000).numbers([pair])[0].isFinite)
    #expect(throws: NeuralMetricsError.maximumLength(got: 2, least: 3)) {
      try BLEURTScorer(model, maximumLength: 2)
    }
    #expect(try bart(length: 100_000).numbers([pair])[0].isFinite)
    let masked = try PseudoLikelihoodScorer(Fixture(name: "bert-mlm").model(), maximumLength: 9)
    #expect(try masked.numbers([pair])[0].isFinite)
  }

  @Test func refusesModelsOfAnotherKind() throws {
    #expect(throws: (any Error).self) {
      try BARTScorer(Fixture(name: "bertscore-bert").model())
    }
    #expect(throws: (any Error).self) { try BLEURTScorer(Fixture(name: "bartscore").model()) }
    let encoder = try BLEURTScorer(Fixture(name: "bertscore-bert").model())
    #expect(throws: (any Error).self) { try encoder.load() }
  }

  @Test func canBeStopped() throws {
    let pairs = [TextPair(candidate: "a", reference: "b")]
    let scorers: [any NeuralScorer] = [
      try bart(length: 50), try BLEURTScorer(Fixture(name: "bleurt").model()),
      try PseudoLikelihoodScorer(Fixture(name: "bert-mlm").model()),
    ]
    for scorer in scorers {
      #expect(throws: NeuralMetricsError.stopped) { try scorer.score(pairs) { true } }
      #expect(try scorer.score([]).isEmpty)
    }
  }
}
