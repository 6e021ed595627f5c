/// Finds the name somebody may have meant.
enum SpellingSuggestion {
  /// The name nearest to `word`, when it is near enough to be meant.
  static func closest(to word: String, in names: [String]) -> String? {
    let limit = max(1, word.unicodeScalars.count / 3)
    return names.map { ($0, distance(word, $0)) }.filter { $0.1 <= limit }
      .min { $0.1 < $1.1 }?.0
  }

  /// The number of scalars to insert, delete or replace.
  ///
  /// Source: Wagner and Fischer, "The String-to-String Correction Problem", 1974.
  private static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.unicodeScalars)
    let right = Array(right.unicodeScalars)
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let replaced = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[right.count]
  }
}
