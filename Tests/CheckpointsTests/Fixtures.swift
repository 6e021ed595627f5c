import Foundation
import JSON
import Testing

@testable import Checkpoints

/// The recorded files beside the tests.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures"

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  struct Expected {
    var shape: [Int]
    var values: [Double]
  }

  /// What the files hold, by name.
  static func expected() throws -> [String: Expected] {
    let data = try Data(contentsOf: URL(filePath: path("expected.json")))
    let object = try #require(JSONParser().value(of: Array(data)).object)
    var result: [String: Expected] = [:]
    for member in object.members {
      result[member.key] = Expected(
        shape: (member.value["shape"]?.array ?? []).compactMap(\.int),
        values: (member.value["values"]?.array ?? []).compactMap(\.number))
    }
    return result
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path(name))))
  }

  /// Calls `body` with the path of a temporary file, or folder of files, of this content.
  static func withTemporaryFiles<Result>(
    _ files: [String: [UInt8]], _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "checkpoints-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
    return try body(folder.path)
  }

  /// The error of opening a file of this content, or nil when it opens.
  static func error(opening bytes: [UInt8], as name: String) throws -> CheckpointError? {
    try withTemporaryFiles([name: bytes]) { folder in
      do throws(CheckpointError) {
        _ = try Checkpoint(path: "\(folder)/\(name)")
        return nil
      } catch {
        return error
      }
    }
  }
}
