internal import Glibc
internal import HTTPClient
internal import Synchronization

/// Writes one blob's bytes to its `.incomplete` file as they come, and hashes them.
final class BlobWriter: HTTPBodySink {
  /// Why the writer took no more.
  enum Refusal: Equatable {
    /// The caller asked to stop.
    case interrupted
    /// The server sent another part than was asked for, or more than there should be.
    case wrongPart(String)
    /// Writing failed with this `errno`.
    case system(Int32)
  }

  private struct State {
    var hasher: BlobHasher
    var offset: Int
    var refusal: Refusal?
    /// Bytes taken since the last attempt began.
    var taken = 0
  }

  private let file: HubFile
  private let path: String
  private let descriptor: Int32
  private let state: Mutex<State>
  private let isCancelled: @Sendable () -> Bool

  /// Opens a blob's file and hashes what an earlier run has written.
  ///
  /// - Parameters:
  ///   - file: what is to be written.
  ///   - path: the `.incomplete` file; the caller holds the blob's lock.
  ///   - isCancelled: is asked again and again; `true` ends the work.
  /// - Throws: ``HubError/system(operation:path:code:)``, ``HubError/interrupted``.
  init(
    file: HubFile, path: String, isCancelled: @escaping @Sendable () -> Bool
  ) throws(HubError) {
    guard let descriptor = try FileSystem.open(path, O_RDWR | O_CREAT | O_NOFOLLOW) else {
      throw .system(operation: "open", path: path, code: ENOENT)
    }
    self.file = file
    self.path = path
    self.descriptor = descriptor
    self.isCancelled = isCancelled
    state = Mutex(State(hasher: BlobHasher(like: file.hash, size: file.size), offset: 0))
    if let size = FileSystem.status(path)?.size, size > file.size { try startOver() }
    try hashExisting()
  }

  deinit { close(descriptor) }

  /// The bytes that are there.
  var offset: Int { state.withLock { $0.offset } }

  /// Whether all bytes are there.
  var isComplete: Bool { offset == file.size }

  /// The hash of the bytes that are there.
  var hash: BlobHash { state.withLock { $0.hasher.hash } }

  /// Why the last attempt ended, when it was the writer that ended it.
  var refusal: Refusal? { state.withLock { $0.refusal } }

  /// Begins an attempt; says how many bytes the one before brought.
  func beginAttempt() -> Int {
    state.withLock { state in
      defer { state.taken = 0 }
      state.refusal = nil
      return state.taken
    }
  }

  /// Forgets what is there.
  func startOver() throws(HubError) {
    guard ftruncate(descriptor, 0) == 0 else {
      throw .system(operation: "empty", path: path, code: errno)
    }
    state.withLock { state in
      state.hasher = BlobHasher(like: file.hash, size: file.size)
      state.offset = 0
    }
  }

  /// Sees to it that a power failure cannot leave the name without the bytes.
  func synchronize() throws(HubError) {
    while fsync(descriptor) != 0 {
      if errno != EINTR { throw .system(operation: "write", path: path, code: errno) }
    }
  }

  // MARK: - The answer

  func accepts(status: Int, headers: HTTPResponseHeaders) -> Bool {
    switch status {
    case 200:
      // The whole file, also where a part was asked for.
      if offset > 0 {
        do throws(HubError) {
          try startOver()
        } catch {
          refuse(.system(errno))
          return true
        }
      }
      if let length = headers["content-length"].flatMap({ Int($0) }), length != file.size {
        refuse(.wrongPart("\(length) bytes instead of \(file.size)"))
      }
      return true
    case 206:
      let range = headers["content-range"] ?? ""
      guard let part = ContentRange(range), part.first == offset,
        part.total == nil || part.total == file.size
      else {
        refuse(.wrongPart("the part '\(range)' instead of that from \(offset) of \(file.size)"))
        return true
      }
      return true
    default: return false
    }
  }

  func receive(_ bytes: RawSpan) -> Bool {
    if refusal != nil { return false }
    if isCancelled() {
      refuse(.interrupted)
      return false
    }
    guard bytes.byteCount <= file.size - offset else {
      refuse(.wrongPart("more than \(file.size) bytes"))
      return false
    }
    if let code = write(bytes) {
      refuse(.system(code))
      return false
    }
    state.withLock { state in
      state.hasher.update(bytes)
      state.offset += bytes.byteCount
      state.taken += bytes.byteCount
    }
    return true
  }

  private func refuse(_ refusal: Refusal) { state.withLock { $0.refusal = refusal } }

  /// Writes at the end; says why not.
  private func write(_ bytes: RawSpan) -> Int32? {
    let start = offset
    return unsafe bytes.withUnsafeBytes { space in
      var done = 0
      while done < space.count {
        let count = unsafe pwrite(
          descriptor, space.baseAddress.map { unsafe $0 + done }, space.count - done, start + done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : ENOSPC }
        done += count
      }
      return nil
    }
  }

  private func hashExisting() throws(HubError) {
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      if isCancelled() { throw .interrupted }
      let start = offset
      let count = unsafe pread(descriptor, &piece, piece.count, start)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(operation: "read", path: path, code: errno) }
      if count == 0 { return }
      state.withLock { state in
        unsafe state.hasher.update(piece.span.bytes.extracting(first: count))
        state.offset += count
      }
    }
  }
}

/// The part that a `Content-Range` field names: `bytes 100-199/1000`.
///
/// Source: RFC 9110, section 14.4.
struct ContentRange: Equatable {
  var first: Int
  var last: Int
  /// The size of the whole; nil when the server does not know it.
  var total: Int?

  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let halves = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0,
      first <= last
    else { return nil }
    self.first = first
    self.last = last
    if halves[1] == "*" { return }
    guard let total = Int(halves[1]), total > last else { return nil }
    self.total = total
  }
}
