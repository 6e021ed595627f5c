internal import DatasetStore
internal import JSON
internal import RecordFiles
internal import Records
internal import SQLite

/// Reads a file of records into a store so that a reader that dies loses and repeats nothing.
///
/// One thread reads and interprets records, the calling thread stores them. Records go in by batches;
/// the transaction of a batch also stores how far the file has been read. A file is known by its
/// bytes, so the same file under another name is not read twice.
struct FileIntake<Interpreter: RecordInterpreter> {
  /// How a file is going to be read.
  struct Plan {
    /// The name of the format, for the store.
    var format: String
    /// The source, when there is one.
    var source: String?
    /// Makes of the records what is to be stored.
    var interpreter: Interpreter
    /// Stores what was made of a record; runs inside of a transaction.
    var store: (Interpreter.Value, InputFile) throws -> Void
  }

  private typealias Chunk = RecordChunk<Interpreter.Value>

  // A transaction holds at least one of these, so that few commits and little memory are needed.
  private let batchRecords = 2000
  private let batchBytes = 16 << 20
  /// Findings beyond these many are counted but not shown.
  private let shownFindings = 20

  let store: Store
  let context: StageContext
  let run: Int64
  let isStrict: Bool
  /// What, besides its bytes, decides whether a file was read before.
  let options: JSONObject

  /// Reads one file from where it was left.
  ///
  /// - Parameters:
  ///   - path: the file, or `-` for standard input. What can be read only once, as a pipe, is
  ///     stored whole or not at all.
  ///   - summary: receives the counts.
  ///   - makePlan: says how the file is read, from its name for messages and the progress it was
  ///     left at.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError``, and what `makePlan` throws.
  func read(
    _ path: String, summary: inout StageSummary,
    plan makePlan: (String, InputFile?) throws -> Plan
  ) throws {
    let isStream = RecordFileReader.isStream(path)
    let fingerprint =
      isStream
      ? nil
      : try FileFingerprint(path: path, isCancelled: context.isCancelled).hash
        .description
    let known = try fingerprint.flatMap {
      try store.inputFile(verb: context.verb, fingerprint: $0, options: options)
    }
    if let known, known.isFinished {
      summary["already there"] += known.recordsKept
      summary.notes.append(
        "\(path): read before (\(known.recordsKept) records kept), nothing to do")
      return
    }
    let name = path == "-" ? "standard input" : path
    let plan = try makePlan(name, known)
    if let known, known.recordsRead > 0 {
      summary["already there"] += known.recordsKept
      summary.notes.append("\(path): continued after record \(known.recordsRead)")
    }
    let reading = Reading(
      name: name,
      chunks: Chunk.reading(path, skipping: known?.recordsRead ?? 0, with: plan.interpreter),
      isWhole: isStrict || isStream)
    // An unreadable file is to leave no trace in the store.
    reading.next = try reading.chunks.next(orWhen: context.isCancelled)
    var file = known
    while !reading.isFinished {
      let before = summary
      do {
        file = try store.connection.transaction {
          var file =
            try file
            ?? store.addInputFile(
              verb: context.verb, path: path, fingerprint: fingerprint ?? "pending",
              options: options, format: plan.format, source: plan.source, run: run)
          try storeBatch(of: reading, plan, in: &file, &summary)
          return file
        }
      } catch let error as AlreadyRead {
        summary = before
        summary["already there"] += error.kept
        summary.notes.append("\(path): read before, nothing to do")
        store.forgetPositions()
        return
      } catch {
        store.forgetPositions()
        throw error
      }
      if let failure = reading.failure { throw failure }
      if context.isCancelled() && !reading.isFinished {
        summary.wasInterrupted = true
        return
      }
    }
  }

  /// The reading of one file.
  private final class Reading {
    let name: String
    let chunks: ReadAhead<Chunk>
    /// Whether all of the file is stored in one transaction.
    let isWhole: Bool
    /// The chunk to be stored next.
    var next: Chunk?
    var isFinished = false
    var shown = 0
    /// Why the rest of the file cannot be read; thrown when the records before it are stored.
    var failure: RecordFileError?

