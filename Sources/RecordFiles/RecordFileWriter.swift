/// Writes records to a file that appears under its name only when it is complete.
///
/// A writer that is released without ``close()`` leaves nothing behind.
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

  /// The path as it was given, or `standard output`.
  package var file: String { target.descriptor.name }
  /// How the records stand in the file.
  package let layout: RecordFileLayout
  /// The number of records written so far.
  package private(set) var count = 0

  private let output: ByteOutput
  private let target: OutputFile
  private let arrayStyle: ArrayStyle
  private let isStream: Bool
  private var buffer: [UInt8] = []
  private var isOpen = true
  private var isFinished = false

  /// Opens a file for writing.
  ///
  /// A pipe or device is written to directly, as is standard output; a symbolic link is followed.
  ///
  /// - Parameters:
  ///   - path: a path, or `-` for standard output. The name's ending tells the layout (`.json` an
  ///     array, `.jsonl` or `.ndjson` lines) and, after it, `.gz` or `.zst` the compression.
  ///   - layout: the layout whatever the name says; standard output and devices have lines.
  ///   - arrayStyle: how an array looks.
  /// - Throws: `unknownLayout`, `isDatabase`, `diskFull`, `system`.
  package init(
    path: String, layout: RecordFileLayout? = nil, arrayStyle: ArrayStyle = .compact
  ) throws(RecordFileError) {
    let name = FileName(path)
    // A pipe or device has no name that tells anything; the name of a file must.
    isStream = OutputFile.isStream(path)
    if layout ?? name.layout == nil, !isStream {
      throw RecordFileError.unknownLayout(file: path)
    }
    target = try OutputFile(path: path)
    self.layout = layout ?? name.layout ?? .lines
    self.arrayStyle = arrayStyle
    output = try ByteOutput(target.descriptor, compression: name.compression)
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

  /// Hands over what was appended so far where somebody may read along: at a pipe or terminal.
  ///
  /// - Throws: as ``append(_:)``.
  package func flushStream() throws(RecordFileError) {
    if isStream, isOpen, !isFinished, !buffer.isEmpty { try flush(isLast: false) }
  }

  /// Writes what is left and puts the file in its place.
  ///
  /// - Throws: `diskFull`, `system`, `compression`; the file is given up then, and what stood in
  ///   its place before still does.
  package func close() throws(RecordFileError) {
    guard isOpen else { return }
    try finish()
    isOpen = false
    try target.close()
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
    try target.finish()
  }

  /// Gives the file up: the temporary file goes, what stood in its place before stays.
  package func abandon() {
    guard isOpen else { return }
    isOpen = false
    buffer = []
    target.abandon()
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
}
