extension Tokenizer {
  /// The text of ids.
  ///
  /// Ids without a token are left out, as the reference does: models have more rows than tokens.
  ///
  /// - Parameters:
  ///   - ids: the ids.
  ///   - skippingSpecialTokens: whether special tokens are left out.
  ///   - cleaningUpSpaces: whether spaces that come from cutting are taken out; `nil` when the
  ///     folder decides.
  /// - Returns: the text.
  /// - Throws: ``TokenizerError/invalidID(_:)`` for a negative id.
  public func decode(
    _ ids: some Sequence<TokenID>, skippingSpecialTokens: Bool = true,
    cleaningUpSpaces: Bool? = nil
  ) throws(TokenizerError) -> String {
    var tokens = TokenTexts()
    for id in ids {
      guard id >= 0 else { throw .invalidID(Int(id)) }
      guard let token = tokenBytes(for: id) else { continue }
      if skippingSpecialTokens, pipeline.added.isSpecial(token) { continue }
      tokens.append(token)
    }
    var bytes: [UInt8]
    if let decoder {
      if tokens.count > 0 { try decoder.apply(to: &tokens) }
      bytes = tokens.view.array
    } else {
      bytes = []
      var isFirst = true
      tokens.forEach { token in
        if !isFirst { bytes.append(0x20) }
        isFirst = false
        bytes += token.array
      }
    }
    if cleaningUpSpaces ?? cleansUpSpaces { bytes = SpaceCleaning.text.apply(to: bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
