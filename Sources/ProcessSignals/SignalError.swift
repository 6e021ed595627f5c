internal import Glibc

/// A signal handler that the system refused.
package struct SignalError: Error, Equatable, CustomStringConvertible {
  /// The signal's number.
  package let signal: Int32
  /// The system's error number.
  package let code: Int32

  /// One line for people.
  package var description: String {
    "cannot handle signal \(signal): \(unsafe String(cString: strerror(code)))"
  }
}
