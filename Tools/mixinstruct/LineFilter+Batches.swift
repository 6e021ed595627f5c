import CommandLineParsing
import JSON
import RecordFiles

extension LineFilter {
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
    var batch: [Item] = []
    try run(arguments, session, details: details, prepare: read) { item, deliver in
      batch.append(item)
      guard batch.count == size else { return }
      for result in try results(of: batch, transform) { try deliver(result) }
      batch = []
    } finish: { deliver in
      for result in try results(of: batch, transform) { try deliver(result) }
      batch = []
    }
  }

  private static func results<Item>(
    of batch: [Item], _ transform: ([Item]) throws -> [JSONObject]
  ) throws -> [Result<JSONObject, any Error>] {
    guard !batch.isEmpty else { return [] }
    do {
      return try transform(batch).map { .success($0) }
    } catch let error as RecordFileError {
      throw error
    } catch {
      var fit: [Item] = []
      var refusals: [(any Error)?] = []
      for item in batch {
        do {
          _ = try transform([item])
          fit.append(item)
          refusals.append(nil)
        } catch let error as RecordFileError {
          throw error
        } catch {
          refusals.append(error)
        }
      }
      var objects = (fit.isEmpty ? [] : try transform(fit))[...]
      return refusals.map { $0.map { .failure($0) } ?? .success(objects.removeFirst()) }
    }
  }
}
