public import JSON

/// One MixInstruct record: an instruction, its reference answer, candidates and verdicts on them.
///
/// Source: the published files of `llm-blender/mix-instruct`, revision c7f77a4.
public struct Example: Sendable, Equatable {
  /// How `cmp_results` was, or is to be, written.
  public enum ComparisonForm: Sendable, Equatable {
    /// A JSON object, as in locally built files.
    case object
    /// A string that holds a JSON object, as in the published files.
    case string
  }

  /// The identifier, such as `itwgpt4/17`.
  public var id: String
  /// The instruction; often empty, with the question in `input`.
  public var instruction: String
  /// The input that the instruction speaks of, or the question itself.
  public var input: String
  /// The reference answer; `nil` when the record has none.
  public var output: String?
  /// The answers of the models.
  public var candidates: [Candidate]
  /// The verdicts in the record's order; empty when the record is not judged.
  public var verdicts: [PairVerdict]
  /// How the verdicts were written; `nil` when the record does not have the field as an object or
  /// as a string of one.
  public var comparisonForm: ComparisonForm?
  /// Every other field of the record, and standard fields whose value is of an unusual kind.
  public var additionalFields: JSONObject
  /// Standard fields that the record lacks and that must not be written back: `instruction`,
  /// `input`, `candidates`.
  public var missingFields: [String] = []

  /// An example.
  public init(
    id: String, instruction: String, input: String, output: String? = nil,
    candidates: [Candidate] = [], verdicts: [PairVerdict] = [],
    comparisonForm: ComparisonForm? = nil, additionalFields: JSONObject = [:]
  ) {
    self.id = id
    self.instruction = instruction
    self.input = input
    self.output = output
    self.candidates = candidates
    self.verdicts = verdicts
    self.comparisonForm = comparisonForm
    self.additionalFields = additionalFields
  }

  /// The prompt for generation: instruction and input joined by a line feed when both are present.
  ///
  /// Source: LLM-Blender's generation scripts. Ranking joins the two with nothing instead.
  public var prompt: String {
    if instruction.isEmpty { return input }
    return input.isEmpty ? instruction : instruction + "\n" + input
  }
}
