extension ModelCache {
  /// All models of the cache, in the order of their names.
  ///
  /// - Returns: the models; folders that are no model's are left out.
  /// - Throws: ``HubError/system(operation:path:code:)``.
  package func models() throws(HubError) -> [CachedModel] {
    var models: [CachedModel] = []
    for name in try names() { models.append(try scan(name)) }
    return models
  }

  /// The names of all models of the cache.
  ///
  /// - Returns: the names in order.
  /// - Throws: ``HubError/system(operation:path:code:)``.
  package func names() throws(HubError) -> [ModelName] {
    try FileSystem.names(in: folder).compactMap { ModelName(folderName: $0) }
      .filter { FileSystem.isFolder(path(of: $0)) }.sorted()
  }

  /// What the cache has of a model.
  ///
  /// - Parameter name: the model.
  /// - Returns: what there is; nothing of a model that there is not.
  /// - Throws: ``HubError/system(operation:path:code:)``.
  package func scan(_ name: ModelName) throws(HubError) -> CachedModel {
    let path = path(of: name)
    var references: [String: [String]] = [:]
    for reference in try Self.files(below: "\(path)/refs") {
      guard let commit = try self.reference(reference, of: name) else { continue }
      references[commit, default: []].append(reference)
    }
    var revisions: [CachedModel.Revision] = []
    for commit in try commits(of: name) {
      let snapshot = snapshotPath(of: commit, name)
      var files: [CachedModel.File] = []
      for file in try Self.files(below: snapshot) { files.append(Self.file(file, in: snapshot)) }
      revisions.append(
        CachedModel.Revision(
          commit: commit, references: references.removeValue(forKey: commit) ?? [],
          path: snapshot, files: files))
    }
    let used = Set(revisions.flatMap(\.files).map { Array($0.blobPath.utf8) })
    var incomplete: [CachedModel.Incomplete] = []
    var unused: [CachedModel.Incomplete] = []
    for blob in try FileSystem.names(in: "\(path)/blobs") {
      let blobPath = "\(path)/blobs/\(blob)"
      guard let status = FileSystem.status(blobPath), status.isRegular else { continue }
      let item = CachedModel.Incomplete(path: blobPath, size: status.size)
      if blob.hasSuffix(".incomplete") {
        incomplete.append(item)
      } else if !used.contains(Array(blobPath.utf8)) {
        unused.append(item)
      }
    }
    return CachedModel(
      name: name, path: path, revisions: revisions, incomplete: incomplete, unused: unused,
      danglingReferences: references.values.flatMap { $0 }.sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      })
  }

  /// The paths of the files below a folder, in the order of their bytes; links are not followed.
  static func files(below folder: String, depth: Int = 0) throws(HubError) -> [String] {
    // Deeper than any repository: a loop of mounts must end.
    guard depth < 64 else { return [] }
    var files: [String] = []
    for name in try FileSystem.names(in: folder) {
      let path = "\(folder)/\(name)"
      if FileSystem.status(path, followsLinks: false)?.isFolder == true {
        files += try Self.files(below: path, depth: depth + 1).map { "\(name)/\($0)" }
      } else {
        files.append(name)
      }
    }
    return files
  }

  private static func file(_ path: String, in snapshot: String) -> CachedModel.File {
    let full = "\(snapshot)/\(path)"
    // One step only: a content can itself be a link into the store that Python shares among models.
    let blob = FileSystem.target(ofLink: full).map { target in
      target.hasPrefix("/")
        ? normalized(target) : normalized("\(FileSystem.parent(of: full) ?? "")/\(target)")
    }
    let status = FileSystem.status(full)
    return CachedModel.File(
      path: path, blobPath: blob ?? full, size: status?.isRegular == true ? status?.size ?? 0 : 0,
      lastUsed: status?.accessed ?? 0, isBroken: status?.isRegular != true)
  }

  /// A path without `.` and `..`, taken as text.
  static func normalized(_ path: String) -> String {
    var parts: [String] = []
    for part in HubFile.parts(of: path) {
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
