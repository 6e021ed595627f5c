import CommandLineParsing

/// The program: all its verbs, in the order of the pipeline.
enum Program {
  static var verbs: [any Verb.Type] {
    [
      IngestVerb.self, MixVerb.self, ExplainVerb.self, ImportVerb.self, StatsVerb.self,
      ExportVerb.self, CollectVerb.self, ReplayVerb.self, ScoreVerb.self, MetricsVerb.self,
      JudgeVerb.self, RankVerb.self, CompareVerb.self, FuseVerb.self, LabelVerb.self,
      SelectVerb.self, AggregateVerb.self, EvaluateVerb.self, ValidateVerb.self,
      AnnotateVerb.self, TokenizeVerb.self, GenerateVerb.self, ModelsVerb.self,
      CompletionsVerb.self, ManualVerb.self,
    ]
  }

  static let definition = ProgramDefinition(
    name: "mixinstruct", version: "0.1.0", releaseDate: "2026-11-24",
    abstract: "Build instruction and preference datasets from many language models.",
    discussion: """
      Everything is kept in one SQLite file, the store. Each verb can be stopped at any moment and \
      run again: it goes on where it was.
      """,
    commands: verbs.map { $0.definition },
    examples: [
      CommandExample(
        "Read two raw sources into a store.",
        "mixinstruct ingest --store my.db alpaca_gpt4.json dolly.jsonl"),
      CommandExample(
        "Draw a clean dataset from them.",
        "mixinstruct mix --store my.db --recipe clean --train 1000 --dev 100 --test 100"),
      CommandExample(
        "Write its test part.",
        "mixinstruct export --store my.db --format mixinstruct --split test --output test.jsonl"),
    ],
    exitStatuses: [
      .init("0", "Everything went well."),
      .init("64", "The command line or a recipe is wrong."),
      .init("65", "Some input was malformed."),
      .init("66", "An input or the store does not exist or cannot be read."),
      .init("69", "A service cannot be reached, or left questions without an answer."),
      .init("74", "Reading or writing failed: a full disk, a read-only file."),
      .init("75", "Another process holds the store."),
      .init("130", "Stopped by Ctrl-C; a message says how to go on. 143 after SIGTERM."),
    ],
    environment: [
      .init("HF_ENDPOINT", "The hub that models are downloaded from."),
      .init("HF_TOKEN", "Who asks the hub; else the token that Python's 'hf auth login' left."),
      .init("HF_HUB_CACHE", "Where models are kept; HF_HOME and XDG_CACHE_HOME count as well."),
      .init("HF_HUB_OFFLINE", "When set to 1, nothing is downloaded."),
      .init("NO_COLOR", "When set and not empty, nothing is coloured."),
    ])
}
