internal import Dispatch
internal import Foundation
internal import SQLite
internal import Synchronization

/// Copies the write-ahead log into the database on a thread of its own, so that people do not wait
/// for it.
///
/// The log begins anew only when all of it is copied before the next commit. While people vote
/// without a pause the copying thread never sees that moment: when the log has become long, the
/// writing thread copies the little that is left itself.
///
/// Source: https://www.sqlite.org/wal.html, "Checkpointing"; https://www.sqlite.org/c3ref/wal_checkpoint_v2.html
final class AnnotationCheckpoints: Sendable {
  /// The pause between two copies, in milliseconds.
  private static let pause = 200
  /// From so many pages on the log is to begin anew: 32 MB.
  private static let longLog: Int64 = 4096
  /// After so many commits without a copy the copying thread is not at work.
  private static let manyCommits = 1000

  private struct State {
    var isStarted = false
    var isStopped = false
    var hasNews = false
    /// The pages of the log when it was last looked at.
    var length: Int64 = 0
    /// The commits since then.
    var commits = 0
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let makeConnection: @Sendable () throws -> Connection

  /// Nothing is copied yet.
  ///
  /// - Parameter makeConnection: makes a connection that writes.
  init(_ makeConnection: @escaping @Sendable () throws -> Connection) {
    self.makeConnection = makeConnection
  }

  /// Starts the thread.
  func start() {
    state.withLock { $0.isStarted = true }
    Thread.detachNewThread { [self] in
      // Without a connection the writing thread copies all by itself.
      if let connection = try? makeConnection() { run(connection) }
      hasEnded.signal()
    }
  }

  /// Ends the thread, and waits for it.
  func stop() {
    let isRunning = state.withLock { state in
      defer { state.isStopped = true }
      return state.isStarted && !state.isStopped
    }
    guard isRunning else { return }
    wake.signal()
    hasEnded.wait()
  }

  private func run(_ connection: Connection) {
    while true {
      _ = wake.wait(timeout: .now() + .milliseconds(Self.pause))
      let (isStopped, hasNews) = state.withLock { state in
        defer { state.hasNews = false }
        return (state.isStopped, state.hasNews)
      }
      if isStopped { return }
      if hasNews { copy(on: connection, isWriter: false) }
    }
  }

  /// Copies what there is; another one that is copying at this moment is left alone.
  private func copy(on connection: Connection, isWriter: Bool) {
    let lengths = try? connection.first("PRAGMA wal_checkpoint(PASSIVE)") { row in
      (isBusy: row.int64(0) != 0, length: row.int64(1), copied: row.int64(2))
    }
    guard let lengths = lengths ?? nil, !lengths.isBusy else { return }
    state.withLock { state in
      // What the writing thread copies to its end begins anew with its next commit, unless somebody
      // reads in it: then the other thread finds it long again.
      let beginsAnew = isWriter && lengths.copied >= lengths.length
      state.length = beginsAnew ? 0 : lengths.length
      state.commits = 0
    }
  }

  /// Told of each commit, on the writing thread and with its connection.
  func committed(on connection: Connection) {
    let isLong = state.withLock { state in
      state.hasNews = true
      state.commits += 1
      return state.length >= Self.longLog || state.commits >= Self.manyCommits
    }
    if isLong { copy(on: connection, isWriter: true) }
  }
}
