/// The formats that examples are exported to, besides MixInstruct's own.
///
/// Source: TRL's dataset formats; the cards of H4's, Argilla's and distilabel's UltraFeedback; the
/// HH-RLHF files; AlpacaEval's result files; the published Arena votes; Argilla 2.8 (`Record.to_dict`
/// and `from_dict`); Label Studio's task format.
package enum ExportFormat: String, Sendable, CaseIterable {
  /// TRL preference pairs with the prompt apart: `prompt`, `chosen`, `rejected` as text.
  case trl
  /// TRL preference pairs whose texts begin with the prompt.
  case trlImplicit = "trl-implicit"
  /// `trl` with lists of messages.
  case trlConversational = "trl-conversational"
  /// `trl-implicit` with lists of messages.
  case trlImplicitConversational = "trl-implicit-conversational"
  /// TRL unpaired preferences for KTO: `prompt`, `completion`, `label`.
  case trlKTO = "trl-kto"
  /// TRL supervised fine-tuning: `messages`.
  case trlSFT = "trl-sft"
  /// TRL supervised fine-tuning: `prompt`, `completion`.
  case trlPromptCompletion = "trl-prompt-completion"
  /// UltraFeedback binarized as H4 publishes it.
  case ultraFeedbackH4 = "ultrafeedback-h4"
  /// UltraFeedback binarized as Argilla publishes it, columns with hyphens.
  case ultraFeedbackArgilla = "ultrafeedback-argilla"
  /// UltraFeedback binarized as distilabel writes it, columns with underscores.
  case ultraFeedbackDistilabel = "ultrafeedback-distilabel"
  /// Anthropic's HH: two transcripts.
  case hh
  /// Outputs of AlpacaEval, one for each candidate.
  case alpacaEvalOutputs = "alpacaeval-outputs"
  /// Annotations of AlpacaEval, one for each verdict.
  case alpacaEvalAnnotations = "alpacaeval-annotations"
  /// Votes in the form of Chatbot Arena, one for each verdict.
  case arena
  /// The plain verdict lines of `Schemas/verdict.schema.json`.
  case verdicts
  /// Records of Argilla 2.x: pairs to be judged, models' verdicts as suggestions, people's as
  /// responses.
  case argilla
  /// Tasks of Label Studio: pairs to be judged, models' verdicts as predictions, people's as
  /// annotations.
  case labelStudio = "label-studio"

  /// What each record of the format is made from.
  package enum Material: Sendable, Equatable {
    /// A preference pair.
    case pairs
    /// The reference answer or the best candidate.
    case answer
    /// Every candidate.
    case candidates
    /// Every verdict.
    case verdicts
    /// Every pair that is to be judged, with its verdicts.
    case tasks
  }

  /// Whether records have fields for the scores that a pair was made by.
  package var hasRatings: Bool {
    switch self {
    case .ultraFeedbackH4, .ultraFeedbackArgilla, .ultraFeedbackDistilabel: true
    default: false
    }
  }

  /// What each record of the format is made from.
  package var material: Material {
    switch self {
    case .trlSFT, .trlPromptCompletion: .answer
    case .alpacaEvalOutputs: .candidates
    case .alpacaEvalAnnotations, .arena, .verdicts: .verdicts
    case .argilla, .labelStudio: .tasks
    default: .pairs
    }
  }
}
