internal import JSON

extension SourceRecord {
  /// Whether the reference recipe would have read this record as well.
  ///
  /// It knows only the role names human, gpt and system; conversations with other names for them
  /// are read, and carry those names in the field `turn_roles`.
  ///
  /// Source: LLM-Blender's `get_mixinstruct.py`, the conditions on ShareGPT's first turns.
  public var isKnownToReference: Bool { additionalFields["turn_roles"] == nil }
}
