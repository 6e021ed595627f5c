import Foundation
import Synchronization
import Testing

@testable import Tensors

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 8])
  func everyJobRunsOnce(_ threads: Int) {
    let pool = ThreadPool(count: threads)
    for jobs in [0, 1, 2, 7, 1000] {
      let counts = Mutex([Int](repeating: 0, count: jobs))
      pool.run(jobs: jobs) { job, worker in
        counts.withLock { $0[job] += 1 }
        if worker < 0 || worker >= threads { Issue.record("worker \(worker) of \(threads)") }
      }
      #expect(counts.withLock { $0 } == [Int](repeating: 1, count: jobs))
    }
  }

  @Test func manyShortComputations() {
    let pool = ThreadPool(count: 4)
    let total = Atomic<Int>(0)
    for _ in 0..<20_000 { pool.run(jobs: 3) { _, _ in total.add(1, ordering: .relaxed) } }
    #expect(total.load(ordering: .relaxed) == 60_000)
  }

  @Test func wakesAfterSleeping() {
    let pool = ThreadPool(count: 3)
    let total = Atomic<Int>(0)
    for _ in 0..<10 {
      Thread.sleep(forTimeInterval: 0.01)
      pool.run(jobs: 6) { _, _ in total.add(1, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 60)
  }

  @Test func nestedComputationsRunOnTheirWorker() {
    let pool = ThreadPool(count: 3)
    let total = Atomic<Int>(0)
    pool.run(jobs: 5) { _, outer in
      pool.run(jobs: 4) { _, inner in
        if inner != outer { Issue.record("worker \(inner) inside worker \(outer)") }
        total.add(1, ordering: .relaxed)
      }
    }
    #expect(total.load(ordering: .relaxed) == 20)
  }

  @Test func callersTakeTurns() {
    let pool = ThreadPool(count: 2)
    let total = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<200 { pool.run(jobs: 5) { _, _ in total.add(1, ordering: .relaxed) } }
    }
    #expect(total.load(ordering: .relaxed) == 8000)
  }

  @Test func rangesCoverAllItems() {
    let pool = ThreadPool(count: 3)
    for (count, grain) in [(0, 1), (1, 10), (100, 7), (1000, 1)] {
      let seen = Mutex([Int](repeating: 0, count: count))
      pool.run(over: count, grain: grain) { range, _ in
        seen.withLock { seen in for item in range { seen[item] += 1 } }
      }
      #expect(seen.withLock { $0 } == [Int](repeating: 1, count: count))
    }
  }
}
