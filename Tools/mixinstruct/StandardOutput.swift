import Glibc
import RecordFiles
import TerminalOutput

/// Standard output, which remembers that it could not be written to.
final class StandardOutput {
  /// What went wrong; `nil` while everything was written.
  private(set) var failure: RecordFileError?

  /// Writes a text; once a write has failed, nothing any more.
  ///
  /// - Parameter text: what to write, with its line ends.
  func write(_ text: String) {
    guard failure == nil else { return }
    let code = Terminal.write(text, to: STDOUT_FILENO)
    if code != 0 { failure = RecordFileError(output: code, file: "standard output") }
  }
}
