/// How texts are cut to a length.
public struct Truncation: Sendable, Equatable {
  /// Which text of a pair is cut.
  public enum Strategy: String, Sendable, Equatable, CaseIterable {
    /// The longer one, then both alike.
    case longestFirst = "longest_first"
    /// The longer one, token by token, the second one where both are alike: transformers' tokenizers
    /// in Python do so where they are asked for `longest_first`.
    case longestFirstByTurns = "longest_first_by_turns"
    /// The first one only.
    case onlyFirst = "only_first"
    /// The second one only.
    case onlySecond = "only_second"
  }

  /// Which end of a text is cut off.
  public enum Side: String, Sendable, Equatable, CaseIterable {
    /// The start.
    case left
    /// The end.
    case right
  }

  /// The most ids, special tokens included.
  public var maximumLength: Int
  /// Which text of a pair is cut.
  public var strategy: Strategy
  /// Which end is cut off; `nil` when the tokenizer's folder decides.
  public var side: Side?

  /// A way to cut.
  ///
  /// - Parameters:
  ///   - maximumLength: the most ids, special tokens included.
  ///   - strategy: which text of a pair is cut.
  ///   - side: which end is cut off; `nil` when the tokenizer's folder decides.
  public init(maximumLength: Int, strategy: Strategy = .longestFirst, side: Side? = nil) {
    self.maximumLength = maximumLength
    self.strategy = strategy
    self.side = side
  }

  /// How many ids of each text are kept.
  ///
  /// Source: tokenizers 0.20.3, `utils/truncation.rs`; for turns, transformers 4.46.3,
  /// `tokenization_utils_base.py`, `truncate_sequences`.
  ///
  /// - Parameters:
  ///   - first: the number of ids of the first text.
  ///   - second: that of the second one, if there is one.
  ///   - added: the number of special tokens around them.
  /// - Returns: what is kept of both.
  /// - Throws: ``TokenizerError/untruncatable(maximumLength:reason:)``.
  func kept(
    first: Int, second: Int?, added: Int
  ) throws(TokenizerError) -> (first: Int, second: Int) {
    let room = maximumLength - added
    guard maximumLength >= 0, room >= 0 else {
      throw .untruncatable(
        maximumLength: maximumLength, reason: "the special tokens alone are \(added)")
    }
    let total = first + (second ?? 0)
    guard total > room else { return (first, second ?? 0) }
    if room == 0 { return (0, 0) }
    switch (strategy, second) {
    case (.longestFirst, nil): return (room, 0)
    case (.longestFirst, let second?):
      var shorter = min(first, second)
      var longer = shorter > room ? shorter : max(shorter, room - shorter)
      if shorter + longer > room {
        shorter = room / 2
        longer = shorter + room % 2
      }
      return first > second ? (longer, shorter) : (shorter, longer)
    case (.longestFirstByTurns, let second):
      var (first, second, excess) = (first, second ?? 0, total - room)
      let difference = min(excess, abs(first - second))
      if first > second { first -= difference } else { second -= difference }
      excess -= difference
      return (first - excess / 2, second - (excess + 1) / 2)
    case (.onlyFirst, _):
      let keep = first - (total - room)
      guard keep > 0 else { throw tooShort("first", first, total - room) }
      return (keep, second ?? 0)
    case (.onlySecond, nil):
      throw .untruncatable(
        maximumLength: maximumLength, reason: "there is no second text that only_second could cut")
    case (.onlySecond, let second?):
      let keep = second - (total - room)
      guard keep > 0 else { throw tooShort("second", second, total - room) }
      return (first, keep)
    }
  }

  private func tooShort(_ text: String, _ count: Int, _ excess: Int) -> TokenizerError {
    .untruncatable(
      maximumLength: maximumLength,
      reason: "the \(text) text has \(count) tokens, \(excess) would have to go")
  }
}
