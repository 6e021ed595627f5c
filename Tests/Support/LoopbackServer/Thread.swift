internal import Glibc

private final class ThreadBody {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
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
