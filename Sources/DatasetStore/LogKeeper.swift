internal import Dispatch
internal import Foundation
internal import Glibc
internal import SQLite
internal import Synchronization

/// Makes commits survive a power cut, and copies them from the log into the store's file, on a thread
/// of its own: the writer waits for no disk.
///
/// A commit survives the death of the process at once. It survives a power cut some milliseconds
/// later, when the thread has had the log written to the disk; all commits until then share that.
package final class LogKeeper {
  private let exchange: Exchange

  /// Starts a thread.
  ///
  /// - Parameter store: the store; open for writing until ``finish()`` has returned.
  package init(_ store: Store) {
    let exchange = Exchange(location: store.place.location)
    self.exchange = exchange
    Thread.detachNewThread { exchange.keep() }
  }

  deinit { exchange.stop() }

  /// Has everything that is committed so far written to the disk soon.
  ///
  /// - Throws: ``StoreError/cannotWrite(path:reason:)`` when that failed for an earlier commit.
  package func noteCommit() throws(StoreError) {
    try exchange.check()
    exchange.commits.signal()
  }

  /// Waits until everything that is committed is on the disk; to be called once.
  ///
  /// - Throws: ``StoreError/cannotWrite(path:reason:)`` when the disk refused it.
  package func finish() throws(StoreError) {
    exchange.stop()
    exchange.end.wait()
    try exchange.check()
  }

  /// What the writer and the thread share.
  private final class Exchange: Sendable {
    /// So many commits are copied into the file together. Commits of a quick server fill some 30 MB.
    private static let copiedCommits = 32

    let location: String
    let commits = DispatchSemaphore(value: 0)
    let end = DispatchSemaphore(value: 0)
    private let isStopped = Mutex(false)
    private let failure = Mutex<StoreError?>(nil)

    init(location: String) { self.location = location }

    func check() throws(StoreError) {
      if let failure = failure.withLock({ $0 }) { throw failure }
    }

    func stop() {
      isStopped.withLock { $0 = true }
      commits.signal()
    }

    func keep() {
      defer { end.signal() }
      // Without it the writer copies by itself, as SQLite does it.
      let connection = try? Connection(path: location, access: .readWrite)
      var uncopied = 0
      var isLast = false
      while !isLast {
        commits.wait()
        uncopied += 1
        // Commits that came meanwhile are covered by what follows.
        while commits.wait(timeout: .now()) == .success { uncopied += 1 }
        isLast = isStopped.withLock { $0 }
        guard writeLog() else { return }
        if uncopied >= Self.copiedCommits, !isLast {
          try? connection?.execute("PRAGMA wal_checkpoint(PASSIVE)")
          uncopied = 0
        }
      }
    }

    /// Has the log written to the disk.
    private func writeLog() -> Bool {
      let descriptor = unsafe open(location + "-wal", O_RDONLY | O_CLOEXEC)
      // Without a log everything is in the file.
      if descriptor < 0, errno == ENOENT { return true }
      var isWritten = descriptor >= 0
      while isWritten, fdatasync(descriptor) != 0 {
        guard errno != EINTR else { continue }
        isWritten = false
      }
      let code = errno
      if descriptor >= 0 { close(descriptor) }
      if isWritten { return true }
      failure.withLock { [location] in
        $0 = .cannotWrite(path: location, reason: unsafe String(cString: strerror(code)))
      }
      return false
    }
  }
}
