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
    CommonOptions.json,
  ]

  /// Refuses options that mean nothing in the way a verb is used.
  ///
  /// - Parameters:
  ///   - names: the options.
  ///   - arguments: the command line.
  ///   - reason: why, to follow the option's name.
  /// - Throws: `UsageError` when one of them was given.
  static func refuse(
    _ names: [String], of arguments: ParsedArguments, _ reason: String
  ) throws {
    for name in names where arguments.isGiven(name) {
      throw arguments.refusal("'--\(name)' \(reason).")
    }
  }

  /// Maps each line; a bad one gives `{"error": …}`, is named on standard error, and makes the exit
  /// status 65.
  ///
  /// - Parameters:
  ///   - arguments: the command line, for `--input`, `--output` and `--json`.
  ///   - session: where messages go.
  ///   - details: more for the summary, asked for at the end.
  ///   - transform: makes the object of a line.
  /// - Throws: `RecordFileError`.
  static func run(
    _ arguments: ParsedArguments, _ session: CommandSession,
    details: () throws -> JSONObject = { [:] }, _ transform: (JSONElement) throws -> JSONObject
  ) throws {
    let input = try arguments.requiredString("input")
    let output = try arguments.requiredString("output")
    let writer = try RecordFileWriter(path: output, layout: .lines)
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
      return try finish(0, bad: 0, output, details, arguments, session)
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
    try finish(writer.count, bad: bad, output, details, arguments, session)
  }

  /// Writes the summary, when it was asked for.
  ///
  /// - Parameters:
  ///   - lines: the number of lines.
  ///   - bad: how many of them were bad.
  ///   - output: where the lines went.
  ///   - details: more for the summary.
  ///   - arguments: the command line, for `--json`.
  ///   - session: where the summary goes.
  /// - Throws: what `details` throws.
  static func finish(
    _ lines: Int, bad: Int, _ output: String, _ details: () throws -> JSONObject,
    _ arguments: ParsedArguments, _ session: CommandSession
  ) throws {
    guard arguments.flag("json") else { return }
    var summary: JSONObject = ["lines": .integer(Int64(lines)), "bad": .integer(Int64(bad))]
    for member in try details().members { summary[member.key] = member.value }
    session.writeSummary(summary, besides: output)
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
