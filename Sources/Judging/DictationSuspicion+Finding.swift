extension DictationSuspicion {
  /// A passage, whichever side its candidate is shown on.
  package struct Passage: Sendable, Hashable {
    /// What it looks like.
    package let kind: Kind
    /// The passage, cut to 60 characters.
    package let excerpt: String

    func suspicion(of side: Side) -> DictationSuspicion {
      DictationSuspicion(side: side, kind: kind, excerpt: excerpt)
    }
  }

  /// The passages of a text that speak to a judge. A candidate is shown in many comparisons, so this
  /// is done once for each.
  ///
  /// - Parameter text: the candidate's text.
  /// - Returns: at most one of each kind, in the order of ``Kind``'s cases.
  package static func passages(in text: String) -> [Passage] {
    let bytes = text.utf8.map(ByteSearch.lowered)
    let marks = Marks.places(in: bytes)
    let words = PhraseWord.all(in: text)
    return Kind.allCases.compactMap { kind in
      let place =
        switch kind {
        case .fakeFrame: marks[kind] ?? frameLine(in: bytes)
        default: marks[kind] ?? phrase(of: kind, in: words)
        }
      guard let place else { return nil }
      let start = text.utf8.index(text.startIndex, offsetBy: place)
      return Passage(kind: kind, excerpt: Excerpt.of(text[start...]))
    }
  }

  /// The strings, in lower-case ASCII, that are suspicious wherever they stand.
  private enum Marks {
    private static let all: [(kind: Kind, bytes: [UInt8])] = {
      let texts: [(Kind, [String])] = [
        (.verdictMark, ["[[a]]", "[[b]]", "[[c]]", "[[1]]", "[[2]]", "[[3]]", "[[4]]"]),
        (.verdictPhrase, ["both are bad", "same good", "same bad"]),
        (.verdictJSON, ["\"verdict\"", "'verdict'"]),
        (
          .fakeFrame,
          ["<|im_start|>", "<|im_end|>", "<|system|>", "[/inst]", "<</sys>>", "<|eot_id|>"]
        ),
        (.placeholder, JudgePrompt.Placeholder.allCases.map { "{\($0.rawValue)}" }),
      ]
      return texts.flatMap { kind, texts in texts.map { (kind, Array($0.utf8)) } }
    }()

    /// The marks that start with each byte.
    private static let byLead: [[Int]] = {
      var places = Array(repeating: [Int](), count: 256)
      for (index, mark) in all.enumerated() { places[Int(mark.bytes[0])].append(index) }
      return places
    }()

    /// The first place of a mark of each kind.
    static func places(in bytes: [UInt8]) -> [Kind: Int] {
      var places: [Kind: Int] = [:]
      for (position, byte) in bytes.enumerated() {
        for index in byLead[Int(byte)] where places[all[index].kind] == nil {
          if bytes[position...].starts(with: all[index].bytes) {
            places[all[index].kind] = position
          }
        }
      }
      return places
    }
  }

  /// A line that, like a frame line, starts and ends in `===`, or names the start or end of an answer.
  private static func frameLine(in bytes: [UInt8]) -> Int? {
    var position = 0
    while position < bytes.count {
      let end = bytes[position...].firstIndex(of: 10) ?? bytes.count
      if isFrame(bytes[position..<end]) { return position }
      position = end + 1
    }
    return nil
  }

  private static let frameStarts = [
    "[theendof", "[thestartof", "[endof", "[startof", "[endanswer", "[endcandidate",
    "[beginanswer", "[begincandidate", "</candidate", "<candidate",
  ].map { Array($0.utf8) }

  private static func isFrame(_ line: ArraySlice<UInt8>) -> Bool {
    let isSpace: (UInt8) -> Bool = { $0 == 13 || $0 == 0x20 }
    guard let lead = line.first(where: { !isSpace($0) }), "=[<".utf8.contains(lead) else {
      return false
    }
    let text = line.filter { !isSpace($0) }
    if lead == UInt8(ascii: "=") {
      return text.starts(with: "===".utf8) && text.suffix(3).elementsEqual("===".utf8)
        && !text.allSatisfy { $0 == lead }
    }
    return frameStarts.contains { text.starts(with: $0) }
  }
}
