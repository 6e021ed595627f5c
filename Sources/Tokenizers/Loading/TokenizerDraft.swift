/// What a tokenizer is made of, before it is put together.
struct TokenizerDraft {
  /// A model as a file describes it.
  enum Model {
    case wordPiece(unknownToken: String, continuingPrefix: String, maximumScalars: Int)
    case bpe(BPEModel.Settings, MergeTable, MergeList.Crossings)
    case unigram(scores: [Double], unknownID: TokenID?, fallsBackToBytes: Bool)
    case wordLevel(unknownToken: String)
  }

  /// The file that the draft comes from, for messages.
  let path: String
  /// The model.
  var model: Model
  /// The model's tokens.
  var vocabulary: Vocabulary
  /// The number from which the ids of added tokens go on.
  var modelCount: Int
  var normalizer: Normalizer?
  var preTokenizer: PreTokenizer?
  var postProcessor = PostProcessor()
  var decoder: Decoder?
  /// The added tokens.
  var added = AddedVocabulary()
  /// The end that the file has cut off texts that are too long.
  var truncationSide: Truncation.Side?

  /// Adds tokens, or changes how they are matched.
  mutating func add(_ tokens: [AddedVocabulary.Token]) throws(TokenizerError) {
    guard added.add(tokens, to: vocabulary, modelCount: modelCount) else {
      throw .malformedConfiguration(path: path, reason: "its added tokens need ids beyond 2^31")
    }
  }

  /// The id of a token, added ones first.
  func id(of token: String) -> TokenID? {
    added.id(of: Array(token.utf8)) ?? vocabulary.id(of: token)
  }

  /// Puts the pipeline together.
  ///
  /// - Parameter usesShortcuts: whether quicker ways may be taken.
  /// - Returns: the pipeline.
  /// - Throws: ``TokenizerError/malformedConfiguration(path:reason:)``.
  func pipeline(usesShortcuts: Bool = true) throws -> EncodingPipeline {
    var added = added
    let normalizer = normalizer
    let emptied = try added.seal { content in
      guard let normalizer else { return content }
      var text = NormalizedText()
      content.withView { text.set($0) }
      try normalizer.apply(to: &text)
      return text.current.view.array
    }
    if let emptied {
      throw TokenizerError.malformedConfiguration(
        path: path,
        reason: "the normalizer leaves nothing of the added token "
          + "'\(String(decoding: emptied.content, as: UTF8.self))'")
    }
    let steps = preTokenizer?.steps ?? []
    let byteSteps = steps.indices.filter { if case .byteLevel = steps[$0] { true } else { false } }
    var mapsBytes = true
    if case .bpe(let settings, _, _) = model, byteSteps == [steps.count - 1] {
      mapsBytes = !BPEModel.canTakeBytes(settings)
    }
    return EncodingPipeline(
      normalizer: normalizer, preTokenizer: preTokenizer,
      model: try tokenizerModel(mapsBytes: mapsBytes), added: added, mapsBytes: mapsBytes,
      usesShortcuts: usesShortcuts)
  }

  private func tokenizerModel(mapsBytes: Bool) throws(TokenizerError) -> TokenizerModel {
    let tooLarge = TokenizerError.malformedConfiguration(
      path: path, reason: "its vocabulary is too large")
    switch model {
    case .wordPiece(let unknownToken, let prefix, let maximumScalars):
      guard
        let model = WordPieceModel(
          vocabulary, unknownToken: unknownToken, continuingPrefix: prefix,
          maximumScalars: maximumScalars)
      else { throw tooLarge }
      return .wordPiece(model)
    case .bpe(let settings, let merges, let crossings):
      return .bpe(
        BPEModel(
          vocabulary, settings, merges: merges, crossings: crossings,
          takesBytes: !mapsBytes))
    case .unigram(let scores, let unknownID, let fallsBackToBytes):
      guard
        let model = UnigramModel(
          vocabulary, scores: scores, unknownID: unknownID, fallsBackToBytes: fallsBackToBytes)
      else { throw tooLarge }
      return .unigram(model)
    case .wordLevel(let unknownToken):
      return .wordLevel(WordLevelModel(vocabulary, unknownToken: unknownToken))
    }
  }
}

/// A tokenizer put together.
struct TokenizerParts {
  let pipeline: EncodingPipeline
  let vocabulary: Vocabulary
  let postProcessor: PostProcessor
  let decoder: Decoder?
  let cleansUpSpaces: Bool
  let signature: String
  let maximumLength: Int?
  let truncationSide: Truncation.Side
  let specialTokens: SpecialTokens
}
