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
  /// - Parameters:
  ///   - text: what to write, with its line ends.
  ///   - descriptor: an open file descriptor.
  /// - Returns: 0, or the `errno` of what went wrong. On standard error there is nowhere else to
  ///   report it.
  @discardableResult
  package static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        return code
      }
      bytes = bytes.dropFirst(count)
    }
    return 0
  }

  /// Opens what stands for standard input, output and error where the caller closed them.
  ///
  /// Else the next file that is opened would become one of them, and messages would go into it.
  /// Reading and writing the closed ones goes on failing.
  package static func occupyStandardDescriptors() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard fcntl(descriptor, F_GETFD) < 0, errno == EBADF else { continue }
      // Opened for the other direction. The lowest free number is this one, since those below it
      // are taken by now.
      _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
