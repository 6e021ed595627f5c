internal import Glibc

/// A thread that works for a ``JobBoard``.
@safe final class WorkerThread: Sendable {
  private struct Start {
    let board: JobBoard
    let worker: Int
  }

  /// Zero when the system gave no thread: the others then do its share.
  private let handle: pthread_t

  init(board: JobBoard, worker: Int) {
    var handle = pthread_t()
    let start = UnsafeMutablePointer<Start>.allocate(capacity: 1)
    unsafe start.initialize(to: Start(board: board, worker: worker))
    let status = unsafe pthread_create(
      &handle, nil,
      { argument in
        guard let start = unsafe argument?.assumingMemoryBound(to: Start.self) else { return nil }
        let (board, worker) = unsafe (start.pointee.board, start.pointee.worker)
        unsafe start.deinitialize(count: 1)
        unsafe start.deallocate()
        board.work(worker: worker)
        return nil
      }, start)
    if status != 0 {
      unsafe start.deinitialize(count: 1)
      unsafe start.deallocate()
      handle = 0
    }
    self.handle = handle
  }

  /// Waits for the thread's end.
  func join() {
    if handle != 0 { pthread_join(handle, nil) }
  }
}
