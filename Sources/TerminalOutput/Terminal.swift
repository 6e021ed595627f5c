internal import Glibc

/// What is known of a file descriptor as a terminal.
package enum Terminal {
  /// The width where nothing says otherwise: a pipe, a file, a terminal without a size.
  package static let defaultWidth = 80

  /// Whether a descriptor is a terminal.
  ///
  /// - Parameter descriptor: an open file descriptor.
  /// - Returns: true for a terminal, false for pipes, files and closed descriptors.
  package static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// The columns of the terminal behind a descriptor.
  ///
  /// - Parameter descriptor: an open file descriptor.
  /// - Returns: its width, or ``defaultWidth`` when it is no terminal or has no size.
  package static func width(_ descriptor: Int32) -> Int {
    var size = winsize()
    let result = unsafe withUnsafeMutablePointer(to: &size) { pointer in
      unsafe ioctl(descriptor, UInt(TIOCGWINSZ), pointer)
    }
    return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : defaultWidth
  }

  /// An environment variable.
  ///
  /// - Parameter name: the name of the variable.
  /// - Returns: its value, or nil when it is not set.
  package static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Writes a text to a descriptor; a stream that cannot be written to loses it.
  ///
  /// Meant for messages on standard error, where there is nowhere else to report a failure.
  ///
  /// - Parameters:
  ///   - text: what to write, with its line ends.
  ///   - descriptor: an open file descriptor.
  package static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
