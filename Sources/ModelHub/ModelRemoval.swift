/// What removing a model, or one revision of it, would remove; and its removal.
package struct ModelRemoval: Sendable {
  /// The model.
  package let name: ModelName
  /// The commits that go.
  package let commits: [String]
  /// The branches and tags that go.
  package let references: [String]
  /// The commits that stay, with their branches and tags.
  package let kept: [CachedModel.Revision]
  /// The bytes that are freed.
  package let freedBytes: Int
  /// The bytes that stay because what is kept uses them.
  package let sharedBytes: Int
  /// Other models that have contents in common, through the store that Python shares.
  package let sharingModels: [ModelName]
  private let blobs: [String]
  private let cache: ModelCache

  /// Plans a removal.
  ///
  /// - Parameters:
  ///   - reference: the model; with a revision, only that.
  ///   - cache: where it is.
  /// - Throws: ``HubError/notPulled(_:folder:revisions:)`` when there is no such model.
  package init(_ reference: ModelReference, in cache: ModelCache) throws(HubError) {
    let model = try cache.scan(reference.name)
    guard FileSystem.isFolder(model.path) else {
      throw .notPulled(reference, folder: cache.folder, revisions: [])
    }
    name = reference.name
    self.cache = cache
    let removed: [CachedModel.Revision]
    if let revision = reference.revision {
      removed = model.revisions.filter {
        $0.references.contains(revision) || $0.commit == revision
          || ModelFolder.isAbbreviation(revision, of: $0.commit)
      }
      guard removed.count == 1 else {
        throw .notPulled(
          reference, folder: cache.folder,
          revisions: model.revisions.flatMap { $0.references + [String($0.commit.prefix(12))] })
      }
    } else {
      removed = model.revisions
    }
    let commits = removed.map(\.commit)
    self.commits = commits
    kept = model.revisions.filter { !commits.contains($0.commit) }
    let isWhole = reference.revision == nil || kept.isEmpty
    references = removed.flatMap(\.references) + (isWhole ? model.danglingReferences : [])
    let keptBlobs = Set(kept.flatMap(\.files).map { Array($0.blobPath.utf8) })
    var freed: [String: Int] = [:]
    var shared: [String: Int] = [:]
    for file in removed.flatMap(\.files) {
      if keptBlobs.contains(Array(file.blobPath.utf8)) {
        shared[file.blobPath] = file.size
      } else {
        freed[file.blobPath] = file.size
      }
    }
    if isWhole {
      for item in model.incomplete + model.unused { freed[item.path] = item.size }
    }
    blobs = freed.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let store = SharedBlobStore(cache: cache)
    var others: Set<ModelName> = []
    var otherBytes = 0
    for blob in blobs {
      guard let content = store.target(ofBlob: blob) else { continue }
      let users = try store.users(of: content).filter { $0 != reference.name }
      if !users.isEmpty {
        others.formUnion(users)
        otherBytes += freed[blob] ?? 0
      }
    }
    sharingModels = others.sorted()
    freedBytes = freed.values.reduce(0, +) - otherBytes
    sharedBytes = shared.values.reduce(0, +) + otherBytes
  }

  /// Removes what was planned.
  ///
  /// First goes what names, then what is named: whatever ends it, no name leads nowhere.
  ///
  /// - Throws: ``HubError/busy(_:)`` when somebody is downloading the model,
  ///   ``HubError/system(operation:path:code:)``.
  package func remove() throws(HubError) {
    var locks: [FileLock] = []
    for lock in try FileSystem.names(in: cache.lockFolder(of: name)) where lock.hasSuffix(".lock") {
      guard let lock = try FileLock.take("\(cache.lockFolder(of: name))/\(lock)") else {
        throw .busy(name)
      }
      locks.append(lock)
    }
    defer { withExtendedLifetime(locks) {} }
    let folder = cache.path(of: name)
    for reference in references {
      try FileSystem.remove(cache.referencePath(of: reference, name))
    }
    for commit in commits {
      try FileSystem.removeTree(cache.snapshotPath(of: commit, name))
      // What Python noted of the commit: files that it does not have, and the hub's listing.
      try FileSystem.removeTree("\(folder)/.no_exist/\(commit)")
      try FileSystem.remove("\(folder)/trees/\(commit).json")
    }
    let store = SharedBlobStore(cache: cache)
    for blob in blobs where blob.hasPrefix("\(folder)/blobs/") {
      let content = store.target(ofBlob: blob)
      try FileSystem.remove(blob)
      if let content { _ = try store.removeUnused(content) }
    }
    if kept.isEmpty { try FileSystem.removeTree(folder) }
  }
}
