internal import JSON
internal import Records

/// An order of answers as annotation tools write it: which rank each answer got.
struct AnswerRanking {
  /// How good a rank is where the tool says; ties of a good rank are good.
  enum Quality {
    case good
    case bad
    case unsaid
  }

  /// A rank for each answer, 1 is best; `nil` for an answer that was not ranked.
  private(set) var ranks: [Int?]
  private var qualities: [Int: Quality] = [:]

  /// A ranking from the names of the answers.
  ///
  /// - Parameters:
  ///   - placed: each answer's name with its rank, `nil` when it has none.
  ///   - answers: the answers.
  ///   - field: where the ranking stands, for messages.
  ///   - qualities: how good each rank is.
  /// - Throws: ``VerdictImportError`` for names of no answer, one name twice, fewer than two ranks.
  init(
    _ placed: [(name: String, rank: Int?)], _ answers: ComparedAnswers, field: String,
    qualities: [Int: Quality] = [:]
  ) throws(VerdictImportError) {
    ranks = Array(repeating: nil, count: answers.answers.count)
    self.qualities = qualities
    var seen: Set<Int> = []
    for (name, rank) in placed {
      guard let place = answers.place(of: name) else {
        let names = answers.answers.map { "'\($0.name)'" }.joined(separator: ", ")
        throw .unknownValue(field: field, found: "'\(name)'", expected: "one of \(names)")
      }
      guard seen.insert(place).inserted else {
        throw .unknownValue(
          field: field, found: "'\(name)' twice", expected: "each answer once")
      }
      ranks[place] = rank
    }
    guard ranks.count(where: { $0 != nil }) > 1 else {
      throw .unknownValue(
        field: field, found: "an order of fewer than two answers", expected: "two or more")
    }
  }

  /// A verdict on every two ranked answers, in the order in which they are shown.
  func verdicts(_ answers: ComparedAnswers) throws(VerdictImportError) -> [ImportedVerdict] {
    var verdicts: [ImportedVerdict] = []
    for first in ranks.indices {
      for second in ranks.indices.dropFirst(first + 1) {
        guard let a = ranks[first], let b = ranks[second] else { continue }
        verdicts.append(try answers.verdict(first, second, outcome(a, b)))
      }
    }
    return verdicts
  }

  private func outcome(_ a: Int, _ b: Int) -> Outcome {
    guard a == b else { return Outcome(verdict: a < b ? .aIsBetter : .bIsBetter) }
    return switch qualities[a] ?? .unsaid {
    case .good: Outcome(verdict: .sameGood)
    case .bad: Outcome(verdict: .sameBad)
    case .unsaid: Outcome(verdict: .sameGood, isTieKindAssumed: true)
    }
  }
}
