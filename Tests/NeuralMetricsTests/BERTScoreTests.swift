import Foundation
import JSON
import Tensors
import Testing

@testable import NeuralMetrics

/// BERTScore against what bert-score computed.
@Suite struct BERTScoreTests {
  static let models = ["bert", "roberta", "deberta"]
  /// The layer of each model's recording.
  static let layers = ["bert": 3, "roberta": 2, "deberta": 2]
  static let layerCounts = ["bert": 4, "roberta": 3, "deberta": 3]

  private func scorer(
    _ model: String, layer: Int? = nil, stateBytes: Int = 256 << 20,
    precision: Precision = .float32,
    _ change: (inout BERTScorer.Options) throws -> Void = { _ in }
  ) throws -> BERTScorer {
    var options = BERTScorer.Options(layer: try #require(layer ?? Self.layers[model]))
    options.stateBytes = stateBytes
    try change(&options)
    return try BERTScorer(
      Fixture(name: "bertscore-\(model)").model(precision: precision), options: options)
  }

  private func triple(_ object: JSONObject, _ column: String) throws -> [Double] {
    try ["P", "R", "F"].map { try Fixture.number(object[column]?.object, $0) }
  }

  @Test(arguments: models)
  func equalsTheRecording(_ model: String) throws {
    let rows = try Fixture(name: "bertscore-\(model)").pairs()
    #expect(rows.count == 22)
    let plain = try scorer(model).triples(rows.map(\.pair))
    // The weights were counted without the rows of empty texts.
    let weighted = try scorer(model) { $0.usesFrequencies = true }
    for row in rows where row.id.string == nil { try weighted.read(reference: row.pair.reference) }
    let idf = try weighted.triples(rows.map(\.pair))
    for (place, row) in rows.enumerated() {
      #expect(distance(plain[place], try triple(row.expected, "plain")) < 1e-4, "\(row.id)")
      #expect(distance(idf[place], try triple(row.expected, "idf")) < 1e-4, "\(row.id)")
    }
  }

  @Test func putsASpaceBeforeTextsAsRoBERTasSlowTokenizer() throws {
    let rows = try Fixture(name: "bertscore-roberta").pairs()
    let plain = try scorer("roberta") { $0.addsPrefixSpace = true }
    let weighted = try scorer("roberta") {
      $0.addsPrefixSpace = true
      $0.usesFrequencies = true
    }
    for row in rows where row.id.string == nil { try weighted.read(reference: row.pair.reference) }
    let (values, idf) = try (plain.triples(rows.map(\.pair)), weighted.triples(rows.map(\.pair)))
    for (place, row) in rows.enumerated() {
      let expected = try triple(row.expected, "plain_prefix_space")
      #expect(distance(values[place], expected) < 1e-4, "\(row.id)")
      #expect(distance(idf[place], try triple(row.expected, "idf_prefix_space")) < 1e-4)
    }
  }

  /// Odd texts, several candidates of a reference, texts beyond the model's positions, another layer,
  /// rescaling.
  @Test(arguments: models)
  func equalsBertScoreForUnseenTexts(_ model: String) throws {
    let rows = try Fixture.unseen("bertscore-\(model)")
    let last = try #require(Self.layerCounts[model])
    let baseline = try BERTScoreBaseline(path: Fixture.path("baselines.csv"), layer: 1)
    let weighted = try scorer(model, layer: last) { $0.usesFrequencies = true }
    for row in rows { try weighted.read(reference: row.pair.reference) }
    let columns = [
      "plain-1": try scorer(model, layer: 1), "plain-\(last)": try scorer(model, layer: last),
      "idf": weighted, "rescaled": try scorer(model, layer: 1) { $0.baseline = baseline },
    ]
    for (column, scorer) in columns {
      let values = try scorer.triples(rows.map(\.pair))
      for (place, row) in rows.enumerated() {
        let recorded = try #require(row.expected[column]?.array)
        #expect(
          distance(values[place], recorded.map { $0.number ?? .nan }) < 1e-4,
          "\(column) of pair \(place): \(values[place]), \(recorded)")
      }
    }
  }

  /// Texts leave the cache and come back, in any order of the pairs, one at a time or all together.
  @Test(arguments: models)
  func doesNotDependOnBatchesOrMemory(_ model: String) throws {
    let pairs = try Fixture.unseen("bertscore-\(model)").map(\.pair)
    let expected = try scorer(model).triples(pairs)
    for stateBytes in [0, 20_000, 100_000] {
      let small = try scorer(model, stateBytes: stateBytes)
      #expect(distance(try small.triples(pairs).flatMap(\.self), expected.flatMap(\.self)) < 1e-5)
      let reversed = try small.triples(pairs.reversed()).reversed().flatMap(\.self)
      #expect(distance(reversed, expected.flatMap(\.self)) < 1e-5)
    }
    let alone = try scorer(model)
    for (pair, value) in zip(pairs, expected) {
      #expect(distance(try alone.triples([pair])[0], value) < 1e-5)
    }
  }

