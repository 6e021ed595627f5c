extension DictationSuspicion {
  /// A passage, whichever side its candidate is shown on.
  package struct Passage: Sendable, Hashable {
    /// What the passage tries.
    package let kind: Kind
    let excerpt: String

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
    let tokens = Token.all(in: text)
    return Kind.allCases.compactMap { kind in
      guard let place = place(of: kind, text: text, tokens: tokens) else { return nil }
      return Passage(kind: kind, excerpt: Excerpt.of(text[place...]))
    }
  }

  private static func place(of kind: Kind, text: String, tokens: [Token]) -> String.Index? {
    switch kind {
    case .verdictMark:
      first(["[[a]]", "[[b]]", "[[c]]", "[[1]]", "[[2]]", "[[3]]", "[[4]]"], in: text)
    case .verdictPhrase:
      first(["both are bad", "same good", "same bad"], in: text)
        ?? phrase(tokens, [["a", "b"], ["is", "wins"], ["better", "best", "superior", "the"]])
        ?? phrase(
          tokens,
          [
            ["candidate", "assistant", "response"], ["a", "b", "1", "2"], ["is", "wins", "should"],
          ])
    case .verdictJSON:
      first(["\"verdict\"", "'verdict'"], in: text)
    case .overrideInstruction:
      phrase(
        tokens,
        [
          ["ignore", "disregard", "forget", "override"],
          ["the", "all", "any", "previous", "prior", "above", "everything", "your", "earlier"],
        ])
        ?? phrase(tokens, [["you", "as", "dear"], ["are", "the", "a"], ["judge", "evaluator"]])
        ?? phrase(tokens, [["dear", "attention", "note"], ["judge", "evaluator", "grader"]])
    case .dictatedAnswer:
      // "Output: 4" and "output [3]" stand in answers about programs.
      phrase(tokens, [Self.requests.subtracting(["output"]), Self.choices])
        ?? phrase(tokens, [Self.requests, Self.nouns, Self.choices])
        ?? phrase(tokens, [Self.requests, ["with", "only", "the"], Self.choices])
        ?? phrase(tokens, [Self.requests, ["with", "only", "the"], Self.nouns, Self.choices])
    case .fakeFrame:
      first(
        ["<|im_start|>", "<|im_end|>", "<|system|>", "[/inst]", "<</sys>>", "<|eot_id|>"], in: text)
        ?? frameLine(in: text)
    case .placeholder:
      first(JudgePrompt.Placeholder.allCases.map { "{\($0.rawValue)}" }, in: text)
    }
  }

  private static let requests: Set<String> = [
    "answer", "choose", "output", "pick", "reply", "select",
  ]
  private static let nouns: Set<String> = ["option", "candidate", "number", "response", "verdict"]
  private static let choices: Set<String> = ["1", "2", "3", "4", "a", "b"]

  /// The first place of any of these lower-case ASCII strings, letters read in either case.
  private static func first(_ needles: [String], in text: String) -> String.Index? {
    let bytes = text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
    let places = needles.compactMap { ByteSearch.firstIndex(of: Array($0.utf8), in: bytes) }
    return places.min().map { text.utf8.index(text.startIndex, offsetBy: $0) }
  }

  /// A word in lower case and where it starts.
  private struct Token {
    let word: String
    let start: String.Index
    let isCapital: Bool

    /// The runs of ASCII letters and digits.
    static func all(in text: String) -> [Token] {
      var tokens: [Token] = []
      let isPart: (UInt8) -> Bool = {
        (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
      }
      let view = text.utf8
      var position = view.startIndex
      while position < view.endIndex {
        guard isPart(view[position]) else {
          position = view.index(after: position)
          continue
        }
        let end = view[position...].firstIndex { !isPart($0) } ?? view.endIndex
        tokens.append(
          Token(
            word: String(text[position..<end]).lowercased(), start: position,
            isCapital: (65...90).contains(view[position])))
        position = end
      }
      return tokens
    }
  }

  /// The place where words stand side by side, each from its set; a lone `a` must be a capital, or
  /// "choose a" and "reply a" would match ordinary English.
  private static func phrase(_ tokens: [Token], _ words: [Set<String>]) -> String.Index? {
    guard tokens.count >= words.count else { return nil }
    for start in 0...(tokens.count - words.count) {
      let isMatch = words.indices.allSatisfy { offset in
        let token = tokens[start + offset]
        if token.word == "a", words[offset].contains("b") {
          return token.isCapital && words[offset].contains("a")
        }
        return words[offset].contains(token.word)
      }
      if isMatch { return tokens[start].start }
    }
    return nil
  }

  /// A line that, like a frame line, starts and ends in `===`, or names the start or end of an answer.
  private static func frameLine(in text: String) -> String.Index? {
    var position = text.utf8.startIndex
    while position < text.utf8.endIndex {
      let end = text.utf8[position...].firstIndex(of: 10) ?? text.utf8.endIndex
      let line = text.utf8[position..<end].filter { $0 != 13 && $0 != 0x20 }
      let lowered = line.map { (65...90).contains($0) ? $0 + 32 : $0 }
      let isRule = line.allSatisfy { $0 == UInt8(ascii: "=") }
      if line.starts(with: "===".utf8), line.suffix(3).elementsEqual("===".utf8), !isRule {
        return position
      }
      let marks = [
        "[theendof", "[thestartof", "[endof", "[startof", "[endanswer", "[endcandidate",
        "[beginanswer", "[begincandidate", "</candidate", "<candidate",
      ]
      if marks.contains(where: { lowered.starts(with: $0.utf8) }) { return position }
      guard end < text.utf8.endIndex else { break }
      position = text.utf8.index(after: end)
    }
    return nil
  }
}
