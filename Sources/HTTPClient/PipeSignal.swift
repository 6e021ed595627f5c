// CCurl: in this module the compiler finds struct timespec through libcurl's headers.
internal import CCurl
internal import Glibc

/// Calls `body` while a write to a broken connection is an error and no signal.
///
/// OpenSSL writes with `write`, so that SIGPIPE would end the program; ignoring it for the whole
/// process would change what other threads, and pipes on standard output, rely on.
func withoutPipeSignal<Result>(_ body: () throws -> Result) rethrows -> Result {
  var pipeSignal = sigset_t()
  var earlier = sigset_t()
  var pending = sigset_t()
  unsafe sigemptyset(&pipeSignal)
  unsafe sigaddset(&pipeSignal, SIGPIPE)
  unsafe sigpending(&pending)
  let wasPending = unsafe sigismember(&pending, SIGPIPE) == 1
  unsafe pthread_sigmask(SIG_BLOCK, &pipeSignal, &earlier)
  defer {
    if !wasPending {
      var noTime = timespec()
      unsafe sigtimedwait(&pipeSignal, nil, &noTime)
    }
    unsafe pthread_sigmask(SIG_SETMASK, &earlier, nil)
  }
  return try body()
}
