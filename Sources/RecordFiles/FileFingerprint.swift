/// What tells one file's content from another's: the hash of its raw bytes, and their number.
package struct FileFingerprint: Sendable, Hashable {
  /// The XXH3 128-bit hash, as `xxh128sum` prints it.
  package let hash: ContentHash
  /// The size of the file.
  package let byteCount: Int

  /// Reads a file from front to back.
  ///
  /// - Parameter path: a path, or `-` for standard input, which is used up by it.
  /// - Throws: `notFound`, `isDirectory`, `permissionDenied`, `system`.
  package init(path: String) throws(RecordFileError) {
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
    }
    hash = hasher.finish()
    self.byteCount = byteCount
  }
}
