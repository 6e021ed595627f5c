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

/// Something that turns a text into a model's token ids. Usable from several threads at once.
public protocol Tokenizer: TokenCounter {
  /// The special tokens written before every text.
  var prefix: [Int] { get }
  /// The special tokens written after every text.
  var suffix: [Int] { get }
  /// The longest sequence that the model takes, when its folder says so.
  var maximumLength: Int? { get }

  /// The token ids of a text, without ``prefix`` and ``suffix``.
  ///
  /// - Parameter text: the text.
  /// - Returns: the ids.
  /// - Throws: ``TokenizerError``.
  func encodeWithoutSpecialTokens(_ text: String) throws -> [Int]
}

extension Tokenizer {
  /// The token ids of a text, with the special tokens that the model expects.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - maxTokens: the most ids to return, special tokens included; the text's last ids are cut.
  /// - Returns: the ids.
  /// - Throws: ``TokenizerError``.
  public func encode(_ text: String, maxTokens: Int? = nil) throws -> [Int] {
    var ids = try encodeWithoutSpecialTokens(text)
    if let maxTokens {
      let room = max(0, maxTokens - prefix.count - suffix.count)
      if ids.count > room { ids.removeSubrange(room...) }
    }
    return prefix + ids + suffix
  }
}
