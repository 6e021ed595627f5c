import Checkpoints
import Foundation
import JSON
import PretrainedModels
import Tensors
import Testing

/// all-MiniLM-L6-v2, a model that people use; see `Fixtures/FIXTURES.md` for where to get it.
@Suite struct SentenceEmbedderTests {
  static let folder = ProcessInfo.processInfo.environment["MINILM_FOLDER"]

  struct Sentence {
    let ids: [Int]
    let embedding: [Double]
  }

  static var sentences: [Sentence] {
    get throws {
      try String(contentsOf: Fixture(name: "minilm.jsonl").folder, encoding: .utf8)
        .split(separator: "\n")
        .map { line in
          let object = try Fixture.object(JSONValue(json: String(line)))
          return Sentence(
            ids: try Fixture.integers(object["ids"]),
            embedding: try Fixture.numbers(object["embedding"]))
        }
    }
  }

  /// The largest difference of a number, and the least cosine with the recorded vectors.
  static func compare(_ precision: Precision, folder: String) throws -> (Double, Double) {
    let encoder = try EncoderLoader.load(
      ModelFolder(path: folder), precision: precision,
      for: Compute(pool: EncoderTests.pool))
    let sentences = try Self.sentences
    let vectors = try SentenceEmbedder(encoder).embed(sentences.map { TokenSequence($0.ids) })
    var (difference, cosine) = (0.0, 1.0)
    for (row, sentence) in sentences.enumerated() {
      let vector = vectors.rows(row..<row + 1).elements.map(Double.init)
      difference = zip(vector, sentence.embedding).reduce(difference) { max($0, abs($1.0 - $1.1)) }
      cosine = min(cosine, zip(vector, sentence.embedding).reduce(0) { $0 + $1.0 * $1.1 })
    }
    return (difference, cosine)
  }

  @Test(.enabled(if: folder != nil, "MINILM_FOLDER names no copy of all-MiniLM-L6-v2"))
  func embeddingsAreThoseOfTheReference() throws {
    let folder = try #require(Self.folder)
    let (difference, _) = try Self.compare(.float32, folder: folder)
    #expect(difference < 1e-4)
  }

  @Test(.enabled(if: folder != nil, "MINILM_FOLDER names no copy of all-MiniLM-L6-v2"))
  func lowerPrecisionsKeepTheDirection() throws {
    let folder = try #require(Self.folder)
    let half = try Self.compare(.bfloat16, folder: folder)
    let eighth = try Self.compare(.int8, folder: folder)
    #expect(half.1 > 0.999)
    #expect(eighth.1 > 0.98)
  }

  @Test func vectorsHaveLengthOneAndTheOrderOfTheRequest() throws {
    let encoder = try EncoderLoader.load(
      Fixture(name: "bert").model, for: Compute(pool: EncoderTests.pool))
    let embedder = SentenceEmbedder(encoder)
    let sequences = [[5], [7, 8, 9, 10, 11, 12], [5, 6], [9, 8, 7]].map { TokenSequence($0) }
    let together = try embedder.embed(sequences)
    for (row, sequence) in sequences.enumerated() {
      let alone = try embedder.embed([sequence], tokenBudget: 1)
      let vector = together.rows(row..<row + 1)
      #expect(RandomModelTests.error(vector, alone) < 1e-6)
      let length = vector.elements.reduce(0) { $0 + Double($1) * Double($1) }
      #expect(abs(length - 1) < 1e-6)
    }
  }
}
