/// How much of a fusion was copied from its parents.
package enum CopyRatio {
  /// A run of so many equal words is a copy; shorter ones are chance.
  package static let runLength = 4

  /// The share of a text's words that stand in runs that one of its parents has as well.
  ///
  /// Words are separated by white space and compared by their bytes. Of a text with fewer words than
  /// ``runLength``, the whole is the run.
  ///
  /// - Parameters:
  ///   - text: the fusion.
  ///   - parents: what it was made of.
  /// - Returns: 0 to 1; 0 for a text without words.
  package static func ratio(of text: String, in parents: [String]) -> Double {
    let own = words(text)
    guard !own.isEmpty else { return 0 }
    let length = min(runLength, own.count)
    var runs: Set<[ArraySlice<UInt8>]> = []
    for parent in parents {
      let words = words(parent)
      guard words.count >= length else { continue }
      for start in 0...(words.count - length) { runs.insert(Array(words[start..<start + length])) }
    }
    var isCopied = [Bool](repeating: false, count: own.count)
    for start in 0...(own.count - length)
    where runs.contains(Array(own[start..<start + length])) {
      for place in start..<start + length { isCopied[place] = true }
    }
    return Double(isCopied.count { $0 }) / Double(own.count)
  }

  private static func words(_ text: String) -> [ArraySlice<UInt8>] {
    Array(text.utf8).split { $0 == 0x20 || (0x09...0x0D).contains($0) }
  }
}
