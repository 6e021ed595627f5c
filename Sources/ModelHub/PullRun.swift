/// One download of a model, from the listing to the folder.
struct PullRun {
  let pull: ModelPull
  let model: ModelName
  let revision: String
  let client: HubClient
  let cache: ModelCache
  let note: (String) -> Void
  let isCancelled: @Sendable () -> Bool

  func run(report: (ModelPull.Progress) -> Void) throws(HubError) -> ModelPull.Outcome {
    let listing = try client.listing(of: model, revision: revision)
    let commit = listing.commit
    let entries = Dictionary(
      listing.entries.map { (Array($0.path.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    try cache.makeFolders(of: model)
    try FileSystem.makeFolder(cache.snapshotPath(of: commit, model))
    var received = 0
    var shards: [String] = []
    let paths = listing.entries.map(\.path)
    if let index = pull.selection.index(among: paths) {
      let file = try file(index, commit, entries)
      received += try download([file], commit, report: { _ in })
      shards = try self.shards(of: file, commit: commit, listed: paths)
    }
    let chosen = pull.selection.choose(from: paths, shards: shards)
    guard !chosen.isEmpty else { throw .nothingSelected(model, files: paths.count) }
    if pull.selection.included.isEmpty && !chosen.contains(where: Self.isWeights) {
      note("warning: \(model) has no weights in safetensors or PyTorch's format")
    }
    var files: [HubFile] = []
    var bytes = 0
    for path in chosen {
      let file = try file(path, commit, entries)
      let (sum, overflow) = bytes.addingReportingOverflow(file.size)
      guard !overflow else {
        throw .malformedAnswer(place: "\(model)", reason: "its files have more than 2^63 bytes")
      }
      bytes = sum
      files.append(file)
    }
    received += try download(files, commit, report: report)
    // Last: what a branch names is complete.
    try cache.setReference(revision, to: commit, of: model)
    return ModelPull.Outcome(
      commit: commit, folder: cache.snapshotPath(of: commit, model), files: files.count,
      bytes: bytes, receivedBytes: received, isFromCache: false)
  }

  private static func isWeights(_ path: String) -> Bool {
    path.hasSuffix(".safetensors") || path.hasSuffix(".bin")
  }

  /// What is known of a file, asked for where the listing has only its path.
  private func file(
    _ path: String, _ commit: String, _ entries: [[UInt8]: HubListing.Entry]
  ) throws(HubError) -> HubFile {
    if let entry = entries[Array(path.utf8)], let size = entry.size, let hash = entry.hash {
      return HubFile(path: path, size: size, hash: hash)
    }
    return try client.file(path, of: model, commit: commit)
  }

  /// The files that an index of shards names, in their order.
  private func shards(
    of index: HubFile, commit: String, listed: [String]
  ) throws(HubError) -> [String] {
    let path = cache.blobPath(of: index.hash, model)
    func malformed(_ reason: String) -> HubError {
      .malformedAnswer(place: "\(model)'s \(index.path)", reason: reason)
    }
    let names = try ShardIndex.files(path)
    if names.isEmpty { throw malformed("it names no files in 'weight_map'") }
    let known = Set(listed.map { Array($0.utf8) })
    for name in names where !known.contains(Array(name.utf8)) {
      throw malformed("it names a file '\(name)' that the model does not have")
    }
    return names
  }

  /// Brings files into the snapshot; says how many bytes came over the network.
  private func download(
    _ files: [HubFile], _ commit: String, report: (ModelPull.Progress) -> Void
  ) throws(HubError) -> Int {
    // One content can have several names.
    var names: [BlobHash: [HubFile]] = [:]
    var contents: [HubFile] = []
    for file in files {
      if names[file.hash] == nil { contents.append(file) }
      names[file.hash, default: []].append(file)
    }
    var missing: [(file: HubFile, exchange: HubExchange)] = []
    for file in contents {
      if cache.hasBlob(file, model) {
        for file in names[file.hash] ?? [] { try cache.link(file, at: commit, of: model) }
      } else {
        let address = try client.fileAddress(file.path, of: model, commit: commit)
        let subject = HubExchange.Subject(model: model, revision: revision, file: file.path)
        missing.append((file, client.exchange(address, subject)))
      }
    }
    try checkSpace(missing.map(\.file))
    // Small files first: a model that cannot be used is known for it early.
    missing.sort { $0.file.size < $1.file.size }
    let downloads = BlobDownloads(
      missing, client: client, cache: cache, model: model, concurrency: pull.concurrency,
      isCancelled: isCancelled, note: note
    ) { [cache, model] file throws(HubError) in
      for file in names[file.hash] ?? [] { try cache.link(file, at: commit, of: model) }
    }
    let total = contents.reduce(0) { $0 + $1.size }
    let present = total - missing.reduce(0) { $0 + $1.file.size }
    let presentCount = contents.count - missing.count
    try downloads.run {
      report(
        ModelPull.Progress(
          doneBytes: present + downloads.doneBytes, totalBytes: total,
          doneFiles: presentCount + downloads.doneCount, totalFiles: contents.count))
    }
    return downloads.receivedBytes
  }

  private func checkSpace(_ files: [HubFile]) throws(HubError) {
    let needed = files.reduce(0) { sum, file in
      sum + file.size - cache.incompleteBytes(file, model)
    }
    guard needed > 0, let free = FileSystem.freeBytes(cache.folder), free < needed else { return }
    throw .noSpace(folder: cache.folder, needed: needed, free: free)
  }
}
