internal import Glibc
internal import Synchronization

/// The process's signals: Ctrl-C and termination raise ``InterruptFlag/process``.
package enum InterruptSignals {
  /// Makes the first of `signals` raise ``InterruptFlag/process``, and the next one end the process.
  ///
  /// The second signal exits at once with 128 plus its number (130 for Ctrl-C), without any
  /// clean-up: every stage keeps its work in transactions, so a rerun continues. A write to a
  /// closed pipe or socket fails with `EPIPE` in place of ending the process, and one beyond the
  /// largest file that a process may write with `EFBIG`.
  ///
  /// - Parameter signals: the signals; by default `SIGINT` and `SIGTERM`.
  /// - Throws: ``SignalError`` when the system refuses a handler.
  package static func install(for signals: [Int32] = [2, 15]) throws(SignalError) {
    // Both are made before a handler can run: making them is not safe inside one.
    _ = InterruptFlag.process
    noticeIsShown.store(isatty(2) == 1, ordering: .releasing)
    var wanted = sigset_t()
    unsafe sigemptyset(&wanted)
    for signal in signals { unsafe sigaddset(&wanted, signal) }
    for signal in signals {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = handleInterrupt
      unsafe sigemptyset(&action.sa_mask)
      // No SA_RESTART: a blocked poll or sleep must come back so that its loop sees the flag.
      action.sa_flags = 0
      try set(action, for: signal)
    }
    // A program that blocks signals hands that on to those that it starts.
    unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    var ignore = sigaction()
    unsafe ignore.__sigaction_handler.sa_handler = SIG_IGN
    for signal in [SIGPIPE, SIGXFSZ] { try set(ignore, for: signal) }
  }

  /// Ends the process as a filter does whose reader went away, such as `head`: by `SIGPIPE`.
  ///
  /// To be called when a write to standard output fails with `EPIPE`; prints nothing.
  package static func endForClosedPipe() -> Never {
    var standard = sigaction()
    unsafe standard.__sigaction_handler.sa_handler = SIG_DFL
    if unsafe sigaction(SIGPIPE, &standard, nil) == 0 { raise(SIGPIPE) }
    // Reached only where the signal is blocked; a shell shows the same status.
    _exit(128 + SIGPIPE)
  }

  private static func set(_ action: sigaction, for signal: Int32) throws(SignalError) {
    var action = action
    guard unsafe sigaction(signal, &action, nil) == 0 else {
      throw SignalError(signal: signal, code: errno)
    }
  }
}

/// Whether the first signal says on standard error that a second one stops at once.
private let noticeIsShown = Atomic<Bool>(false)

/// Runs inside a signal handler: only atomic operations, `write` and `_exit`.
private func handleInterrupt(_ signal: Int32) {
  // The interrupted code may be about to read errno.
  let savedError = errno
  if InterruptFlag.process.raise(signal: signal) { _exit(128 + signal) }
  if noticeIsShown.load(ordering: .acquiring) {
    let notice: StaticString = "\nStopping after the work in hand; once more stops at once.\n"
    _ = unsafe write(2, notice.utf8Start, notice.utf8CodeUnitCount)
  }
  errno = savedError
}
