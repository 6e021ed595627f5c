internal import Dispatch
internal import Synchronization

/// Threads that run jobs in the order in which they came.
final class HandlerThreads: Sendable {
  typealias Job = @Sendable () -> Void

  private struct Queue {
    var jobs: [Job] = []
    /// Jobs before this one are taken.
    var next = 0
    var isClosed = false
  }

  private let queue = Mutex(Queue())
  private let waiting = DispatchSemaphore(value: 0)
  private let threads = Mutex<[ServerThread]>([])

  func start(count: Int) throws(WebServerError) {
    for _ in 0..<count {
      let thread = try ServerThread { [self] in
        while let job = nextJob() { job() }
      }
      threads.withLock { $0.append(thread) }
    }
  }

  /// Adds a job.
  ///
  /// - Parameters:
  ///   - prepare: called before any thread can take the job, when it is accepted.
  ///   - job: the job.
  /// - Returns: false when the threads are being stopped; nothing was called then.
  func add(preparing prepare: () -> Void, _ job: @escaping Job) -> Bool {
    let isAccepted = queue.withLock { queue in
      guard !queue.isClosed else { return false }
      prepare()
      queue.jobs.append(job)
      return true
    }
    if isAccepted { waiting.signal() }
    return isAccepted
  }

  /// Lets the jobs that were accepted run to their end; refuses others from now on.
  func stop() {
    queue.withLock { $0.isClosed = true }
    let threads = self.threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for _ in threads { waiting.signal() }
    for thread in threads { thread.join() }
  }

  /// The next job; `nil` when there is none and there will be none.
  private func nextJob() -> Job? {
    waiting.wait()
    return queue.withLock { queue in
      guard queue.next < queue.jobs.count else { return nil }
      let job = queue.jobs[queue.next]
      queue.next += 1
      if queue.next == queue.jobs.count {
        queue.jobs.removeAll(keepingCapacity: true)
        queue.next = 0
      } else if queue.next == 1024 {
        queue.jobs.removeFirst(queue.next)
        queue.next = 0
      }
      return job
    }
  }
}
