internal import Glibc

/// A thread that runs one closure.
@safe final class ServerThread: Sendable {
  private let handle: pthread_t

  /// What the new thread takes over.
  private final class Task: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  init(_ body: @escaping @Sendable () -> Void) throws(WebServerError) {
    let task = unsafe Unmanaged.passRetained(Task(body))
    var handle = pthread_t()
    let status = unsafe pthread_create(
      &handle, nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Task>.fromOpaque(argument).takeRetainedValue().body()
        }
        return nil
      }, task.toOpaque())
    guard status == 0 else {
      unsafe task.release()
      throw .noThread(reason: unsafe String(cString: strerror(status)))
    }
    self.handle = handle
  }

  /// Waits for its end; to be called once.
  func join() { pthread_join(handle, nil) }
}
