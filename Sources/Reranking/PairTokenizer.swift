internal import Tokenizers

/// Tokenizes sources and candidates, each different text once, and puts pairs together by ids.
struct PairTokenizer {
  /// The texts of the markers, in the order in which LLM-Blender adds them to a vocabulary.
  static let markers = ["<|source|>", "<|candidate1|>", "<|candidate2|>", "<|candidate|>"]

  let tokenizer: Tokenizer
  let sourceID: TokenID
  let firstID: TokenID
  let secondID: TokenID
  /// What stands before and after every text.
  let prefix: [TokenID]
  let suffix: [TokenID]
  /// The text of the separator.
  let separator: String

  /// Loads a tokenizer and adds the markers that it lacks.
  init(folder: String) throws {
    let tokenizer = try Tokenizer(folder: folder, adding: Self.markers)
    func id(_ marker: String) throws(RerankingError) -> TokenID {
      guard let id = tokenizer.tokenID(for: marker) else {
        throw .missingToken(path: folder, role: marker)
      }
      return id
    }
    let sourceID = try id(Self.markers[0])
    firstID = try id(Self.markers[1])
    secondID = try id(Self.markers[2])
    guard let id = tokenizer.specialTokens.sep, let separator = tokenizer.token(for: id) else {
      throw RerankingError.missingToken(path: folder, role: "separator")
    }
    self.separator = separator
    // Around the marker alone one sees what is put around any text.
    let whole = try tokenizer.encode(Self.markers[0])
    guard let place = whole.firstIndex(of: sourceID) else {
      throw RerankingError.missingToken(path: folder, role: Self.markers[0])
    }
    prefix = Array(whole[..<place])
    suffix = Array(whole[(place + 1)...])
    self.tokenizer = tokenizer
    self.sourceID = sourceID
  }

  /// The fewest tokens of a text: special tokens and marker.
  var minimumLength: Int { prefix.count + suffix.count + 1 }

  /// Tokenizes inputs.
  ///
  /// - Parameters:
  ///   - inputs: the inputs; in the collator's form they are one batch.
  ///   - encoding: how texts are cut.
  ///   - limits: the limits.
  /// - Returns: their tokens.
  /// - Throws: `TokenizerError`, when the model cannot express a text.
  func prepare(
    _ inputs: [RankingInput], _ encoding: PairEncoding, _ limits: PairEncoding.Limits
  ) throws -> [PreparedInput] {
    let sources = try inputs.map {
      finish(try tokens($0.source, Self.markers[0], sourceID, encoding), limits.source)
    }
    let longest = sources.map(\.count).max() ?? 0
    return try zip(inputs, sources).map { input, source in
      let limit = encoding.candidateLimit(
        limits, used: encoding == .hub ? source.count : longest)
      var known: [[UInt8]: Int] = [:]
      var texts: [[Int]] = []
      let places = try input.candidates.map { text in
        let key = Array(text.utf8)
        if let place = known[key] { return place }
        known[key] = texts.count
        texts.append(finish(try tokens(text, Self.markers[1], firstID, encoding), limit))
        return texts.count - 1
      }
      return PreparedInput(
        source: source, texts: texts, places: places, markerPlace: prefix.count)
    }
  }

  /// A pair, with the places of its three markers.
  ///
  /// - Parameters:
  ///   - first: the candidate that stands first.
  ///   - second: the other one.
  ///   - input: the input.
  /// - Returns: the tokens, and where source, first and second candidate begin.
  func pair(
    _ first: Int, _ second: Int, of input: PreparedInput
  ) -> (ids: [Int], markers: (source: Int, first: Int, second: Int)) {
    let left = input.texts[input.places[first]]
    let right = input.texts[input.places[second]]
    var ids: [Int] = []
    ids.reserveCapacity(input.source.count + left.count + right.count)
    ids += input.source
    let firstMarker = ids.count + input.markerPlace
    ids += left
    let secondMarker = ids.count + input.markerPlace
    ids += right
    ids[secondMarker] = Int(secondID)
    return (ids, (input.markerPlace, firstMarker, secondMarker))
  }

  /// The tokens of a text after its marker, without special tokens.
  private func tokens(
    _ text: String, _ marker: String, _ id: TokenID, _ encoding: PairEncoding
  ) throws(TokenizerError) -> [TokenID] {
    let text = encoding == .collator ? Self.replacing(separator, by: " ", in: text) : text
    var ids: [TokenID] = []
    // In one piece: what is at the start of a text depends on what stands before it.
    try tokenizer.appendIDs(of: marker + text, to: &ids)
    if ids.first != id {
      // A text that begins with a combining character has changed the marker.
      ids = [id]
      try tokenizer.appendIDs(of: text, to: &ids)
    }
    return ids
  }

  /// The marker must stay, so it is always the end that is cut off.
  private func finish(_ ids: [TokenID], _ limit: Int) -> [Int] {
    let room = max(1, limit - prefix.count - suffix.count)
    return (prefix + ids.prefix(room) + suffix).map { Int($0) }
  }

  /// Replaces a text in another one, byte by byte: no character joins with its neighbours.
  static func replacing(_ part: String, by other: String, in text: String) -> String {
    let bytes = Array(text.utf8)
    let pattern = Array(part.utf8)
    guard !pattern.isEmpty, bytes.count >= pattern.count else { return text }
    var result: [UInt8] = []
    var position = 0
    var isChanged = false
    while position < bytes.count {
      if bytes[position] == pattern[0], bytes[position...].starts(with: pattern) {
        result += other.utf8
        position += pattern.count
        isChanged = true
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return isChanged ? String(decoding: result, as: UTF8.self) : text
  }
}