  @Test func computesInLowerPrecisions() throws {
    let pairs = try Fixture.unseen("bertscore-roberta").map(\.pair)
    let expected = try scorer("roberta").numbers(pairs)
    for precision in [Precision.bfloat16, .int8] {
      let lower = try scorer("roberta", precision: precision)
      #expect(distance(try lower.numbers(pairs), expected) < 0.02)
      #expect(lower.signature.contains("precision:\(precision.rawValue)"))
    }
  }

  @Test func tokensInAllReferencesHaveNoWeight() throws {
    let scorer = try scorer("bert") { $0.usesFrequencies = true }
    #expect(throws: NeuralMetricsError.noReferences) {
      try scorer.score([TextPair(candidate: "a", reference: "a")])
    }
    try scorer.read(reference: "the river")
    let triple = try scorer.triples([TextPair(candidate: "a bishop", reference: "the river")])[0]
    // As in bert-score: the weights of the reference's tokens sum to 0.
    #expect(triple[0] > 0 && triple[1].isNaN && triple[2] == 0)
  }

  @Test func signaturesTellWhatValuesDependOn() throws {
    let baseline = try BERTScoreBaseline(path: Fixture.path("baselines.csv"), layer: 2)
    var signatures = [
      try scorer("bert").signature, try scorer("roberta").signature,
      try scorer("bert", layer: 2).signature,
      try scorer("bert", precision: .int8).signature,
      try scorer("bert") { $0.addsPrefixSpace = true }.signature,
      try scorer("bert") { $0.baseline = baseline }.signature,
    ]
    for references in [[], ["a river"], ["a market"], ["a river", "a river"]] {
      let weighted = try scorer("bert") { $0.usesFrequencies = true }
      for reference in references { try weighted.read(reference: reference) }
      signatures.append(weighted.signature)
    }
    #expect(Set(signatures).count == signatures.count)
    #expect(signatures[0] == (try scorer("bert").signature))
    #expect(signatures[0].hasPrefix("bertscore|model:bert-"))
    #expect(
      signatures[0].hasSuffix(
        "|layer:3|idf:no|baseline:no|prefix-space:no|max-length:512|precision:float32"
          + "|version:mixinstruct-1"))
  }

  @Test func theSameModelElsewhereIsTheSame() throws {
    let copy = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: copy) }
    try FileManager.default.copyItem(
      at: URL(filePath: Fixture.path("bertscore-bert/model")), to: copy)
    func signature() throws -> String {
      try BERTScorer(
        ScoringModel(path: copy.path, compute: Compute(pool: ThreadPool(count: 1))),
        options: .init(layer: 3)
      ).signature
    }
    let expected = try scorer("bert").signature
    #expect(try signature() == expected)
    let weights = copy.appending(path: "model.safetensors")
    var bytes = try Data(contentsOf: weights)
    bytes[bytes.count - 3] ^= 1
    try bytes.write(to: weights)
    #expect(try signature() != expected)
  }

  @Test func refusesWhatCannotBe() throws {
    #expect(throws: NeuralMetricsError.self) { try scorer("bert", layer: 5) }
    #expect(throws: NeuralMetricsError.self) { try scorer("bert", layer: -1) }
    let path = Fixture.path("baselines.csv")
    #expect(throws: NeuralMetricsError.baseline(path: path, reason: "it has no layer 9")) {
      try BERTScoreBaseline(path: path, layer: 9)
    }
    #expect(throws: NeuralMetricsError.self) { try BERTScoreBaseline(path: "/no/such", layer: 1) }
    let settings = Fixture.path("bertscore-bert/settings.json")
    #expect(throws: NeuralMetricsError.self) { try BERTScoreBaseline(path: settings, layer: 1) }
    let stopped = try scorer("bert")
    #expect(throws: NeuralMetricsError.stopped) {
      try stopped.score([TextPair(candidate: "a", reference: "b")]) { true }
    }
  }

  @Test func knowsTheUsualLayers() {
    #expect(BERTScoreLayers.layer(of: "roberta-large") == 17)
    #expect(BERTScoreLayers.layer(of: "FacebookAI/roberta-large@main") == 17)
    #expect(BERTScoreLayers.layer(of: "/models/deberta-xlarge-mnli/") == 40)
    #expect(BERTScoreLayers.layer(of: "microsoft/deberta-xlarge-mnli") == 40)
    #expect(BERTScoreLayers.layer(of: "microsoft/deberta-v3-large") == 12)
    #expect(BERTScoreLayers.layer(of: "somebody/else") == nil)
    #expect(BERTScoreLayers.layer(of: "") == nil)
  }
}
