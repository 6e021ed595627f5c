internal import CVectorKernels
internal import Foundation
internal import Synchronization

/// Threads that share the jobs of one computation after another; the only ones that compute.
///
/// The thread that calls ``run(jobs:_:)`` is one of the workers. BLAS and oneDNN run single-threaded
/// inside a job, so there are never more computing threads than the pool counts. Between
/// computations workers spin for some microseconds, since the next layer usually follows at once,
/// and then sleep.
@safe public final class ThreadPool: Sendable {
  /// The number of workers, the caller included.
  public let count: Int
  private let board: JobBoard
  private let threads: [WorkerThread]

  /// Starts the threads.
  ///
  /// - Parameter count: the number of workers, the caller included; at least 1.
  public init(count: Int) {
    precondition(count >= 1, "a pool of \(count) threads")
    self.count = count
    let board = JobBoard()
    self.board = board
    threads = (1..<max(count, 1)).map { WorkerThread(board: board, worker: $0) }
  }

  deinit {
    board.stop()
    for thread in threads { thread.join() }
  }

  /// The number of processors that this process may use.
  public static var processorCount: Int {
    max(1, ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Runs `body` once for each job, on all workers, and returns when the last one has ended.
  ///
  /// Jobs start in order. Called from inside a job it runs everything on the calling thread. Two
  /// threads that call at the same time take turns.
  ///
  /// - Parameters:
  ///   - jobs: the number of jobs.
  ///   - body: receives the job's number and the worker's, which is below ``count``: two jobs that
  ///     run at the same time have different workers.
  public func run(jobs: Int, _ body: @Sendable (_ job: Int, _ worker: Int) -> Void) {
    guard jobs > 0 else { return }
    OpenMP.useOneThread()
    let mark = cvk_thread_mark()
    // Marks are worker + 1: a nested call keeps the number, and with it the worker's scratch.
    if mark != 0 {
      let worker = Int(mark) - 1
      for job in 0..<jobs { body(job, worker) }
      return
    }
    board.turn.withLock { _ in
      cvk_set_thread_mark(1)
      if jobs == 1 || count == 1 {
        for job in 0..<jobs { body(job, 0) }
      } else {
        withoutActuallyEscaping(body) { board.post(jobs: jobs, body: $0) }
      }
      cvk_set_thread_mark(0)
    }
  }

  /// Runs `body` on consecutive ranges that together are `0..<count`.
  ///
  /// - Parameters:
  ///   - count: the number of items.
  ///   - grain: the least number of items worth handing to another thread.
  ///   - body: receives a range and the worker's number.
  public func run(
    over count: Int, grain: Int, _ body: @Sendable (_ items: Range<Int>, _ worker: Int) -> Void
  ) {
    guard count > 0 else { return }
    // Four ranges for each worker: one that is held up by another process costs a quarter.
    let size = max(grain, 1, (count + 4 * self.count - 1) / (4 * self.count))
    run(jobs: (count + size - 1) / size) { job, worker in
      body(job * size..<min(count, (job + 1) * size), worker)
    }
  }
}
