internal import Records

/// Small files that are read whole: settings, recipes, prompts.
package enum FileContents {
  /// The bytes of a file.
  ///
  /// - Parameter path: a path, also of a pipe, or `-` for standard input.
  /// - Returns: the bytes, as they are.
  /// - Throws: `notFound`, `isDirectory`, `permissionDenied`, `system`; `recordTooLarge` beyond the
  ///   largest record that is read.
  package static func bytes(of path: String) throws(RecordFileError) -> [UInt8] {
    let file = try FileDescriptor.reading(path)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)
    defer { unsafe chunk.deallocate() }
    var bytes: [UInt8] = []
    while true {
      let count = try unsafe file.read(into: chunk)
      if count == 0 { return bytes }
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
      // A device such as /dev/zero has no end.
      guard bytes.count <= RecordFileReader.defaultRecordLimit else {
        throw .recordTooLarge(
          file: file.name, location: .line(1), limit: RecordFileReader.defaultRecordLimit)
      }
    }
  }
}
