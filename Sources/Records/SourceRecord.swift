public import JSON

/// One instruction with its answer, as read from a source and not yet chosen for a mix.
public struct SourceRecord: Sendable, Equatable {
  /// The collection it comes from.
  public var source: Source
  /// The identifier in the style of MixInstruct, such as `dolly_15k/open_qa/12`. Not always unique:
  /// a split ShareGPT file repeats some.
  public var id: String
  /// What must stay in one split with it: the conversation it was cut from; `nil` when it stands alone.
  public var group: String?
  /// The instruction; may be empty.
  public var instruction: String
  /// The input or question; may be empty.
  public var input: String
  /// The answer.
  public var output: String
  /// The source's own category, when it has one.
  public var category: String?
  /// The SPDX identifier or name of the licence; `nil` when unknown.
  public var license: String?
  /// Fields of the original record that nothing above holds.
  public var additionalFields: JSONObject

  /// A source record.
  public init(
    source: Source, id: String, group: String? = nil, instruction: String, input: String,
    output: String, category: String? = nil, license: String? = nil,
    additionalFields: JSONObject = [:]
  ) {
    self.source = source
    self.id = id
    self.group = group
    self.instruction = instruction
    self.input = input
    self.output = output
    self.category = category
    self.license = license
    self.additionalFields = additionalFields
  }
}
