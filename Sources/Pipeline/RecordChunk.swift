internal import JSON
internal import RecordFiles
internal import Records

/// Some records of a file that follow one another, interpreted and ready to be stored.
struct RecordChunk<Value: Sendable>: Sendable {
  /// A record, or a flaw between two records.
  struct Item: Sendable {
    let interpretation: RecordInterpretation<Value>
    /// Whether it counts as a record that was read.
    let isRecord: Bool
  }

  /// The records and flaws in order.
  var items: [Item] = []
  /// Bytes of the file read so far.
  var bytesRead = 0
  /// The size of the file; `nil` for pipes.
  var totalBytes: Int?
  /// The interpreter's counters after the last record.
  var state: JSONValue?
  /// Whether the file ends here.
  var isLast = false
  /// The hash of all records, in the last chunk of a stream.
  var fingerprint: String?
  /// Why the rest of the file cannot be read; the records before it are good.
  var failure: RecordFileError?
}

extension RecordChunk {
  // Small enough that the storing thread is never kept waiting, large enough that handing over
  // costs nothing.
  private static var recordLimit: Int { 128 }
  private static var byteLimit: Int { 1 << 20 }

  /// Reads a file in chunks on another thread.
  ///
  /// - Parameters:
  ///   - path: the file, or `-` for standard input; the records of a stream are hashed.
  ///   - skipped: how many records to pass over.
  ///   - interpreter: makes of the records what is to be stored.
  /// - Returns: the chunks; an error of opening the file is thrown in place of the first one.
  static func reading<Interpreter: RecordInterpreter>(
    _ path: String, skipping skipped: Int, with interpreter: Interpreter
  ) -> ReadAhead<RecordChunk> where Interpreter.Value == Value {
    ReadAhead(capacity: 4) { give in
      let isStream = RecordFileReader.isStream(path)
      let reader = try RecordFileReader(path: path)
      try reader.skip(records: skipped)
      let parser = JSONParser()
      var interpreter = interpreter
      var hasher = ContentHasher()
      while true {
        var chunk = RecordChunk()
        chunk.items.reserveCapacity(recordLimit)
        let start = reader.bytesRead
        while chunk.items.count < recordLimit, reader.bytesRead - start < byteLimit {
          do throws(RecordFileError) {
            guard try reader.advance() else {
              chunk.isLast = true
              break
            }
          } catch {
            guard error.isRecoverable else {
              chunk.failure = error
              break
            }
            chunk.items.append(
              Item(interpretation: .dropped(error.diagnostic), isRecord: error.losesRecord))
            continue
          }
          if isStream {
            unsafe reader.withRecord { unsafe hasher.combine(UnsafeRawBufferPointer($0)) }
          }
          chunk.items.append(
            Item(
              interpretation: interpretation(of: reader, parser, &interpreter), isRecord: true))
        }
        chunk.bytesRead = reader.bytesRead
        chunk.totalBytes = reader.totalBytes
        chunk.state = interpreter.state
        if chunk.isLast, isStream { chunk.fingerprint = hasher.finish().description }
        guard give(chunk), !chunk.isLast, chunk.failure == nil else { return }
      }
    }
  }

  private static func interpretation<Interpreter: RecordInterpreter>(
    of reader: RecordFileReader, _ parser: JSONParser, _ interpreter: inout Interpreter
  ) -> RecordInterpretation<Value> where Interpreter.Value == Value {
    let location = reader.location
    do {
      return try unsafe reader.withRecord { bytes in
        try unsafe parser.parse(padded: bytes) { interpreter.interpret($0, at: location) }
      }
    } catch {
      return .dropped(
        Diagnostic(
          file: reader.file, location: location, rule: "malformed-json", message: "\(error)"))
    }
  }
}
