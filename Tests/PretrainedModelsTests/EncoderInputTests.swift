import PretrainedModels
import Tensors
import Testing

@Suite struct EncoderInputTests {
  static let good = TokenSequence([5, 6, 7])

  @Test(
    arguments: [
      ("bert", TokenSequence([]), ModelInputError.empty(sequence: 1)),
      (
        "bert", TokenSequence([5, 320]),
        .token(sequence: 1, position: 1, id: 320, vocabularySize: 320)
      ),
      (
        "bert", TokenSequence([-1]),
        .token(sequence: 1, position: 0, id: -1, vocabularySize: 320)
      ),
      (
        "bert", TokenSequence([5, 6], typeIDs: [0, 2]),
        .tokenType(sequence: 1, position: 1, type: 2, typeCount: 2)
      ),
      (
        "bert", TokenSequence([5, 6], typeIDs: [0]),
        .tokenTypeCount(sequence: 1, got: 1, expected: 2)
      ),
      (
        "bert", TokenSequence(Array(repeating: 5, count: 65)),
        .tooLong(sequence: 1, length: 65, limit: 64)
      ),
      // 66 positions, of which 0 and 1 are not given to tokens.
      (
        "roberta", TokenSequence(Array(repeating: 5, count: 65)),
        .tooLong(sequence: 1, length: 65, limit: 64)
      ),
      (
        "deberta-v2-abspos", TokenSequence(Array(repeating: 5, count: 61)),
        .tooLong(sequence: 1, length: 61, limit: 60)
      ),
    ] as [(String, TokenSequence, ModelInputError)])
  func sequencesThatCannotBeReadAreRefused(
    _ model: String, _ sequence: TokenSequence, _ error: ModelInputError
  ) throws {
    let encoder = try EncoderLoader.load(
      Fixture(name: model).model, for: Compute(pool: EncoderTests.pool))
    #expect(throws: error) {
      try encoder.forEachBatch(of: [Self.good, sequence]) { _, _, _ in
        Issue.record("a batch was computed")
      }
    }
  }

  /// Relative positions have no end, and types are ignored where a model has none.
  @Test func whatTheModelDoesNotNeedIsNotRefused() throws {
    let encoder = try EncoderLoader.load(
      Fixture(name: "deberta-v3").model, for: Compute(pool: EncoderTests.pool))
    let long = TokenSequence((0..<1500).map { $0 % 300 }, typeIDs: (0..<1500).map { $0 / 750 })
    var rows = 0
    try encoder.forEachBatch(of: [long]) { _, _, hidden in
      rows = hidden.rows
      #expect(hidden.elements.allSatisfy { $0.isFinite })
    }
    #expect(rows == 1500)
  }

  @Test func aRequestOfNothingIsNothing() throws {
    let encoder = try EncoderLoader.load(
      Fixture(name: "bert").model, for: Compute(pool: EncoderTests.pool))
    try encoder.forEachBatch(of: []) { _, _, _ in Issue.record("a batch was computed") }
    let nothing = try SentenceEmbedder(encoder).embed([])
    #expect(nothing.rows == 0)
  }
}
