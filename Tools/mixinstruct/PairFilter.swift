import CommandLineParsing
import Foundation
import JSON
import NeuralMetrics
import ProcessSignals
import RecordFiles
import Records

/// Maps lines of candidate and reference to lines of scores, some lines at a time, in their order.
struct PairFilter {
  private let arguments: ParsedArguments
  private let session: CommandSession
  private let writer: RecordFileWriter
  private let results: LineResults
  private let output: String
  private let limit: Int
  private var window: [TextPair] = []
  private var windowBytes = 0

  /// The most bytes of texts that are scored together, but for a single pair that has more.
  private static let byteLimit = 8 << 20

  /// What became of a line.
  private enum Item {
    case pair(TextPair, place: String)
    case bad(String)
  }

  /// Opens the output.
  ///
  /// - Parameters:
  ///   - arguments: the command line, for `--input`, `--output` and `--json`.
  ///   - session: where messages go.
  ///   - limit: the most lines that are scored together.
  /// - Throws: `UsageError`, `RecordFileError`.
  init(_ arguments: ParsedArguments, _ session: CommandSession, limit: Int) throws {
    self.arguments = arguments
    self.session = session
    self.limit = limit
    output = try arguments.requiredString("output")
    writer = try RecordFileWriter(path: output, layout: .lines)
    results = LineResults(writer, session, isSlow: false)
  }

  /// Scores all lines; a bad one gives `{"error": …}`, is named on standard error, and makes the exit
  /// status 65.
  ///
  /// - Parameters:
  ///   - prepare: receives each pair before any is scored, when there is such a need. The pairs are
  ///     kept in a temporary file meanwhile, since a pipe can be read only once.
  ///   - details: more for the summary, asked for at the end.
  ///   - score: makes the objects of some pairs, or says why one has none.
  /// - Throws: `RecordFileError`, what the closures throw.
  mutating func run(
    prepare: ((TextPair) throws -> Void)?, details: () throws -> JSONObject,
    score: ([TextPair]) throws -> [Result<JSONObject, any Error>]
  ) throws {
    if let prepare {
      let path = FileManager.default.temporaryDirectory.appending(
        path: "mixinstruct-\(UUID().uuidString).jsonl"
      ).path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try keep(at: path, prepare)
      try forEachKept(at: path) { item in try add(item, score) }
    } else {
      try forEachLine { item in try add(item, score) }
    }
    try flush(score)
    try writer.close()
    try LineFilter.summarise(
      writer.count, bad: results.bad, output, details, arguments, session)
  }

  // MARK: Lines

  private func forEachLine(_ body: (Item) throws -> Void) throws {
    let reader: RecordFileReader
    do throws(RecordFileError) {
      reader = try RecordFileReader(path: try path()) { [session] in session.interrupt.isRaised }
    } catch .empty {
      return
    }
    try reader.forEachRecord { element, location in
      if session.interrupt.isRaised { throw RecordFileError.stopped(file: reader.file) }
      let place = "\(reader.file), \(location)"
      let item: Item
      do throws(RecordError) {
        item = .pair(
          TextPair(
            candidate: try LineFilter.text("candidate", of: element),
            reference: try LineFilter.text("reference", of: element)), place: place)
      } catch {
        item = .bad("\(place): \(error)")
      }
      try body(item)
    } broken: { diagnostic in
      try body(.bad(diagnostic.description))
    }
  }

  /// The input's path; it has a default.
  private func path() throws(RecordFileError) -> String { arguments.string("input") ?? "-" }

  private func keep(at path: String, _ prepare: (TextPair) throws -> Void) throws {
    let kept = try RecordFileWriter(path: path, layout: .lines)
    try forEachLine { item in
      switch item {
      case .pair(let pair, let place):
        // A reference that the model cannot express is named when its pair is scored.
        try? prepare(pair)
        let object: JSONObject = [
          "candidate": .string(pair.candidate), "reference": .string(pair.reference),
          "place": .string(place),
        ]
        try kept.append(object.json().utf8)
      case .bad(let message):
        let object: JSONObject = ["bad": .string(message)]
        try kept.append(object.json().utf8)
      }
    }
    try kept.close()
  }

  private func forEachKept(at path: String, _ body: (Item) throws -> Void) throws {
    let reader: RecordFileReader
    do throws(RecordFileError) {
      reader = try RecordFileReader(path: path, recordLimit: 1 << 40)
    } catch .empty {
      return
    }
    // Nobody else needs the file's name: what is open stays readable, and a kill leaves nothing.
    try? FileManager.default.removeItem(atPath: path)
    try reader.forEachRecord { element, _ in
      if session.interrupt.isRaised { throw RecordFileError.stopped(file: reader.file) }
      if let message = element["bad"]?.string { return try body(.bad(message)) }
      try body(
        .pair(
          TextPair(
            candidate: try LineFilter.text("candidate", of: element),
            reference: try LineFilter.text("reference", of: element)),
          place: try LineFilter.text("place", of: element)))
    } broken: { diagnostic in
      try body(.bad(diagnostic.description))
    }
  }

  // MARK: Windows

  private mutating func add(
    _ item: Item, _ score: ([TextPair]) throws -> [Result<JSONObject, any Error>]
  ) throws {
    switch item {
    case .bad(let message): try results.refuse(message)
    case .pair(let pair, let place):
      let size = pair.candidate.utf8.count + pair.reference.utf8.count
      if windowBytes + size > Self.byteLimit { try flush(score) }
      windowBytes += size
      window.append(pair)
      results.await(place)
    }
    if window.count >= limit || results.isFull { try flush(score) }
  }

  private mutating func flush(
    _ score: ([TextPair]) throws -> [Result<JSONObject, any Error>]
  ) throws {
    guard !window.isEmpty else { return }
    for result in try score(window) { try results.deliver(result) }
    window.removeAll(keepingCapacity: true)
    windowBytes = 0
  }
}
