internal import Glibc

/// What tells one file's content from another's: the hash of its raw bytes, and their number.
package struct FileFingerprint: Sendable, Hashable {
  /// The XXH3 128-bit hash, as `xxh128sum` prints it.
  package let hash: ContentHash
  /// The size of the file.
  package let byteCount: Int

  /// Whether a path names a file that can be read more than once.
  ///
  /// - Parameter path: a path.
  /// - Returns: `false` for pipes, devices and folders, and where nothing is.
  package static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Reads a file from front to back.
  ///
  /// - Parameters:
  ///   - path: a path, or `-` for standard input, which is used up by it.
  ///   - isCancelled: asked several times a second; `true` makes it throw `stopped`.
  /// - Throws: `notFound`, `isDirectory`, `permissionDenied`, `system`, `stopped`.
  package init(path: String, isCancelled: () -> Bool = { false }) throws(RecordFileError) {
    let file = try FileDescriptor.reading(path)
    file.adviseSequential()
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 64)
    defer { unsafe chunk.deallocate() }
    var hasher = ContentHasher()
    var byteCount = 0
    while true {
      let count = try unsafe file.read(into: chunk)
      if count == 0 { break }
      unsafe hasher.update(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
      byteCount += count
      if isCancelled() { throw RecordFileError.stopped(file: file.name) }
    }
    hash = hasher.finish()
    self.byteCount = byteCount
  }
}
