/// Finds the word that was probably meant.
enum SpellingSuggestion {
  /// The closest of some words, when one is close enough to be worth naming.
  ///
  /// - Parameters:
  ///   - word: what was typed.
  ///   - candidates: the words there are; the first of equally close ones is taken.
  /// - Returns: the word that was probably meant, or nil.
  static func closest(to word: String, among candidates: [String]) -> String? {
    let typed = Array(word)
    // A beginning of exactly one word says more than any distance.
    let letters = word.drop { $0 == "-" }
    if letters.count >= 3 {
      let longer = candidates.filter { $0.hasPrefix(word) }
      if longer.count == 1 { return longer.first }
    }
    let limit = min(3, max(1, letters.count / 3))
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let distance = editDistance(typed, Array(candidate))
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// The number of characters to insert, delete, replace or swap with their neighbour.
  ///
  /// Source: optimal string alignment distance (Boytsov 2011, https://doi.org/10.1145/1963190.1963191).
  static func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let isSame = first[row] == second[column]
        var cost = min(
          previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1],
          first[row - 1] == second[column]
        {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[second.count]
  }
}
