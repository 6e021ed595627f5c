import Foundation
import ModelHub
import Reranking

/// Finds the encoder of the ranker that is shipped with the program.
enum DefaultRanker {
  /// What stands for it where a ranker is named.
  static let name = "default"

  private static let model = "sentence-transformers/all-MiniLM-L6-v2"
  private static let local = "models/all-minilm-l6-v2"

  /// The encoder is not there.
  struct Missing: Error, CustomStringConvertible {
    var description: String {
      "the default ranker needs all-MiniLM-L6-v2: run 'Tools/prepare minilm' in the program's "
        + "clone or 'mixinstruct models pull \(DefaultRanker.model)', or name its folder with "
        + "--backbone"
    }
  }

  /// Finds the encoder.
  ///
  /// - Parameter encoder: the folder that the user names; `nil` looks beside the program, in the
  ///   current folder's `.build`, and among the pulled models.
  /// - Returns: the ranker's folder.
  /// - Throws: ``Missing``, `CheckpointError`.
  static func folder(encoder: String?) throws -> RankerFolder {
    guard let path = encoder ?? places.first(where: isModel) ?? (try? ModelFolder.resolve(model))
    else { throw Missing() }
    return try RankerFolder(path: path, kind: .features)
  }

  /// Where `Tools/prepare` leaves it: the program is in a folder below the one that holds `models`.
  private static var places: [String] {
    var places = [".build/\(local)"]
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return places }
    var folder = URL(filePath: program).deletingLastPathComponent()
    for _ in 0..<3 {
      places.append(folder.appending(path: local).path(percentEncoded: false))
      folder = folder.deletingLastPathComponent()
    }
    return places
  }

  private static func isModel(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/config.json")
  }
}
