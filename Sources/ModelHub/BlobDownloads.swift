internal import Glibc
internal import HTTPClient

/// Brings blobs into the cache, several at a time, on the calling thread.
///
/// A blob is written beside its place, as `HASH.incomplete`, under a lock that other processes
/// respect; it takes its place when its hash is right. Whatever ends a run, the next one goes on.
final class BlobDownloads {
  private let client: HubClient
  private let cache: ModelCache
  private let model: ModelName
  private let concurrency: Int
  private let isCancelled: @Sendable () -> Bool
  private let note: (String) -> Void
  /// Called with each blob that is in its place.
  private let placed: (HubFile) throws(HubError) -> Void

  private var tasks: [BlobTask]
  private var active = 0
  private var failure: HubError?

  init(
    _ files: [(file: HubFile, exchange: HubExchange)], client: HubClient, cache: ModelCache,
    model: ModelName, concurrency: Int, isCancelled: @escaping @Sendable () -> Bool,
    note: @escaping (String) -> Void, placed: @escaping (HubFile) throws(HubError) -> Void
  ) {
    tasks = files.map { BlobTask(file: $0.file, exchange: $0.exchange) }
    self.client = client
    self.cache = cache
    self.model = model
    self.concurrency = concurrency
    self.isCancelled = isCancelled
    self.note = note
    self.placed = placed
  }

  /// The bytes that are there, of all blobs.
  var doneBytes: Int { tasks.reduce(0) { $0 + $1.doneBytes } }

  /// The bytes that came over the network.
  var receivedBytes: Int { tasks.reduce(0) { $0 + $1.receivedBytes } }

  /// The blobs that are in their place.
  var doneCount: Int { tasks.count { $0.phase == .done } }

  /// Downloads until all is there, something fails for good, or the caller wants to stop.
  ///
  /// - Parameter report: is called again and again meanwhile.
  /// - Throws: ``HubError``; ``HubError/interrupted`` when the caller wanted to stop.
  func run(report: () -> Void) throws(HubError) {
    client.engine.run {
      report()
      return next()
    } completed: {
      complete($0)
    }
    report()
    // Locks are for others to take, also when this object lives on.
    for task in tasks {
      task.writer = nil
      task.lock = nil
    }
    if let failure { throw failure }
    if isCancelled() { throw .interrupted }
  }

  // MARK: - What to start

  private func next() -> HTTPEngine.Pull {
    if failure != nil || isCancelled() {
      client.engine.control.stop(.abortingTransfers)
      return .finished
    }
    let now = client.clock.monotonic()
    var shortest = 0.2
    if active < concurrency {
      for (tag, task) in tasks.enumerated() where task.phase == .waiting {
        guard task.notBefore <= now else {
          shortest = min(shortest, task.notBefore - now)
          continue
        }
        do throws(HubError) {
          if let request = try begin(task, tag: tag, now: now) { return .request(request) }
        } catch {
          failure = failure ?? error
          return next()
        }
      }
    }
    if active == 0 && tasks.allSatisfy({ $0.phase == .done }) { return .finished }
    return .wait(.seconds(max(0.001, shortest)))
  }

  /// The next request of a blob; nil when it needs none, or cannot go on yet.
  private func begin(_ task: BlobTask, tag: Int, now: Double) throws(HubError) -> HTTPRequest? {
    guard try prepare(task, now: now), let writer = task.writer else { return nil }
    if writer.isComplete {
      // All bytes were there already, or the file is empty.
      try finish(task)
      return nil
    }
    var fields = task.exchange.fields
    if writer.offset > 0 {
      fields.append(("Range", "bytes=\(writer.offset)-"))
      task.isContinued = true
    }
    _ = writer.beginAttempt()
    task.phase = .transferring
    active += 1
    return HTTPRequest(
      tag: tag, url: task.exchange.address.text, fields: HTTPFieldList(fields),
      timeouts: HTTPRequest.Timeouts(
        firstByte: .seconds(60), total: .seconds(30 * 86_400), stall: .seconds(60)),
      route: client.route, sink: writer)
  }

  /// Takes the lock and opens the writer; says whether the blob can be downloaded now.
  private func prepare(_ task: BlobTask, now: Double) throws(HubError) -> Bool {
    if task.lock == nil {
      guard let lock = try FileLock.take(cache.lockPath(of: task.file.hash, model)) else {
        if !task.hasToldOfLock {
          note("waiting for another process that downloads \(HubError.printable(task.file.path))…")
          task.hasToldOfLock = true
        }
        task.notBefore = now + 0.2
        return false
      }
      task.lock = lock
      // Another process may have brought it while this one waited.
      if cache.hasBlob(task.file, model) {
        try settle(task)
        return false
      }
    }
    if task.writer == nil {
      let writer = try BlobWriter(
        file: task.file, path: cache.incompletePath(of: task.file.hash, model),
        isCancelled: isCancelled)
      task.isContinued = writer.offset > 0
      task.writer = writer
    }
    return true
  }

