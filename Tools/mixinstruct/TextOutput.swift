import Foundation
import RecordFiles

/// Writes small texts to files.
enum TextOutput {
  /// Writes a text so that the file is never half-written.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - path: the file.
  /// - Throws: `RecordFileError` when it cannot be written.
  static func write(_ text: String, to path: String) throws(RecordFileError) {
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code ?? 5
      throw .system(operation: "write", file: path, code: Int32(clamping: code))
    }
  }
}
