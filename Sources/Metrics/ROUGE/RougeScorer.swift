/// ROUGE scores equal to those of the Python package rouge-score.
///
/// Source: Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004); rouge-score 0.1.2.
/// `rougeLsum` takes lines ("\n") for sentences, rouge-score's default; LLM-Blender's own scripts
/// set `split_summaries=True`, which splits with nltk's punkt model and gives other values.
package struct RougeScorer: Sendable {
  /// The measures, in the order of the scores.
  package let types: [RougeType]
  /// Whether words of more than three letters are stemmed.
  package let useStemmer: Bool

  private let order: Int
  private var text = TextBuffer()
  private var tokens = RougeTokens()
  private var stems: StemCache?
  private var symbols: [UInt32] = []
  private var knownSymbols: [UInt32] = []
  private var matches = NGramMatches()
  private var subsequence = LongestCommonSubsequence()
  private var marks: [Bool] = []
  private var remaining: [UInt32] = []

  /// A scorer.
  ///
  /// - Parameters:
  ///   - types: the measures.
  ///   - useStemmer: whether words of more than three letters are stemmed.
  package init(types: [RougeType], useStemmer: Bool) {
    self.types = types
    self.useStemmer = useStemmer
    stems = useStemmer ? StemCache() : nil
    order = types.map { if case .nGrams(let n) = $0 { n } else { 1 } }.max() ?? 1
  }

  /// Prepares a reference for many candidates.
  ///
  /// - Parameter text: the reference.
  /// - Returns: the prepared reference, for this scorer and copies of it.
  package mutating func prepare(_ text: String) -> RougeReference {
    var reference = emptyReference
    load(text, into: &reference)
    return reference
  }

  /// A reference to load a text into.
  var emptyReference: RougeReference {
    RougeReference(order: order, isStemmed: useStemmer)
  }

  mutating func load(_ text: String, into reference: inout RougeReference) {
    self.text.load(text)
    tokens.load(self.text, stems: &stems)
    reference.load(tokens)
  }

  /// Scores a candidate.
  ///
  /// - Parameters:
  ///   - candidate: the text to be scored.
  ///   - reference: the text it is compared with.
  /// - Returns: one score for each of ``types``.
  package mutating func score(candidate: String, reference: String) -> [RougeScore] {
    score(candidate: candidate, reference: prepare(reference))
  }

  /// Scores a candidate against several references: for each measure the score of the reference
  /// with the largest f, the first one of equals.
  ///
  /// - Parameters:
  ///   - candidate: the text to be scored.
  ///   - references: the texts it is compared with.
  /// - Returns: one score for each of ``types``.
  /// - Throws: ``MetricsError/noReferences(metric:)`` when there is none.
  package mutating func score(
    candidate: String, references: [String]
  ) throws(MetricsError) -> [RougeScore] {
    guard let first = references.first else { throw .noReferences(metric: "rouge") }
    var best = score(candidate: candidate, reference: first)
    for reference in references.dropFirst() {
      let scores = score(candidate: candidate, reference: reference)
      for index in scores.indices where scores[index].f > best[index].f {
        best[index] = scores[index]
      }
    }
    return best
  }

  /// Scores a candidate against a prepared reference.
  ///
  /// - Parameters:
  ///   - candidate: the text to be scored.
  ///   - reference: what ``prepare(_:)`` returned.
  /// - Returns: one score for each of ``types``.
  package mutating func score(candidate: String, reference: RougeReference) -> [RougeScore] {
    guard !types.isEmpty else { return [] }
    precondition(
      reference.nGrams.order == order && reference.isStemmed == useStemmer,
      "the reference was prepared by another scorer")
    text.load(candidate)
    tokens.load(text, stems: &stems)
    symbols.removeAll(keepingCapacity: true)
    for slice in tokens.slices {
      symbols.append(reference.vocabulary.find(tokens.letters, slice))
    }
    let referenceCount = reference.symbols.count
    var common: Int?
    reference.nGrams.match(symbols, &matches)
    return types.map { type in
      switch type {
      case .nGrams(let n):
        return RougeScore(
          hits: matches.matches[n - 1], candidateCount: max(symbols.count - n + 1, 0),
          referenceCount: max(referenceCount - n + 1, 0))
      case .longestCommonSubsequence:
        let hits = common ?? commonLength(reference)
        common = hits
        return RougeScore(
          hits: hits, candidateCount: symbols.count, referenceCount: referenceCount)
      case .summary:
        let hits: Int
        if reference.lineEnds.count == 1, tokens.lineEnds.count == 1 {
          // One line each: the union is one subsequence, which occurs in both texts.
          hits = common ?? commonLength(reference)
          common = hits
        } else {
          hits = unionLength(reference)
        }
        return RougeScore(
          hits: hits, candidateCount: symbols.count, referenceCount: referenceCount)
      }
    }
  }

  private mutating func commonLength(_ reference: RougeReference) -> Int {
    let symbolCount = reference.vocabulary.count
    // Symbols that the reference does not have change no column of the table.
    knownSymbols.removeAll(keepingCapacity: true)
    for symbol in symbols where symbol < UInt32(symbolCount) { knownSymbols.append(symbol) }
    return subsequence.length(
      reference: reference.symbols, candidate: knownSymbols, symbolCount: symbolCount)
  }

  /// The size of the union, over the candidate's lines, of each reference line's subsequences; a
  /// word counts at most as often as the candidate has it.
  private mutating func unionLength(_ reference: RougeReference) -> Int {
    let symbolCount = reference.vocabulary.count
    remaining.removeAll(keepingCapacity: true)
    remaining.append(contentsOf: repeatElement(0, count: symbolCount + 1))
    for symbol in symbols { remaining[Int(symbol)] += 1 }
    var hits = 0
    var start = 0
    for end in reference.lineEnds {
      let line = reference.symbols[start..<end]
      marks.removeAll(keepingCapacity: true)
      marks.append(contentsOf: repeatElement(false, count: line.count))
      var lineStart = 0
      for lineEnd in tokens.lineEnds {
        subsequence.mark(
          reference: line, candidate: symbols[lineStart..<lineEnd],
          symbolCount: symbolCount, in: &marks)
        lineStart = lineEnd
      }
      for (index, symbol) in line.enumerated() where marks[index] {
        let symbol = Int(symbol)
        if remaining[symbol] > 0 {
          remaining[symbol] -= 1
          hits += 1
        }
      }
      start = end
    }
    return hits
  }
}
