import Glibc
import JSON
import Testing

/// Recorded outputs of the reference libraries; see `Fixtures/FIXTURES.md`.
enum Recording {
  /// The rows of a JSON Lines file.
  static func rows(_ name: String) throws -> [JSONValue] {
    try bytes(name).split(separator: UInt8(ascii: "\n")).map { try JSONParser().value(of: $0) }
  }

  /// The value of a JSON file.
  static func value(_ name: String) throws -> JSONValue {
    try JSONParser().value(of: bytes(name))
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let path = "/\(folder)/Fixtures/\(name)"
    let file = try unsafe #require(fopen(path, "r"), "no file \(path)")
    defer { unsafe _ = fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}

extension JSONValue {
  /// A member that must be a string.
  func text(_ key: String) throws -> String { try #require(self[key]?.string) }

  /// A member that must be a list of strings.
  func texts(_ key: String) throws -> [String] {
    let elements = try #require(self[key]?.array)
    return try elements.map { try #require($0.string) }
  }

  /// A member that must be a number.
  func number(_ key: String) throws -> Double { try #require(self[key]?.number) }

  /// A member that must be a list of whole numbers.
  func integers(_ key: String) throws -> [Int] {
    let elements = try #require(self[key]?.array)
    return try elements.map { try #require($0.int) }
  }
}

/// Whether two numbers are as close as they must be.
func isClose(_ left: Double, _ right: Double, within tolerance: Double) -> Bool {
  abs(left - right) <= tolerance
}
