import Foundation
import Glibc
import RandomNumbers
import Testing

@testable import Checkpoints

/// Damaged files: whatever a mutation does, opening and reading ends with values or an error.
@Suite struct FuzzTests {
  static func mutate(_ bytes: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 8))
      case 3: bytes.removeLast(bytes.count - place)
      case 4:
        let piece = Array(bytes[place..<min(bytes.count, place + 16)])
        bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &generator))
      default: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xff }
      }
    }
    return bytes
  }

  /// Reads everything that a file has; returns whether it had an error.
  static func fails(_ path: String) -> Bool {
    do throws(CheckpointError) {
      let checkpoint = try Checkpoint(path: path)
      for entry in checkpoint.entries {
        if entry.elementType.isFloatingPoint {
          _ = try checkpoint.tensor(entry.name)
        } else {
          _ = try checkpoint.integers(entry.name)
        }
      }
      return false
    } catch {
      // The text of an error is made of what the file says; the file must be named.
      #expect(error.description.contains(path.split(separator: "/").last ?? ""))
      #expect(error.description.utf8.count < 4096)
      return true
    }
  }

  private static func setting(_ name: String) -> Int? {
    Int(ProcessInfo.processInfo.environment[name] ?? "")
  }

  /// `FUZZ_ROUNDS` sets another number for a longer search, `FUZZ_SEED` looks elsewhere.
  static let rounds = setting("FUZZ_ROUNDS") ?? 400
  static let seed = UInt64(clamping: setting("FUZZ_SEED") ?? 0) << 32

  @Test(arguments: ["all.safetensors", "all.bin", "wrapped.pt", "module.pth"])
  func mutatedFiles(_ name: String) throws {
    let original = try Fixtures.bytes(name)
    var generator = SplitMix64(seed: Self.seed + UInt64(name.utf8.count))
    try Fixtures.withTemporaryFiles([name: original]) { folder in
      let path = "\(folder)/\(name)"
      #expect(!Self.fails(path))
      var failures = 0
      for _ in 0..<Self.rounds {
        try Data(Self.mutate(original, &generator)).write(to: URL(filePath: path))
        if Self.fails(path) { failures += 1 }
      }
      // Mutations of elements can pass; most others cannot.
      #expect(failures > Self.rounds / 3)
    }
  }

  /// Mutations inside the pickle, with its checksum made right again: they reach the interpreter.
  @Test(arguments: ["all.bin", "wrapped.pt", "module.pth"])
  func mutatedPickles(_ name: String) throws {
    try Fixtures.withTemporaryFiles([:]) { folder in
      let file = try MappedFile(path: Fixtures.path(name))
      let members = try ZipDirectory(file).members.map { member in
        (member.name, try file.read(member.bytes))
      }
      var generator = SplitMix64(seed: Self.seed + UInt64(name.utf8.count) + 100)
      var failures = 0
      let path = "\(folder)/x.bin"
      for _ in 0..<Self.rounds {
        var mutated = members
        for index in mutated.indices where mutated[index].0.hasSuffix("data.pkl") {
          mutated[index].1 = Self.mutate(mutated[index].1, &generator)
        }
        try Data(ZipArchive(members: mutated).bytes).write(to: URL(filePath: path))
        if Self.fails(path) { failures += 1 }
      }
      #expect(failures > Self.rounds / 2)
    }
  }

  /// Opcodes by chance.
  @Test func randomOpcodes() {
    let opcodes: [UInt8] = [
      0x28, 0x29, 0x2e, 0x30, 0x31, 0x4b, 0x4d, 0x4e, 0x51, 0x52, 0x5d, 0x61, 0x62, 0x63, 0x65,
      0x68, 0x71, 0x73, 0x74, 0x75, 0x7d, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x93, 0x94,
    ]
    var generator = SplitMix64(seed: Self.seed + 77)
    for _ in 0..<Self.rounds * 5 {
      var pickle: [UInt8] = []
      for _ in 0..<Int.random(in: 1...60, using: &generator) {
        pickle.append(opcodes.randomElement(using: &generator) ?? 0x2e)
        if Bool.random(using: &generator) {
          pickle.append(UInt8.random(in: 0...4, using: &generator))
        }
      }
      var reader = PickleReader(pickle)
      if let result = try? reader.run() { _ = try? reader.tensors(of: result) }
    }
  }

  /// The pickle that makes most of each byte stays within a few dozen bytes for each.
  @Test func memoryIsWithinWhatTheFileJustifies() throws {
    // A long text is named again and again, as key and as device.
    let text = Pickle.text(String(repeating: "k", count: 4000))
    let storage: [UInt8] =
      [0x28] + Pickle.text("storage") + Pickle.global("torch", "FloatStorage") + text
      + text + Pickle.integer(6) + [0x74, 0x71, 1, 0x30]
    let loads = [[UInt8]](repeating: [0x68, 1, 0x51], count: 1_000_000).joined()
    let pickle = [0x80, 2] + storage + [0x5d, 0x28] + loads + [0x65, 0x2e]
    let before = try Self.peakMemory()
    let message = try TorchFileTests.error(pickle)
    #expect(message.contains("no dictionary of tensors"))
    #expect(try Self.peakMemory() - before < 400 << 20)
  }

  private static func peakMemory() throws -> Int {
    var usage = rusage()
    // 0 is RUSAGE_SELF, which is imported with another type than the function takes.
    try #require(unsafe getrusage(0, &usage) == 0)
    return usage.ru_maxrss * 1024
  }
}
