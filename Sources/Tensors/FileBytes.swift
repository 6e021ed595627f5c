internal import Glibc

/// Bytes of an open file that are read when they are asked for.
@safe package final class FileBytes: Sendable {
  /// The file, for messages.
  package let path: String
  private let descriptor: Int32
  private let offset: Int
  /// The number of bytes.
  package let byteCount: Int
  /// What closes the descriptor.
  private let owner: any AnyObject & Sendable

  /// Describes bytes of a file.
  ///
  /// - Parameters:
  ///   - path: the file, for messages.
  ///   - descriptor: the open file.
  ///   - range: which bytes.
  ///   - owner: keeps the descriptor open.
  package init(
    path: String, descriptor: Int32, range: Range<Int>, owner: any AnyObject & Sendable
  ) {
    self.path = path
    self.descriptor = descriptor
    offset = range.lowerBound
    byteCount = range.count
    self.owner = owner
  }

  /// Reads bytes.
  ///
  /// - Parameters:
  ///   - start: the first byte, counted from the range's.
  ///   - count: how many.
  ///   - target: receives them.
  /// - Throws: ``TableReadError``.
  func read(
    from start: Int, count: Int, into target: UnsafeMutableRawPointer
  ) throws(TableReadError) {
    precondition(start >= 0 && count >= 0 && start + count <= byteCount)
    var done = 0
    while done < count {
      let got = unsafe pread(descriptor, target + done, count - done, offset + start + done)
      if got > 0 {
        done += got
      } else if got == 0 || errno != EINTR {
        throw TableReadError(path: path, code: got == 0 ? 0 : errno)
      }
    }
  }
}
