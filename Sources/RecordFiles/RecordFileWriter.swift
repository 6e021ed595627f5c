internal import Glibc

/// Writes records to a file that appears under its name only when it is complete.
///
/// The bytes go to a temporary file beside the target, which takes the target's place on
/// ``close()``. A writer that is released without it removes the temporary file.
@safe package final class RecordFileWriter {
  /// How the elements of an array are set apart.
  package enum ArrayStyle: Sendable {
    /// One element per line between lines of brackets, with a line feed at the end.
    case compact
    /// The bytes of Python's `json.dump(records, file, indent=4)`: elements indented by four, no
    /// line feed at the end. Records are to be written with `JSONWriter.Style.indented(4)` at depth 1.
    case pythonIndented
  }

  private static let bufferSize = 256 * 1024

  /// How the records stand in the file.
  package let layout: RecordFileLayout
  /// The number of records written so far.
  package private(set) var count = 0

  private let output: ByteOutput
  private let descriptor: FileDescriptor
  private let arrayStyle: ArrayStyle
  private var buffer: [UInt8] = []
  private var replacement: Replacement?
  private var isOpen = true
  private var isFinished = false

  /// A temporary file and the place it is to take.
  private struct Replacement {
    let temporaryPath: String
    let target: String
  }

  /// Opens a file for writing.
  ///
  /// A pipe or device is written to directly, as is standard output; a symbolic link is followed.
  ///
  /// - Parameters:
  ///   - path: a path, or `-` for standard output. The name's ending tells the layout (`.json` an
  ///     array, `.jsonl` or `.ndjson` lines) and, after it, `.gz` or `.zst` the compression.
  ///   - layout: the layout whatever the name says; standard output and devices have lines.
  ///   - arrayStyle: how an array looks.
  /// - Throws: `unknownLayout`, `notFound` for a missing folder, `isDirectory`,
  ///   `permissionDenied`, `diskFull`, `system`.
  package init(
    path: String, layout: RecordFileLayout? = nil, arrayStyle: ArrayStyle = .compact
  ) throws(RecordFileError) {
    let name = FileName(path)
    if path == "-" {
      descriptor = .standardOutput
    } else if try Self.isStream(path) {
      descriptor = try .opening(
        path, as: path, flags: O_WRONLY | O_CLOEXEC, operation: "write")
    } else {
      guard layout ?? name.layout != nil else { throw RecordFileError.unknownLayout(file: path) }
      let target = Self.resolved(path)
      let temporaryPath = Self.temporaryPath(beside: target)
      descriptor = try .opening(
        temporaryPath, as: path, flags: O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
        operation: "create")
      replacement = Replacement(temporaryPath: temporaryPath, target: target)
    }
    self.layout = layout ?? name.layout ?? .lines
    self.arrayStyle = arrayStyle
    do throws(RecordFileError) {
      output = try ByteOutput(descriptor, compression: name.compression)
    } catch {
      if let replacement { unsafe unlink(replacement.temporaryPath) }
      throw error
    }
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit { abandon() }

  /// Appends one record.
  ///
  /// - Parameter record: its JSON text, formatted as the layout and the array style ask.
  /// - Throws: `diskFull`, `system`, `compression`; the file is given up then.
  package func append(_ record: some Collection<UInt8>) throws(RecordFileError) {
    precondition(isOpen && !isFinished, "appending to a file that is closed")
    switch (layout, arrayStyle) {
    case (.lines, _): break
    case (.array, .compact): buffer.append(contentsOf: (count == 0 ? "[\n" : ",\n").utf8)
    case (.array, .pythonIndented):
      buffer.append(contentsOf: (count == 0 ? "[\n    " : ",\n    ").utf8)
    }
    buffer.append(contentsOf: record)
    if layout == .lines { buffer.append(UInt8(ascii: "\n")) }
    count += 1
    if buffer.count >= Self.bufferSize { try flush(isLast: false) }
  }

  /// Writes what is left and puts the file in its place.
  ///
  /// - Throws: `diskFull`, `system`, `compression`; the file is given up then, and what stood in
  ///   its place before still does.
  package func close() throws(RecordFileError) {
    guard isOpen else { return }
    try finish()
    do throws(RecordFileError) {
      if let replacement { try putInPlace(replacement) }
    } catch {
      abandon()
      throw error
    }
    isOpen = false
  }

  /// Writes what is left, to the disk, and waits with ``close()`` for other files of the same set.
  ///
  /// - Throws: as ``close()``.
  package func finish() throws(RecordFileError) {
    guard isOpen, !isFinished else { return }
    if layout == .array {
      switch (arrayStyle, count) {
      case (.compact, 0): buffer.append(contentsOf: "[]\n".utf8)
      case (.compact, _): buffer.append(contentsOf: "\n]\n".utf8)
      case (.pythonIndented, 0): buffer.append(contentsOf: "[]".utf8)
      case (.pythonIndented, _): buffer.append(contentsOf: "\n]".utf8)
      }
    }
    try flush(isLast: true)
    isFinished = true
    guard replacement != nil else { return }
    do throws(RecordFileError) {
      // Without this a crash of the machine could leave the new name with no content.
      try descriptor.synchronize()
    } catch {
      abandon()
      throw error
    }
  }

  /// Gives the file up: the temporary file goes, what stood in its place before stays.
  package func abandon() {
    guard isOpen else { return }
    isOpen = false
    buffer = []
    if let replacement { unsafe unlink(replacement.temporaryPath) }
  }

  private func flush(isLast: Bool) throws(RecordFileError) {
    do throws(RecordFileError) {
      try output.write(buffer, isLast: isLast)
    } catch {
      abandon()
      throw error
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func putInPlace(_ replacement: Replacement) throws(RecordFileError) {
    var status = stat()
    if unsafe stat(replacement.target, &status) == 0 { try descriptor.setMode(status.st_mode) }
    guard unsafe rename(replacement.temporaryPath, replacement.target) == 0 else {
      throw FileDescriptor.error(errno, operation: "replace", name: descriptor.name)
    }
  }

  /// Whether the path names a pipe or a device, which cannot be replaced.
  private static func isStream(_ path: String) throws(RecordFileError) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    if status.st_mode & S_IFMT == S_IFDIR { throw RecordFileError.isDirectory(file: path) }
    return status.st_mode & S_IFMT != S_IFREG
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
