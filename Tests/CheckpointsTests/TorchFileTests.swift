import Testing

@testable import Checkpoints

/// Archives written here, byte by byte, to be broken in one place each.
struct ZipArchive {
  var members: [(name: String, bytes: [UInt8])]
  var method: UInt16 = 0

  static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let name = Array(name.utf8)
      let checksum = Int(CRC32.checksum(content))
      let sizes =
        Self.number(checksum, 4) + Self.number(content.count, 4)
        + Self.number(content.count, 4) + Self.number(name.count, 2)
      let common = Self.number(0, 2) + Self.number(Int(method), 2) + Self.number(0, 4) + sizes
      directory +=
        Self.number(0x0201_4b50, 4) + Self.number(0, 4) + common + Self.number(0, 12)
        + Self.number(file.count, 4) + name
      file += Self.number(0x0403_4b50, 4) + Self.number(0, 2) + common + Self.number(0, 2) + name
      file += content
    }
    let start = file.count
    return file + directory + Self.number(0x0605_4b50, 4) + Self.number(0, 4)
      + Self.number(members.count, 2) + Self.number(members.count, 2)
      + Self.number(directory.count, 4) + Self.number(start, 4) + Self.number(0, 2)
  }
}

/// Pickles written opcode by opcode.
enum Pickle {
  static func text(_ text: String) -> [UInt8] {
    [0x58] + ZipArchive.number(text.utf8.count, 4) + Array(text.utf8)
  }

  static func integer(_ value: Int) -> [UInt8] { [0x8a, 8] + ZipArchive.number(value, 8) }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    [0x63] + Array("\(module)\n\(name)\n".utf8)
  }

  static func tuple(_ items: [[UInt8]]) -> [UInt8] { [0x28] + items.joined() + [0x74] }

  static func integers(_ values: [Int]) -> [UInt8] { tuple(values.map(integer)) }

  static func storage(_ type: String = "FloatStorage", key: String = "0", count: Int) -> [UInt8] {
    tuple([
      text("storage"), global("torch", type), text(key), text("cpu"), integer(count),
    ]) + [0x51]
  }

  static func tensor(
    _ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]
  ) -> [UInt8] {
    global("torch._utils", "_rebuild_tensor_v2")
      + tuple([
        storage, integer(offset), integers(shape), integers(strides), [0x89],
        global("collections", "OrderedDict") + [0x29, 0x52],
      ]) + [0x52]
  }

  static func state(_ items: [(String, [UInt8])]) -> [UInt8] {
    [0x80, 2, 0x7d, 0x28] + items.flatMap { text($0.0) + $0.1 } + [0x75, 0x2e]
  }
}

@Suite struct TorchFileTests {
  static func file(_ pickle: [UInt8], elements: Int = 24) -> [UInt8] {
    ZipArchive(members: [
      ("model/data.pkl", pickle), ("model/data/0", [UInt8](repeating: 0, count: elements)),
    ]).bytes
  }

  static func error(_ pickle: [UInt8], elements: Int = 24) throws -> String {
    let error = try Fixtures.error(opening: file(pickle, elements: elements), as: "x.bin")
    return error.map { "\($0)" } ?? "opened"
  }

  static func state(offset: Int = 0, _ shape: [Int], _ strides: [Int], count: Int = 6) -> [UInt8] {
    Pickle.state([
      (
        "w",
        Pickle.tensor(Pickle.storage(count: count), offset: offset, shape: shape, strides: strides)
      )
    ])
  }

  @Test func aWellFormedStateOpens() throws {
    #expect(try Self.error(Self.state([2, 3], [3, 1])) == "opened")
    #expect(try Self.error(Self.state([3, 2], [1, 3])) == "opened")
    #expect(try Self.error(Self.state(offset: 5, [1, 1], [77, 9])) == "opened")
    #expect(try Self.error(Self.state(offset: 9, [0, 3], [3, 1])) == "opened")
  }

