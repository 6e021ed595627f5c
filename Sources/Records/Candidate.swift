public import JSON

/// One model's answer to an example.
public struct Candidate: Sendable, Equatable {
  /// The model's name.
  public var model: String
  /// How the answer was decoded, such as `top_p_sampling`; `nil` when the record does not say.
  public var decodingMethod: String?
  /// The answer.
  public var text: String
  /// Metric name to value, in the record's order; `nil` when the record has no `scores`.
  public var scores: JSONObject?
  /// Every other field of the record, and standard fields whose value is of an unusual kind.
  public var additionalFields: JSONObject
  /// Standard fields that the record lacks and that must not be written back: `model`.
  public var missingFields: [String] = []

  /// A candidate.
  public init(
    model: String, decodingMethod: String? = nil, text: String, scores: JSONObject? = nil,
    additionalFields: JSONObject = [:]
  ) {
    self.model = model
    self.decodingMethod = decodingMethod
    self.text = text
    self.scores = scores
    self.additionalFields = additionalFields
  }

  /// The value of a metric; `nil` when it is missing or not a number.
  public func score(_ metric: String) -> Double? { scores?[metric]?.number }
}
