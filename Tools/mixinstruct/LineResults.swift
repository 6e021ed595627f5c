import JSON
import RecordFiles

/// Writes the results of lines in the order in which the lines came, however late a result is ready.
final class LineResults {
  /// How many lines may wait for the result of an earlier one.
  private static let limit = 4096

  private enum Line {
    case awaited(place: String)
    case refused(String)
  }

  private let writer: RecordFileWriter
  private let session: CommandSession
  private let isSlow: Bool
  private var lines: [Line] = []
  private var json = JSONWriter()
  /// How many lines were bad.
  private(set) var bad = 0

  /// Prepares to write results.
  ///
  /// - Parameters:
  ///   - writer: receives the results.
  ///   - session: receives messages, and the exit status for bad lines.
  ///   - isSlow: whether each result is handed over at once where somebody may read along.
  init(_ writer: RecordFileWriter, _ session: CommandSession, isSlow: Bool) {
    self.isSlow = isSlow
    self.writer = writer
    self.session = session
  }

  /// Whether so many lines wait that results are needed before another line is read.
  var isFull: Bool { lines.count >= Self.limit }

  /// Takes a line whose result comes later.
  ///
  /// - Parameter place: file and line, for messages.
  func await(_ place: String) { lines.append(.awaited(place: place)) }

  /// Takes a bad line.
  ///
  /// - Parameter message: what is wrong with it, and where.
  /// - Throws: `RecordFileError`.
  func refuse(_ message: String) throws(RecordFileError) {
    lines.append(.refused(message))
    try writeRefused()
  }

  /// Takes the result of the first line that waits for one.
  ///
  /// - Parameter result: its object, or what is wrong with it.
  /// - Throws: `RecordFileError`.
  func deliver(_ result: Result<JSONObject, any Error>) throws(RecordFileError) {
    guard case .awaited(let place) = lines.first else {
      preconditionFailure("a result that no line waits for")
    }
    switch result {
    case .success(let object):
      lines.removeFirst()
      try write(object)
      if isSlow { try writer.flushStream() }
    case .failure(let error):
      lines[0] = .refused("\(place): \(error)")
    }
    try writeRefused()
  }

  /// Writes the bad lines that stand before the first one that waits.
  private func writeRefused() throws(RecordFileError) {
    while case .refused(let message) = lines.first {
      lines.removeFirst()
      bad += 1
      session.exitStatus = Application.ExitStatus.badData
      session.message("warning: \(message)")
      try write(["error": .string(message)])
    }
  }

  private func write(_ object: JSONObject) throws(RecordFileError) {
    json.bytes.removeAll(keepingCapacity: true)
    json.append(object)
    try writer.append(json.bytes)
  }
}