  @Test(arguments: [
    (0, [2, 4], [4, 1], "has more elements than its storage, 6"),
    (1, [2, 3], [3, 1], "offset 1, shape [2, 3], strides [3, 1]: expected elements within"),
    (0, [2, 3], [4, 1], "expected elements within its storage of 6"),
    (-1, [2, 2], [2, 1], "offset -1"),
    (5, [2, 2], [-2, -1], "strides [-2, -1]"),
    (0, [1 << 40, 1 << 40], [1, 1], "has more elements than its storage, 6"),
    (0, [-2, -3], [3, 1], "has more elements than its storage, 6"),
    (0, [2, 3], [.max, 1], "expected elements within its storage of 6"),
    (.max, [2, 3], [3, 1], "expected elements within its storage of 6"),
    // One element seen many times would need more memory than the file has.
    (0, [1000, 1000], [0, 0], "has more elements than its storage, 6"),
    (0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1], "a tensor of 9 axes"),
  ])
  func viewsStayInTheirStorage(
    _ offset: Int, _ shape: [Int], _ strides: [Int], _ message: String
  ) throws {
    #expect(try Self.error(Self.state(offset: offset, shape, strides)).contains(message))
  }

  @Test func storagesAreThoseOfTheArchive() throws {
    #expect(
      try Self.error(Self.state([2, 3], [3, 1]), elements: 20).contains(
        "its storage should have 6 elements of F32, but has 20 bytes"))
    #expect(
      try Self.error(Self.state([2, 3], [3, 1], count: .max)).contains(
        "its storage should have 9223372036854775807 elements"))
    let other = Pickle.tensor(
      Pickle.storage(key: "7", count: 6), shape: [2, 3], strides: [3, 1])
    #expect(
      try Self.error(Pickle.state([("w", other)])).contains(
        "its storage 'data/7' is missing in the archive"))
    let strange = Pickle.tensor(
      Pickle.storage("QInt8Storage", count: 6), shape: [2, 3], strides: [3, 1])
    #expect(
      try Self.error(Pickle.state([("w", strange)])).contains(
        "it names 'torch.QInt8Storage', which is no part of a state of tensors"))
  }

  struct Hostile: Sendable, CustomTestStringConvertible {
    let name: String
    let pickle: [UInt8]
    let message: String
    var testDescription: String { name }
  }

  static let hostile = [
    Hostile(name: "empty", pickle: [], message: "data.pkl at byte 0: it ends inside an opcode"),
    Hostile(name: "no stop", pickle: [0x80, 2, 0x7d], message: "it ends inside an opcode"),
    Hostile(name: "stop on nothing", pickle: [0x2e], message: "takes a value that is not there"),
    Hostile(name: "left over", pickle: [0x4e, 0x4e, 0x2e], message: "1 values left over"),
    Hostile(name: "no state", pickle: [0x4b, 7, 0x2e], message: "no dictionary of tensors"),
    Hostile(
      name: "no tensor", pickle: Pickle.state([("w", [0x4b, 1])]),
      message: "the state's entry 'w' is no tensor"),
    Hostile(
      name: "key no text", pickle: [0x7d, 0x4b, 1, 0x4e, 0x73, 0x2e],
      message: "a key of the state is no text"),
    Hostile(
      name: "command", pickle: Pickle.global("os", "system") + [0x2e],
      message: "it names 'os.system'"),
    Hostile(
      name: "eval by INST", pickle: [0x28, 0x69] + Array("os\nsystem\n".utf8) + [0x2e],
      message: "opcode 0x69 is none that a state of tensors needs"),
    Hostile(
      name: "eval by OBJ", pickle: [0x28, 0x6f, 0x2e], message: "opcode 0x6f is none that"),
    Hostile(
      name: "call of no name", pickle: [0x7d, 0x29, 0x52, 0x2e],
      message: "something that is no known name is called"),
    Hostile(
      name: "call of a storage",
      pickle: Pickle.global("torch", "FloatStorage") + [0x29, 0x52, 0x2e],
      message: "a storage is made by a call"),
    Hostile(
      name: "mark below", pickle: [0x28, 0x30, 0x2e], message: "takes a value that is not there"),
    Hostile(name: "no mark", pickle: [0x74, 0x2e], message: "a mark that is not there"),
    Hostile(name: "no memory", pickle: [0x68, 9, 0x2e], message: "value 9 is recalled"),
    Hostile(
      name: "odd items", pickle: [0x7d, 0x28, 0x4e, 0x75, 0x2e], message: "a key has no value"),
    Hostile(
      name: "text beyond the end", pickle: [0x58, 0xff, 0xff, 0xff, 0x7f],
      message: "it ends inside an opcode"),
    Hostile(
      name: "text of 2^64 bytes", pickle: [0x8d] + [UInt8](repeating: 0xff, count: 8),
      message: "a length of 18446744073709551615"),
    Hostile(
      name: "integer of 255 bytes", pickle: [0x8a, 255] + [UInt8](repeating: 1, count: 255),
      message: "an integer of 255 bytes"),
    Hostile(name: "protocol 9", pickle: [0x80, 9, 0x2e], message: "protocol 9 is not known"),
    // A dictionary that is its own value.
    Hostile(
      name: "cycle", pickle: [0x7d, 0x71, 0] + Pickle.text("w") + [0x68, 0, 0x73, 0x2e],
      message: "the state's entry 'w' is no tensor"),
    Hostile(
      name: "cyclic state",
      pickle: [0x7d, 0x71, 0] + Pickle.text("state_dict") + [0x68, 0, 0x73, 0x2e],
      message: "'state_dict' holds no dictionary of tensors"),
    Hostile(
      name: "deep", pickle: [0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2e],
      message: "no dictionary of tensors"),
    Hostile(
      name: "many marks", pickle: [UInt8](repeating: 0x28, count: 1_000_000) + [0x2e],
      message: "takes a value that is not there"),
    Hostile(
      name: "long name",
      pickle: [0x7d] + Pickle.text(String(repeating: "n", count: 5000)) + [0x4e, 0x73, 0x2e],
      message: "a key of the state is no text, or too long"),
  ]

  @Test(arguments: hostile) func hostilePicklesAreRefused(_ hostile: Hostile) throws {
    let message = try Self.error(hostile.pickle)
    #expect(message.contains(hostile.message), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test func twiceIsOnceTooMuch() throws {
    let tensor = Pickle.tensor(Pickle.storage(count: 6), shape: [6], strides: [1])
    #expect(
      try Self.error(Pickle.state([("w", tensor), ("w", tensor)])).contains("names 'w' twice"))
  }

  @Test func brokenArchives() throws {
    func message(_ bytes: [UInt8]) throws -> String {
      try Fixtures.error(opening: bytes, as: "x.bin").map { "\($0)" } ?? "opened"
    }
    let good = Self.file(Self.state([2, 3], [3, 1]))
    #expect(try message(good) == "opened")
    #expect(try message(Array(good.dropLast(30))).contains("no end of its directory"))
    #expect(try message([]).contains("this is no PyTorch file"))
    #expect(try message([0x50, 0x4b]).contains("no end of its directory"))
    #expect(try message(ZipArchive(members: []).bytes).contains("has no member 'data.pkl'"))
    let compressed = ZipArchive(members: [("m/data.pkl", [1, 2])], method: 8).bytes
    #expect(try message(compressed).contains("'m/data.pkl' is compressed"))
    let twice = ZipArchive(members: [("m/data.pkl", [1]), ("m/data.pkl", [2])]).bytes
    #expect(try message(twice).contains("'m/data.pkl' is there twice"))
    let big = ZipArchive(members: [
      ("m/data.pkl", [0x7d, 0x2e]), ("m/byteorder", Array("big".utf8)),
    ]).bytes
    #expect(try message(big).contains("byte order 'big': expected 'little'"))

    // Damage to single fields: of the first local header, and of the end record.
    var file = good
    file[0] = 0
    #expect(try message(file).contains("this is no PyTorch file"))
    file = good
    file[30] ^= 1
    #expect(try message(file).contains("its two headers name it differently"))
    file = good
    let pickleStart = 30 + "model/data.pkl".utf8.count
    file[pickleStart + 4] ^= 1
    #expect(try message(file).contains("data.pkl is damaged: its CRC-32 is wrong"))
    let end = good.count - 22
    for (offset, text) in [(10, "does not fit"), (12, "does not fit"), (16, "member 0")] {
      file = good
      file[end + offset] = 0xf0
      file[end + offset + 1] = offset == 16 ? 0 : 0xff
      let got = try message(file)
      #expect(got.contains(text), "\(got)")
    }
    // The size of the first member in the directory: it then covers the second one.
    file = good
    let directory = Int(file[end + 16]) | Int(file[end + 17]) << 8
    for field in [20, 24] { file[directory + field] += 60 }
    #expect(try message(file).contains("overlaps another part"))
  }
}
