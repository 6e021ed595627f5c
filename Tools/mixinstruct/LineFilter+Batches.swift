import CommandLineParsing
import JSON
import ProcessSignals
import RecordFiles
import Records

extension LineFilter {
  /// A line that waits for its batch: what was read of it, or why it could not be.
  private enum Waiting<Item> {
    case item(Item, place: String)
    case bad(String)
  }

  /// Maps lines some at a time, for work that is quicker so; see ``run(_:_:details:_:)``.
  ///
  /// - Parameters:
  ///   - arguments: the command line, for `--input`, `--output` and `--json`.
  ///   - session: where messages go.
  ///   - size: how many good lines make a batch.
  ///   - details: more for the summary, asked for at the end.
  ///   - read: takes a line.
  ///   - transform: makes the objects of a batch. When it throws, each line is tried alone, and
  ///     those that can be done alone are a batch without the others.
  /// - Throws: `RecordFileError`.
  static func runBatches<Item>(
    _ arguments: ParsedArguments, _ session: CommandSession, size: Int,
    details: () throws -> JSONObject = { [:] }, read: (JSONElement) throws -> Item,
    _ transform: ([Item]) throws -> [JSONObject]
  ) throws {
    let input = try arguments.requiredString("input")
    let output = try arguments.requiredString("output")
    let writer = try RecordFileWriter(path: output, layout: .lines)
    var bad = 0
    func write(_ object: JSONObject) throws { try writer.append(object.json().utf8) }
    func refuse(_ message: String) throws {
      bad += 1
      session.exitStatus = Application.ExitStatus.badData
      session.message("warning: \(message)")
      try write(["error": .string(message)])
    }
    var waiting: [Waiting<Item>] = []
    var items = 0
    func flush() throws {
      let results = try results(of: waiting, transform)
      for result in results {
        switch result {
        case .success(let object): try write(object)
        case .failure(let refusal): try refuse(refusal.message)
        }
      }
      waiting.removeAll(keepingCapacity: true)
      items = 0
    }
    var reader: RecordFileReader?
    do throws(RecordFileError) {
      reader = try RecordFileReader(path: input) { session.interrupt.isRaised }
    } catch .empty {}
    if let reader {
      try reader.forEachRecord { element, location in
        if session.interrupt.isRaised { throw RecordFileError.stopped(file: reader.file) }
        let place = "\(reader.file), \(location)"
        do {
          waiting.append(.item(try read(element), place: place))
          items += 1
        } catch {
          waiting.append(.bad("\(place): \(error)"))
        }
        if items == size { try flush() }
      } broken: { diagnostic in
        waiting.append(.bad(diagnostic.description))
        if waiting.count >= 4096 { try flush() }
      }
      try flush()
    }
    try writer.close()
    guard arguments.flag("json") else { return }
    var summary: JSONObject = [
      "lines": .integer(Int64(writer.count)), "bad": .integer(Int64(bad)),
    ]
    for member in try details().members { summary[member.key] = member.value }
    session.writeSummary(summary, besides: output)
  }

  private struct Refusal: Error { let message: String }

  private static func results<Item>(
    of waiting: [Waiting<Item>], _ transform: ([Item]) throws -> [JSONObject]
  ) throws -> [Result<JSONObject, Refusal>] {
    var results: [Result<JSONObject, Refusal>] = waiting.map { line in
      switch line {
      case .item(_, let place): .failure(Refusal(message: place))
      case .bad(let message): .failure(Refusal(message: message))
      }
    }
    var good: [(Int, Item, String)] = []
    for (number, line) in waiting.enumerated() {
      if case .item(let item, let place) = line { good.append((number, item, place)) }
    }
    guard !good.isEmpty else { return results }
    func transformed() throws {
      for ((number, _, _), object) in zip(good, try transform(good.map(\.1))) {
        results[number] = .success(object)
      }
    }
    do {
      try transformed()
    } catch let error as RecordFileError {
      throw error
    } catch {
      var fit: [(Int, Item, String)] = []
      for (number, item, place) in good {
        do {
          _ = try transform([item])
          fit.append((number, item, place))
        } catch let error as RecordFileError {
          throw error
        } catch {
          results[number] = .failure(Refusal(message: "\(place): \(error)"))
        }
      }
      good = fit
      if !good.isEmpty { try transformed() }
    }
    return results
  }
}
