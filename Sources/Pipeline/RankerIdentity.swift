package import JSON
internal import RecordFiles
package import Reranking
internal import Tensors

/// Who a ranker is: other weights or settings are another one.
package struct RankerIdentity: Sendable, Equatable {
  /// The name that verdicts and rankings are kept under.
  package let name: String
  /// Everything that the name stands for.
  package let details: JSONObject

  /// Reads a ranker's files.
  ///
  /// - Parameters:
  ///   - title: what the user calls it: a folder or the name of a pulled model.
  ///   - folder: where it is.
  ///   - ranker: the ranker, loaded from there.
  ///   - options: what it was loaded with.
  ///   - isCancelled: asked while reading.
  /// - Throws: `CheckpointError`, `RecordFileError`.
  package init(
    title: String, folder: RankerFolder, ranker: Ranker, options: RankerOptions,
    isCancelled: () -> Bool
  ) throws {
    var hasher = ContentHasher()
    for path in try folder.files() {
      hasher.combine(try FileFingerprint(path: path, isCancelled: isCancelled).hash.bytes)
    }
    let files = hasher.finish().description
    let settings = ranker.settingsSignature
    for field in [files, folder.kind.rawValue, settings, options.precision.rawValue] {
      hasher.combine(field)
    }
    let hash = hasher.finish().description
    let last = title.split(separator: "/").last.map(String.init) ?? title
    name = "\(last)@\(hash.prefix(8))"
    details = [
      "ranker": .string(last), "kind": .string(folder.kind.rawValue), "files": .string(files),
      "settings": .string(settings), "precision": .string(options.precision.rawValue),
      "signature": .string(hash),
    ]
  }
}
