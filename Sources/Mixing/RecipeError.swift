/// Why a recipe cannot be used.
package struct RecipeError: Error, Equatable, CustomStringConvertible {
  /// The recipe's name or file.
  package let recipe: String
  /// Where in the recipe, as a JSON path such as `$.filters[2].at_most`.
  package let path: String
  /// What is wrong there and what was expected.
  package let problem: String

  /// `recipe mine.json, $.seed: …`.
  package var description: String { "recipe \(recipe), \(path): \(problem)" }
}

/// Names the known word that an unknown one was probably meant to be.
enum Suggestion {
  /// The end of a message about an unknown word.
  ///
  /// - Parameters:
  ///   - word: the unknown word.
  ///   - known: the known ones.
  /// - Returns: `, did you mean seed?`, or the list of known words when none is near.
  static func text(for word: String, among known: [String]) -> String {
    let nearest = known.map { (distance(Array(word.utf8), Array($0.utf8)), $0) }.min { $0.0 < $1.0 }
    if let (distance, name) = nearest, distance <= max(2, word.utf8.count / 3) {
      return ", did you mean \(name)?"
    }
    return ", expected one of \(known.joined(separator: ", "))"
  }

  /// Levenshtein's distance: insertions, deletions and substitutions.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
