/// Something that tells how long a text is, in a unit of its own.
public protocol TokenCounter: Sendable {
  /// What counts are made with, for storing beside them: counts of different signatures never mix.
  var signature: String { get }

  /// The length of a text, special tokens included.
  ///
  /// - Parameter text: the text.
  /// - Returns: the number of tokens.
  /// - Throws: ``TokenizerError``.
  func count(_ text: String) throws -> Int
}
