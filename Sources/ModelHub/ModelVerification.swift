internal import Checkpoints
internal import Glibc

/// Hashes the contents of a model again and looks for what is broken or missing.
package struct ModelVerification: Sendable {
  /// What is wrong with one thing.
  package struct Finding: Sendable, Equatable {
    /// How bad it is.
    package enum Severity: String, Sendable {
      /// The model cannot be trusted, or not be used.
      case error
      /// Something is left over, or could not be checked.
      case warning
    }

    /// What is wrong.
    package enum Kind: String, Sendable {
      /// The content's hash is not its name.
      case wrongHash = "wrong-hash"
      /// A link of the snapshot leads to no file.
      case brokenLink = "broken-link"
      /// A file that an index of shards names is not there.
      case missingShard = "missing-shard"
      /// The weights' file breaks the rules of its format.
      case malformedWeights = "malformed-weights"
      /// A download that was not finished.
      case incomplete
      /// A branch or tag without a snapshot.
      case danglingReference = "dangling-reference"
      /// A content that no snapshot uses.
      case unused
      /// A content whose name is no hash.
      case unverifiable
    }

    /// How bad it is.
    package let severity: Severity
    /// What is wrong.
    package let kind: Kind
    /// The file.
    package let path: String
    /// What is there and what was expected.
    package let message: String
  }

  /// What was found.
  package struct Result: Sendable, Equatable {
    /// The contents that were hashed.
    package var files = 0
    /// Their bytes.
    package var bytes = 0
    /// What is wrong.
    package var findings: [Finding] = []

    /// Whether nothing is wrong that matters.
    package var isSound: Bool { !findings.contains { $0.severity == .error } }
  }

  private let reference: ModelReference
  private let cache: ModelCache

  /// A check.
  ///
  /// - Parameters:
  ///   - reference: the model; with a revision, only that.
  ///   - cache: where it is.
  package init(_ reference: ModelReference, in cache: ModelCache) {
    self.reference = reference
    self.cache = cache
  }

  /// Checks the model.
  ///
  /// - Parameters:
  ///   - report: receives the bytes hashed and the bytes in all, again and again.
  ///   - isCancelled: is asked again and again; `true` ends the work.
  /// - Returns: what was found.
  /// - Throws: ``HubError``; ``HubError/interrupted`` when the caller wanted to stop.
  package func run(
    report: (_ done: Int, _ total: Int) -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) throws(HubError) -> Result {
    let model = try cache.scan(reference.name)
    var revisions = model.revisions
    if reference.revision != nil {
      let path = try ModelFolder.path(of: reference, in: cache)
      revisions.removeAll { $0.path != path }
    }
    guard FileSystem.isFolder(model.path), !revisions.isEmpty || reference.revision == nil else {
      throw .notPulled(reference, folder: cache.folder, revisions: [])
    }
    var result = Result()
    var contents: [(path: String, size: Int)] = []
    var seen: Set<[UInt8]> = []
    for file in revisions.flatMap(\.files) where !file.isBroken {
      if seen.insert(Array(file.blobPath.utf8)).inserted {
        contents.append((file.blobPath, file.size))
      }
    }
    let total = contents.reduce(0) { $0 + $1.size }
    var done = 0
    for content in contents {
      let finding = try Self.hashFault(content, isCancelled: isCancelled) { count in
        done += count
        report(done, total)
      }
      result.files += 1
      result.bytes += content.size
      if let finding { result.findings.append(finding) }
    }
    for revision in revisions { try check(revision, &result) }
    result.findings += Self.leftovers(of: model)
    return result
  }

  /// Removes what the findings say is broken or left over, so that the model can be pulled again.
  ///
  /// - Parameter findings: what was found.
  /// - Returns: the paths that were removed.
  /// - Throws: ``HubError``.
  package func repair(_ findings: [Finding]) throws(HubError) -> [String] {
    var removed: [String] = []
    for finding in findings {
      switch finding.kind {
      case .wrongHash, .brokenLink, .incomplete, .danglingReference, .unused:
        let name = HubFile.parts(of: finding.path).last ?? ""
        let digits = name.hasSuffix(".incomplete") ? String(name.dropLast(11)) : name
        // Nothing is taken from under a download.
        if let hash = BlobHash(digits: digits) {
          guard try FileLock.take(cache.lockPath(of: hash, reference.name)) != nil else {
            throw .busy(reference.name)
          }
        }
        try FileSystem.remove(finding.path)
        removed.append(finding.path)
      case .missingShard, .malformedWeights, .unverifiable: break
      }
    }
    // The links to what was removed would lead nowhere.
    for revision in try cache.scan(reference.name).revisions {
      for file in revision.files where file.isBroken {
        try FileSystem.remove("\(revision.path)/\(file.path)")
      }
    }
    return removed
  }

  // MARK: - Parts

  private static func hashFault(
    _ content: (path: String, size: Int), isCancelled: () -> Bool, advance: (Int) -> Void
  ) throws(HubError) -> Finding? {
    let name = HubFile.parts(of: content.path).last ?? ""
    guard let expected = BlobHash(digits: name) else {
      advance(content.size)
      return Finding(
        severity: .warning, kind: .unverifiable, path: content.path,
        message: "its name is no hash: it cannot be checked")
    }
    guard let descriptor = try FileSystem.open(content.path, O_RDONLY) else { return nil }
    defer { close(descriptor) }
    var hasher = BlobHasher(like: expected, size: content.size)
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      if isCancelled() { throw .interrupted }
      let count = unsafe read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(operation: "read", path: content.path, code: errno) }
      if count == 0 { break }
      unsafe hasher.update(piece.span.bytes.extracting(first: count))
      advance(count)
    }
    guard hasher.hash != expected else { return nil }
    return Finding(
      severity: .error, kind: .wrongHash, path: content.path,
      message: "its content has \(hasher.hash): expected \(expected)")
  }

  private func check(_ revision: CachedModel.Revision, _ result: inout Result) throws(HubError) {
    let paths = Set(revision.files.map(\.path))
    for file in revision.files {
      let path = "\(revision.path)/\(file.path)"
      if file.isBroken {
        result.findings.append(
          Finding(
            severity: .error, kind: .brokenLink, path: path,
            message: "its content \(file.blobPath) is missing"))
        continue
      }
      if file.path.hasSuffix(".safetensors"), let fault = Self.weightsFault(path) {
        result.findings.append(
          Finding(severity: .error, kind: .malformedWeights, path: path, message: fault))
      }
      if file.path.hasSuffix(".index.json") {
        for shard in try ShardIndex.files(path) where !paths.contains(shard) {
          result.findings.append(
            Finding(
              severity: .error, kind: .missingShard, path: path,
              message: "it names \(HubError.printable(shard)), which is missing"))
        }
      }
    }
  }

  /// What breaks the rules of the format in a file of weights.
  private static func weightsFault(_ path: String) -> String? {
    do throws(CheckpointError) {
      _ = try Checkpoint(path: path)
      return nil
    } catch {
      let text = "\(error)"
      return HubError.printable(
        text.hasPrefix("\(path): ") ? String(text.dropFirst(path.count + 2)) : text)
    }
  }

  private static func leftovers(of model: CachedModel) -> [Finding] {
    let incomplete = model.incomplete.map {
      Finding(
        severity: .warning, kind: .incomplete, path: $0.path,
        message: "\($0.size) bytes of a download that was not finished")
    }
    let dangling = model.danglingReferences.map {
      Finding(
        severity: .error, kind: .danglingReference, path: "\(model.path)/refs/\($0)",
        message: "its commit has no snapshot")
    }
    let unused = model.unused.map {
      Finding(
        severity: .warning, kind: .unused, path: $0.path,
        message: "\($0.size) bytes that no snapshot uses")
    }
    return incomplete + dangling + unused
  }
}
