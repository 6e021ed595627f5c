import Checkpoints
import Foundation
import JSON
import PretrainedModels
import RandomNumbers
import Tensors
import Testing

/// Damaged models: an error that names the file or folder, or a model that computes.
///
/// `FUZZ_ROUNDS` sets another number of mutations of each file, `FUZZ_SEED` looks elsewhere.
@Suite struct HostileModelsTests {
  static let rounds = setting("FUZZ_ROUNDS") ?? 40
  static let seed = UInt64(clamping: setting("FUZZ_SEED") ?? 0)

  private static func setting(_ name: String) -> Int? {
    Int(ProcessInfo.processInfo.environment[name] ?? "")
  }

  /// A value of a setting that somebody may have written.
  static func value(_ generator: inout SplitMix64) -> JSONValue {
    let values: [JSONValue] = [
      nil, true, false, -1, 0, 1, 2, 3, 7, 16, 63, 4096, .integer(1 << 30), .integer(.max),
      .integer(.min), .double(0.5), .double(1e300), .double(-1e-300), "", "gelu", "c2p|p2c",
      "layer_norm", ["p2c"], [1, nil], [:],
    ]
    return values.randomElement(using: &generator) ?? nil
  }

  /// Loads a model and reads a sequence; what it computes may be anything.
  ///
  /// - Returns: whether it computed.
  static func loads(_ folder: URL) throws -> Bool {
    do {
      let compute = Compute(pool: EncoderTests.pool)
      let encoder = try EncoderLoader.load(ModelFolder(path: folder.path), for: compute)
      let ids = [0, 1, 2, 0].map { min($0, encoder.shape.vocabularySize - 1) }
      do {
        try encoder.forEachBatch(of: [TokenSequence(ids)]) { _, _, hidden in
          #expect(hidden.rows == 4)
        }
      } catch is ModelInputError {}
      return true
    } catch let error as CheckpointError {
      let text = error.description
      #expect(text.hasPrefix(folder.path), "\(text)")
      #expect(text.utf8.count < 16_384)
      return false
    }
  }

  static func withCopy(_ fixture: Fixture, _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "hostile-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.copyItem(
      at: fixture.folder.appending(path: "model"), to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// Several settings at once: what one allows another one may make impossible.
  @Test(arguments: Fixture.encoders)
  func settingsThatContradictEachOther(_ fixture: Fixture) throws {
    var generator = SplitMix64(seed: Self.seed << 32 + UInt64(fixture.name.utf8.count))
    let settings = try fixture.model.configuration.settings
    let keys = settings.members.map(\.key)
    try Self.withCopy(fixture) { folder in
      #expect(try Self.loads(folder))
      var refused = 0
      for _ in 0..<Self.rounds {
        var changed = settings
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          changed[keys.randomElement(using: &generator) ?? ""] = Self.value(&generator)
        }
        try Data(changed.json().utf8).write(to: folder.appending(path: "config.json"))
        if try !Self.loads(folder) { refused += 1 }
      }
      #expect(refused > 0)
    }
  }

  /// Bytes of the settings, and of the weights' directory, which is the first part of the file.
  @Test(arguments: Fixture.encoders, ["config.json", "model.safetensors"])
  func brokenFiles(_ fixture: Fixture, _ name: String) throws {
    var generator = SplitMix64(
      seed: Self.seed << 32 + UInt64(fixture.name.utf8.count * 100 + name.utf8.count))
    try Self.withCopy(fixture) { folder in
      let file = folder.appending(path: name)
      let original = try Data(contentsOf: file)
      var refused = 0
      for _ in 0..<Self.rounds {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
          let place = Int.random(in: 0..<min(bytes.count, 4096), using: &generator)
          switch Int.random(in: 0..<5, using: &generator) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          // Digits become other digits: lengths and offsets that are not those of the file.
          case 1:
            if let digit = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) {
              bytes[digit] = UInt8.random(in: 0x30...0x39, using: &generator)
            }
          case 2: bytes.remove(at: place)
          case 3: bytes.insert(UInt8.random(in: 0x30...0x39, using: &generator), at: place)
          default: bytes = Data(bytes.prefix(place))
          }
        }
        try bytes.write(to: file)
        if try !Self.loads(folder) { refused += 1 }
      }
      #expect(refused > 0)
    }
  }
}
