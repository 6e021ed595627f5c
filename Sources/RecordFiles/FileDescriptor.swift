internal import Glibc

/// An open file, closed when released; every call loops over interruptions and throws by `errno`.
@safe final class FileDescriptor {
  /// The path for messages.
  let name: String
  private let descriptor: Int32
  private let isOwned: Bool
  /// Asked while a pipe has nothing to read; `true` ends the reading. Files never keep one waiting.
  var isCancelled: (() -> Bool)?

  private init(_ descriptor: Int32, name: String, isOwned: Bool) {
    self.descriptor = descriptor
    self.name = name
    self.isOwned = isOwned
  }

  deinit { if isOwned { close(descriptor) } }

  /// Standard input, which stays open.
  static var standardInput: FileDescriptor {
    FileDescriptor(STDIN_FILENO, name: "standard input", isOwned: false)
  }

  /// Standard output, which stays open.
  static var standardOutput: FileDescriptor {
    FileDescriptor(STDOUT_FILENO, name: "standard output", isOwned: false)
  }

  /// Opens a file for reading.
  ///
  /// - Parameter path: a path, or `-` for standard input.
  /// - Returns: the open file.
  /// - Throws: `notFound`, `isDirectory`, `permissionDenied`, `system`.
  static func reading(_ path: String) throws(RecordFileError) -> FileDescriptor {
    // Without O_NONBLOCK opening a named pipe waits for its writer, deaf to everything; reading from
    // it then waits as usual, see waitForBytes().
    let flags = O_RDONLY | O_CLOEXEC | (isPipe(path) ? O_NONBLOCK : 0)
    let file =
      path == "-" ? standardInput : try opening(path, as: path, flags: flags, operation: "open")
    // Folders can be opened; only reading them fails, with a worse message.
    if try file.status().st_mode & S_IFMT == S_IFDIR {
      throw RecordFileError.isDirectory(file: file.name)
    }
    return file
  }

  /// Whether a path names something that gives its bytes only once: a pipe, a socket, a terminal.
  ///
  /// - Parameter path: a path, or `-` for standard input.
  /// - Returns: whether it is a stream; `false` for files, folders, and where there is nothing.
  static func isStream(_ path: String) -> Bool {
    if path == "-" { return true }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  private static func isPipe(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  /// Opens or creates a file.
  ///
  /// - Parameters:
  ///   - path: the path.
  ///   - name: the path for messages, which may be the file that this one will replace.
  ///   - flags: those of `open`.
  ///   - operation: the verb for messages.
  /// - Returns: the open file.
  /// - Throws: the error of the call.
  static func opening(
    _ path: String, as name: String, flags: Int32, operation: String
  ) throws(RecordFileError) -> FileDescriptor {
    while true {
      let descriptor = unsafe open(path, flags, 0o666)
      if descriptor >= 0 { return FileDescriptor(descriptor, name: name, isOwned: true) }
      let code = errno
      if code == EINTR { continue }
      throw flags & O_ACCMODE == O_RDONLY
        ? error(code, operation: operation, name: name)
        : RecordFileError(output: code, operation: operation, file: name)
    }
  }

  /// The file's status.
  func status() throws(RecordFileError) -> stat {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw Self.error(errno, operation: "look at", name: name)
    }
    return status
  }

  /// Reads some bytes.
  ///
  /// - Parameter space: where to; not empty.
  /// - Returns: how many were read; 0 at the end.
  /// - Throws: `system`.
  func read(into space: UnsafeMutableRawBufferPointer) throws(RecordFileError) -> Int {
    while true {
      try waitForBytes()
      let count = unsafe Glibc.read(descriptor, space.baseAddress, space.count)
      if count >= 0 { return count }
      let code = errno
      if code != EINTR && code != EAGAIN {
        throw Self.error(code, operation: "read", name: name)
      }
    }
  }

  /// Waits until there is something to read, or the end, as files and devices have at any time.
  private func waitForBytes() throws(RecordFileError) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Several times a second, since a signal may come between a look at the flag and the wait, or
    // to another thread.
    while unsafe poll(&request, 1, isCancelled == nil ? -1 : 100) <= 0 {
      if isCancelled?() == true { throw RecordFileError.stopped(file: name) }
    }
  }

  /// Writes all bytes.
  ///
  /// - Parameter bytes: the bytes.
  /// - Throws: `diskFull`, `system`.
  func write(_ bytes: UnsafeRawBufferPointer) throws(RecordFileError) {
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
      let piece = unsafe UnsafeRawBufferPointer(rebasing: rest)
      let count = unsafe Glibc.write(descriptor, piece.baseAddress, piece.count)
      if count >= 0 {
        unsafe rest = rest.dropFirst(count)
      } else {
        let code = errno
        if code != EINTR { throw RecordFileError(output: code, file: name) }
      }
    }
  }

  /// Gives the file the permission bits of another one.
  func setMode(_ mode: mode_t) throws(RecordFileError) {
    guard fchmod(descriptor, mode & 0o7777) == 0 else {
      throw RecordFileError(output: errno, operation: "set the permissions of", file: name)
    }
  }

  /// Waits until the data is on the disk.
  func synchronize() throws(RecordFileError) {
    while fsync(descriptor) != 0 {
      let code = errno
      // Pipes and some devices cannot be synchronised and need not be.
      if code == EINVAL || code == EROFS { return }
      if code != EINTR { throw RecordFileError(output: code, file: name) }
    }
  }

  /// Tells the system that the file will be read from front to back.
  func adviseSequential() {
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// The error for an `errno`.
  static func error(_ code: Int32, operation: String, name: String) -> RecordFileError {
    switch code {
    case ENOENT, ENOTDIR: .notFound(file: name)
    case EISDIR: .isDirectory(file: name)
    case EACCES, EPERM: .permissionDenied(file: name)
    default: .system(operation: operation, file: name, code: code)
    }
  }
}
