/// Puts special tokens around one text or two.
///
/// Source: tokenizers 0.20.3, `processors/`.
struct PostProcessor: Sendable, Equatable {
  /// A part of the result.
  enum Piece: Sendable, Equatable {
    /// The tokens of the first text.
    case first(typeID: TokenID)
    /// The tokens of the second text.
    case second(typeID: TokenID)
    /// Special tokens.
    case special([TokenID], typeID: TokenID)
  }

  /// What becomes of one text.
  var single: [Piece] = [.first(typeID: 0)]
  /// What becomes of two texts.
  var pair: [Piece] = [.first(typeID: 0), .second(typeID: 1)]

  /// The number of special tokens that a template adds.
  static func added(by template: [Piece]) -> Int {
    template.reduce(0) { sum, piece in
      if case .special(let ids, _) = piece { sum + ids.count } else { sum }
    }
  }

  /// BERT's form: `[CLS] A [SEP] B [SEP]`.
  static func bert(cls: TokenID, sep: TokenID) -> PostProcessor {
    let single: [Piece] = [
      .special([cls], typeID: 0), .first(typeID: 0), .special([sep], typeID: 0),
    ]
    return PostProcessor(
      single: single, pair: single + [.second(typeID: 1), .special([sep], typeID: 1)])
  }

  /// RoBERTa's form: `<s> A </s></s> B </s>`, all of type 0.
  static func roberta(cls: TokenID, sep: TokenID) -> PostProcessor {
    let single: [Piece] = [
      .special([cls], typeID: 0), .first(typeID: 0), .special([sep], typeID: 0),
    ]
    return PostProcessor(
      single: single,
      pair: single + [
        .special([sep], typeID: 0), .second(typeID: 0), .special([sep], typeID: 0),
      ])
  }

  /// Tokens before and after each text, as LLaMA and T5 have them.
  static func around(
    before: [TokenID], after: [TokenID], secondTypeID: TokenID = 1
  ) -> PostProcessor {
    func side(_ text: Piece, _ type: TokenID) -> [Piece] {
      (before.isEmpty ? [] : [.special(before, typeID: type)]) + [text]
        + (after.isEmpty ? [] : [.special(after, typeID: type)])
    }
    let single = side(.first(typeID: 0), 0)
    return PostProcessor(
      single: single, pair: single + side(.second(typeID: secondTypeID), secondTypeID))
  }
}