  // MARK: - What has ended

  private func complete(_ completion: HTTPCompletion) {
    let task = tasks[completion.tag]
    active -= 1
    task.phase = .waiting
    if case .failure(let failure) = completion.result, failure.kind == .cancelled { return }
    do throws(HubError) {
      try complete(task, completion.result)
    } catch {
      failure = failure ?? error
    }
  }

  private func complete(
    _ task: BlobTask, _ result: Result<HTTPResponse, HTTPFailure>
  ) throws(HubError) {
    guard let writer = task.writer else { return }
    let refusal = writer.refusal
    let taken = writer.beginAttempt()
    task.receivedBytes += taken
    task.exchange.noteProgress(bytes: taken)
    switch refusal {
    case .interrupted?: throw .interrupted
    case .system(let code)?:
      throw .system(
        operation: "write", path: cache.incompletePath(of: task.file.hash, model), code: code)
    case .wrongPart(let words)?:
      try writer.startOver()
      let error = HubError.malformedAnswer(
        place: task.exchange.address.description, reason: "it sends \(words)")
      task.wrongParts += 1
      if task.wrongParts > 1 { throw error }
      return try apply(
        task.exchange.again("\(error)", otherwise: error, using: &client.generator), task)
    case nil: break
    }
    // The end of an answer can come as a failure when the length was not announced.
    if writer.isComplete, case .success(let response) = result, isAnswer(response) {
      return try finish(task)
    }
    if case .success(let response) = result, response.status == 416, writer.offset > 0 {
      // What is there is more than what the server has: it is of something else.
      try writer.startOver()
      let place = task.exchange.address.description
      let error = HubError.badStatus(place: place, status: 416, words: "no such part of the file")
      return try apply(
        task.exchange.again("\(error)", otherwise: error, using: &client.generator), task)
    }
    try checkHub(task, result)
    try apply(
      task.exchange.step(
        result, accepted: [200, 206], unixTime: client.clock.unix(), using: &client.generator),
      task)
  }

  private func isAnswer(_ response: HTTPResponse) -> Bool {
    response.status == 200 || response.status == 206
  }

  /// Compares what the hub says beside the content with what it listed.
  private func checkHub(
    _ task: BlobTask, _ result: Result<HTTPResponse, HTTPFailure>
  ) throws(HubError) {
    guard task.exchange.isAtHub, case .success(let response) = result,
      let linked = response.headers["x-linked-etag"], let hash = BlobHash(entityTag: linked),
      hash != task.file.hash
    else { return }
    throw .wrongContent(
      file: task.file.path, got: "\(hash)", expected: "\(task.file.hash), as it is listed")
  }

  private func apply(_ step: HubExchange.Step, _ task: BlobTask) throws(HubError) {
    let name = HubError.printable(task.file.path)
    switch step {
    case .redirected: break
    case .failed(let error): throw error
    case .again(let seconds, let reason):
      task.notBefore = client.clock.monotonic() + seconds
      note("\(name): \(reason); trying again in \(HubClient.text(seconds: seconds))")
    case .done:
      // The answer is complete, the file is not: the server announced less than it should.
      let offset = task.writer?.offset ?? 0
      let error = HubError.malformedAnswer(
        place: task.exchange.address.description,
        reason: "it sends \(offset) of \(task.file.size) bytes of \(name)")
      try apply(
        task.exchange.again("\(error)", otherwise: error, using: &client.generator), task)
    }
  }

  /// Checks the content and puts it in its place.
  private func finish(_ task: BlobTask) throws(HubError) {
    guard let writer = task.writer else { return }
    let path = cache.incompletePath(of: task.file.hash, model)
    guard writer.hash == task.file.hash else {
      let error = HubError.wrongContent(
        file: task.file.path, got: "\(writer.hash)", expected: "\(task.file.hash)")
      // The part of an earlier run may be what is wrong; a whole that came at once is not tried
      // again.
      guard task.isContinued, !task.hasStartedOver else {
        try FileSystem.remove(path)
        throw error
      }
      note("\(error)".replacing("it was removed", with: "beginning again"))
      task.hasStartedOver = true
      try writer.startOver()
      task.exchange.restart()
      return
    }
    try writer.synchronize()
    try FileSystem.rename(path, to: cache.blobPath(of: task.file.hash, model))
    try settle(task)
  }

  private func settle(_ task: BlobTask) throws(HubError) {
    try placed(task.file)
    task.phase = .done
    task.writer = nil
    task.lock = nil
  }
}
