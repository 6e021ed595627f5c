internal import JSON
package import Records

/// Reads JSON records one at a time from a file of any size, in memory bounded by the largest one.
///
/// Compression and layout are told from the bytes, not from the name. Lines are split at line feeds
/// only; the elements of an array by their brackets, so that one damaged element does not hide the
/// others where the file is laid out in lines.
///
/// ```swift
/// let reader = try RecordFileReader(path: "records.json.gz")
/// try reader.forEachRecord { record, location in … } broken: { diagnostic in … }
/// ```
@safe package final class RecordFileReader {
  /// The largest record that is read unless another limit is given, in bytes.
  package static let defaultRecordLimit = 256 << 20

  /// The path as it was given, or `standard input`.
  package let file: String
  /// How the records stand in the file.
  package let layout: RecordFileLayout
  /// How the file is compressed.
  package var compression: RecordFileCompression { buffer.input.compression }
  /// The bytes of the file read so far, before decompression and ahead of the current record.
  package var bytesRead: Int { buffer.input.bytesRead }
  /// The size of the file; `nil` for pipes and devices.
  package var totalBytes: Int? { buffer.input.totalBytes }

  let buffer: RecordBuffer
  let recordLimit: Int
  /// The line or element of the current record, or of the last one before a flaw.
  var number = 0
  /// The current record's offset and length in the buffer.
  var recordOffset = 0
  var recordLength = 0
  /// What the next step drops from the buffer: the current record and what was before it.
  var consumed = 0
  var isFinished = false
  var array = ArrayState()
  private var hasCheckedFirstLine = false

  /// Opens a file and finds out its compression and layout.
  ///
  /// - Parameters:
  ///   - path: a path, or `-` for standard input.
  ///   - recordLimit: the largest record to read, in bytes.
  ///   - isCancelled: asked while a pipe has nothing to read; `true` makes reading throw `stopped`.
  /// - Throws: `notFound`, `isDirectory`, `permissionDenied`, `unsupported`, `empty`, `stopped`,
  ///   and what reading throws.
  package init(
    path: String, recordLimit: Int = RecordFileReader.defaultRecordLimit,
    isCancelled: (() -> Bool)? = nil
  ) throws(RecordFileError) {
    let input = try ByteInput(path: path, isCancelled: isCancelled)
    let buffer = RecordBuffer(input)
    self.buffer = buffer
    self.recordLimit = recordLimit
    file = input.file.name
    while buffer.count < 3, try buffer.fill() {}
    if buffer.count >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { buffer.drop(3) }
    var blankLines = 0
    while true {
      if buffer.count == 0, try !buffer.fill() {
        throw RecordFileError.empty(file: input.file.name)
      }
      guard Self.isWhiteSpace(buffer[0]) else { break }
      if buffer[0] == UInt8(ascii: "\n") { blankLines += 1 }
      buffer.drop(1)
    }
    if buffer[0] == UInt8(ascii: "[") {
      layout = .array
      buffer.drop(1)
    } else {
      layout = .lines
      number = blankLines
    }
  }

  /// Where the current record stands.
  package var location: Diagnostic.Location {
    layout == .lines ? .line(number) : .element(number)
  }

  /// Goes to the next record.
  ///
  /// - Returns: whether there is one; once there is none, or after an error that is not
  ///   `isRecoverable`, always `false`.
  /// - Throws: the flaw found in place of the record; after a recoverable one call again.
  package func advance() throws(RecordFileError) -> Bool {
    buffer.drop(consumed)
    consumed = 0
    recordLength = 0
    if isFinished { return false }
    do throws(RecordFileError) {
      let found = layout == .lines ? try advanceLine() : try advanceElement()
      isFinished = !found
      return found
    } catch {
      if !error.isRecoverable { isFinished = true }
      throw error
    }
  }

  /// Lends the bytes of the current record, without white space around an array's element.
  ///
  /// - Parameter body: receives the bytes, valid only inside; `JSONParser.padding` bytes after them
  ///   can be read, so that `JSONParser.parse(padded:)` takes them.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  package func withRecord<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(
      UnsafeBufferPointer(start: buffer.bytes + recordOffset, count: recordLength))
  }

  /// Passes over records without lending them; broken ones that reading would count are counted.
  ///
  /// - Parameter records: how many.
  /// - Returns: how many there were, at most `records`.
  /// - Throws: errors that are not recoverable.
  @discardableResult
  package func skip(records: Int) throws(RecordFileError) -> Int {
    var skipped = 0
    while skipped < records {
      do throws(RecordFileError) {
        guard try advance() else { break }
        skipped += 1
      } catch {
        if !error.isRecoverable { throw error }
        if error.losesRecord { skipped += 1 }
      }
    }
    return skipped
  }

  /// Whether a path names something that can be read only once: a pipe, a socket, a terminal.
  ///
  /// - Parameter path: a path, or `-` for standard input.
  /// - Returns: whether it is such a stream.
  package static func isStream(_ path: String) -> Bool { FileDescriptor.isStream(path) }

  static func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  // MARK: Lines

  private func advanceLine() throws(RecordFileError) -> Bool {
    var scanned = 0
    while true {
      if let lineFeed = buffer.lineFeed(from: scanned) {
        number += 1
        if lineFeed > recordLimit {
          buffer.drop(lineFeed + 1)
          throw RecordFileError.recordTooLarge(
            file: file, location: .line(number), limit: recordLimit)
        }
        if takeLine(lineFeed) {
          consumed = lineFeed + 1
          try checkFirstLine()
          return true
        }
        buffer.drop(lineFeed + 1)
        scanned = 0
        continue
      }
      scanned = buffer.count
      if scanned > recordLimit { throw try passLargeLine() }
      if try buffer.fill() { continue }
      number += 1
      consumed = buffer.count
      return takeLine(buffer.count)
    }
  }

  /// Makes the first `length` bytes the current record unless they are blank or too many.
  private func takeLine(_ length: Int) -> Bool {
    var end = length
    while end > 0, Self.isWhiteSpace(buffer[end - 1]) { end -= 1 }
    var start = 0
    while start < end, Self.isWhiteSpace(buffer[start]) { start += 1 }
    recordOffset = start
    recordLength = end - start
    return recordLength > 0
  }

  private func passLargeLine() throws(RecordFileError) -> RecordFileError {
    while true {
      if let lineFeed = buffer.lineFeed(from: 0) {
        buffer.drop(lineFeed + 1)
        break
      }
      buffer.drop(buffer.count)
      if try !buffer.fill() { break }
    }
    number += 1
    return .recordTooLarge(file: file, location: .line(number), limit: recordLimit)
  }

  /// Tells a pretty-printed object from JSON Lines whose first line happens to be broken: the
  /// object is open at the end of its line, and the next line goes on with a member or a bracket.
  private func checkFirstLine() throws(RecordFileError) {
    if hasCheckedFirstLine { return }
    hasCheckedFirstLine = true
    guard buffer[recordOffset] == UInt8(ascii: "{") else { return }
    var scanner = ElementScanner()
    let outcome = unsafe scanner.scan(buffer.bytes + recordOffset, from: 0, to: recordLength)
    guard outcome == .needsMore, !scanner.isInsideString else { return }
    var offset = consumed
    while true {
      if offset == buffer.count, try !buffer.fill() { return }
      if !Self.isWhiteSpace(buffer[offset]) { break }
      offset += 1
    }
    if buffer[offset] == UInt8(ascii: "\"") || buffer[offset] == UInt8(ascii: "}") {
      throw RecordFileError.objectSpansLines(file: file, line: number)
    }
  }
}
