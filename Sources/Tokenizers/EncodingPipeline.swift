/// The steps from a text to ids, without special tokens around them.
struct EncodingPipeline: Sendable {
  /// A quicker way for texts that no normalised added token can be in.
  enum Shortcut: Sendable {
    /// All steps for every text.
    case none
    /// The text may be cut at ASCII white space before everything else, as BERT's can.
    case whiteSpace([Bool])
    /// The text is cut by a scanner; the pieces are the model's.
    case words(WordPattern, addsPrefixSpace: Bool)
  }

  /// The step that changes texts.
  let normalizer: Normalizer?
  /// The step that cuts them.
  let preTokenizer: PreTokenizer?
  /// The step that turns pieces to ids.
  let model: TokenizerModel
  /// The tokens that are cut out first.
  let added: AddedVocabulary

  private let mapsBytes: Bool
  private let shortcut: Shortcut
  private let cutsBeforeSpaces: Bool
  private let cutsAtLineFeeds: Bool

  /// A pipeline.
  ///
  /// - Parameters:
  ///   - normalizer: the step that changes texts.
  ///   - preTokenizer: the step that cuts them.
  ///   - model: the step that turns pieces to ids.
  ///   - added: the tokens that are cut out first.
  ///   - mapsBytes: whether the model wants bytes written with their alphabet.
  ///   - usesShortcuts: whether quicker ways may be taken; tests compare them with the slow one.
  init(
    normalizer: Normalizer?, preTokenizer: PreTokenizer?, model: TokenizerModel,
    added: AddedVocabulary, mapsBytes: Bool, usesShortcuts: Bool = true
  ) {
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.model = model
    self.added = added
    self.mapsBytes = mapsBytes
    shortcut =
      usesShortcuts ? Self.shortcut(normalizer, preTokenizer, mapsBytes: mapsBytes) : .none
    if usesShortcuts, case .bpe(let model) = model {
      cutsBeforeSpaces = model.cutsBeforeSpaces
      cutsAtLineFeeds = model.cutsAtLineFeeds
    } else {
      cutsBeforeSpaces = false
      cutsAtLineFeeds = false
    }
  }

  private static func shortcut(
    _ normalizer: Normalizer?, _ preTokenizer: PreTokenizer?, mapsBytes: Bool
  ) -> Shortcut {
    switch (normalizer, preTokenizer?.steps) {
    case (.bert(let bert)?, let steps?):
      guard steps.count == 1, case .bert = steps[0] else { return .none }
      // White space that is no control ends a word also after cleaning; controls vanish in it.
      let ends: Set<Int> = bert.cleansText ? [9, 10, 13, 32] : [9, 10, 11, 12, 13, 32]
      return .whiteSpace((0..<256).map { ends.contains($0) })
    case (nil, let steps?):
      guard !mapsBytes else { return .none }
      if steps.count == 1, case .byteLevel(let addsPrefixSpace, true) = steps[0] {
        return .words(.gpt2, addsPrefixSpace: addsPrefixSpace)
      }
      if steps.count == 2, case .split(.words(let pattern), .isolated, false) = steps[0],
        case .byteLevel(false, false) = steps[1]
      {
        return .words(pattern, addsPrefixSpace: false)
      }
      return .none
    default: return .none
    }
  }

