import CommandLineParsing
import ModelEndpoints
import RecordFiles

/// The options by which `collect` says how a model at `--endpoint` is prompted and decodes.
enum DecodingArguments {
  /// The options as values.
  struct Values {
    var parameters = DecodingParameters()
    var template: PromptTemplate?
    var system: String?
  }

  static let options: [OptionDefinition] = [
    OptionDefinition.value(
      "template", "NAME|FILE",
      help: "The prompt template of text completions; 'collect template' shows them",
      completion: .files),
    .value("system", "TEXT", help: "The system prompt"),
    .value("temperature", "X", help: "The sampling temperature; 0 is greedy"),
    .value("top-p", "X", help: "The probability mass of nucleus sampling"),
    .value("top-k", "N", help: "How many tokens are chosen from"),
    .value("max-tokens", "N", help: "The most tokens of an answer"),
    .value("seed", "N", help: "The seed of the server's sampling"),
    .value("stop", "TEXT", help: "A text at which an answer ends", repetition: .repeated),
    .flag("logprobs", help: "Ask for log-probabilities, and keep them as a score"),
  ].inGroup("Prompt and decoding")

  /// The options as values.
  ///
  /// - Parameter arguments: the command line.
  /// - Returns: template, system prompt and parameters.
  /// - Throws: `UsageError`, `ConfigurationError`.
  static func read(_ arguments: ParsedArguments) throws -> Values {
    if arguments.isGiven("config") {
      try LineFilter.refuse(
        options.map(\.name), of: arguments,
        "stands in the configuration and does not go with '--config'")
    }
    var values = Values()
    values.parameters.temperature = try arguments.double("temperature", in: 0.0...100)
    values.parameters.topP = try arguments.double("top-p", in: 0.0...1)
    values.parameters.topK = try arguments.int("top-k", in: (-1)...)
    values.parameters.maximumTokens = try arguments.int("max-tokens", in: 1...)
    values.parameters.seed = try arguments.int("seed")
    values.parameters.stop = arguments.list("stop").filter { !$0.isEmpty }
    values.parameters.logprobs = arguments.flag("logprobs")
    values.template = try arguments.string("template").map { name in
      try PromptTemplate(named: name) { path in
        (try? FileContents.bytes(of: path)).map { String(decoding: $0, as: UTF8.self) }
      }
    }
    values.system = arguments.string("system")
    return values
  }
}
