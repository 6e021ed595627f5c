/// The store of contents that recent Python downloads share among all models of a cache.
///
/// A model's blob is then a link to `blobs/XX/HASH` of the cache, and `HASH.refs` beside it lists
/// the links. Nothing is put into it here; what is removed from a model is removed from it when no
/// other model has it.
///
/// Source: huggingface_hub 2.4, `utils/_shared_blobs.py`.
struct SharedBlobStore {
  let cache: ModelCache

  private var folder: String { "\(cache.folder)/blobs" }

  /// The content in the store behind a blob; nil when the blob is a file of its own.
  func target(ofBlob blob: String) -> String? {
    guard let link = FileSystem.target(ofLink: blob), isStore else { return nil }
    let parent = FileSystem.parent(of: blob) ?? ""
    let target = ModelCache.normalized(link.hasPrefix("/") ? link : "\(parent)/\(link)")
    let parts = HubFile.parts(of: target).suffix(2)
    guard let name = parts.last, let prefix = parts.first, name.utf8.count == 64,
      name.utf8.allSatisfy(BlobHash.isDigit), name.hasPrefix(prefix),
      target.utf8.elementsEqual("\(folder)/\(prefix)/\(name)".utf8)
    else { return nil }
    return target
  }

  /// The models that have a content of the store, one for each blob that leads to it.
  func users(of content: String) throws(HubError) -> [ModelName] {
    var users: [ModelName] = []
    for name in try cache.names() {
      let blobs = "\(cache.path(of: name))/blobs"
      for blob in try FileSystem.names(in: blobs)
      where target(ofBlob: "\(blobs)/\(blob)") == content {
        users.append(name)
      }
    }
    return users
  }

  /// Removes a content that no model has any more; says whether it did.
  ///
  /// Python notes a link in the list before it makes it, under the same lock; without a list there
  /// can be users that nobody knows of.
  func removeUnused(_ content: String) throws(HubError) -> Bool {
    guard let lock = try FileLock.take("\(content).lock") else { return false }
    defer { withExtendedLifetime(lock) {} }
    let list = "\(content).refs"
    guard FileSystem.status(list, followsLinks: false)?.isRegular == true,
      try !hasListedUser(list, content), try users(of: content).isEmpty
    else { return false }
    try FileSystem.remove(content)
    try FileSystem.remove(list)
    return true
  }

  /// Whether a link of the list leads to the content, be it a model's, a dataset's or a space's.
  private func hasListedUser(_ list: String, _ content: String) throws(HubError) -> Bool {
    let text = String(decoding: try FileSystem.contents(list, limit: 1 << 26) ?? [], as: UTF8.self)
    return text.split(separator: "\n").contains { line in
      !HubFile.parts(of: String(line)).contains("..") && !line.hasPrefix("/")
        && target(ofBlob: "\(cache.folder)/\(line)") == content
    }
  }

  private var isStore: Bool {
    FileSystem.status("\(folder)/.huggingface-shared-blobs", followsLinks: false)?.isRegular == true
  }
}
