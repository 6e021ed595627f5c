internal import Glibc

/// A file that is being written and takes its place only when it is complete.
///
/// The bytes go to a temporary file beside the target. An object that is released without
/// ``close()`` removes it. A pipe or device is written to directly, as is standard output.
package final class OutputFile {
  /// Where the bytes go.
  let descriptor: FileDescriptor
  private var replacement: (temporaryPath: String, target: String)?
  private var isOnDisk = false

  /// Opens a file for writing; a symbolic link is followed.
  ///
  /// - Parameter path: a path, or `-` for standard output.
  /// - Throws: `isDatabase`, `diskFull`, `system`.
  init(path: String) throws(RecordFileError) {
    if path == "-" {
      descriptor = .standardOutput
    } else if Self.isStream(path) {
      descriptor = try .opening(path, as: path, flags: O_WRONLY | O_CLOEXEC, operation: "write")
    } else {
      // One slip of the hand (`--output my.db`) would cost everything that was collected.
      if Self.isDatabase(path) { throw RecordFileError.isDatabase(file: path) }
      let target = Self.resolved(path)
      let temporaryPath = Self.temporaryPath(beside: target)
      descriptor = try .opening(
        temporaryPath, as: path, flags: O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
        operation: "create")
      replacement = (temporaryPath, target)
    }
  }

  deinit { abandon() }

  /// Brings what was written to the disk, so that ``close()`` has little left that can fail.
  ///
  /// - Throws: `diskFull`, `system`; the file is given up then.
  func finish() throws(RecordFileError) {
    guard replacement != nil, !isOnDisk else { return }
    do throws(RecordFileError) {
      // Without this a crash of the machine could leave the new name with no content.
      try descriptor.synchronize()
      isOnDisk = true
    } catch {
      abandon()
      throw error
    }
  }

  /// Puts the file in its place.
  ///
  /// - Throws: `diskFull`, `system`; the file is given up then, and what stood in its place before
  ///   still does.
  func close() throws(RecordFileError) {
    guard let (temporaryPath, target) = replacement else { return }
    try finish()
    do throws(RecordFileError) {
      var status = stat()
      if unsafe stat(target, &status) == 0 { try descriptor.setMode(status.st_mode) }
      guard unsafe rename(temporaryPath, target) == 0 else {
        throw RecordFileError(output: errno, operation: "replace", file: descriptor.name)
      }
      replacement = nil
    } catch {
      abandon()
      throw error
    }
  }

  /// Gives the file up: the temporary file goes, what stood in its place before stays.
  func abandon() {
    guard let (temporaryPath, _) = replacement else { return }
    unsafe unlink(temporaryPath)
    replacement = nil
  }

  /// Writes a text that is made at once, such as a report.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - path: a path, or `-` for standard output.
  /// - Throws: `isDatabase`, `diskFull`, `system`.
  package static func write(_ text: String, to path: String) throws(RecordFileError) {
    let file = try OutputFile(path: path)
    let bytes = Array(text.utf8)
    let result: Result<Void, RecordFileError> = unsafe bytes.withUnsafeBytes { bytes in
      do throws(RecordFileError) {
        return .success(try unsafe file.descriptor.write(bytes))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
    try file.close()
  }

  /// Whether the path names standard output, or anything there that is no file to be replaced.
  static func isStream(_ path: String) -> Bool {
    if path == "-" { return true }
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  private static func isDatabase(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { Glibc.close(descriptor) }
    let head = unsafe [UInt8](unsafeUninitializedCapacity: 16) { space, count in
      count = unsafe max(0, read(descriptor, space.baseAddress, 16))
    }
    return head == Array("SQLite format 3\0".utf8)
  }

  /// The path behind symbolic links, or the path itself while nothing is there.
  private static func resolved(_ path: String) -> String {
    guard let pointer = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(pointer) }
    return unsafe String(cString: pointer)
  }

  private static func temporaryPath(beside target: String) -> String {
    let bytes = Array(target.utf8)
    let nameStart = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let folder = String(decoding: bytes[..<nameStart], as: UTF8.self)
    // A long name leaves no room within the 255 bytes that a name may have.
    let name = String(decoding: bytes[nameStart...].prefix(200), as: UTF8.self)
    let unique = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    return "\(folder).\(name).\(unique).tmp"
  }
}
