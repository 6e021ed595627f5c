internal import CVectorKernels
internal import Glibc
internal import Synchronization

/// Where a pool's caller posts jobs and its workers take them.
///
/// `word` holds the number of the posting in its upper half and the number of jobs that nobody took
/// in its lower half. A worker takes a job by decrementing it; having done so it holds a job that is
/// not completed, so `body` and `jobs` of that posting stay until it says so. A worker that wakes
/// late finds no job and touches nothing else: nobody waits for sleepers.
@safe final class JobBoard {
  /// Held by the caller whose jobs are on the board.
  let turn = Mutex<Void>(())
  private let word = Atomic<UInt64>(0)
  private let completed = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private var jobs = 0
  private var body: (@Sendable (Int, Int) -> Void)?
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>

  /// How often a worker looks for jobs before it sleeps: some 50 microseconds.
  private static let spins = 2000

  init() {
    unsafe lock = .allocate(capacity: 1)
    unsafe wake = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(wake, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(wake)
    unsafe pthread_mutex_destroy(lock)
    unsafe wake.deallocate()
    unsafe lock.deallocate()
  }

  /// Has `body` run for every job, by this thread as worker 0 and by all others.
  func post(jobs: Int, body: @escaping @Sendable (Int, Int) -> Void) {
    precondition(jobs <= Int(UInt32.max), "\(jobs) jobs")
    self.jobs = jobs
    self.body = body
    completed.store(0, ordering: .relaxed)
    let posting = (word.load(ordering: .relaxed) >> 32) &+ 1
    word.store(posting << 32 | UInt64(jobs), ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
    drain(worker: 0)
    var looks = 0
    while completed.load(ordering: .acquiring) < jobs {
      looks += 1
      // Another process may have the worker's core; spinning on would keep it from us longer.
      if looks < 1000 { cvk_pause() } else { sched_yield() }
    }
    self.body = nil
  }

  /// Ends the workers.
  func stop() {
    stopped.store(true, ordering: .sequentiallyConsistent)
    wakeAll()
  }

  /// What a worker does until the pool is gone.
  func work(worker: Int) {
    cvk_set_thread_mark(Int32(worker) + 1)
    OpenMP.useOneThread()
    while !stopped.load(ordering: .acquiring) {
      drain(worker: worker)
      var looks = 0
      while !hasNews && looks < Self.spins {
        looks += 1
        cvk_pause()
      }
      if !hasNews { sleep() }
    }
  }

  private var hasNews: Bool {
    UInt32(truncatingIfNeeded: word.load(ordering: .sequentiallyConsistent)) != 0
      || stopped.load(ordering: .sequentiallyConsistent)
  }

  private func sleep() {
    unsafe pthread_mutex_lock(lock)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !hasNews { unsafe pthread_cond_wait(wake, lock) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    unsafe pthread_mutex_unlock(lock)
  }

  private func wakeAll() {
    unsafe pthread_mutex_lock(lock)
    unsafe pthread_cond_broadcast(wake)
    unsafe pthread_mutex_unlock(lock)
  }

  private func drain(worker: Int) {
    var seen = word.load(ordering: .acquiring)
    while UInt32(truncatingIfNeeded: seen) != 0 {
      let (taken, now) = word.compareExchange(
        expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
      guard taken else {
        seen = now
        continue
      }
      let job = jobs - Int(UInt32(truncatingIfNeeded: seen))
      body?(job, worker)
      completed.add(1, ordering: .releasing)
      seen = word.load(ordering: .acquiring)
    }
  }
}

// `jobs` and `body` are written by the caller that holds `turn`, before it publishes `word`, and
// only after all jobs of the posting before are completed; they are read by holders of a job.
extension JobBoard: @unchecked Sendable {}
