internal import Annotation
internal import Evaluation
internal import Records

/// How well each person's work can be trusted.
struct PeopleQuality {
  private struct Tally {
    var quality = AnnotatorQuality()
    var votes = 0
    var skips = 0
    var seconds: [Double] = []
    var repeats = Proportion()
    var gold = Proportion()
    var last: AnnotationTime?
  }

  private var tallies: [Int64: Tally] = [:]

  /// Counts the votes of a ledger.
  init(_ ledger: VoteLedger) {
    var originals: [Int64: TaskAnswer] = [:]
    var byTask: [Int64: [(person: Int64, verdict: Verdict)]] = [:]
    for vote in ledger.votes {
      guard let answer = vote.answer else { continue }
      if vote.repeats == nil { originals[vote.assignment] = answer }
      if vote.isWanted, case .verdict(let verdict) = answer {
        byTask[vote.task, default: []].append((vote.person, verdict))
      }
    }
    for vote in ledger.votes {
      var tally = tallies[vote.person, default: Tally()]
      tally.last = max(tally.last ?? vote.createdAt, vote.createdAt)
      defer { tallies[vote.person] = tally }
      guard let answer = vote.answer else {
        tally.skips += 1
        continue
      }
      // Votes of a qualification round are no work yet.
      guard vote.purpose != .qualification else { continue }
      tally.votes += 1
      tally.seconds.append(Double(vote.milliseconds) / 1000)
      if let shown = vote.shown { tally.quality.addShown(shown) }
      if vote.purpose == .gold, let isCorrect = vote.isCorrect { tally.gold.add(isCorrect) }
      if let first = vote.repeats.flatMap({ originals[$0] }) {
        tally.repeats.add(first == answer)
      } else if vote.isWanted, case .verdict(let verdict) = answer {
        let others = (byTask[vote.task] ?? []).filter { $0.person != vote.person }
        tally.quality.add(verdict, others: others.map(\.verdict))
      }
    }
  }

  /// The figures of people.
  ///
  /// - Parameters:
  ///   - people: the people, who are all listed.
  ///   - now: the time.
  /// - Returns: one for each.
  func figures(of people: [PersonRow], at now: AnnotationTime) -> [PersonFigures] {
    people.map { person in
      let tally = tallies[person.row] ?? Tally()
      return PersonFigures(
        personID: person.row, name: person.name, role: person.role, state: person.state(at: now),
        votes: tally.votes, skips: tally.skips, quota: person.quota,
        medianSeconds: Median.of(tally.seconds),
        selfConsistency: .init(part: tally.repeats.count, total: tally.repeats.total),
        gold: .init(part: tally.gold.count, total: tally.gold.total),
        sideAShare: tally.quality.firstSide.share,
        agreementWithOthers: tally.quality.agreementWithOthers.share, lastVoteAt: tally.last)
    }
  }
}
