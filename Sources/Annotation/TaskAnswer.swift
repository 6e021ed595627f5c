package import JSON
package import Records

/// What was said of a task, in the task's own order of answers whatever sides were shown.
package enum TaskAnswer: Sendable, Equatable {
  /// Of a pair.
  case verdict(Verdict)
  /// By place and criterion, 1...5.
  case ratings([[String: Int]])
  /// Groups of places, the best first; ties share a group.
  case order([[Int]])

  /// Puts what a person said into the task's own order; `nil` for a skip and for unknown labels.
  ///
  /// - Parameters:
  ///   - answer: what was said, by label.
  ///   - shown: the order the person saw.
  package init?(_ answer: VoteSubmission.Answer, shown: ShownOrder) {
    switch answer {
    case .verdict(let verdict): self = .verdict(shown.exchanging(verdict))
    case .ratings(let ratings):
      var byPlace = [[String: Int]](repeating: [:], count: shown.places.count)
      for (label, values) in ratings {
        guard let place = shown.place(ofLabel: label) else { return nil }
        byPlace[place] = values
      }
      self = .ratings(byPlace)
    case .order(let groups):
      var byPlace: [[Int]] = []
      for group in groups {
        let places = group.compactMap(shown.place(ofLabel:))
        guard places.count == group.count else { return nil }
        byPlace.append(places.sorted())
      }
      self = .order(byPlace)
    case .skip: return nil
    }
  }

  /// Whether a person who says `given` has said what is expected.
  ///
  /// A pair's verdict must be the same. A rating may be one point off. An order must not exchange
  /// two answers, and must not tie what is expected apart.
  package func accepts(_ given: TaskAnswer) -> Bool {
    switch (self, given) {
    case (.verdict(let expected), .verdict(let given)): return expected == given
    case (.ratings(let expected), .ratings(let given)):
      guard expected.count == given.count else { return false }
      return zip(expected, given).allSatisfy { expected, given in
        expected.allSatisfy { criterion, value in
          given[criterion].map { abs($0 - value) <= 1 } ?? false
        }
      }
    case (.order, .order):
      let given = Dictionary(
        given.comparisons.map { ([$0.first, $0.second], $0.verdict) }, uniquingKeysWith: { $1 })
      return comparisons.allSatisfy {
        $0.verdict.isTie || given[[$0.first, $0.second]] == $0.verdict
      }
    default: return false
    }
  }

  /// The verdict on two places.
  package struct Comparison: Sendable, Equatable {
    /// The smaller place.
    package let first: Int
    /// The greater place.
    package let second: Int
    /// A is the smaller place.
    package let verdict: Verdict
  }

  /// What the answer says of each two places, the smaller one as A.
  ///
  /// Of ratings the sum over the criteria decides. What is equal is "Same good": neither a rating nor
  /// an order says that both are bad.
  package var comparisons: [Comparison] {
    let standings: [Double]
    switch self {
    case .verdict(let verdict): return [Comparison(first: 0, second: 1, verdict: verdict)]
    case .ratings(let ratings): standings = ratings.map { Double($0.values.reduce(0, +)) }
    case .order(let groups):
      var values = [Double](repeating: 0, count: groups.reduce(0) { $0 + $1.count })
      for (rank, group) in groups.enumerated() {
        for place in group where values.indices.contains(place) { values[place] = -Double(rank) }
      }
      standings = values
    }
    return standings.indices.flatMap { first in
      ((first + 1)..<max(first + 1, standings.count)).map { second in
        Comparison(
          first: first, second: second,
          verdict: standings[first] > standings[second]
            ? .aIsBetter : standings[first] < standings[second] ? .bIsBetter : .sameGood)
      }
    }
  }

  /// The answer in words, by the labels that a person saw.
  package func words(shown: ShownOrder) -> String {
    switch self {
    case .verdict(let verdict): return shown.exchanging(verdict).rawValue
    case .ratings(let ratings):
      return shown.places.enumerated().compactMap { index, place in
        guard ratings.indices.contains(place), !ratings[place].isEmpty else { return nil }
        let values = ratings[place].sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return AnnotationTask.label(index) + ": " + values.joined(separator: ", ")
      }.joined(separator: "; ")
    case .order(let groups):
      return groups.map { group in
        group.map(shown.label(ofPlace:)).sorted().joined(separator: " = ")
      }.joined(separator: " > ")
    }
  }

  /// The answer as it is stored.
  package var json: JSONObject {
    switch self {
    case .verdict(let verdict): return ["verdict": .string(verdict.rawValue)]
    case .ratings(let ratings): return ["ratings": .array(ratings.map { .object(Self.json($0)) })]
    case .order(let groups):
      return [
        "order": .array(groups.map { .array($0.map { .integer(Int64($0)) }) })
      ]
    }
  }

  static func json(_ values: [String: Int]) -> JSONObject {
    var object = JSONObject()
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      object[name] = .integer(Int64(value))
    }
    return object
  }

  /// Reads an answer as it is stored; `nil` for anything else.
  package init?(_ json: JSONObject) {
    if let text = json["verdict"]?.string, let verdict = Verdict(rawValue: text) {
      self = .verdict(verdict)
    } else if let ratings = json["ratings"]?.array {
      self = .ratings(
        ratings.map { element in
          Dictionary(
            (element.object?.members ?? []).compactMap { member in
              member.value.int.map { (member.key, $0) }
            }, uniquingKeysWith: { $1 })
        })
    } else if let groups = json["order"]?.array {
      self = .order(groups.map { ($0.array ?? []).compactMap(\.int) })
    } else {
      return nil
    }
  }
}
