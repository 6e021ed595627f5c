import Tensors
import Testing

@testable import Checkpoints

@Suite struct WeightsTests {
  static func table() -> WeightTable {
    var table = WeightTable()
    table.require("embeddings.weight", aliases: ["head.weight"], shape: [6, 4])
    table.require("layer.0.weight", shape: [3, 4])
    table.require("layer.0.offset", aliases: ["layer.0.bias"], shape: [3])
    table.allow("pooler.weight", shape: [4, 4])
    table.require("scalar", shape: [])
    table.ignore("flags")
    table.ignore(suffix: "position_ids")
    table.ignore(prefix: "layer.1.")
    for name in ["bytes", "empty", "int", "short", "small"] { table.ignore(name) }
    return table
  }

  @Test func tensorsAreFoundByTheirNamesInTheTable() throws {
    var table = Self.table()
    let checkpoint = try Checkpoint(path: Fixtures.path("all.safetensors"))
    let weights = try Weights(checkpoint, table)
    #expect(
      try weights.tensor("layer.0.offset").elements == checkpoint.tensor("layer.0.bias").elements)
    #expect(weights.contains("embeddings.weight") && !weights.contains("pooler.weight"))
    #expect(throws: CheckpointError.self) { try weights.tensor("pooler.weight") }
    #expect(try weights.embeddingTable("embeddings.weight").rows == 6)

    // The tied weight has both names in the .bin.
    table.ignore("turned")
    table.ignore("slice")
    _ = try Weights(Checkpoint(path: Fixtures.path("all.bin")), table)
  }

  @Test func everyDifferenceIsNamed() throws {
    var table = Self.table()
    table.require("absent.weight", aliases: ["gone.weight"], shape: [2, 2])
    table.require("layer.1.weight", shape: [3, 2, 2])
    table.require("head.weight", aliases: ["slice"], shape: [6, 4])
    let checkpoint = try Checkpoint(path: Fixtures.path("all.bin"))
    #expect {
      try Weights(checkpoint, table)
    } throws: { error in
      "\(error)".replacing(Fixtures.folder, with: "") == """
        /all.bin: the tensors do not fit the architecture: \
        1 missing: 'absent.weight' or 'gone.weight' [2, 2]; \
        2 of the wrong shape: 'layer.1.weight' is [2, 3, 2], expected [3, 2, 2], \
        'slice' is [2, 2], expected [6, 4]; \
        1 not known to the architecture: 'turned'; \
        1 with two names and different values: 'head.weight' and 'slice'
        """
    }
  }

  /// A checkpoint of another model is told apart in a line that can be read.
  @Test func ofManyDifferencesTheFirstAreNamed() throws {
    var table = Self.table()
    for layer in 0..<3000 { table.require("encoder.\(layer).weight", shape: [2, 2]) }
    let error = try #require(throws: CheckpointError.self) {
      try Weights(Checkpoint(path: Fixtures.path("all.safetensors")), table)
    }
    let text = error.description
    #expect(text.contains("3000 missing: 'encoder.0.weight' [2, 2], 'encoder.1.weight' [2, 2]"))
    #expect(text.contains("'encoder.19.weight' [2, 2] and 2980 more"))
    #expect(!text.contains("'encoder.20.weight'"))
  }

  @Test func aWeightThatIsNotFiniteIsAnError() throws {
    for value in [Float.nan, .infinity] {
      let tensor = Tensor(shape: [2, 2], elements: [1, 2, value, 4])
      try Fixtures.withTemporaryFiles([:]) { folder in
        let path = "\(folder)/model.safetensors"
        try SafetensorsWriter.write([("w", tensor)], to: path)
        let checkpoint = try Checkpoint(path: folder)
        #expect {
          try checkpoint.tensor("w")
        } throws: { error in
          "\(error)".hasSuffix(
            """
            tensor 'w': element 2 is \(value): expected finite weights; the file is damaged or the \
            training diverged
            """)
        }
      }
    }
  }
}
