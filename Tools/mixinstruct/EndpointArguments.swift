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
      .value(
        "model", "NAME", help: "The models to ask; with --config, only these of its models",
        repetition: .repeated),
      .value(
        "api", "NAME", help: "What the server speaks; --config says it itself",
        default: .value("openai-chat"), allowed: EndpointAPI.allCases.map(\.rawValue)),
      .value(
        "input-price", "X", help: "US dollars for a million tokens of prompts; with --endpoint"),
      .value(
        "output-price", "X", help: "US dollars for a million tokens of answers; with --endpoint"),
    ].inGroup("Models")
    + [
      OptionDefinition.value(
        "key-variable", "NAME",
        help: "The environment variable that holds the server's key"),
      .value(
        "key-file", "FILE", help: "The file, of mode 600, that holds the server's key",
        completion: .files),
      .value(
        "concurrency", "N", help: "Requests at a time",
        default: .described("8, or what --config says")),
      .value("requests-per-minute", "N", help: "The most requests in a minute"),
      .value(
        "tokens-per-minute", "N", help: "The most tokens, of prompts and answers, in a minute"),
      .value(
        "connect-timeout", "SECONDS", help: "For name resolution, connection and TLS",
        default: .described("10")),
      .value(
        "first-byte-timeout", "SECONDS", help: "Until an answer begins",
        default: .described("as long as --timeout")),
      .value(
        "timeout", "SECONDS", help: "Until an answer is complete", default: .described("600")),
      .value(
        "proxy", "URL", help: "The proxy, without a password; empty for none",
        default: .described("http_proxy, https_proxy, all_proxy and no_proxy")),
      .value(
        "ca-file", "FILE", help: "Certificates to trust beside the system's, as PEM",
        completion: .files),
    ].inGroup("Connection")
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
  ///   - decoding: what a model at `--endpoint` is asked with.
  /// - Returns: catalog, limits and recording.
  /// - Throws: `UsageError`, `ConfigurationError`, `RecordFileError`.
  static func read(
    _ arguments: ParsedArguments, _ session: CommandSession,
    decoding: DecodingArguments.Values = .init()
  ) throws -> AskingOptions {
    var options = AskingOptions(
      catalog: try catalog(arguments, decoding).changed(by: try changes(arguments)))
    options.retryPolicy = session.retryPolicy
    options.maximumRequests = try arguments.int("max-requests", in: 0...)
    options.maximumUSD = try arguments.double("max-usd", in: 0...)
    options.retriedStates = Set(arguments.list("retry"))
    options.recording = arguments.string("record")
    return options
  }

  private static func catalog(
    _ arguments: ParsedArguments, _ decoding: DecodingArguments.Values
  ) throws -> ModelCatalog {
    let names = arguments.list("model")
    let url = arguments.string("endpoint")
    let api = arguments.string("api").flatMap(EndpointAPI.init(rawValue:)) ?? .openAIChat
    let price = try price(arguments)
    guard let path = arguments.string("config") else {
      guard let url, !names.isEmpty else {
        throw arguments.refusal("Name models with '--config', or with '--endpoint' and '--model'.")
      }
      return try ModelCatalog(
        url: url, models: names, api: api, parameters: decoding.parameters,
        template: decoding.template, system: decoding.system, price: price)
    }
    try LineFilter.refuse(
      ["api", "input-price", "output-price"], of: arguments,
      "stands in the configuration and does not go with '--config'")
    let data = try FileContents.bytes(of: path)
    let folder = URL(filePath: path).deletingLastPathComponent()
    let catalog = try ModelCatalog(json: data, file: path) { name in
      (try? Data(contentsOf: URL(filePath: name, relativeTo: folder))).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    return names.isEmpty ? catalog : try catalog.limited(to: names)
  }

  private static func price(_ arguments: ParsedArguments) throws -> TokenPrice? {
    let input = try arguments.double("input-price", in: 0...)
    let output = try arguments.double("output-price", in: 0...)
    guard input != nil || output != nil else { return nil }
    guard let input, let output else {
      throw arguments.refusal("'--input-price' and '--output-price' go together.")
    }
    return TokenPrice(inputPerMillion: input, outputPerMillion: output)
  }

  private static func changes(_ arguments: ParsedArguments) throws -> EndpointChanges {
    let variable = arguments.string("key-variable")
    let file = arguments.string("key-file")
    if variable != nil, file != nil {
      throw arguments.refusal("A key comes from '--key-variable' or from '--key-file', not both.")
    }
    var changes = EndpointChanges()
    changes.url = arguments.string("endpoint")
    changes.key = variable.map { .environment($0) } ?? file.map { .file($0) }
    changes.concurrency = try arguments.int("concurrency", in: 1...4096)
    changes.requestsPerMinute = try arguments.double(
      "requests-per-minute", in: Double.leastNonzeroMagnitude...)
    changes.tokensPerMinute = try arguments.double("tokens-per-minute", in: 1.0...)
    let seconds = 0.001...86_400.0
    changes.connectTimeout = try arguments.double("connect-timeout", in: seconds)
    changes.firstByteTimeout = try arguments.double("first-byte-timeout", in: seconds)
    changes.totalTimeout = try arguments.double("timeout", in: seconds)
    changes.proxy = arguments.string("proxy")
    changes.certificateBundle = arguments.string("ca-file")
    return changes
  }
}
