import CommandLineParsing
import Fusion
import JSON
import Pipeline
import PretrainedModels
import ProcessSignals
import Reranking
import Tensors
import Tokenizers

/// The options by which `fuse` names a fuser, and a ranker beside it.
enum FuserArguments {
  static let options: [OptionDefinition] =
    [
      OptionDefinition.value(
        "fuser", "MODEL", help: "The fuser: a folder or a pulled model", short: "f",
        default: .required, completion: .folders),
      .value(
        "top-k", "K", help: "How many of the best candidates are fused", default: .value("3")),
      .value(
        "max-length", "N", help: "The most tokens that the fuser reads", default: .value("1024")),
      .value(
        "candidate-max-length", "N",
        help: "The most tokens of a candidate; longer ones are cut and end with '...'",
        default: .value("128")),
      .value(
        "line-breaks", "NAME",
        help:
          "'kept' as LLM-Blender fuses; 'separated' as its fine-tuning script writes: each one becomes a separator",
        default: .value("kept"), allowed: FusionPrompt.LineBreaks.allCases.map(\.rawValue)),
    ].inGroup("Fuser")
    + [
      OptionDefinition.value(
        "beams", "N", help: "How many sequences are followed at the same time; 1 is greedy",
        default: .value("4")),
      .value(
        "max-new-tokens", "N", help: "The most tokens of a fusion",
        default: .described("as many as of a candidate")),
      .value(
        "precision", "NAME", help: "In which numbers the fuser computes",
        default: .value("fp32"), allowed: RankerArguments.precisions.map(\.key)),
      .value(
        "threads", "N", help: "How many threads compute",
        default: .described("one for each processor")),
      .value(
        "batch-size", "N", help: "How many records are fused at the same time",
        default: .value("16")),
    ].inGroup("Computation")
    + [
      OptionDefinition.value(
        "ranker", "MODEL",
        help: "Orders candidates that have no ranks, and compares fusions with their best parent",
        short: "r", completion: .folders),
      .value(
        "backbone", "MODEL",
        help: "The encoder whose settings and tokenizer the ranker's own checkpoint lacks",
        default: .described("the ranker's folder, or the pulled model that it names"),
        completion: .folders),
      .value(
        "ranker-precision", "NAME", help: "In which numbers the ranker computes",
        default: .value("fp32"), allowed: RankerArguments.precisions.map(\.key)),
    ].inGroup("Ranker")

  /// A fuser with what it was loaded from.
  struct Loaded {
    let fuser: GenFuser
    let folder: ModelFolder
    let title: String
    let topCount: Int
  }

  /// Loads the fuser.
  ///
  /// - Parameters:
  ///   - arguments: the command line.
  ///   - compute: where it will run.
  ///   - session: where messages go.
  ///   - beforeStep: called before each token.
  /// - Returns: the fuser.
  /// - Throws: `UsageError`, `HubError`, `CheckpointError`, `TokenizerError`, `GenerationError`.
  static func load(
    _ arguments: ParsedArguments, _ compute: Compute, _ session: CommandSession,
    beforeStep: @escaping () throws -> Void
  ) throws -> Loaded {
    let topCount = try arguments.requiredInt("top-k", in: 1...1 << 10)
    var prompt = FusionPrompt()
    prompt.limit = try arguments.requiredInt("max-length", in: 1...1 << 20)
    prompt.candidateLimit = try arguments.requiredInt("candidate-max-length", in: 1...1 << 20)
    prompt.lineBreaks =
      FusionPrompt.LineBreaks(rawValue: try arguments.requiredString("line-breaks")) ?? .kept
    let batchSize = try arguments.requiredInt("batch-size", in: 1...4096)
    let folder = try ModelFolder(path: try arguments.requiredModelFolder("fuser"))
    var options = try GenerationSettings(folder).options
    options.beams = try arguments.requiredInt("beams", in: 1...1024)
    options.maxNewTokens =
      try arguments.int("max-new-tokens", in: 1...1 << 20) ?? prompt.candidateLimit
    let tokenizer = try Tokenizer(folder: folder.path)
    if prompt.lineBreaks == .separated, prompt.limit < tokenizer.specialTokenCount() {
      throw arguments.refusal("--max-length \(prompt.limit) leaves no room for special tokens")
    }
    let precision = try precision("precision", arguments)
    if let explanation = compute.backend.explanation(for: precision) {
      session.message("warning: \(explanation)")
    }
    let fuser = try GenFuser(
      folder, tokenizer, prompt: prompt, options: options, batchSize: batchSize,
      precision: precision, for: compute, beforeStep: beforeStep)
    return Loaded(
      fuser: fuser, folder: folder, title: try arguments.requiredString("fuser"),
      topCount: topCount)
  }

  /// Loads the ranker.
  ///
  /// - Parameters:
  ///   - arguments: the command line.
  ///   - compute: where it will run.
  /// - Returns: the ranker; `nil` when none is named.
  /// - Throws: `UsageError`, `HubError`, `CheckpointError`, `TokenizerError`, `RerankingError`.
  static func ranker(
    _ arguments: ParsedArguments, _ compute: Compute
  ) throws -> RankerArguments.Loaded? {
    guard let title = arguments.string("ranker") else {
      try LineFilter.refuse(
        ["backbone", "ranker-precision"], of: arguments, "needs '--ranker'")
      return nil
    }
    let folder: RankerFolder
    if title == DefaultRanker.name {
      folder = try DefaultRanker.folder(encoder: arguments.modelFolder("backbone"))
    } else {
      let path = try arguments.requiredModelFolder("ranker")
      folder = try RankerFolder(
        path: path,
        backbone: try arguments.modelFolder("backbone")
          ?? RankerArguments.pulledBackbone(of: path))
    }
    var options = RankerOptions()
    options.precision = try precision("ranker-precision", arguments)
    return RankerArguments.Loaded(
      ranker: try Ranker.load(folder, options: options, for: compute), folder: folder,
      options: options, title: title)
  }

  /// Where everything runs.
  ///
  /// - Parameter arguments: the command line.
  /// - Returns: the threads.
  /// - Throws: `UsageError`.
  static func compute(_ arguments: ParsedArguments) throws -> Compute {
    Compute(
      pool: ThreadPool(
        count: try arguments.int("threads", in: 1...1024) ?? ThreadPool.processorCount))
  }

  private static func precision(
    _ name: String, _ arguments: ParsedArguments
  ) throws -> Precision {
    let word = try arguments.requiredString(name)
    return RankerArguments.precisions.first { $0.key == word }?.value ?? .float32
  }
}
