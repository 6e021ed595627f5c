internal import Records

/// Two answers to one example on the sides where they are shown, with what was said of them.
struct AnnotationTask {
  /// A verdict in the order of the sides, and who gave it.
  struct Said: Equatable {
    let judge: String
    let verdict: Verdict
  }

  let example: Example
  /// The place of the answer shown first.
  let first: Int
  /// The place of the answer shown second.
  let second: Int
  /// People's verdicts, given on these sides.
  var people: [Said] = []
  /// Models' verdicts on either side, turned to these.
  var models: [Said] = []

  var firstModel: String { example.candidates[first].model }
  var secondModel: String { example.candidates[second].model }

  /// What most models said, and what else was said; `nil` when nothing was said most often.
  var suggestion: (verdict: Verdict, judges: [String], share: Double)? {
    let counts = Verdict.allCases.map { verdict in models.count { $0.verdict == verdict } }
    guard let most = counts.max(), most > 0, counts.count(where: { $0 == most }) == 1,
      let place = counts.firstIndex(of: most)
    else { return nil }
    let verdict = Verdict.allCases[place]
    var judges: [String] = []
    for said in models where said.verdict == verdict && !judges.contains(said.judge) {
      judges.append(said.judge)
    }
    return (verdict, judges, Double(most) / Double(models.count))
  }
}
