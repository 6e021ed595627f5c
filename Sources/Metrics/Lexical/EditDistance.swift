/// Finds what somebody meant who mistyped a name.
enum EditDistance {
  /// The name nearest to a mistyped one, if it is near enough to be meant.
  ///
  /// - Parameters:
  ///   - name: what was typed; case does not count.
  ///   - names: the known names, the first one of equally near ones is taken.
  /// - Returns: the name; `nil` when none is near.
  static func nearest(to name: String, among names: [String]) -> String? {
    let typed = Array(name.lowercased().utf8)
    // A name that is several times longer than any known one is no typing mistake.
    guard typed.count <= 64 else { return nil }
    let distances = names.map { distance(typed, Array($0.lowercased().utf8)) }
    guard let least = distances.min(), let index = distances.firstIndex(of: least),
      least <= max(1, names[index].utf8.count / 3)
    else { return nil }
    return names[index]
  }

  /// Levenshtein's distance.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let substitution = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
