internal import Glibc
internal import Synchronization

/// Says that work should stop at the next good moment; long work polls it between records.
///
/// ```swift
/// try InterruptSignals.install()
/// for record in records {
///   if InterruptFlag.process.isRaised { break }   // what was done is stored; a rerun continues
/// }
/// ```
package final class InterruptFlag: Sendable {
  /// The flag that the process's signals raise; see ``InterruptSignals``.
  package static let process = InterruptFlag()

  // 0: not raised; else the number of the signal, which is never 0.
  private let reason = Atomic<Int32>(0)

  /// A descriptor that becomes and stays readable when the flag is raised, for `poll` beside
  /// sockets; nil when the process had no descriptor left for it.
  package let wakeDescriptor: Int32?

  private let wakeInput: Int32?

  /// A flag that is not raised; tests and parts of a process make their own.
  package init() {
    var ends: [Int32] = [-1, -1]
    let result = unsafe ends.withUnsafeMutableBufferPointer { ends in
      unsafe pipe(ends.baseAddress)
    }
    for end in ends where result == 0 {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    wakeDescriptor = result == 0 ? ends[0] : nil
    wakeInput = result == 0 ? ends[1] : nil
  }

  deinit {
    if let wakeDescriptor { close(wakeDescriptor) }
    if let wakeInput { close(wakeInput) }
  }

  /// Whether work should stop.
  package var isRaised: Bool { reason.load(ordering: .acquiring) != 0 }

  /// The signal that raised the flag, or nil while it is not raised.
  package var signal: Int32? {
    let value = reason.load(ordering: .acquiring)
    return value == 0 ? nil : value
  }

  /// The exit status that tells a shell which signal ended the work: 130 for Ctrl-C.
  package var exitStatus: Int32 { 128 + (signal ?? SIGINT) }

  /// Raises the flag; safe inside a signal handler.
  ///
  /// - Parameter signal: the signal that asks for the stop.
  /// - Returns: whether the flag was raised already.
  @discardableResult
  package func raise(signal: Int32 = 2) -> Bool {
    let (isFirst, _) = reason.compareExchange(
      expected: 0, desired: signal, ordering: .acquiringAndReleasing)
    if isFirst, let wakeInput {
      // Nobody else writes to this pipe, so it has room for one byte.
      var byte: UInt8 = 1
      _ = unsafe write(wakeInput, &byte, 1)
    }
    return !isFirst
  }
}
