/// The tokens of one text, or pair of texts, as a model reads them: special tokens included, no
/// padding.
public struct TokenSequence: Sendable, Equatable {
  /// The tokens.
  public var ids: [Int]
  /// The type of each token, 0 or 1 for the first and second text; nil when all are 0.
  public var typeIDs: [Int]?

  /// Describes a text.
  ///
  /// - Parameters:
  ///   - ids: the tokens.
  ///   - typeIDs: the type of each token; nil when all are 0.
  public init(_ ids: [Int], typeIDs: [Int]? = nil) {
    self.ids = ids
    self.typeIDs = typeIDs
  }
}
