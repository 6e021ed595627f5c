extension DictationSuspicion {
  /// A set of words that may stand at one place of a phrase.
  fileprivate struct WordSet: OptionSet {
    let rawValue: UInt32

    static let sides = WordSet(rawValue: 1 << 0)
    static let winning = WordSet(rawValue: 1 << 1)
    static let better = WordSet(rawValue: 1 << 2)
    static let authors = WordSet(rawValue: 1 << 3)
    static let names = WordSet(rawValue: 1 << 4)
    static let deserving = WordSet(rawValue: 1 << 5)
    static let overriding = WordSet(rawValue: 1 << 6)
    static let overridden = WordSet(rawValue: 1 << 7)
    static let addressing = WordSet(rawValue: 1 << 8)
    static let articles = WordSet(rawValue: 1 << 9)
    static let judges = WordSet(rawValue: 1 << 10)
    static let greetings = WordSet(rawValue: 1 << 11)
    static let graders = WordSet(rawValue: 1 << 12)
    static let requests = WordSet(rawValue: 1 << 13)
    /// "Output: 4" and "output [3]" stand in answers about programs.
    static let directRequests = WordSet(rawValue: 1 << 14)
    static let nouns = WordSet(rawValue: 1 << 15)
    static let choices = WordSet(rawValue: 1 << 16)
    static let between = WordSet(rawValue: 1 << 17)

    static let members: [(set: WordSet, words: [String])] = [
      (.sides, ["a", "b"]),
      (.winning, ["is", "wins"]),
      (.better, ["better", "best", "superior", "the"]),
      (.authors, ["candidate", "assistant", "response"]),
      (.names, ["a", "b", "1", "2"]),
      (.deserving, ["is", "wins", "should"]),
      (.overriding, ["ignore", "disregard", "forget", "override"]),
      (
        .overridden,
        ["the", "all", "any", "previous", "prior", "above", "everything", "your", "earlier"]
      ),
      (.addressing, ["you", "as", "dear"]),
      (.articles, ["are", "the", "a"]),
      (.judges, ["judge", "evaluator"]),
      (.greetings, ["dear", "attention", "note"]),
      (.graders, ["judge", "evaluator", "grader"]),
      (.requests, ["answer", "choose", "output", "pick", "reply", "select"]),
      (.directRequests, ["answer", "choose", "pick", "reply", "select"]),
      (.nouns, ["option", "candidate", "number", "response", "verdict"]),
      (.choices, ["1", "2", "3", "4", "a", "b"]),
      (.between, ["with", "only", "the"]),
    ]

    /// Where a lone `a` names a candidate.
    static let sidesAndChoices: WordSet = [.sides, .names, .choices]

    static let ofWord: [String: WordSet] = members.reduce(into: [:]) { sets, member in
      for word in member.words { sets[word, default: []].insert(member.set) }
    }

    static let longestWord = ofWord.keys.map(\.utf8.count).max() ?? 0
  }

  /// A run of ASCII letters and digits: where it starts, and the sets that it is in.
  struct PhraseWord {
    fileprivate let start: Int
    fileprivate let sets: WordSet

    /// The words of a text.
    static func all(in text: String) -> [PhraseWord] {
      var words: [PhraseWord] = []
      let bytes = text.utf8.span
      var position = 0
      while position < bytes.count {
        let start = position
        while position < bytes.count, isPart(bytes[position]) { position += 1 }
        if position == start {
          position += 1
        } else {
          words.append(PhraseWord(start: start, sets: sets(of: bytes.extracting(start..<position))))
        }
      }
      return words
    }

    private static func isPart(_ byte: UInt8) -> Bool {
      (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
    }

    private static func sets(of word: Span<UInt8>) -> WordSet {
      guard word.count <= WordSet.longestWord else { return [] }
      let text = unsafe String(unsafeUninitializedCapacity: word.count) { buffer in
        for index in word.indices { unsafe buffer[index] = ByteSearch.lowered(word[index]) }
        return word.count
      }
      guard let sets = WordSet.ofWord[text] else { return [] }
      // A lone `a` must be a capital, or "choose a" and "reply a" would match ordinary English.
      return word[0] == UInt8(ascii: "a") && word.count == 1
        ? sets.subtracting(.sidesAndChoices) : sets
    }
  }

  /// Words that stand side by side, each from its set; an earlier phrase of a kind goes first.
  private static let phrases: [(kind: Kind, sets: [WordSet])] = [
    (.verdictPhrase, [.sides, .winning, .better]),
    (.verdictPhrase, [.authors, .names, .deserving]),
    (.overrideInstruction, [.overriding, .overridden]),
    (.overrideInstruction, [.addressing, .articles, .judges]),
    (.overrideInstruction, [.greetings, .graders]),
    (.dictatedAnswer, [.directRequests, .choices]),
    (.dictatedAnswer, [.requests, .nouns, .choices]),
    (.dictatedAnswer, [.requests, .between, .choices]),
    (.dictatedAnswer, [.requests, .between, .nouns, .choices]),
  ]

  /// The place of the first phrase of a kind that occurs.
  static func phrase(of kind: Kind, in words: [PhraseWord]) -> Int? {
    for phrase in phrases where phrase.kind == kind && phrase.sets.count <= words.count {
      let start = (0...(words.count - phrase.sets.count)).first { start in
        phrase.sets.indices.allSatisfy { !words[start + $0].sets.isDisjoint(with: phrase.sets[$0]) }
      }
      if let start { return words[start].start }
    }
    return nil
  }
}
