/// A text to be scored, and what it is compared with.
package struct TextPair: Sendable, Hashable {
  /// The text to be scored.
  package let candidate: String
  /// The text it is compared with.
  package let reference: String

  /// A pair.
  ///
  /// - Parameters:
  ///   - candidate: the text to be scored.
  ///   - reference: the text it is compared with.
  package init(candidate: String, reference: String) {
    self.candidate = candidate
    self.reference = reference
  }
}
