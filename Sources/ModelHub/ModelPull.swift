/// Downloads a model into the cache.
package struct ModelPull: Sendable {
  /// How far a download has come.
  package struct Progress: Sendable, Equatable {
    /// The bytes that are there, with those of earlier runs.
    package var doneBytes: Int
    /// The bytes of all chosen files.
    package var totalBytes: Int
    /// The contents that are there.
    package var doneFiles: Int
    /// All contents.
    package var totalFiles: Int
  }

  /// What became of it.
  package struct Outcome: Sendable, Equatable {
    /// The commit.
    package var commit: String
    /// The model's folder.
    package var folder: String
    /// The files of the model that were chosen.
    package var files: Int
    /// Their bytes.
    package var bytes: Int
    /// The bytes that came over the network.
    package var receivedBytes: Int
    /// Whether the hub was asked, or the cache alone.
    package var isFromCache: Bool
  }

  /// The model, and the revision of it.
  package var reference: ModelReference
  /// Which of its files.
  package var selection: FileSelection
  /// What is tried again.
  package var policy = HubRetryPolicy()
  /// The most files at a time.
  package var concurrency = 4
  /// The program's name and version, for the hub.
  package var userAgent: String

  /// A download.
  ///
  /// - Parameters:
  ///   - reference: the model, and the revision of it.
  ///   - selection: which of its files.
  ///   - userAgent: the program's name and version.
  package init(
    reference: ModelReference, selection: FileSelection = FileSelection(),
    userAgent: String = "mixinstruct"
  ) {
    self.reference = reference
    self.selection = selection
    self.userAgent = userAgent
  }

  /// Downloads what is missing.
  ///
  /// - Parameters:
  ///   - settings: the hub and the cache.
  ///   - report: receives how far it has come, again and again.
  ///   - note: receives what people should know meanwhile.
  ///   - isCancelled: is asked again and again; `true` ends the work, and what is there stays.
  /// - Returns: what became of it.
  /// - Throws: ``HubError``; ``HubError/interrupted`` when the caller wanted to stop.
  package func run(
    _ settings: HubSettings, report: (Progress) -> Void = { _ in },
    note: @escaping (String) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(HubError) -> Outcome {
    let revision = reference.revision ?? ModelReference.defaultRevision
    guard ModelReference.isRevision(revision) else { throw .badRevision(revision) }
    let cache = ModelCache(folder: settings.cacheFolder)
    if settings.isOffline { return try fromCache(cache) }
    let client = try HubClient(
      settings: settings, policy: policy, concurrency: concurrency, userAgent: userAgent,
      note: note, isCancelled: isCancelled)
    let run = PullRun(
      pull: self, model: reference.name, revision: revision, client: client, cache: cache,
      note: note, isCancelled: isCancelled)
    return try run.run(report: report)
  }

  private func fromCache(_ cache: ModelCache) throws(HubError) -> Outcome {
    let folder: String
    do throws(HubError) {
      folder = try ModelFolder.path(of: reference, in: cache)
    } catch {
      if case .notPulled = error { throw .offline("\(reference)") }
      throw error
    }
    let commit =
      folder.utf8.split(separator: UInt8(ascii: "/")).last
      .map { String(decoding: $0, as: UTF8.self) } ?? ""
    let model = try cache.scan(reference.name)
    guard let revision = model.revisions.first(where: { $0.commit == commit }),
      !revision.files.contains(where: \.isBroken)
    else { throw .offline("all of \(reference)") }
    return Outcome(
      commit: commit, folder: folder, files: revision.files.count, bytes: revision.size,
      receivedBytes: 0, isFromCache: true)
  }
}
