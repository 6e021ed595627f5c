/// What somebody may have meant by a name that does not exist.
enum Suggestion {
  /// `, did you mean "x"?` when a name is near, else the list of names.
  static func phrase(for name: String, in names: [String]) -> String {
    let limit = max(2, name.utf8.count / 3)
    let nearest =
      names
      .map { (distance: distance(Array(name.lowercased().utf8), Array($0.utf8)), name: $0) }
      .min { $0.distance < $1.distance }
    if let nearest, nearest.distance <= limit { return ", did you mean \"\(nearest.name)\"?" }
    return ", expected one of \(names.joined(separator: ", "))"
  }

  /// Source: Wagner and Fischer, JACM 21, 1974, https://doi.org/10.1145/321796.321811.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let replaced = diagonal + (left == right ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
