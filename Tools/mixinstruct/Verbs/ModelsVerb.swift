import CommandLineParsing
import ModelHub

/// Downloads, lists, describes, checks and removes models.
enum ModelsVerb: Verb {
  static let definition = CommandDefinition(
    "models", abstract: "Download, list, check and remove models.",
    discussion: """
      Models are kept where Python's libraries keep them, and shared with them: what one has \
      downloaded, the other finds. Other verbs take OWNER/NAME or OWNER/NAME@REVISION of a \
      downloaded model wherever they take a model's folder.
      """,
    group: "Models",
    subcommands: [
      CommandDefinition(
        "pull", abstract: "Download a model, or what is missing of it.",
        discussion: """
          Downloads settings, tokenizer and weights, the weights in one format: safetensors when \
          there are any. Every file is checked by its hash before it appears. A download that was \
          stopped goes on where it was. Prints the model's folder.
          """,
        options: [
          .value(
            "revision", "REVISION", help: "A branch, a tag or a commit",
            default: .described("main")),
          .value(
            "include", "GLOB", help: "Files to download instead of the usual choice",
            repetition: .repeated),
          .value("exclude", "GLOB", help: "Files to leave out", repetition: .repeated),
          .value("jobs", "N", help: "Files to download at a time", default: .value("4")),
          CommonOptions.json, CommonOptions.quiet,
        ],
        arguments: [model],
        examples: [
          CommandExample(
            "A model with its tokenizer.", "mixinstruct models pull microsoft/deberta-v3-large"),
          CommandExample(
            "Everything but PyTorch's format.",
            "mixinstruct models pull owner/name --include '*' --exclude '*.bin'"),
        ]),
      CommandDefinition(
        "list", abstract: "List the models of the cache.",
        options: [CommonOptions.json],
        examples: [CommandExample("All models.", "mixinstruct models list")]),
      CommandDefinition(
        "info", abstract: "Tell what a model is, from its settings and the headers of its weights.",
        options: [CommonOptions.json],
        arguments: [
          ArgumentDefinition(
            "MODEL", help: "A downloaded model, OWNER/NAME, or a folder", completion: .folders)
        ],
        examples: [
          CommandExample("A folder.", "mixinstruct models info ./my-model"),
          CommandExample(
            "A downloaded model.", "mixinstruct models info microsoft/deberta-v3-large"),
        ]),
      CommandDefinition(
        "verify", abstract: "Hash a model's files again and look for what is broken.",
        discussion: """
          Finds contents whose hash is wrong, links that lead nowhere, weights that break the \
          rules of their format, and downloads that were not finished. The exit status is 65 when \
          the model is not sound.
          """,
        options: [
          .flag("repair", help: "Remove what is broken or left over, for 'models pull'"),
          CommonOptions.json, CommonOptions.quiet,
        ],
        arguments: [model],
        examples: [
          CommandExample(
            "Check a model.", "mixinstruct models verify microsoft/deberta-v3-large")
        ]),
      CommandDefinition(
        "rm", abstract: "Remove a model, or one revision of it.",
        discussion: """
          Says what is freed and what stays because another revision or another model uses it, \
          and asks when it runs on a terminal.
          """,
        options: [
          .value(
            "revision", "REVISION", help: "Only this branch, tag or commit",
            default: .described("all revisions")),
          .flag("yes", help: "Do not ask", short: "y"), CommonOptions.json,
        ],
        arguments: [model],
        examples: [
          CommandExample(
            "Remove all of a model.", "mixinstruct models rm microsoft/deberta-v3-large --yes")
        ]),
    ])

  private static let model = ArgumentDefinition(
    "MODEL", help: "The model's name, OWNER/NAME or OWNER/NAME@REVISION")

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    defer { session.endProgress() }
    switch arguments.commandPath.last {
    case "pull": try pull(arguments, session)
    case "info": try info(arguments, session)
    case "verify": try verify(arguments, session)
    case "rm": try remove(arguments, session)
    default: try list(arguments, session)
    }
  }

  /// The model that is named, with the revision of `--revision` or of its name.
  static func reference(_ arguments: ParsedArguments) throws -> ModelReference {
    let text = try arguments.requiredString("MODEL")
    guard let reference = ModelReference(text) else {
      throw arguments.refusal("'\(text)' is no model's name: expected OWNER/NAME.")
    }
    return reference
  }

  /// The same for commands with `--revision`.
  static func referenceWithRevision(_ arguments: ParsedArguments) throws -> ModelReference {
    let reference = try reference(arguments)
    guard let revision = arguments.string("revision") else { return reference }
    guard reference.revision == nil || reference.revision == revision else {
      throw arguments.refusal("Name the revision once: '\(reference)' or '--revision \(revision)'.")
    }
    guard ModelReference.isRevision(revision) else { throw HubError.badRevision(revision) }
    return ModelReference(name: reference.name, revision: revision)
  }
}
