/// One blob on its way into the cache: its lock, its writer and its request.
final class BlobTask {
  /// Where a blob is on its way.
  enum Phase {
    /// Not begun, or waiting for its lock or for another attempt.
    case waiting
    /// A request is on its way.
    case transferring
    /// It is in the cache.
    case done
  }

  let file: HubFile
  var phase = Phase.waiting
  /// When it may go on, on the monotonic clock.
  var notBefore = 0.0
  /// Held from the first attempt on.
  var lock: FileLock?
  var writer: BlobWriter?
  var exchange: HubExchange
  /// Whether people were told that another process has the lock.
  var hasToldOfLock = false
  /// Whether it began again after the content was wrong.
  var hasStartedOver = false
  /// Whether what is there was put together from several answers.
  var isContinued = false
  /// How often a server sent another part than was asked for.
  var wrongParts = 0
  /// Bytes that came over the network.
  var receivedBytes = 0

  init(file: HubFile, exchange: HubExchange) {
    self.file = file
    self.exchange = exchange
  }

  /// The bytes that are there.
  var doneBytes: Int {
    switch phase {
    case .done: file.size
    default: writer?.offset ?? 0
    }
  }
}
