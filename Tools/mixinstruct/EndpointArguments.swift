import CommandLineParsing
import Foundation
import ModelEndpoints
import Pipeline
import RecordFiles

/// The options by which `collect` and `judge` name models, limits and recordings.
enum EndpointArguments {
  static let options: [OptionDefinition] =
    [
      OptionDefinition.value(
        "config", "FILE", help: "Models and endpoints, see Schemas/models.schema.json",
        completion: .files),
      .value(
        "endpoint", "URL",
        help: "The server; with --config, the address of all its endpoints instead of theirs"),
      .value("model", "NAME", help: "The models to ask", repetition: .repeated),
      .value(
        "api", "NAME", help: "What the server speaks", default: .value("openai-chat"),
        allowed: EndpointAPI.allCases.map(\.rawValue)),
      .value(
        "key-variable", "NAME",
        help: "The environment variable that holds the server's key"),
      .value("concurrency", "N", help: "Requests at a time", default: .value("8")),
    ].inGroup("Models")
    + [
      OptionDefinition.value("max-requests", "N", help: "Stop a run after so many requests"),
      .value("max-usd", "X", help: "Stop a run before it spends more than so many US dollars"),
      .value(
        "retry", "LIST", help: "States of earlier answers to ask again beside failed",
        repetition: .commaSeparated, allowed: ["empty", "truncated", "refused", "malformed"]),
      .value(
        "record", "FILE", help: "Append all answers to a recording for 'replay'",
        completion: .files),
    ].inGroup("Limits and recording")

  /// The options as a value.
  ///
  /// - Parameters:
  ///   - arguments: the command line.
  ///   - session: what is tried again.
  /// - Returns: catalog, limits and recording.
  /// - Throws: `UsageError`, `ConfigurationError`, `RecordFileError`.
  static func read(
    _ arguments: ParsedArguments, _ session: CommandSession
  ) throws -> AskingOptions {
    var options = AskingOptions(catalog: try catalog(arguments))
    options.retryPolicy = session.retryPolicy
    options.maximumRequests = try arguments.int("max-requests", in: 0...)
    options.maximumUSD = try arguments.double("max-usd", in: 0...)
    options.retriedStates = Set(arguments.list("retry"))
    options.recording = arguments.string("record")
    return options
  }

  private static func catalog(_ arguments: ParsedArguments) throws -> ModelCatalog {
    let names = arguments.list("model")
    let url = arguments.string("endpoint")
    let api = arguments.string("api").flatMap(EndpointAPI.init(rawValue:)) ?? .openAIChat
    let key = arguments.string("key-variable").map { KeySource.environment($0) }
    let concurrency = try arguments.requiredInt("concurrency", in: 1...4096)
    guard let path = arguments.string("config") else {
      guard let url, let name = names.first else {
        throw arguments.refusal("Name models with '--config', or with '--endpoint' and '--model'.")
      }
      guard names.count == 1 else {
        throw arguments.refusal("Several models need a '--config' file.")
      }
      return try ModelCatalog(
        url: url, model: name, api: api, key: key, concurrency: concurrency)
    }
    let data = try FileContents.bytes(of: path)
    let folder = URL(filePath: path).deletingLastPathComponent()
    var catalog = try ModelCatalog(json: data, file: path) { name in
      (try? Data(contentsOf: URL(filePath: name, relativeTo: folder))).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    if let url { catalog = try catalog.redirected(to: url) }
    if !names.isEmpty { catalog = try catalog.limited(to: names) }
    return catalog
  }
}
