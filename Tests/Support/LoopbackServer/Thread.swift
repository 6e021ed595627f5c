internal import Glibc

private final class ThreadBody {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Calls something on a thread of its own after a time.
///
/// Tests that block their thread must not wait for a task: two of them can hold every thread that
/// tasks run on.
///
/// - Parameters:
///   - milliseconds: how long to wait.
///   - body: what to call.
package func callLater(milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
  startThread {
    usleep(UInt32(milliseconds * 1000))
    body()
  }
}

/// Calls `body` on a thread of its own as soon as something holds, whatever else the machine does.
package func callWhen(
  _ condition: @escaping @Sendable () -> Bool, _ body: @escaping @Sendable () -> Void
) {
  startThread {
    while !condition() { usleep(1000) }
    body()
  }
}

/// Starts a detached thread.
func startThread(_ run: @escaping @Sendable () -> Void) {
  var thread = pthread_t()
  let body = unsafe Unmanaged.passRetained(ThreadBody(run)).toOpaque()
  let result = unsafe pthread_create(
    &thread, nil,
    { context in
      guard let context = unsafe context else { return nil }
      unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
      return nil
    }, body)
  precondition(result == 0, "no thread: errno \(result)")
  pthread_detach(thread)
}
