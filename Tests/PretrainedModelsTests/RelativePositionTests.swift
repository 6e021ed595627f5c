import Checkpoints
import Foundation
import JSON
import Testing

@testable import PretrainedModels

@Suite struct RelativePositionTests {
  /// Settings of DeBERTa v2 with what a test changes.
  static func settings(_ changes: JSONObject) -> ModelConfiguration {
    var object: JSONObject = [
      "model_type": "deberta-v2", "hidden_size": 24, "num_attention_heads": 2,
      "intermediate_size": 16, "num_hidden_layers": 1, "vocab_size": 11,
      "relative_attention": true, "position_biased_input": false, "pos_att_type": "c2p|p2c",
      "max_position_embeddings": 64, "position_buckets": 8, "share_att_key": true,
    ]
    for member in changes.members { object[member.key] = member.value }
    return ModelConfiguration(path: "config.json", settings: object)
  }

  /// Rounding decides to which bucket a distance at an edge belongs.
  @Test func bucketsAreThoseOfTheReference() throws {
    let path = Fixture(name: "relative-rows.json").folder
    let cases = try Fixture.array(JSONParser().value(of: Data(contentsOf: path)))
    #expect(cases.count == 40)
    for item in cases {
      let object = try Fixture.object(item)
      let (buckets, maximum) = (object["buckets"]?.int ?? 0, object["maximum"]?.int ?? 0)
      let configuration = try DeBERTaV2.Configuration(
        Self.settings([
          "position_buckets": .integer(Int64(buckets)),
          "max_relative_positions": .integer(Int64(maximum)),
        ]))
      var distance = -(object["limit"]?.int ?? 0)
      var wrong: [Int] = []
      for run in try Fixture.rows(object["runs"]) {
        for _ in 0..<run[1] {
          if configuration.row(distance: distance) != run[0] { wrong.append(distance) }
          distance += 1
        }
      }
      #expect(distance - 1 == object["limit"]?.int)
      #expect(wrong.isEmpty, "\(buckets) buckets up to \(maximum)")
    }
  }
}
