/// A step that cuts a text into the pieces that the model sees.
///
/// Source: tokenizers 0.20.3, `pre_tokenizers/`.
indirect enum PreTokenizer: Sendable {
  /// What a cut looks for.
  enum Pattern: Sendable {
    case literal([UInt8])
    case words(WordPattern)
    case expression(RegularExpression)
  }

  case bert
  case byteLevel(addsPrefixSpace: Bool, splitsWords: Bool)
  case delimiter(UInt32)
  case metaspace(Metaspace)
  case whitespace
  case whitespaceSplit
  case split(Pattern, PreTokenizedText.Behavior, inverted: Bool)
  case punctuation(PreTokenizedText.Behavior)
  case digits(individual: Bool)
  case sequence([PreTokenizer])

  /// The steps one after the other, sequences opened.
  var steps: [PreTokenizer] {
    if case .sequence(let steps) = self { steps.flatMap(\.steps) } else { [self] }
  }

  /// Cuts the pieces of a text.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - mapsBytes: whether byte-level steps write bytes with the characters of their alphabet.
  /// - Throws: ``TokenizerError/expressionFailed(pattern:reason:)``.
  func apply(to text: inout PreTokenizedText, mapsBytes: Bool) throws(TokenizerError) {
    let table = ScalarProperties.table
    switch self {
    case .bert:
      text.splitScalars(.removed) { table[$0].contains(.space) }
      text.splitScalars(.isolated) { table[$0].contains(.punctuation) }
    case .byteLevel(let addsPrefixSpace, let splitsWords):
      try Self.byteLevel(&text, addsPrefixSpace, splitsWords, mapsBytes)
    case .delimiter(let delimiter): text.splitScalars(.removed) { $0 == delimiter }
    case .metaspace(let metaspace): metaspace.apply(to: &text)
    case .whitespace: Self.words(&text)
    case .whitespaceSplit: text.splitScalars(.removed) { table[$0].contains(.space) }
    case .split(let pattern, let behavior, let isInverted):
      try text.split(behavior, inverted: isInverted) { piece, parts throws(TokenizerError) in
        try pattern.appendParts(of: piece, to: &parts)
      }
    case .punctuation(let behavior):
      text.splitScalars(behavior) { table[$0].contains(.punctuation) }
    case .digits(let individual):
      text.splitScalars(individual ? .isolated : .contiguous) { table[$0].contains(.numeric) }
    case .sequence(let steps):
      for step in steps {
        try step.apply(to: &text, mapsBytes: mapsBytes)
        try GrowthLimit.check(text.current.count, of: text.originalCount)
      }
    }
  }

  private static func byteLevel(
    _ text: inout PreTokenizedText, _ addsPrefixSpace: Bool, _ splitsWords: Bool, _ mapsBytes: Bool
  ) throws(TokenizerError) {
    if addsPrefixSpace {
      text.rewrite { piece, head, result in
        let start = result.count
        if piece[0] != 0x20 { result.append(UInt8(ascii: " ")) }
        let added = result.count - start
        result.append(piece)
        return head == 0 ? 0 : head + added
      }
    }
    if splitsWords {
      try text.split(.isolated) { piece, parts throws(TokenizerError) in
        try Pattern.words(.gpt2).appendParts(of: piece, to: &parts)
      }
    }
    guard mapsBytes else { return }
    text.rewrite { piece, head, result in
      let start = result.count
      var newHead = 0
      for index in 0..<piece.count {
        result.append(scalar: ByteAlphabet.scalars[Int(piece[index])])
        if index < head { newHead = result.count - start }
      }
      return newHead
    }
  }

  /// Keeps runs of word characters and runs of what is neither that nor white space.
  private static func words(_ text: inout PreTokenizedText) {
    let table = ScalarProperties.table
    text.split(.removed) { piece, parts in
      func kind(_ scalar: UInt32) -> Int {
        let properties = table[scalar]
        return properties.contains(.word) ? 0 : properties.contains(.space) ? 1 : 2
      }
      var index = 0
      while index < piece.count {
        let start = index
        let (scalar, length) = piece.scalar(at: index)
        let first = kind(scalar)
        index += length
        while index < piece.count {
          let (scalar, length) = piece.scalar(at: index)
          guard kind(scalar) == first else { break }
          index += length
        }
        parts.append(PreTokenizedText.Part(start: start, end: index, isMatch: first == 1))
      }
    }
  }
}

extension PreTokenizer.Pattern {
  /// Appends the parts that fit and those between them.
  func appendParts(
    of piece: ByteView, to parts: inout [PreTokenizedText.Part]
  ) throws(TokenizerError) {
    typealias Part = PreTokenizedText.Part
    var last = 0
    func add(_ match: Range<Int>, _ parts: inout [Part]) {
      if last != match.lowerBound {
        parts.append(Part(start: last, end: match.lowerBound, isMatch: false))
      }
      parts.append(Part(start: match.lowerBound, end: match.upperBound, isMatch: true))
      last = match.upperBound
    }
    switch self {
    case .literal(let bytes):
      var index = 0
      while index + bytes.count <= piece.count {
        if piece[index] == bytes[0], piece.hasBytes(bytes, at: index) {
          add(index..<(index + bytes.count), &parts)
          index += bytes.count
        } else {
          index += 1
        }
      }
    case .words(let pattern):
      while last < piece.count { add(last..<pattern.end(in: piece, from: last), &parts) }
    case .expression(let expression):
      try expression.forEachMatch(in: piece) { add($0, &parts) }
    }
    if last != piece.count { parts.append(Part(start: last, end: piece.count, isMatch: false)) }
  }
}
