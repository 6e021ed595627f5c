import Checkpoints
import Foundation
import JSON
import PretrainedModels
import Tensors
import Testing
import Tokenizers

/// all-MiniLM-L6-v2, a model that people use; see `Fixtures/FIXTURES.md` for where it is found.
@Suite struct SentenceEmbedderTests {
  /// The model's folder: the one that `MINILM_FOLDER` names, or that of `Tools/prepare minilm`.
  static let folder: String? = {
    if let named = ProcessInfo.processInfo.environment["MINILM_FOLDER"] { return named }
    let prepared = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../.build/models/all-minilm-l6-v2").standardized.path
    return FileManager.default.fileExists(atPath: "\(prepared)/config.json") ? prepared : nil
  }()

  static let reason: Comment =
    "no copy of all-MiniLM-L6-v2: 'Tools/prepare minilm' makes one, or MINILM_FOLDER names it"

  struct Sentence {
    let text: String
    let ids: [Int]
    let embedding: [Double]
  }

  static var sentences: [Sentence] {
    get throws {
      let file = try String(contentsOf: Fixture(name: "minilm.jsonl").folder, encoding: .utf8)
      // Texts hold every other kind of line end.
      return try file.utf8.split(separator: 0x0A).map { line in
        let object = try Fixture.object(JSONValue(json: String(decoding: line, as: UTF8.self)))
        return Sentence(
          text: try Fixture.string(object["text"]), ids: try Fixture.integers(object["ids"]),
          embedding: try Fixture.numbers(object["embedding"]))
      }
    }
  }

  /// What a model of some precision makes of all texts, against the recorded vectors.
  struct Comparison {
    /// The largest difference of a number of each text.
    var differences: [Double] = []
    /// The cosine with the recorded vector of each text.
    var cosines: [Double] = []

    /// Computes the vectors, at most `tokenBudget` tokens together.
    init(_ precision: Precision, tokenBudget: Int = EncoderDefaults.tokenBudget) throws {
      let folder = try #require(SentenceEmbedderTests.folder)
      let encoder = try EncoderLoader.load(
        ModelFolder(path: folder), precision: precision, for: Compute(pool: EncoderTests.pool))
      let tokenizer = try Tokenizer(folder: folder)
      let sentences = try SentenceEmbedderTests.sentences
      let sequences = try sentences.map { sentence in
        let ids = try tokenizer.encode(sentence.text, maximumLength: 256).map { Int($0) }
        #expect(ids == sentence.ids, "\(sentence.text.debugDescription)")
        return TokenSequence(ids)
      }
      let vectors = try SentenceEmbedder(encoder).embed(sequences, tokenBudget: tokenBudget)
      for (row, sentence) in sentences.enumerated() {
        let vector = vectors.rows(row..<row + 1).elements.map(Double.init)
        let pairs = zip(vector, sentence.embedding)
        // A NaN is the largest difference.
        differences.append(
          pairs.reduce(0) { largest, pair in
            let difference = abs(pair.0 - pair.1)
            return difference <= largest ? largest : difference
          })
        let length = sentence.embedding.reduce(0) { $0 + $1 * $1 }.squareRoot()
        cosines.append(pairs.reduce(0) { $0 + $1.0 * $1.1 } / length)
      }
    }
  }

  /// From text to vector, whatever is computed together.
  @Test(.enabled(if: folder != nil, reason), arguments: [EncoderDefaults.tokenBudget, 1])
  func embeddingsAreThoseOfTheReference(tokenBudget: Int) throws {
    let found = try Comparison(.float32, tokenBudget: tokenBudget)
    #expect(found.differences.count == 30)
    for (difference, sentence) in zip(found.differences, try Self.sentences) {
      #expect(difference < 1e-4, "\(sentence.text.debugDescription)")
    }
  }

  /// The tolerances that README.md of the module states for real texts.
  @Test(
    .enabled(if: folder != nil, reason), arguments: [(Precision.bfloat16, 0.9998), (.int8, 0.98)])
  func lowerPrecisionsKeepTheDirection(_ limit: (precision: Precision, cosine: Double)) throws {
    for (cosine, sentence) in zip(try Comparison(limit.precision).cosines, try Self.sentences) {
      #expect(cosine > limit.cosine, "\(sentence.text.debugDescription)")
    }
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
