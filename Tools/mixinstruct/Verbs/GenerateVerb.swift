import CommandLineParsing
import JSON
import PretrainedModels
import ProcessSignals
import RecordFiles
import Records
import Tensors
import Tokenizers

/// Continues lines with an encoder-decoder.
enum GenerateVerb: Verb {
  static let definition = CommandDefinition(
    "generate", abstract: "Let a T5 or BART model write a text for each line.",
    discussion: """
      Reads lines {"text": "…"} or {"ids": […]} and writes a line {"text": "…", "ids": […], \
      "logprobs": […]} for each: ids from the decoder's start token on, and the model's own \
      log-probability of each of them but the first. The models are T5, Flan-T5, mT5 and BART as \
      the hub has them. What no option says, generation_config.json says, or config.json; beam \
      search and the other options work as in transformers, and give the same ids in 32-bit floats. \
      Tokens are drawn at random only with --temperature, --top-p, --top-k or --seed. A model \
      without a tokenizer takes ids, and its texts are null.
      """,
    group: "Models", options: options,
    examples: [
      CommandExample(
        "The likeliest tokens, one after the other.",
        "mixinstruct generate --model ./flan-t5 --max-new-tokens 64 --input texts.jsonl"),
      CommandExample(
        "Beam search, as summaries are often made.",
        """
        mixinstruct generate --model ./flan-t5 --beams 4 --length-penalty 2 --early-stopping \
        --no-repeat-ngram 3 --input texts.jsonl > summaries.jsonl
        """),
      CommandExample(
        "Drawn at random, with 8-bit weights.",
        """
        mixinstruct generate --model ./flan-t5 --top-p 0.9 --temperature 0.7 --seed 1 \
        --precision int8 --input texts.jsonl
        """),
    ])

  private static let options: [OptionDefinition] =
    [
      .value(
        "model", "MODEL", help: "A folder or a pulled model", short: "m", default: .required,
        completion: .folders),
      .value(
        "tokenizer", "MODEL", help: "Where the tokenizer is",
        default: .described("with the model"), completion: .folders),
      .value(
        "max-length", "N", help: "Cut inputs to so many ids; special tokens stay at a text's end",
        default: .described("inputs are not cut")),
    ]
    + [
      OptionDefinition.value(
        "beams", "N", help: "How many sequences are followed at the same time", default: model),
      .value(
        "length-penalty", "X",
        help: "The exponent of the length in a beam's score; above 0 favours long ones",
        default: model),
      .flag("early-stopping", help: "End beam search with the first complete beams"),
      .flag("no-early-stopping", help: "Look on for better ones, whatever the model's files say"),
      .value(
        "no-repeat-ngram", "N", help: "Runs of so many tokens occur only once; 0 for no limit",
        default: model),
      .value(
        "repetition-penalty", "X", help: "Above 1, tokens that occurred become less likely",
        default: model),
      .value(
        "min-new-tokens", "N", help: "The least tokens after the start token", default: model),
      .value(
        "max-new-tokens", "N", help: "The most tokens after the start token",
        default: .described("the model's, or 19")),
    ].inGroup("Search")
    + [
      OptionDefinition.value(
        "temperature", "X", help: "Divides the scores: below 1 likely tokens become likelier",
        default: model),
      .value(
        "top-p", "X", help: "Draw from the likeliest tokens of this probability", default: model),
      .value(
        "top-k", "N", help: "Draw from so many tokens; 0 for all",
        default: .described("the model's, or 50")),
      .value("seed", "N", help: "Where chance starts", default: .value("0")),
    ].inGroup("Drawing at random")
    + [
      OptionDefinition.value(
        "precision", "NAME", help: "How weights are stored and multiplied",
        default: .value("fp32"), allowed: precisions.map(\.name)),
      .value(
        "threads", "N", help: "How many threads compute",
        default: .described("one for each processor")),
      .value(
        "batch-size", "N", help: "How many lines are worked on at the same time",
        default: .value("16")),
    ].inGroup("Computation") + LineFilter.options

