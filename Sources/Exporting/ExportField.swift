/// A field of exported records, for the dataset card.
package struct ExportField: Sendable, Equatable {
  /// The name.
  package let name: String
  /// The type in words.
  package let type: String
  /// What it holds.
  package let meaning: String

  /// A field.
  package init(_ name: String, _ type: String, _ meaning: String) {
    self.name = name
    self.type = type
    self.meaning = meaning
  }

  /// The fields of MixInstruct's own records.
  package static let mixInstruct = [
    ExportField("id", "string", "the identifier, beginning with the source's name"),
    ExportField("instruction", "string", "the instruction; often empty"),
    ExportField("input", "string", "the input, or the question itself"),
    ExportField("output", "string", "the reference answer"),
    ExportField(
      "candidates", "list", "the models' answers: `model`, `decoding_method`, `text`, `scores`"),
    ExportField(
      "cmp_results", "string or object",
      "verdicts by `modelA,modelB`: `A is better`, `B is better`, `Same good`, `Same bad`"),
  ]
}

extension ExportField {
  /// What can be written beside MixInstruct's own fields.
  package static let provenance = [
    ExportField("source", "string", "the collection the instruction comes from"),
    ExportField("license", "string", "the licence of the texts of that collection"),
  ]
}

extension ExportFormat {
  /// The fields of the format's records, in their order.
  package var fields: [ExportField] {
    let prompt = ExportField("prompt", "string", "instruction and input, joined by a line feed")
    let messages = "list of messages"
    switch self {
    case .trl:
      return [prompt] + Self.sides("string", "answer")
    case .trlImplicit:
      return Self.sides("string", "answer, after the prompt and an empty line")
    case .trlConversational:
      return [ExportField("prompt", messages, "instruction and input, joined by a line feed")]
        + Self.sides(messages, "answer")
    case .trlImplicitConversational: return Self.sides(messages, "conversation")
    case .trlKTO:
      return [
        prompt, ExportField("completion", "string", "the answer"),
        ExportField("label", "boolean", "whether it is the preferred answer of its pairs"),
      ]
    case .trlSFT: return [ExportField("messages", messages, "the prompt and the answer to learn")]
    case .trlPromptCompletion:
      return [prompt, ExportField("completion", "string", "the answer to learn")]
    case .ultraFeedbackH4:
      return [prompt, ExportField("prompt_id", "string", "SHA-256 of the prompt")]
        + Self.sides(messages, "conversation") + [
          ExportField("messages", messages, "the preferred conversation"),
          ExportField("score_chosen", "number", "the preferred answer's score"),
          ExportField("score_rejected", "number", "the other answer's score"),
        ]
    case .ultraFeedbackArgilla: return Self.ultraFeedback(joint: "-", prompt)
    case .ultraFeedbackDistilabel: return Self.ultraFeedback(joint: "_", prompt)
    case .hh: return Self.sides("string", "transcript with `Human:` and `Assistant:` turns")
    case .alpacaEvalOutputs:
      return [
        ExportField("instruction", "string", "instruction and input, joined by a line feed"),
        ExportField("output", "string", "the answer"),
        ExportField("generator", "string", "the model"),
        ExportField("dataset", "string", "the source"),
        ExportField("datasplit", "string", "always `eval`"),
      ]
    case .alpacaEvalAnnotations: return Self.annotationFields
    case .arena: return Self.voteFields
    case .verdicts:
      return [ExportField("id", "string", "the example's identifier")] + Self.models + [
        ExportField("verdict", "string", "`A is better`, `B is better`, `Same good` or `Same bad`"),
        ExportField("judge", "string", "who judged"),
      ]
    case .argilla: return Self.argillaFields
    case .labelStudio: return Self.labelStudioFields
    }
  }

  private static let argillaFields = [
    ExportField("id", "string", "the example's identifier and both models"),
    ExportField("fields", "object", "`prompt`, `response-1` and `response-2`"),
    ExportField(
      "metadata", "object",
      "`example_id`, `model-1`, `model-2`; in `annotators` the names of the responses' users"),
    ExportField("suggestions", "object", "`preference`: what most models said, with their share"),
    ExportField("responses", "object", "`preference`: one response for each person"),
    ExportField("vectors", "object", "always empty"),
    ExportField("status", "string", "`completed` with responses, else `pending`"),
  ]

  private static let labelStudioFields = [
    ExportField(
      "data", "object",
      "`prompt`, `answer1`, `answer2`; `example_id`, `model1`, `model2` are not shown"),
    ExportField("predictions", "list", "one for each verdict of a model"),
    ExportField("annotations", "list", "one for each verdict of a person"),
  ]

  private static func sides(_ type: String, _ noun: String) -> [ExportField] {
    [
      ExportField("chosen", type, "the preferred \(noun)"),
      ExportField("rejected", type, "the other \(noun)"),
    ]
  }

  private static let models = [
    ExportField("model_a", "string", "the model shown as A"),
    ExportField("model_b", "string", "the model shown as B"),
  ]

  private static func ultraFeedback(joint: String, _ prompt: ExportField) -> [ExportField] {
    [ExportField("source", "string", "the source"), prompt]
      + [("chosen", "preferred"), ("rejected", "other")].flatMap { side, word in
        [
          ExportField(side, "list of messages", "the \(word) conversation"),
          ExportField("\(side)\(joint)rating", "number", "the \(word) answer's score"),
          ExportField("\(side)\(joint)model", "string", "the \(word) answer's model"),
        ]
      }
  }

  private static let annotationFields = [
    ExportField("instruction", "string", "instruction and input, joined by a line feed"),
    ExportField("output_1", "string", "the answer shown first"),
    ExportField("generator_1", "string", "its model"),
    ExportField("dataset", "string", "the source"),
    ExportField("output_2", "string", "the answer shown second"),
    ExportField("generator_2", "string", "its model"),
    ExportField("annotator", "string", "who judged"),
    ExportField("preference", "number", "1 for the first, 2 for the second, 1.5 for a tie"),
  ]

  private static let voteFields =
    [ExportField("question_id", "string", "the example's identifier")] + models + [
      ExportField("winner", "string", "`model_a`, `model_b`, `tie` or `tie (bothbad)`"),
      ExportField("judge", "string", "who judged"),
      ExportField("conversation_a", "list of messages", "the conversation with A"),
      ExportField("conversation_b", "list of messages", "the conversation with B"),
      ExportField("turn", "integer", "always 1"),
    ]
}
