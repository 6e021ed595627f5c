/// The cache of models that Python's libraries share: where each thing is.
///
/// ```
/// models--OWNER--NAME/blobs/HASH                  the contents
///                     refs/main                   the commit of a branch
///                     snapshots/COMMIT/PATH       links to the contents: the model's folder
/// .locks/models--OWNER--NAME/HASH.lock
/// ```
///
/// Source: huggingface_hub 2.4, `file_download.py`, and its guide "Understand caching".
package struct ModelCache: Sendable {
  /// The cache's folder.
  package let folder: String

  /// A cache.
  ///
  /// - Parameter folder: the folder, which need not exist.
  package init(folder: String) {
    var folder = folder
    while folder.count > 1 && folder.hasSuffix("/") { folder.removeLast() }
    self.folder = folder
  }

  /// The folder of a model.
  ///
  /// - Parameter model: the model.
  /// - Returns: the path, whether there is such a folder or not.
  package func path(of model: ModelName) -> String { "\(folder)/\(model.folderName)" }

  /// The folder of a model at a commit.
  ///
  /// - Parameters:
  ///   - commit: the commit.
  ///   - model: the model.
  /// - Returns: the path, whether there is such a folder or not.
  package func snapshotPath(of commit: String, _ model: ModelName) -> String {
    "\(path(of: model))/snapshots/\(commit)"
  }

  func blobPath(of hash: BlobHash, _ model: ModelName) -> String {
    "\(path(of: model))/blobs/\(hash.digits)"
  }

  func incompletePath(of hash: BlobHash, _ model: ModelName) -> String {
    "\(blobPath(of: hash, model)).incomplete"
  }

  func lockPath(of hash: BlobHash, _ model: ModelName) -> String {
    "\(lockFolder(of: model))/\(hash.digits).lock"
  }

  func lockFolder(of model: ModelName) -> String { "\(folder)/.locks/\(model.folderName)" }

  func referencePath(of revision: String, _ model: ModelName) -> String {
    "\(path(of: model))/refs/\(revision)"
  }

  /// Whether the content is in its place, as far as its size tells.
  func hasBlob(_ file: HubFile, _ model: ModelName) -> Bool {
    let status = FileSystem.status(blobPath(of: file.hash, model))
    return status?.isRegular == true && status?.size == file.size
  }

  /// The bytes of a content that an earlier run has left; those beyond its size do not count.
  func incompleteBytes(_ file: HubFile, _ model: ModelName) -> Int {
    let size = FileSystem.status(incompletePath(of: file.hash, model))?.size ?? 0
    return size <= file.size ? size : 0
  }

  /// Lets a file of a snapshot appear.
  func link(_ file: HubFile, at commit: String, of model: ModelName) throws(HubError) {
    let path = "\(snapshotPath(of: commit, model))/\(file.path)"
    if let folder = FileSystem.parent(of: path) { try FileSystem.makeFolder(folder) }
    let up = String(repeating: "../", count: HubFile.parts(of: file.path).count + 1)
    try FileSystem.link(path, to: "\(up)blobs/\(file.hash.digits)")
  }

  /// Makes the folders of a model, and the tag by which backups know a cache.
  func makeFolders(of model: ModelName) throws(HubError) {
    for name in ["blobs", "refs", "snapshots"] {
      try FileSystem.makeFolder("\(path(of: model))/\(name)")
    }
    let tag = "\(folder)/CACHEDIR.TAG"
    if FileSystem.status(tag) == nil {
      // Source: Cache Directory Tagging Specification; the first line is fixed.
      try FileSystem.write(
        """
        Signature: 8a477f597d28d172789f06886806bc55
        # Models that were downloaded from a hub; they can be downloaded again.

        """, to: tag)
    }
  }

  /// Notes which commit a branch or tag is.
  func setReference(_ revision: String, to commit: String, of model: ModelName) throws(HubError) {
    if revision == commit { return }
    if try reference(revision, of: model) == commit { return }
    let path = referencePath(of: revision, model)
    if let folder = FileSystem.parent(of: path) { try FileSystem.makeFolder(folder) }
    try FileSystem.write(commit, to: path)
  }

  /// The commit that a branch or tag was when it was pulled; nil when it was not.
  func reference(_ revision: String, of model: ModelName) throws(HubError) -> String? {
    let path = referencePath(of: revision, model)
    guard FileSystem.status(path)?.isRegular == true,
      let bytes = try FileSystem.contents(path, limit: 4096)
    else { return nil }
    let text = String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    return ModelReference.isCommit(text) ? text : nil
  }

  /// The commits of which there is a folder.
  func commits(of model: ModelName) throws(HubError) -> [String] {
    let snapshots = "\(path(of: model))/snapshots"
    return try FileSystem.names(in: snapshots).filter { name in
      ModelReference.isCommit(name) && FileSystem.isFolder("\(snapshots)/\(name)")
    }
  }
}
