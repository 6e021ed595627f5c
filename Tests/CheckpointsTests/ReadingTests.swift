import Foundation
import Tensors
import Testing

@testable import Checkpoints

@Suite struct ReadingTests {
  static let integers = [
    "embeddings.position_ids", "flags", "small", "bytes", "short", "int",
  ]
  static let onlyInTorch = ["head.weight", "turned", "slice"]

  @Test(arguments: ["all.safetensors", "all.bin", "wrapped.pt", "sharded", "sharded-bin"])
  func everyTensorIsWhatPyTorchWrote(_ file: String) throws {
    let checkpoint = try Checkpoint(path: Fixtures.path(file))
    var expected = try Fixtures.expected()
    if file != "all.bin" && file != "wrapped.pt" {
      for name in Self.onlyInTorch { expected[name] = nil }
    }
    #expect(checkpoint.entries.map(\.name) == expected.keys.sorted())
    for (name, values) in expected {
      let entry = try #require(checkpoint[name])
      #expect(entry.shape == values.shape, "\(name)")
      if Self.integers.contains(name) {
        #expect(try checkpoint.integers(name).map(Double.init) == values.values, "\(name)")
        #expect(throws: CheckpointError.self) { try checkpoint.tensor(name) }
      } else {
        let tensor = try checkpoint.tensor(name)
        #expect(tensor.shape == values.shape, "\(name)")
        #expect(tensor.elements.map(Double.init) == values.values, "\(name)")
        #expect(throws: CheckpointError.self) { try checkpoint.integers(name) }
      }
    }
  }

  @Test(arguments: ["module.pth", "parameters.pt"])
  func modulesAndParameters(_ file: String) throws {
    let checkpoint = try Checkpoint(path: Fixtures.path(file))
    #expect(checkpoint.entries.map(\.name) == ["bias", "weight"])
    #expect(try checkpoint.tensor("weight").shape == [3, 4])
    #expect(try checkpoint.tensor("bias").elements == [-15, -14.125, -13.25])
  }

  @Test(arguments: ["all.safetensors", "all.bin"])
  func embeddingTablesReadRows(_ file: String) throws {
    let checkpoint = try Checkpoint(path: Fixtures.path(file))
    for name in ["embeddings.weight", "layer.0.weight"] {
      let table = try checkpoint.embeddingTable(name)
      let tensor = try checkpoint.tensor(name)
      let compute = Compute(pool: ThreadPool(count: 1))
      let output = Matrix(rows: 3, columns: 4)
      try compute.gather(table, rows: [2, 0, 2], into: output)
      let elements = tensor.elements
      #expect(
        output.elements == [Int](8..<12).map { elements[$0] }
          + elements[0..<4] + elements[8..<12])
    }
    #expect(throws: CheckpointError.self) { try checkpoint.embeddingTable("layer.0.bias") }
  }

  @Test func aFileThatIsCutWhileItIsReadIsAnError() throws {
    let bytes = try Fixtures.bytes("all.safetensors")
    try Fixtures.withTemporaryFiles(["model.safetensors": bytes]) { folder in
      let table = try Checkpoint(path: folder).embeddingTable("embeddings.weight")
      let path = "\(folder)/model.safetensors"
      try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 8)
      let compute = Compute(pool: ThreadPool(count: 1))
      let output = Matrix(rows: 1, columns: 4)
      #expect(throws: TableReadError.self) {
        try compute.gather(table, rows: [0], into: output)
      }
    }
  }

  @Test func writingToATensorLeavesTheFile() throws {
    let checkpoint = try Checkpoint(path: Fixtures.path("all.safetensors"))
    try checkpoint.tensor("embeddings.weight").withMutableSpan { $0[0] = 99 }
    #expect(try checkpoint.tensor("embeddings.weight").elements[0] == -15)
  }

  @Test func whatIsRefusedIsNamed() throws {
    func message(_ name: String) throws -> String {
      do throws(CheckpointError) {
        _ = try Checkpoint(path: Fixtures.path(name))
        return "opened"
      } catch {
        return error.description.replacing(Fixtures.folder, with: "")
      }
    }
    #expect(
      try message("legacy.bin") == """
        /legacy.bin: this is PyTorch's format before 1.6: expected a zip archive, as torch.save \
        writes since PyTorch 1.6, or model.safetensors
        """)
    #expect(try message("bare.bin").contains("this is a bare pickle"))
    #expect(
      try message("command.bin").hasSuffix(
        "it names 'posix.system', which is no part of a state of tensors"))
    #expect(try message("absent.bin") == "/absent.bin: no such file or folder")
    #expect(
      try message(".").hasSuffix(
        """
        no weights here: expected model.safetensors, model.safetensors.index.json, \
        pytorch_model.bin, pytorch_model.bin.index.json
        """))
  }
}