    init(name: String, chunks: ReadAhead<Chunk>, isWhole: Bool) {
      self.name = name
      self.chunks = chunks
      self.isWhole = isWhole
    }
  }

  /// The bytes of standard input turned out to have been read before.
  private struct AlreadyRead: Error {
    let kept: Int
  }

  private func storeBatch(
    of reading: Reading, _ plan: Plan, in file: inout InputFile, _ summary: inout StageSummary
  ) throws {
    var records = 0
    let start = reading.next?.bytesRead ?? 0
    while true {
      guard let chunk = reading.next else {
        // Waiting was given up.
        if reading.isWhole {
          throw StageError.stopped(
            "nothing of \(reading.name) was stored, since it is stored whole or not at all")
        }
        break
      }
      try store(chunk, of: reading, plan, in: &file, &summary)
      records += chunk.items.count
      if chunk.isLast || reading.failure != nil { break }
      context.report(
        .init(
          done: chunk.bytesRead, total: chunk.totalBytes, isBytes: true,
          detail: "\(summary["read"]) records"))
      reading.next =
        context.isCancelled() ? nil : try reading.chunks.next(orWhen: context.isCancelled)
      if !reading.isWhole, records >= batchRecords || chunk.bytesRead - start >= batchBytes {
        break
      }
    }
    file.isFinished = reading.isFinished
    try store.update(file)
  }

  private func store(
    _ chunk: Chunk, of reading: Reading, _ plan: Plan, in file: inout InputFile,
    _ summary: inout StageSummary
  ) throws {
    for item in chunk.items {
      if item.isRecord {
        file.recordsRead += 1
        summary["read"] += 1
      }
      switch item.interpretation {
      case .value(let value, let findings):
        try plan.store(value, file)
        for finding in findings {
          summary["finding: \(finding.rule)"] += 1
          try note(finding, file: file, reading: reading)
        }
        file.recordsKept += 1
        summary["kept"] += 1
      case .dropped(let diagnostic):
        try drop(diagnostic, file: &file, reading: reading, summary: &summary)
      }
    }
    file.readerState = chunk.state
    if let failure = chunk.failure {
      if reading.isWhole { throw failure }
      reading.failure = failure
    }
    reading.isFinished = chunk.isLast
    if let fingerprint = chunk.fingerprint { try settle(file, fingerprint) }
  }

  private func drop(
    _ diagnostic: Diagnostic, file: inout InputFile, reading: Reading,
    summary: inout StageSummary
  ) throws {
    if isStrict, !diagnostic.isOfUnusedRecord { throw StageError.brokenRecord(diagnostic) }
    file.recordsDropped += 1
    summary["dropped"] += 1
    summary["dropped: \(diagnostic.rule)"] += 1
    try note(diagnostic, file: file, reading: reading)
  }

  private func note(
    _ diagnostic: Diagnostic, file: InputFile, reading: Reading
  ) throws {
    try store.addDropped(diagnostic, stage: context.verb, file: file.id, run: run)
    // Records of no use are many and expected: they are counted, and `explain` shows them.
    if diagnostic.isOfUnusedRecord { return }
    reading.shown += 1
    if reading.shown <= shownFindings { context.note(diagnostic) }
  }

  /// Gives the record of standard input its fingerprint, or finds that it was read before.
  private func settle(_ standardInput: InputFile, _ fingerprint: String) throws {
    if let known = try store.inputFile(
      verb: context.verb, fingerprint: fingerprint, options: options)
    {
      throw AlreadyRead(kept: known.recordsKept)
    }
    try store.setFingerprint(fingerprint, of: standardInput)
  }
}

extension Diagnostic {
  /// What rules of records begin with that are as they should be but of no use.
  private static let unusedPrefix = "unused-"

  /// The finding that a record is as it should be but of no use.
  static func unused(
    file: String, location: Location, recordID: String?, rule: String, reason: String
  ) -> Diagnostic {
    Diagnostic(
      file: file, location: location, recordID: recordID, rule: unusedPrefix + rule,
      message: reason)
  }

  /// Whether it says that a record is of no use, as against broken.
  fileprivate var isOfUnusedRecord: Bool { rule.hasPrefix(Self.unusedPrefix) }
}