  /// Appends the ids of a text.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - memory: memory that is used again.
  ///   - ids: receives the ids.
  /// - Throws: ``TokenizerError``.
  func append(
    _ text: ByteView, _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    try added.forEachRawPart(of: text) { part throws(TokenizerError) in
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        try appendSegment(text[range], startsText: range.lowerBound == 0, &memory, to: &ids)
      }
    }
  }

  private func appendSegment(
    _ text: ByteView, startsText: Bool, _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    switch shortcut {
    case .whiteSpace(let ends) where !added.looksInNormalizedText:
      return try appendChunks(text, ends, &memory, to: &ids)
    case .words(let pattern, let addsPrefixSpace):
      // There is no normalizer, so the normalised text is the raw one.
      guard added.looksInNormalizedText else {
        return try appendWords(text, pattern, addsPrefixSpace, &memory, to: &ids)
      }
      return try added.forEachNormalizedPart(of: text) { part throws(TokenizerError) in
        switch part {
        case .token(let id): ids.append(id)
        case .text(let range):
          try appendWords(text[range], pattern, addsPrefixSpace, &memory, to: &ids)
        }
      }
    default: break
    }
    memory.normalized.set(text)
    if !startsText { memory.normalized.head = 0 }
    try normalizer?.apply(to: &memory.normalized)
    guard added.looksInNormalizedText else {
      memory.preTokenized.set(memory.normalized.current.view, head: memory.normalized.head)
      return try appendPieces(&memory, to: &ids)
    }
    try added.forEachNormalizedPart(
      of: memory.normalized.current.view
    ) { part throws(TokenizerError) in
      switch part {
      case .token(let id): ids.append(id)
      case .text(let range):
        memory.preTokenized.set(
          memory.normalized.current.view[range],
          head: max(0, memory.normalized.head - range.lowerBound))
        try appendPieces(&memory, to: &ids)
      }
    }
  }

  /// Cuts the text that waits in the memory, and appends the ids of its pieces.
  private func appendPieces(
    _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    try preTokenizer?.apply(to: &memory.preTokenized, mapsBytes: mapsBytes)
    let view = memory.preTokenized.current.view
    for index in memory.preTokenized.pieces.indices {
      let piece = view[memory.preTokenized.pieces[index]]
      if cutsBeforeSpaces {
        try appendCut(piece, &memory, to: &ids)
      } else {
        try appendPiece(piece, &memory, to: &ids)
      }
    }
  }

  /// Appends the ids of a piece, remembered ones where possible.
  @inline(__always) private func appendPiece(
    _ piece: ByteView, _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    guard piece.count <= WordCache.maximumBytes else {
      return try model.append(piece, &memory, to: &ids)
    }
    let hash = piece.hash
    if memory.words.append(piece, hash: hash, to: &ids) { return }
    let first = ids.count
    try model.append(piece, &memory, to: &ids)
    memory.words.insert(piece, hash: hash, ids: ids[first...])
  }

  /// Appends the ids of a piece that may be cut before each `▁` behind another character, and
  /// around line feeds.
  private func appendCut(
    _ piece: ByteView, _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    var start = 0
    var index = 0
    var isAfterSpace = true
    while index < piece.count {
      let byte = piece[index]
      if byte == 0x0A, cutsAtLineFeeds {
        if start < index { try appendPiece(piece[start..<index], &memory, to: &ids) }
        try appendPiece(piece[index..<(index + 1)], &memory, to: &ids)
        index += 1
        start = index
        isAfterSpace = true
        continue
      }
      let isSpace =
        byte == 0xE2 && index + 2 < piece.count && piece[index + 1] == 0x96
        && piece[index + 2] == 0x81
      if isSpace, !isAfterSpace {
        try appendPiece(piece[start..<index], &memory, to: &ids)
        start = index
      }
      isAfterSpace = isSpace
      index += isSpace ? 3 : 1
    }
    if start < piece.count { try appendPiece(piece[start..<piece.count], &memory, to: &ids) }
  }

  private func appendWords(
    _ text: ByteView, _ pattern: WordPattern, _ addsPrefixSpace: Bool,
    _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    guard !text.isEmpty else { return }
    if addsPrefixSpace, text[0] != 0x20 {
      memory.normalized.current.removeAll()
      memory.normalized.current.append(UInt8(ascii: " "))
      memory.normalized.current.append(text)
      return try appendWords(
        memory.normalized.current.view, pattern, false, &memory, to: &ids)
    }
    var start = 0
    while start < text.count {
      let end = pattern.end(in: text, from: start)
      try appendPiece(text[start..<end], &memory, to: &ids)
      start = end
    }
  }

  /// Appends the ids of what lies between white space.
  private func appendChunks(
    _ text: ByteView, _ ends: [Bool], _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    var index = 0
    while index < text.count {
      while index < text.count, ends[Int(text[index])] { index += 1 }
      let start = index
      while index < text.count, !ends[Int(text[index])] { index += 1 }
      guard start < index else { return }
      let chunk = text[start..<index]
      guard chunk.count <= WordCache.maximumBytes else {
        try appendWhole(chunk, &memory, to: &ids)
        continue
      }
      let hash = chunk.hash
      if memory.words.append(chunk, hash: hash, to: &ids) { continue }
      let first = ids.count
      try appendWhole(chunk, &memory, to: &ids)
      memory.words.insert(chunk, hash: hash, ids: ids[first...])
    }
  }

  /// Appends the ids of a chunk by all steps, nothing remembered: the memory is keyed by chunks.
  private func appendWhole(
    _ chunk: ByteView, _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    memory.normalized.set(chunk)
    try normalizer?.apply(to: &memory.normalized)
    memory.preTokenized.set(memory.normalized.current.view, head: 0)
    try preTokenizer?.apply(to: &memory.preTokenized, mapsBytes: mapsBytes)
    let view = memory.preTokenized.current.view
    for index in memory.preTokenized.pieces.indices {
      try model.append(view[memory.preTokenized.pieces[index]], &memory, to: &ids)
    }
  }
}
