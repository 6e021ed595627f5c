import BundledRanker
import JSON
import Testing

@testable import Reranking

/// The shipped ranker's head; numbers are those of `Tools/fixtures/ranker.py`.
@Suite struct FeatureHeadTests {
  @Test func featuresAreThoseItWasFittedOn() {
    let source = "Name two rivers."
    for (candidate, similarity, expected) in [
      (
        "The Rhine and the Elbe.\nThe Rhine and the Oder.", 0.25,
        [
          2.3978952727983707, 5.749901739308773, 0.25, 3.324188695236423, 0.6931471805599453, 0.75,
          0.6, 0.0, 0.5994738181995927,
        ]
      ),
      ("", 0.5, [0, 0, 0.5, 0, 0, 1, 1, 1, 0]),
      // A no-break space is no space.
      (
        "é\u{A0}x", 0.5,
        [
          0.6931471805599453, 0.4804530139182014, 0.5, 0.9609060278364028, 0, 1, 1, 0,
          0.34657359027997264,
        ]
      ),
    ] {
      let features = FeatureHead.features(
        of: candidate, source: source, similarity: similarity)
      expectNear(features, expected, tolerance: 1e-12, candidate)
    }
  }

  @Test func theShippedHeadIsRead() throws {
    let head = try FeatureHead(json: BundledRanker.json)
    #expect(head.limit == 256 && head.weights.count == FeatureHead.names.count)
    let answer = head.score(of: "The Rhine and the Elbe.", source: "Rivers?", similarity: 0.5)
    #expect(answer > head.score(of: "", source: "Rivers?", similarity: 0))
    let repeated = String(repeating: "the Elbe ", count: 4)
    #expect(
      head.score(of: "the Elbe and six of the other rivers", source: "", similarity: 0.5)
        > head.score(of: repeated, source: "", similarity: 0.5))
    for text in ["{}", #"{"weights":{"log_words":1},"max_length":256}"#] {
      #expect(throws: RerankingError.self) { try FeatureHead(json: Array(text.utf8)) }
    }
  }
}
