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
    try run(
      arguments, session, details: details, prepare: transform,
      submit: { object, deliver in try deliver(.success(object)) }, finish: { _ in })
  }

  /// Receives the results of lines in their order; a failure makes the line a bad one.
  typealias Delivery = (Result<JSONObject, any Error>) throws -> Void

  /// Maps lines of which several are worked on at the same time.
  ///
  /// - Parameters:
  ///   - arguments: the command line, for `--input`, `--output` and `--json`.
  ///   - session: where messages go.
  ///   - isSlow: whether results are few and late, and worth being shown one by one.
  ///   - details: more for the summary, asked for at the end.
  ///   - prepare: reads a line; what it throws makes the line a bad one.
  ///   - submit: takes what was read, and delivers the results that are ready; what it throws ends
  ///     the run.
  ///   - finish: delivers all results that are left; called at the end, and whenever very many lines
  ///     wait for one.
  /// - Throws: `RecordFileError`, what `submit` and `finish` throw.
  static func run<Request>(
    _ arguments: ParsedArguments, _ session: CommandSession, isSlow: Bool = false,
    details: () throws -> JSONObject = { [:] }, prepare: (JSONElement) throws -> Request,
    submit: (Request, Delivery) throws -> Void, finish: (Delivery) throws -> Void
  ) throws {
    let input = try arguments.requiredString("input")
    let output = try arguments.requiredString("output")
    let writer = try RecordFileWriter(path: output, layout: .lines)
    let reader: RecordFileReader
    do throws(RecordFileError) {
      reader = try RecordFileReader(path: input) { session.interrupt.isRaised }
    } catch .empty {
      try writer.close()
      return try summarise(0, bad: 0, output, details, arguments, session)
    }
    let results = LineResults(writer, session, isSlow: isSlow)
    func makeRoom() throws {
      if results.isFull { try finish(results.deliver) }
    }
    try reader.forEachRecord { element, location in
      if session.interrupt.isRaised { throw RecordFileError.stopped(file: reader.file) }
      let place = "\(reader.file), \(location)"
      let request: Request
      do {
        request = try prepare(element)
      } catch let error as RecordFileError {
        throw error
      } catch {
        try results.refuse("\(place): \(error)")
        try makeRoom()
        return
      }
      results.await(place)
      try submit(request, results.deliver)
      try makeRoom()
    } broken: { diagnostic in
      try results.refuse(diagnostic.description)
      try makeRoom()
    }
    try finish(results.deliver)
    try writer.close()
    try summarise(writer.count, bad: results.bad, output, details, arguments, session)
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
  static func summarise(
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

  /// The member `ids` of a line.
  ///
  /// - Parameter element: the object.
  /// - Returns: the numbers, whatever they are.
  /// - Throws: `RecordError`.
  static func ids(of element: JSONElement) throws -> [Int] {
    guard element.kind == .object else {
      throw RecordError.wrongKind(
        field: "the line", found: element.kindName, expected: "an object")
    }
    guard let list = element["ids"] else {
      throw RecordError.missingField("ids", expected: "an array of token ids")
    }
    guard list.kind == .array else {
      throw RecordError.wrongKind(
        field: "ids", found: list.kindName, expected: "an array of token ids")
    }
    var ids: [Int] = []
    try list.forEachElement { element in
      guard let number = element.number, let id = Int(exactly: number) else {
        throw RecordError.wrongKind(
          field: "an element of ids", found: element.value.json(), expected: "a whole number")
      }
      ids.append(id)
    }
    return ids
  }
}
