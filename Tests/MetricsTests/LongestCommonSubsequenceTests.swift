import Metrics
import Testing

/// rouge-score's table and backtracking, as it is written there.
private enum Oracle {
  static func table(_ reference: [String], _ candidate: [String]) -> [[Int]] {
    var table = [[Int]](
      repeating: [Int](repeating: 0, count: candidate.count + 1), count: reference.count + 1)
    for i in 0..<reference.count {
      for j in 0..<candidate.count {
        table[i + 1][j + 1] =
          reference[i] == candidate[j]
          ? table[i][j] + 1 : max(table[i][j + 1], table[i + 1][j])
      }
    }
    return table
  }

  static func positions(_ reference: [String], _ candidate: [String]) -> Set<Int> {
    let table = table(reference, candidate)
    var (i, j) = (reference.count, candidate.count)
    var positions: Set<Int> = []
    while i > 0, j > 0 {
      if reference[i - 1] == candidate[j - 1] {
        positions.insert(i - 1)
        i -= 1
        j -= 1
      } else if table[i][j - 1] > table[i - 1][j] {
        j -= 1
      } else {
        i -= 1
      }
    }
    return positions
  }

  static func unionHits(_ reference: [[String]], _ candidate: [[String]]) -> Int {
    var remaining: [String: Int] = [:]
    for word in candidate.joined() { remaining[word, default: 0] += 1 }
    var hits = 0
    for line in reference {
      let union = candidate.reduce(into: Set<Int>()) { $0.formUnion(positions(line, $1)) }
      for position in union where remaining[line[position], default: 0] > 0 {
        remaining[line[position], default: 0] -= 1
        hits += 1
      }
    }
    return hits
  }
}

@Suite struct LongestCommonSubsequenceTests {
  /// Number of different words, of lines, and of words in a line.
  private static let shapes: [(Int, Int, Int)] = [
    (2, 1, 63), (2, 1, 64), (2, 1, 65), (3, 1, 128), (3, 1, 129), (5, 1, 300), (40, 1, 300),
    (2, 3, 70), (4, 2, 150), (30, 4, 200), (3, 12, 5), (300, 1, 400),
  ]

  @Test(arguments: shapes) func equalsTheTable(_ words: Int, _ lines: Int, _ length: Int) throws {
    var state = UInt64(words * 1_000 + lines * 100 + length)
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    func text() -> [[String]] {
      (0..<lines).map { _ in
        // Some words that the other text never has, some lines shorter or longer.
        (0..<max(1, length - 3 + next(7))).map { _ in
          next(6) == 0 ? "x\(next(1_000))" : "w\(next(words))"
        }
      }
    }
    var scorer = RougeScorer(types: [.longestCommonSubsequence, .summary], useStemmer: false)
    for _ in 0..<4 {
      let (reference, candidate) = (text(), text())
      let scores = scorer.score(
        candidate: candidate.map { $0.joined(separator: " ") }.joined(separator: "\n"),
        reference: reference.map { $0.joined(separator: " ") }.joined(separator: "\n"))
      let count = Double(reference.joined().count)
      let table = Oracle.table(Array(reference.joined()), Array(candidate.joined()))
      let length = try #require(table.last?.last)
      #expect(isClose(scores[0].recall, Double(length) / count, within: 1e-12))
      let hits = Oracle.unionHits(reference, candidate)
      #expect(isClose(scores[1].recall, Double(hits) / count, within: 1e-12))
    }
  }

  @Test func longTextsNeedLittleTimeAndMemory() throws {
    let reference = (0..<10_000).map { "w\($0 % 977)" }.joined(separator: " ")
    let candidate = (0..<10_000).map { "w\($0 % 983)" }.joined(separator: " ") + "\nend"
    var scorer = RougeScorer(types: [.longestCommonSubsequence, .summary], useStemmer: false)
    let scores = scorer.score(candidate: candidate, reference: reference)
    #expect(scores[0].recall > 0.5)
    #expect(scores[0].recall == scores[1].recall)
  }
}
