/// The tokens that generation treats in a special way.
public struct GenerationTokens: Sendable, Equatable {
  /// The decoder's first input.
  public var start: Int
  /// The tokens that end a sequence.
  public var ends: [Int]
  /// The token that must follow the start token.
  public var forcedFirst: Int?
  /// The tokens, one of which must come at the greatest length.
  public var forcedLast: [Int]
  /// The tokens that must not come.
  public var suppressed: [Int]
  /// The tokens that must not come first.
  public var suppressedFirst: [Int]

  /// Lists the tokens.
  ///
  /// - Parameters:
  ///   - start: the decoder's first input.
  ///   - ends: the tokens that end a sequence.
  ///   - forcedFirst: the token that must follow the start token.
  ///   - forcedLast: the tokens, one of which must come at the greatest length.
  ///   - suppressed: the tokens that must not come.
  ///   - suppressedFirst: the tokens that must not come first.
  public init(
    start: Int, ends: [Int], forcedFirst: Int? = nil, forcedLast: [Int] = [],
    suppressed: [Int] = [], suppressedFirst: [Int] = []
  ) {
    self.start = start
    self.ends = ends
    self.forcedFirst = forcedFirst
    self.forcedLast = forcedLast
    self.suppressed = suppressed
    self.suppressedFirst = suppressedFirst
  }
}
