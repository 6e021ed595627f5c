import CommandLineParsing
import DatasetStore
import Mixing
import Pipeline
import Records

/// Draws the dataset from the ingested sources.
enum MixVerb: Verb {
  static let definition = CommandDefinition(
    "mix", abstract: "Draw the dataset from the ingested sources by a recipe.",
    discussion: """
      Two recipes come with the program: 'clean', without duplicates, near duplicates and refusals \
      and with splits that do not leak, and 'reference', which selects what the script of \
      MixInstruct selects. Any other recipe is a JSON file: see Schemas/recipe.schema.json.
      """,
    group: "Sources",
    options: [
      .value(
        "recipe", "NAME|FILE", help: "A recipe that comes with the program, or a file",
        default: .value("clean"), completion: .files)
    ]
      + [
        OptionDefinition.value("train", "N", help: "The size of the train part"),
        .value("dev", "N", help: "The size of the dev part"),
        .value("test", "N", help: "The size of the test part"),
        .value("seed", "N", help: "Where chance starts"),
        .value(
          "tokenizer", "MODEL",
          help: "A folder or a pulled model whose tokenizer counts lengths",
          completion: .folders),
        .value("max-input", "N", help: "The upper bound of an input's length"),
        .value("max-output", "N", help: "The upper bound of an answer's length"),
        .value(
          "quota", "SOURCE=N", help: "The most records of a source", repetition: .repeated),
      ].inGroup("Changes to the recipe") + [
        .flag(
          "drop-collected",
          help: "Let examples leave the dataset that have candidates already")
      ] + CommonOptions.writing,
    examples: [
      CommandExample(
        "A small clean mix.",
        "mixinstruct mix --store my.db --recipe clean --train 1000 --dev 100 --test 100"),
      CommandExample(
        "The reference mix with its tokenizer.",
        "mixinstruct mix --store my.db --recipe reference --tokenizer ./alpaca-native --max-output 1024 --max-input 1024"
      ),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = MixStage(recipe: try arguments.requiredString("recipe"))
    stage.overrides.train = try arguments.int("train", in: 0...)
    stage.overrides.dev = try arguments.int("dev", in: 0...)
    stage.overrides.test = try arguments.int("test", in: 0...)
    stage.overrides.seed = arguments.string("seed")
    stage.overrides.tokenizer = try arguments.modelFolder("tokenizer")
    stage.overrides.maxInput = try arguments.int("max-input", in: 0...)
    stage.overrides.maxOutput = try arguments.int("max-output", in: 0...)
    for text in arguments.list("quota") {
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let number = Int(parts[1]), number >= 0 else {
        throw arguments.refusal(
          "The value '\(text)' of '--quota' is not SOURCE=N, such as dolly=1000.")
      }
      stage.overrides.quotas.append((Source(rawValue: String(parts[0])), number))
    }
    stage.mayDropCollected = arguments.flag("drop-collected")
    let store = try session.store(arguments, .write)
    let summary = try stage.run(on: store, session.context(arguments))
    session.finish(summary, arguments)
  }
}
