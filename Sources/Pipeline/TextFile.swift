internal import Foundation

/// Small files that are read whole: recipes, prompts, settings.
enum TextFile {
  /// The bytes of a file.
  ///
  /// - Throws: ``StageError/invalid(_:)`` when it cannot be read.
  static func bytes(of path: String) throws -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw StageError.invalid("\(path): cannot be read: \(error.localizedDescription)")
    }
  }
}
