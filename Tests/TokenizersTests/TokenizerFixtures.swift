import Foundation
import JSON
import Testing

@testable import Tokenizers

/// The recorded files of these tests.
enum TokenizerFixtures {
  /// Their folder.
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// The path of a recorded tokenizer's folder.
  static func tokenizer(_ name: String) -> String {
    folder.appending(path: "\(name)/tokenizer").path(percentEncoded: false)
  }

  /// The rows of a file of JSON lines; texts may hold every other kind of line end.
  static func rows(_ file: String) throws -> [JSONValue] {
    let parser = JSONParser()
    return try Data(contentsOf: folder.appending(path: file)).split(separator: 0x0A).map {
      try parser.value(of: $0)
    }
  }

  /// A tokenizer that takes no shortcuts.
  static func plain(_ path: String) throws -> Tokenizer {
    Tokenizer(try TokenizerLoader(path: path, usesShortcuts: false).load())
  }
}

extension JSONValue {
  /// The numbers of an array.
  var ids: [TokenID] {
    get throws { try #require(array).map { TokenID(try #require($0.int)) } }
  }
}

/// A folder that is gone when it is let go.
final class ScratchFolder {
  /// The folder's path.
  let path: String

  /// A folder with copies of files and new ones.
  ///
  /// - Parameters:
  ///   - source: a folder whose files are copied.
  ///   - removed: the files that are not.
  ///   - files: names and contents of new files.
  /// - Throws: what the file system throws.
  init(
    copying source: String? = nil, without removed: Set<String> = [], files: [String: Data] = [:]
  ) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    path = url.path(percentEncoded: false)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    if let source {
      for name in try FileManager.default.contentsOfDirectory(atPath: source)
      where !removed.contains(name) {
        try FileManager.default.copyItem(
          at: URL(filePath: source).appending(path: name), to: url.appending(path: name))
      }
    }
    for (name, content) in files { try content.write(to: url.appending(path: name)) }
  }

  /// A folder with text files.
  convenience init(texts: [String: String]) throws {
    try self.init(files: texts.mapValues { Data($0.utf8) })
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