  private static let model = OptionDefinition.Default.described("the model's")
  private static let precisions: [(name: String, precision: Precision)] = [
    ("fp32", .float32), ("bf16", .bfloat16), ("int8", .int8),
  ]

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let path = try arguments.requiredModelFolder("model")
    let folder = try ModelFolder(path: path)
    let settings = try GenerationSettings(folder)
    let options = try generationOptions(arguments, settings)
    let batchSize = try arguments.requiredInt("batch-size", in: 1...4096)
    let threads = try arguments.int("threads", in: 1...1024) ?? ThreadPool.processorCount
    let tokenizer = try tokenizer(arguments, path)
    let maximumLength = try maximumLength(arguments, tokenizer)
    let precision = try precision(arguments)
    let compute = Compute(pool: ThreadPool(count: threads))
    if let explanation = compute.backend.explanation(for: precision) {
      session.message("warning: \(explanation)")
    }
    let input = try arguments.requiredString("input")
    let model = try EncoderDecoderLoader.load(folder, precision: precision, for: compute)
    let generator = try Generator(
      model, tokens: settings.tokens, options: options,
      limits: Generator.Limits(sequences: batchSize * options.beams)
    ) {
      if session.interrupt.isRaised { throw RecordFileError.stopped(file: input) }
    }
    var tokens = 0
    func line(_ outcome: Generator.Outcome) -> Result<JSONObject, any Error> {
      Result {
        let sequences: [GeneratedSequence]
        do throws(GenerationError) {
          sequences = try outcome.get()
        } catch {
          throw BadLine(reason: error.reason)
        }
        guard let best = sequences.first else { throw BadLine(reason: "no sequence was found") }
        tokens += best.logProbabilities.count
        return try object(best, tokenizer)
      }
    }
    try LineFilter.run(arguments, session, isSlow: true) {
      [
        "tokens": .integer(Int64(tokens)),
        "precision": .string(compute.backend.precision(for: precision).rawValue),
      ]
    } prepare: { element in
      let source = try source(of: element, tokenizer, maximumLength, path)
      do throws(ModelInputError) {
        try model.shape.check(sources: [source])
      } catch {
        throw BadLine(reason: error.reason)
      }
      return source
    } submit: { source, deliver in
      try generator.submit(source) { try deliver(line($0)) }
    } finish: { deliver in
      try generator.finish { try deliver(line($0)) }
    }
  }

  /// What is wrong with a line.
  private struct BadLine: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
  }

  /// What the model's files say, and the options over it.
  private static func generationOptions(
    _ arguments: ParsedArguments, _ settings: GenerationSettings
  ) throws -> GenerationOptions {
    let count = 0...1 << 20
    var options = settings.options
    options.beams = try arguments.int("beams", in: 1...1024) ?? options.beams
    options.lengthPenalty =
      try arguments.double("length-penalty", in: -1000.0...1000) ?? options.lengthPenalty
    let (stops, goesOn) = (arguments.flag("early-stopping"), arguments.flag("no-early-stopping"))
    if stops, goesOn {
      throw arguments.refusal("--early-stopping and --no-early-stopping do not go together")
    }
    options.stopsEarly = stops || (options.stopsEarly && !goesOn)
    options.noRepeatNGram = try arguments.int("no-repeat-ngram", in: count) ?? options.noRepeatNGram
    options.repetitionPenalty =
      try arguments.double("repetition-penalty", in: 1e-6...1e6) ?? options.repetitionPenalty
    options.maxNewTokens =
      try arguments.int("max-new-tokens", in: 1...1 << 20) ?? options.maxNewTokens
    if let least = try arguments.int("min-new-tokens", in: count) {
      guard least <= options.maxNewTokens else {
        throw arguments.refusal(
          "--min-new-tokens \(least) is more than --max-new-tokens, \(options.maxNewTokens)")
      }
      options.minNewTokens = least
    }
    var sampling = settings.sampling
    sampling.temperature =
      try arguments.double("temperature", in: 1e-6...1e6) ?? sampling.temperature
    sampling.topP = try arguments.double("top-p", in: 1e-6...1) ?? sampling.topP
    sampling.topK = try arguments.int("top-k", in: count) ?? sampling.topK
    sampling.seed = UInt64(try arguments.requiredInt("seed", in: 0...))
    guard ["temperature", "top-p", "top-k", "seed"].contains(where: arguments.isGiven) else {
      return options
    }
    if arguments.isGiven("beams"), options.beams > 1 {
      throw arguments.refusal(
        "tokens are not drawn at random in beam search: leave --beams out, or the others")
    }
    options.beams = 1
    options.sampling = sampling
    return options
  }

  private static func precision(_ arguments: ParsedArguments) throws -> Precision {
    let name = try arguments.requiredString("precision")
    return precisions.first { $0.name == name }?.precision ?? .float32
  }

  /// The tokenizer; nil when the model comes without one and none is named.
  private static func tokenizer(_ arguments: ParsedArguments, _ path: String) throws -> Tokenizer? {
    if let folder = try arguments.modelFolder("tokenizer") { return try Tokenizer(folder: folder) }
    do {
      return try Tokenizer(folder: path)
    } catch TokenizerError.noModel {
      return nil
    }
  }

  private static func maximumLength(
    _ arguments: ParsedArguments, _ tokenizer: Tokenizer?
  ) throws -> Int? {
    guard let length = try arguments.int("max-length", in: 1...) else { return nil }
    let added = tokenizer?.specialTokenCount() ?? 0
    guard length >= added else {
      throw arguments.refusal(
        "--max-length \(length) leaves no room for the \(added) special tokens")
    }
    return length
  }

  /// What the encoder is to read of a line.
  private static func source(
    of element: JSONElement, _ tokenizer: Tokenizer?, _ maximumLength: Int?, _ path: String
  ) throws -> [Int] {
    if element.kind == .object, element["ids"] != nil {
      guard element["text"] == nil else {
        throw BadLine(reason: "both text and ids: expected one of them")
      }
      let ids = try LineFilter.ids(of: element)
      return maximumLength.map { Array(ids.prefix($0)) } ?? ids
    }
    let text = try LineFilter.text("text", of: element)
    guard let tokenizer else {
      throw BadLine(reason: "\(path) has no tokenizer: expected ids, or --tokenizer")
    }
    return try tokenizer.encode(text, maximumLength: maximumLength).map { Int($0) }
  }

  private static func object(
    _ sequence: GeneratedSequence, _ tokenizer: Tokenizer?
  ) throws -> JSONObject {
    let text = try tokenizer?.decode(sequence.ids.compactMap { TokenID(exactly: $0) })
    return [
      "text": text.map { .string($0) } ?? .null,
      "ids": .array(sequence.ids.map { .integer(Int64($0)) }),
      // As short as they read back.
      "logprobs": .array(
        sequence.logProbabilities.map { .double(Double("\($0)") ?? Double($0)) }),
    ]
  }
}
