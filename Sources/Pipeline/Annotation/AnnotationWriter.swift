internal import Annotation
internal import Dispatch
internal import Foundation
internal import SQLite
internal import Synchronization

/// The one thread that writes people's work: what has gathered meanwhile becomes one commit.
///
/// A caller is answered after the commit, so what is answered is on the disk. What one caller is
/// refused does not touch what the others get.
///
/// Source: group commit as in D. J. DeWitt et al., Implementation Techniques for Main Memory Database
/// Systems (SIGMOD 1984).
final class AnnotationWriter: Sendable {
  /// What belongs to the writing thread.
  final class Desk {
    let connection: Connection
    var cursors = TaskCursors()
    var generator: any RandomNumberGenerator

    init(connection: Connection, generator: any RandomNumberGenerator) {
      self.connection = connection
      self.generator = generator
    }
  }

  fileprivate struct Job {
    /// Does the work; `false` when it must not be kept.
    let attempt: (Desk) -> Bool
    /// Tells the caller that it is kept, or why not.
    let finish: ((any Error)?) -> Void
  }

  /// So many jobs share one commit at most, lest the first one waits for long.
  private static let maximumBatch = 512

  private struct State {
    var jobs: [Job] = []
    var isStopped = false
  }

  private let state = Mutex(State())
  private let checkpoints: AnnotationCheckpoints
  private let hasJobs = DispatchSemaphore(value: 0)
  private let hasEnded = DispatchSemaphore(value: 0)

  /// Starts the thread.
  ///
  /// - Parameters:
  ///   - makeConnection: makes a connection that writes, on the thread that uses it.
  ///   - generator: where sides, gold items and repeats are drawn from.
  /// - Throws: what `makeConnection` throws.
  init(
    _ makeConnection: @escaping @Sendable () throws -> Connection,
    generator: any RandomNumberGenerator & Sendable
  ) throws {
    checkpoints = AnnotationCheckpoints(makeConnection)
    let opened = DispatchSemaphore(value: 0)
    let shared = Shared()
    // Not a dispatch queue: its threads do not keep the priority that the process was given.
    Thread.detachNewThread { [self] in
      do {
        let desk = Desk(connection: try makeConnection(), generator: generator)
        // Copying the log into the database is for the other thread.
        try desk.connection.execute("PRAGMA wal_autocheckpoint = 0")
        checkpoints.start()
        opened.signal()
        run(desk)
      } catch {
        shared.failure.withLock { $0 = error }
        state.withLock { $0.isStopped = true }
        opened.signal()
      }
      hasEnded.signal()
    }
    opened.wait()
    if let error = shared.failure.withLock({ $0 }) { throw error }
  }

  private final class Shared: Sendable {
    let failure = Mutex<(any Error)?>(nil)
  }

  private final class Answer<Result: Sendable>: Sendable {
    let result = Mutex<Swift.Result<Result, any Error>?>(nil)
    let isDone = DispatchSemaphore(value: 0)
  }

  /// Does some work in a transaction and waits until it is on the disk.
  ///
  /// - Parameter body: the work; all of it is kept, or nothing when it throws.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws; ``AnnotationError/unavailable(_:)`` when the commit fails.
  func perform<Result: Sendable>(
    _ body: @escaping @Sendable (Desk) throws -> Result
  ) throws -> Result {
    let answer = Answer<Result>()
    let job = Job(
      attempt: { desk in
        let result = Swift.Result { try body(desk) }
        answer.result.withLock { $0 = result }
        guard case .failure(let error) = result else { return true }
        // Refusals come before anything is done; after anything else positions may have moved over
        // what is rolled back.
        if !(error is AnnotationError) { desk.cursors.forgetAll() }
        return false
      },
      finish: { error in
        if let error {
          answer.result.withLock { result in
            // What was refused stays refused.
            if case .failure = result { return }
            result = .failure(error)
          }
        }
        answer.isDone.signal()
      })
    let isTaken = state.withLock { state in
      guard !state.isStopped else { return false }
      state.jobs.append(job)
      return true
    }
    guard isTaken else { throw AnnotationError.unavailable("The service is ending: try again.") }
    hasJobs.signal()
    answer.isDone.wait()
    guard let result = answer.result.withLock({ $0 }) else {
      throw AnnotationError.unavailable("The service is ending: try again.")
    }
    return try result.get()
  }

  /// Finishes what has been taken and ends the thread.
  func stop() {
    let isFirst = state.withLock { state in
      defer { state.isStopped = true }
      return !state.isStopped
    }
    guard isFirst else { return }
    hasJobs.signal()
    hasEnded.wait()
  }

  // MARK: - On the thread

  private func run(_ desk: Desk) {
    while true {
      hasJobs.wait()
      let (jobs, isLast) = state.withLock { state in
        let jobs = Array(state.jobs.prefix(Self.maximumBatch))
        state.jobs.removeFirst(jobs.count)
        return (jobs, state.isStopped && state.jobs.isEmpty)
      }
      if !jobs.isEmpty {
        commit(jobs, desk)
        checkpoints.committed(on: desk.connection)
      }
      if isLast {
        checkpoints.stop()
        try? desk.connection.checkpoint()
        return
      }
    }
  }

  private func commit(_ jobs: [Job], _ desk: Desk) {
    let connection = desk.connection
    do {
      try connection.execute("BEGIN IMMEDIATE")
      for job in jobs {
        try connection.prepare("SAVEPOINT job").execute()
        if !job.attempt(desk) {
          try connection.prepare("ROLLBACK TO job").execute()
        }
        try connection.prepare("RELEASE job").execute()
      }
      try connection.execute("COMMIT")
      for job in jobs { job.finish(nil) }
    } catch {
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      desk.cursors.forgetAll()
      for job in jobs { job.finish(AnnotationError.unavailable("Not stored: \(error)")) }
    }
  }
}

// The jobs are handed over under the mutex, and each is run once by the thread.
extension AnnotationWriter.Job: @unchecked Sendable {}
