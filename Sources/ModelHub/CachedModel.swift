/// What the cache has of one model.
package struct CachedModel: Sendable, Equatable {
  /// A file of a snapshot.
  package struct File: Sendable, Equatable {
    /// The path in the snapshot.
    package let path: String
    /// The content's path, after the snapshot's link.
    package let blobPath: String
    /// The bytes; 0 when there is no content.
    package let size: Int
    /// When the content was last read, as far as the file system notes it; seconds since 1970.
    package let lastUsed: Double
    /// Whether the link leads to no file.
    package let isBroken: Bool
  }

  /// A model at one commit.
  package struct Revision: Sendable, Equatable {
    /// The commit.
    package let commit: String
    /// The branches and tags that were this commit when they were pulled.
    package let references: [String]
    /// The model's folder.
    package let path: String
    /// The files, in the order of their paths' bytes.
    package let files: [File]

    /// The bytes of the contents, each counted once.
    package var size: Int { CachedModel.size(of: files) }
    /// When a content was last read; nil without files.
    package var lastUsed: Double? { files.map(\.lastUsed).max() }
  }

  /// A content that is not complete.
  package struct Incomplete: Sendable, Equatable {
    /// The file.
    package let path: String
    /// The bytes that are there.
    package let size: Int
  }

  /// The model.
  package let name: ModelName
  /// Its folder in the cache.
  package let path: String
  /// The commits of which there is a snapshot.
  package let revisions: [Revision]
  /// Downloads that were not finished.
  package let incomplete: [Incomplete]
  /// The contents that no snapshot uses.
  package let unused: [Incomplete]
  /// Branches and tags whose commit has no snapshot.
  package let danglingReferences: [String]

  /// The bytes of all contents, each counted once.
  package var size: Int {
    Self.size(of: revisions.flatMap(\.files))
      + (incomplete + unused).reduce(0) { $0 + $1.size }
  }

  static func size(of files: [File]) -> Int {
    var seen: Set<[UInt8]> = []
    return files.reduce(0) { sum, file in
      seen.insert(Array(file.blobPath.utf8)).inserted ? sum + file.size : sum
    }
  }
}
