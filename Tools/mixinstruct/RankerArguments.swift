import CommandLineParsing
import JSON
import ModelHub
import Pipeline
import ProcessSignals
import RecordFiles
import Reranking
import Tensors

/// The options by which verbs name a ranker and say how it reads.
enum RankerArguments {
  static let options: [OptionDefinition] = [
    OptionDefinition.value(
      "ranker", "MODEL", help: "The ranker: a folder, a pulled model, or 'default'", short: "r",
      default: .required, completion: .folders),
    .value(
      "backbone", "MODEL",
      help: "The encoder whose settings and tokenizer a ranker's own checkpoint lacks",
      default: .described("the ranker's folder, or the pulled model that it names"),
      completion: .folders),
    .value(
      "kind", "NAME", help: "What kind of ranker it is",
      default: .described("what its settings say"),
      allowed: RankerKind.allCases.filter { $0 != .features }.map(\.rawValue)),
    .value(
      "encoding", "NAME", help: "How a pair ranker's texts are cut and put together",
      default: .described("that of the checkpoint's layout"),
      allowed: PairEncoding.allCases.map(\.rawValue)),
    .value(
      "source-max-length", "N", help: "The most tokens of instruction and input",
      default: .described("the checkpoint's")),
    .value(
      "candidate-max-length", "N", help: "The most tokens of a candidate",
      default: .described("the checkpoint's")),
    .value(
      "precision", "NAME", help: "In which numbers the encoder computes",
      default: .value("fp32"), allowed: precisions.map(\.key)),
    .value(
      "threads", "N", help: "How many threads compute",
      default: .described("one for each processor")),
  ].inGroup("Ranker")

  static let precisions: KeyValuePairs<String, Precision> = [
    "fp32": .float32, "bf16": .bfloat16, "int8": .int8, "float32": .float32,
    "bfloat16": .bfloat16,
  ]

  /// A ranker with what it was loaded from.
  struct Loaded {
    let ranker: Ranker
    let folder: RankerFolder
    let options: RankerOptions
    let title: String

    /// Who it is, for the ledger.
    func identity(_ session: CommandSession) throws -> RankerIdentity {
      try RankerIdentity(
        title: title, folder: folder, ranker: ranker, options: options,
        isCancelled: { session.interrupt.isRaised })
    }
  }

  /// Finds the ranker, before the time is spent to load it.
  ///
  /// - Parameter arguments: the command line.
  /// - Returns: the folder.
  /// - Throws: `UsageError`, `HubError`, `CheckpointError`, `RerankingError`.
  static func folder(_ arguments: ParsedArguments) throws -> RankerFolder {
    if try arguments.requiredString("ranker") == DefaultRanker.name {
      try LineFilter.refuse(["kind"], of: arguments, "is for rankers of a folder")
      return try DefaultRanker.folder(encoder: arguments.modelFolder("backbone"))
    }
    let path = try arguments.requiredModelFolder("ranker")
    return try RankerFolder(
      path: path, backbone: try arguments.modelFolder("backbone") ?? pulledBackbone(of: path),
      kind: arguments.string("kind").flatMap(RankerKind.init(rawValue:)))
  }

  /// Loads the ranker.
  ///
  /// - Parameters:
  ///   - folder: where it is.
  ///   - arguments: the command line.
  /// - Returns: the ranker.
  /// - Throws: `UsageError`, `CheckpointError`, `TokenizerError`, `RerankingError`.
  static func load(_ folder: RankerFolder, _ arguments: ParsedArguments) throws -> Loaded {
    var options = RankerOptions()
    options.encoding = arguments.string("encoding").flatMap(PairEncoding.init(rawValue:))
    if options.encoding != nil, !folder.kind.isPairwise {
      throw arguments.refusal("'--encoding' is for rankers that compare pairs.")
    }
    options.sourceLimit = try arguments.int("source-max-length", in: 1...1 << 20)
    options.candidateLimit = try arguments.int("candidate-max-length", in: 1...1 << 20)
    let precision = try arguments.requiredString("precision")
    options.precision = precisions.first { $0.key == precision }?.value ?? .float32
    let threads = try arguments.int("threads", in: 1...1024) ?? ThreadPool.processorCount
    let ranker = try Ranker.load(
      folder, options: options, for: Compute(pool: ThreadPool(count: threads)))
    return Loaded(
      ranker: ranker, folder: folder, options: options,
      title: try arguments.requiredString("ranker"))
  }

  /// The encoder that a checkpoint names, when it is a model of the hub that was pulled.
  static func pulledBackbone(of path: String) throws -> String? {
    guard let name = try RankerFolder.backboneName(path: path), ModelReference(name) != nil else {
      return nil
    }
    return try? ModelFolder.resolve(name)
  }
}
