internal import DatasetStore
internal import JSON
internal import RecordFiles
internal import Records
internal import SQLite

/// Reads a file of records into a store so that a reader that dies loses and repeats nothing.
///
/// Records go in by batches; the transaction of a batch also stores how far the file has been read.
/// A file is known by its bytes, so the same file under another name is not read twice.
struct FileIntake {
  /// What became of one record.
  enum Outcome {
    /// It is in the store.
    case kept
    /// It is in the store, with findings about it.
    case keptWithFindings([Diagnostic])
    /// It is not.
    case dropped(Diagnostic)
  }

  /// How a file is going to be read.
  struct Plan {
    /// The name of the format, for the store.
    var format: String
    /// The source, when there is one.
    var source: String?
    /// Counters of the reader, stored with the progress.
    var state: () -> JSONValue? = { nil }
    /// Stores a record that parsed; runs inside of a transaction.
    var consume: (JSONElement, Diagnostic.Location, InputFile) throws -> Outcome
  }

  private static let batchRecords = 2000
  private static let batchBytes = 16 << 20
  /// What rules of records begin with that are as they should be but of no use.
  static let unusedPrefix = "unused-"
  /// Findings beyond these many are counted but not shown.
  private static let shownFindings = 20

  let store: Store
  let context: StageContext
  let run: Int64
  let isStrict: Bool
  /// What, besides its bytes, decides whether a file was read before.
  let options: JSONObject

  /// Reads one file from where it was left.
  ///
  /// - Parameters:
  ///   - path: the file, or `-` for standard input, which is stored whole or not at all.
  ///   - summary: receives the counts.
  ///   - makePlan: says how the file is read, from the progress it was left at.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError``, and what `makePlan` throws.
  func read(
    _ path: String, summary: inout StageSummary,
    plan makePlan: (RecordFileReader, InputFile?) throws -> Plan
  ) throws {
    let isWhole = isStrict || path == "-"
    let fingerprint = path == "-" ? "" : try FileFingerprint(path: path).hash.description
    let known =
      path == "-"
      ? nil : try store.inputFile(verb: context.verb, fingerprint: fingerprint, options: options)
    if let known, known.isFinished {
      summary["already there"] += known.recordsKept
      summary.notes.append(
        "\(path): read before (\(known.recordsKept) records kept), nothing to do")
      return
    }
    let reader = try RecordFileReader(path: path)
    let plan = try makePlan(reader, known)
    if let known, known.recordsRead > 0 {
      try reader.skip(records: known.recordsRead)
      summary["already there"] += known.recordsKept
      summary.notes.append("\(path): continued after record \(known.recordsRead)")
    }
    var file: InputFile?
    let reading = Reading(isHashing: path == "-")
    func begin() throws {
      if file != nil { return }
      file =
        try known
        ?? store.addInputFile(
          verb: context.verb, path: path,
          fingerprint: fingerprint.isEmpty ? "pending" : fingerprint, options: options,
          format: plan.format, source: plan.source, run: run)
    }
    func batch() throws {
      try begin()
      guard var current = file else { return }
      try readBatch(
        reader, plan: plan, file: &current, reading: reading, isWhole: isWhole, summary: &summary)
      file = current
    }
    repeat {
      let before = summary
      do {
        try store.connection.transaction {
          try batch()
          if reading.isHashing, reading.isFinished, let file {
            try settle(standardInput: file, fingerprint: reading.hasher.finish().description)
          }
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
    } while !reading.isFinished
  }

  /// The reading of one file.
  private final class Reading {
    let isHashing: Bool
    var hasher = ContentHasher()
    var isFinished = false
    var shown = 0
    /// Why the rest of the file cannot be read; thrown when the records before it are stored.
    var failure: RecordFileError?

    init(isHashing: Bool) { self.isHashing = isHashing }
  }

  /// The bytes of standard input turned out to have been read before.
  private struct AlreadyRead: Error {
    let kept: Int
  }

  private func readBatch(
    _ reader: RecordFileReader, plan: Plan, file: inout InputFile, reading: Reading,
    isWhole: Bool, summary: inout StageSummary
  ) throws {
    let parser = JSONParser()
    let startBytes = reader.bytesRead
    var records = 0
    while isWhole
      || (records < Self.batchRecords && reader.bytesRead - startBytes < Self.batchBytes)
    {
      if isWhole, context.isCancelled() {
        throw StageError.nothingToDo(
          "stopped: nothing of \(reader.file) was stored, since it is stored whole or not at all")
      }
      if records % 256 == 0 {
        context.report(
          .init(
            done: reader.bytesRead, total: reader.totalBytes, isBytes: true,
            detail: "\(summary["read"]) records"))
      }
      do {
        guard try reader.advance() else {
          reading.isFinished = true
          break
        }
      } catch {
        guard error.isRecoverable else {
          if isWhole { throw error }
          reading.failure = error
          break
        }
        if error.losesRecord {
          records += 1
          file.recordsRead += 1
          summary["read"] += 1
        }
        try drop(error.diagnostic, file: &file, reading: reading, summary: &summary)
        continue
      }
      records += 1
      file.recordsRead += 1
      summary["read"] += 1
      let location = reader.location
      let current = file
      let outcome: Outcome
      do {
        outcome = try unsafe reader.withRecord { bytes in
          if reading.isHashing { unsafe reading.hasher.combine(UnsafeRawBufferPointer(bytes)) }
          return try unsafe parser.parse(padded: bytes) {
            try plan.consume($0, location, current)
          }
        }
      } catch let error as JSONError {
        outcome = .dropped(
          Diagnostic(
            file: reader.file, location: location, rule: "malformed-json",
            message: error.description))
      }
      switch outcome {
      case .kept: break
      case .keptWithFindings(let findings):
        for finding in findings {
          summary["finding: \(finding.rule)"] += 1
          try note(finding, file: file, reading: reading)
        }
      case .dropped(let diagnostic):
        try drop(diagnostic, file: &file, reading: reading, summary: &summary)
        continue
      }
      file.recordsKept += 1
      summary["kept"] += 1
    }
    file.isFinished = reading.isFinished
    file.readerState = plan.state()
    try store.update(file)
  }

  private func drop(
    _ diagnostic: Diagnostic, file: inout InputFile, reading: Reading,
    summary: inout StageSummary
  ) throws {
    if isStrict, !diagnostic.rule.hasPrefix(Self.unusedPrefix) {
      throw StageError.brokenRecord(diagnostic)
    }
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
    if diagnostic.rule.hasPrefix(Self.unusedPrefix) { return }
    reading.shown += 1
    if reading.shown <= Self.shownFindings { context.note(diagnostic) }
  }

  /// Gives the record of standard input its fingerprint, or finds that it was read before.
  private func settle(standardInput file: InputFile, fingerprint: String) throws {
    if let known = try store.inputFile(
      verb: context.verb, fingerprint: fingerprint, options: options)
    {
      throw AlreadyRead(kept: known.recordsKept)
    }
    try store.setFingerprint(fingerprint, of: file)
  }
}
