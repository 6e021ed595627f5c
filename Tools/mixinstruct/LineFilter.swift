import CommandLineParsing
import JSON
import ProcessSignals
import RecordFiles
import Records

/// Runs a verb as a filter: JSON Lines in, one line out for each, in the same order.
enum LineFilter {
  static let options: [OptionDefinition] = [
    .value(
      "input", "FILE", help: "Lines to read instead of standard input", short: "i",
      default: .value("-"), completion: .files),
    .value(
      "output", "FILE", help: "Where to write instead of standard output", short: "o",
      default: .value("-"), completion: .files),
  ]

  /// Maps each line; a bad one gives `{"error": …}`, is named on standard error, and makes the exit
  /// status 65.
  ///
  /// - Parameters:
  ///   - arguments: the command line, for `--input` and `--output`.
  ///   - session: where messages go.
  ///   - transform: makes the object of a line.
  /// - Returns: the number of lines and of bad ones.
  /// - Throws: `RecordFileError`.
  @discardableResult
  static func run(
    _ arguments: ParsedArguments, _ session: CommandSession,
    _ transform: (JSONElement) throws -> JSONObject
  ) throws -> (lines: Int, bad: Int) {
    let input = try arguments.requiredString("input")
    let writer = try RecordFileWriter(path: try arguments.requiredString("output"), layout: .lines)
    var bad = 0
    func refuse(_ message: String) throws {
      bad += 1
      session.exitStatus = Application.ExitStatus.badData
      session.message("warning: \(message)")
      let line: JSONObject = ["error": .string(message)]
      try writer.append(line.json().utf8)
    }
    let reader: RecordFileReader
    do throws(RecordFileError) {
      reader = try RecordFileReader(path: input) { session.interrupt.isRaised }
    } catch .empty {
      try writer.close()
      return (0, 0)
    }
    var json = JSONWriter()
    try reader.forEachRecord { element, location in
      if session.interrupt.isRaised { throw RecordFileError.stopped(file: reader.file) }
      do {
        let object = try transform(element)
        json.bytes.removeAll(keepingCapacity: true)
        json.append(object)
        try writer.append(json.bytes)
      } catch let error as RecordFileError {
        throw error
      } catch {
        try refuse("\(reader.file), \(location): \(error)")
      }
    } broken: { diagnostic in
      try refuse(diagnostic.description)
    }
    try writer.close()
    return (writer.count, bad)
  }

  /// The text of a member that must be a string.
  ///
  /// - Parameters:
  ///   - name: the member.
  ///   - element: the object.
  /// - Returns: the text.
  /// - Throws: `RecordError`.
  static func text(_ name: StaticString, of element: JSONElement) throws(RecordError) -> String {
    guard element.kind == .object else {
      throw .wrongKind(field: "the line", found: element.kindName, expected: "an object")
    }
    guard let value = element[name] else { throw .missingField("\(name)", expected: "a string") }
    guard let text = value.string else {
      throw .wrongKind(field: "\(name)", found: value.kindName, expected: "a string")
    }
    return text
  }
}
