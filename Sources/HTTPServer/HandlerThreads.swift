internal import Dispatch
internal import Synchronization

/// Threads that run jobs in the order in which they came.
///
/// Of the threads that wait, the one that waited least takes the next job: its memory is still in
/// the processor's caches, and of many threads only as many are used as there is work for.
final class HandlerThreads: Sendable {
  typealias Job = @Sendable () -> Void

  /// A thread that waits for a job.
  private final class Waiting: Sendable {
    let job = Mutex<Job?>(nil)
    let hasNews = DispatchSemaphore(value: 0)
  }

  private struct State {
    /// Jobs that found no thread waiting; those before `next` are taken.
    var jobs: [Job] = []
    var next = 0
    var waiting: [Waiting] = []
    var isClosed = false

    mutating func takeJob() -> Job? {
      guard next < jobs.count else { return nil }
      let job = jobs[next]
      next += 1
      if next == jobs.count {
        jobs.removeAll(keepingCapacity: true)
        next = 0
      } else if next == 1024 {
        jobs.removeFirst(next)
        next = 0
      }
      return job
    }
  }

  private let state = Mutex(State())
  private let threads = Mutex<[ServerThread]>([])

  func start(count: Int) throws(WebServerError) {
    for _ in 0..<count {
      let thread = try ServerThread { [self] in
        let waiting = Waiting()
        while let job = nextJob(waiting) { job() }
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
    let (isAccepted, thread) = state.withLock { state -> (Bool, Waiting?) in
      guard !state.isClosed else { return (false, nil) }
      prepare()
      if let thread = state.waiting.popLast() { return (true, thread) }
      state.jobs.append(job)
      return (true, nil)
    }
    if let thread {
      thread.job.withLock { $0 = job }
      thread.hasNews.signal()
    }
    return isAccepted
  }

  /// Lets the jobs that were accepted run to their end; refuses others from now on.
  func stop() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for thread in waiting { thread.hasNews.signal() }
    let threads = self.threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in threads { thread.join() }
  }

  /// The next job; `nil` when there is none and there will be none.
  private func nextJob(_ waiting: Waiting) -> Job? {
    let (job, isClosed) = state.withLock { state -> (Job?, Bool) in
      if let job = state.takeJob() { return (job, false) }
      if !state.isClosed { state.waiting.append(waiting) }
      return (nil, state.isClosed)
    }
    if job != nil || isClosed { return job }
    waiting.hasNews.wait()
    return waiting.job.withLock { job in
      defer { job = nil }
      return job
    }
  }
}
