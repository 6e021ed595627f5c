import Foundation
import Tensors
import Testing

@testable import Checkpoints

@Suite struct SafetensorsTests {
  /// A file with a header and some bytes of elements.
  static func file(_ header: String, elements: Int = 16, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: elements)
  }

  static func entry(
    _ name: String = "w", _ type: String = "F32", _ shape: String = "[2,2]",
    _ offsets: String = "[0,16]"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    let name: String
    let file: [UInt8]
    let message: String
    var testDescription: String { name }
  }

  static let broken = [
    Broken(name: "empty", file: [], message: "the file has 0 bytes: expected at least 8"),
    Broken(
      name: "huge header", file: file("{}", length: 1 << 62),
      message: "the header's length is 4611686018427387904: expected at most 100000000"),
    Broken(
      name: "cut header", file: file("{}", elements: 0, length: 3),
      message: "the header should have 3 bytes, but 2 follow: the file is cut"),
    Broken(name: "no object", file: file("[]", elements: 0), message: "does not begin with '{'"),
    Broken(name: "not JSON", file: file("{,}", elements: 0), message: "not valid JSON"),
    Broken(
      name: "bad UTF-8",
      file: file("{\"x", elements: 0, length: 8) + [0xff, 0x22, 0x3a, 0x30, 0x7d],
      message: "not valid JSON"),
    Broken(
      name: "nested", file: file("{\"a\":" + String(repeating: "[", count: 100_000)),
      message: "not valid JSON"),
    Broken(
      name: "no description", file: file(#"{"w":7}"#),
      message: "tensor 'w': its description is a number: expected an object"),
    Broken(
      name: "no dtype", file: file(#"{"w":{"shape":[1],"data_offsets":[0,4]}}"#),
      message: "tensor 'w': 'dtype' is missing or no string"),
    Broken(
      name: "strange dtype", file: file("{\(entry("w", "F8_E4M3"))}"),
      message: "elements 'F8_E4M3' are not known: expected F64, F32"),
    Broken(
      name: "negative length", file: file("{\(entry("w", "F32", "[-2,-2]"))}"),
      message: "tensor 'w': 'shape' is missing or no array of lengths"),
    Broken(
      name: "fractional length", file: file("{\(entry("w", "F32", "[2.5]"))}"),
      message: "tensor 'w': 'shape' is missing or no array of lengths"),
    Broken(
      name: "overflowing shape",
      file: file("{\(entry("w", "F32", "[4294967296,4294967296,4294967296]"))}"),
      message: "is too large"),
    Broken(
      name: "overflowing after a zero",
      file: file("{\(entry("w", "F32", "[9223372036854775807,9]"))}"),
      message: "is too large"),
    Broken(
      name: "three offsets", file: file("{\(entry("w", "F32", "[2,2]", "[0,16,16]"))}"),
      message: "'data_offsets' is missing or not two positions"),
    Broken(
      name: "behind the end", file: file("{\(entry("w", "F32", "[2,4]", "[0,32]"))}"),
      message: "bytes 0 to 32: expected a range within the 16 of the file"),
    Broken(
      name: "backwards", file: file("{\(entry("w", "F32", "[2,2]", "[16,0]"))}"),
      message: "bytes 16 to 0: expected a range within the 16 of the file"),
    Broken(
      name: "wrong size", file: file("{\(entry("w", "F32", "[2,3]"))}"),
      message: "16 bytes: expected 24 for shape [2, 3] of F32"),
    Broken(
      name: "overlap",
      file: file("{\(entry("a", "F32", "[2]", "[0,8]")),\(entry("b", "F32", "[3]", "[4,16]"))}"),
      message: "tensor 'b': its bytes begin at 4, inside another tensor's, which end at 8"),
    Broken(
      name: "gap",
      file: file("{\(entry("a", "F32", "[1]", "[0,4]")),\(entry("b", "F32", "[2]", "[8,16]"))}"),
      message: "tensor 'b': its bytes begin at 8: expected 4, without a gap"),
    Broken(
      name: "bytes left", file: file("{\(entry())}", elements: 20),
      message: "the tensors end at byte 16 of 20: expected nothing after them"),
    Broken(
      name: "twice", file: file("{\(entry()),\(entry())}"),
      message: "tensor 'w': the header names it twice"),
  ]

  @Test(arguments: broken) func brokenFilesAreRefused(_ broken: Broken) throws {
    let error = try #require(try Fixtures.error(opening: broken.file, as: "x.safetensors"))
    #expect("\(error)".contains(broken.message), "\(error)")
    #expect(!"\(error)".contains("\n"))
  }

  @Test func namesAreComparedByBytes() throws {
    let header =
      "{\(Self.entry("\u{e9}", "F32", "[2]", "[0,8]")),\(Self.entry("e\u{301}", "F32", "[2]", "[8,16]"))}"
    try Fixtures.withTemporaryFiles(["model.safetensors": Self.file(header)]) { folder in
      let checkpoint = try Checkpoint(path: folder)
      #expect(checkpoint.entries.count == 2)
      #expect(checkpoint["\u{e9}"]?.byteOffset != checkpoint["e\u{301}"]?.byteOffset)
    }
  }

  @Test func elementsThatAreNotAlignedAreMoved() throws {
    // A header of odd length: the elements begin at an odd byte.
    var bytes = Self.file("{\(Self.entry())} ", elements: 0)
    if bytes.count % 2 == 0 { bytes = Self.file("{\(Self.entry())}", elements: 0) }
    for value: Float in [1, -2, 3.5, 4] {
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    try Fixtures.withTemporaryFiles(["model.safetensors": bytes]) { folder in
      let checkpoint = try Checkpoint(path: folder)
      #expect(checkpoint.entries[0].byteOffset % 2 == 1)
      #expect(try checkpoint.tensor("w").elements == [1, -2, 3.5, 4])
      #expect(try checkpoint.embeddingTable("w").columns == 2)
    }
  }

  @Test func whatIsWrittenReadsBack() throws {
    try Fixtures.withTemporaryFiles(["model.safetensors": [1, 2, 3]]) { folder in
      let path = "\(folder)/model.safetensors"
      let tensors = [
        ("b \"quoted\" \u{e9}", Tensor(shape: [2, 3], elements: [1, 2, 3, 4, 5, -.pi])),
        ("a", Tensor(shape: [], elements: [7])), ("none", Tensor(shape: [0, 4])),
      ]
      try SafetensorsWriter.write(tensors, metadata: [("format", "pt")], to: path)
      let checkpoint = try Checkpoint(path: folder)
      #expect(checkpoint.entries.count == 3)
      for (name, tensor) in tensors {
        let read = try checkpoint.tensor(name)
        #expect(read.shape == tensor.shape && read.elements == tensor.elements)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.safetensors"])
    }
  }

  @Test func aFailedWriteLeavesNothing() throws {
    try Fixtures.withTemporaryFiles([:]) { folder in
      let tensor = Tensor(shape: [1])
      #expect(throws: CheckpointError.self) {
        try SafetensorsWriter.write([("a", tensor), ("a", tensor)], to: "\(folder)/x")
      }
      #expect(throws: CheckpointError.self) {
        try SafetensorsWriter.write([("a", tensor)], to: "\(folder)/none/x")
      }
      try FileManager.default.createDirectory(
        atPath: "\(folder)/taken/inside", withIntermediateDirectories: true)
      #expect(throws: CheckpointError.self) {
        try SafetensorsWriter.write([("a", tensor)], to: "\(folder)/taken")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
    }
  }

  @Test func indexesOfShardsAreChecked() throws {
    let shard = Self.file("{\(Self.entry())}")
    func message(_ index: String, _ files: [String: [UInt8]]) throws -> String {
      var files = files
      files["model.safetensors.index.json"] = Array(index.utf8)
      return try Fixtures.withTemporaryFiles(files) { folder in
        do throws(CheckpointError) {
          _ = try Checkpoint(path: folder)
          return "opened"
        } catch {
          return error.description.replacing(folder, with: "")
        }
      }
    }
    let index = #"{"weight_map": {"w": "1.safetensors"}}"#
    #expect(try message(index, ["1.safetensors": shard]) == "opened")
    #expect(try message(index, [:]) == "/1.safetensors: no such file or folder")
    #expect(
      try message(#"{"weight_map": {"w": "../x.safetensors"}}"#, [:])
        .contains("'weight_map.w' is '../x.safetensors': expected the name of a file"))
    #expect(try message(#"{"weight_map": {"w": 3}}"#, [:]).contains("is a number: expected"))
    #expect(try message("{}", [:]).contains("'weight_map' is missing: expected an object"))
    #expect(try message(#"{"weight_map": {}}"#, [:]).contains("'weight_map' is empty"))
    #expect(try message("[", [:]).contains("not valid JSON"))
    #expect(
      try message(
        #"{"weight_map": {"w": "1.safetensors", "v": "1.safetensors"}}"#, ["1.safetensors": shard])
        == "/1.safetensors: tensor 'v': the index promises it, the file lacks it")
    #expect(
      try message(
        #"{"weight_map": {"w": "1.safetensors", "v": "2.safetensors"}}"#,
        ["1.safetensors": shard, "2.safetensors": shard]
      ).contains("/2.safetensors: tensor 'w': it is also in"))
  }
}
