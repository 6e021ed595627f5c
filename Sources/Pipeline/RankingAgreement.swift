internal import JSON
internal import Records
internal import Reranking

/// How often a ranking of some pairs finds what the ranking of all pairs finds.
struct RankingAgreement {
  private var examples = 0
  private var compared = 0
  private var pairs = 0
  private var checked = 0
  private var sameBest = 0
  private var sameTop = 0

  /// Takes an example.
  ///
  /// - Parameters:
  ///   - ranked: the order that was found.
  ///   - known: the logits that it was made of.
  ///   - ledger: all logits that there are.
  ///   - input: the candidates.
  mutating func add(
    _ ranked: RankedCandidates, comparedWith known: ComparisonMatrix, _ ledger: ComparisonMatrix,
    _ input: RankingInput
  ) {
    guard known.count > 1 else { return }
    examples += 1
    pairs += known.count * (known.count - 1) / 2
    for one in 0..<known.count {
      for other in 0..<one where known.margin(one, other) != nil { compared += 1 }
    }
    guard ledger.isComplete else { return }
    let full = RankedCandidates(scores: PairwiseScoring.maxLogits.scores(of: ledger))
    checked += 1
    // Equal texts are the same choice.
    func texts(_ numbers: [Int]) -> [[UInt8]] {
      numbers.map { Array(input.candidates[$0].utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    }
    if texts(ranked.top(1)) == texts(full.top(1)) { sameBest += 1 }
    if texts(ranked.top(3)) == texts(full.top(3)) { sameTop += 1 }
  }

  /// Sentences for people.
  var notes: [String] {
    guard examples > 0 else { return [] }
    var notes = [
      "compared \(compared) of \(pairs) pairs, \(Self.percent(compared, of: pairs))"
    ]
    notes.append(
      checked > 0
        ? "beside the full matrix of \(checked) examples: the same best candidate in "
          + "\(Self.percent(sameBest, of: checked)), the same best three in "
          + Self.percent(sameTop, of: checked)
        : "no example has its full matrix in the ledger: --check computes them")
    return notes
  }

  /// The counts for machines.
  var json: JSONObject {
    [
      "examples": .integer(Int64(examples)), "compared": .integer(Int64(compared)),
      "pairs": .integer(Int64(pairs)), "checked": .integer(Int64(checked)),
      "same_best": .integer(Int64(sameBest)), "same_top3": .integer(Int64(sameTop)),
    ]
  }

  private static func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "0 %" }
    let tenths = (part * 1000 + whole / 2) / whole
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
