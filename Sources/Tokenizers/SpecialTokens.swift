/// The ids of the tokens that have a role in a model; `nil` for roles that a folder does not fill.
public struct SpecialTokens: Sendable, Equatable {
  /// The start of a sequence.
  public var bos: TokenID?
  /// The end of a sequence.
  public var eos: TokenID?
  /// What is unknown.
  public var unk: TokenID?
  /// What separates texts.
  public var sep: TokenID?
  /// What fills short sequences up.
  public var pad: TokenID?
  /// What stands for a whole sequence.
  public var cls: TokenID?
  /// What hides a token.
  public var mask: TokenID?
  /// Others that a folder names.
  public var additional: [TokenID] = []

  /// No tokens.
  public init() {}
}
