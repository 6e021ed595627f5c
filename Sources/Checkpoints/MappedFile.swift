internal import Glibc
internal import Tensors

/// An open file whose parts are mapped into memory one by one.
@safe final class MappedFile: Sendable {
  let path: String
  let byteCount: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Parameter path: a regular file.
  /// - Throws: ``CheckpointError``: `notFound`, `system`.
  init(path: String) throws(CheckpointError) {
    self.path = path
    var opened: Int32 = -1
    repeat { opened = unsafe open(path, O_RDONLY | O_CLOEXEC) } while opened < 0 && errno == EINTR
    guard opened >= 0 else {
      let code = errno
      throw code == ENOENT
        ? CheckpointError.notFound(path: path, expected: [])
        : .system(operation: "open the file", path: path, code: code)
    }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else {
      let code = errno
      close(opened)
      throw CheckpointError.system(operation: "look at the file", path: path, code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      throw CheckpointError.unsupported(
        path: path, format: "no regular file", expected: "a file of weights")
    }
    descriptor = opened
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Maps bytes of the file; they are unmapped with the last reference to the memory.
  ///
  /// Writing to them does not change the file. A file that is cut short while it is mapped cannot
  /// be read any more; its writers replace files rather than change them.
  ///
  /// - Parameter range: which bytes; inside the file.
  /// - Returns: the bytes.
  /// - Throws: ``CheckpointError/system(operation:path:code:)``.
  func map(_ range: Range<Int>) throws(CheckpointError) -> AlignedMemory {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    guard !range.isEmpty else { return AlignedMemory(byteCount: 0) }
    let page = sysconf(Int32(_SC_PAGESIZE))
    let start = range.lowerBound / page * page
    let length = range.upperBound - start
    let mapped = unsafe mmap(
      nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor, start)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      throw .system(operation: "map the file", path: path, code: errno)
    }
    return unsafe AlignedMemory(
      mapping: mapped, length: length, offset: range.lowerBound - start)
  }

  /// Bytes of the file that are read when they are asked for.
  ///
  /// - Parameter range: which bytes; inside the file.
  /// - Returns: the bytes; they keep the file open.
  func bytes(_ range: Range<Int>) -> FileBytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    return FileBytes(path: path, descriptor: descriptor, range: range, owner: self)
  }

  /// Reads bytes of the file.
  ///
  /// - Parameter range: which bytes; inside the file.
  /// - Returns: the bytes.
  /// - Throws: ``CheckpointError``: `system`, `malformed` when the file has become shorter.
  func read(_ range: Range<Int>) throws(CheckpointError) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { space in
        unsafe pread(
          descriptor, space.baseAddress.map { unsafe $0 + done }, space.count - done,
          range.lowerBound + done)
      }
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .malformed(path: path, reason: "the file became shorter while it was read")
      } else if errno != EINTR {
        throw .system(operation: "read the file", path: path, code: errno)
      }
    }
    return bytes
  }
}
