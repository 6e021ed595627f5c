internal import DatasetStore
internal import Evaluation
internal import Fusion
internal import JSON
internal import Records
internal import SQLite

/// What fusing has gained: against the best parent by ranker and by metrics, and how much is copied.
///
/// Read from the store, so that it is the same however many runs made the fusions.
struct FusionReport {
  /// How fusions compare with their best parents, by one measure.
  private struct Gain {
    var compared = 0
    var better = 0
    var worse = 0
    var sum = 0.0

    mutating func add(_ difference: Double) {
      compared += 1
      sum += difference
      if difference > 0 { better += 1 }
      if difference < 0 { worse += 1 }
    }

    var mean: Double { compared == 0 ? 0 : sum / Double(compared) }

    var json: JSONObject {
      [
        "compared": .integer(Int64(compared)), "mean_gain": .double(mean),
        "better": .integer(Int64(better)), "losses": .integer(Int64(worse)),
      ]
    }
  }

  private var fusions = 0
  private var refused = 0
  private var copied = 0.0
  private var equal = 0
  private var rankers: [(name: String, gain: Gain)] = []
  private var metrics: [(scorer: Store.Scorer, gain: Gain)] = []

  /// Reads the fusions of a fuser, and those that were not kept.
  init(
    _ store: Store, _ identity: FuserIdentity, _ rules: FusionRules, ranker: String?, split: Split?
  ) throws {
    let scorers = try store.scorers()
    metrics = scorers.map { ($0, Gain()) }
    let refusals = try rules.notBetter.map { try store.refusedFusions(rule: $0) } ?? [:]
    let reader = try ExampleReader(store, .init(split: split))
    while let stored = try reader.next() {
      if let ranker, case .some(.some(let margin)) = refusals[stored.row] {
        refused += 1
        add(margin, by: ranker)
      }
      for place in stored.example.candidates.indices {
        let candidate = stored.example.candidates[place]
        guard let fields = candidate.additionalFields[Parents.field],
          fields["signature"]?.string == identity.signature
        else { continue }
        try add(candidate, stored.candidateRows[place], fields, of: stored, reader)
      }
    }
  }

  private mutating func add(
    _ candidate: Candidate, _ row: Int64, _ fields: JSONValue, of stored: StoredExample,
    _ reader: ExampleReader
  ) throws {
    fusions += 1
    let parents = (fields["parent_positions"]?.array ?? []).compactMap(\.int)
      .filter(stored.example.candidates.indices.contains)
    let texts = parents.map { stored.example.candidates[$0].text }
    copied += CopyRatio.ratio(of: candidate.text, in: texts)
    if texts.contains(where: { $0.utf8.elementsEqual(candidate.text.utf8) }) { equal += 1 }
    if let margin = fields["margin"]?.number, let ranker = fields["ranker"]?.string {
      add(margin, by: ranker)
    }
    guard let best = parents.first, !metrics.isEmpty else { return }
    let own = try reader.scores(of: row)
    guard !own.isEmpty else { return }
    let theirs = try reader.scores(of: stored.candidateRows[best])
    for index in metrics.indices {
      let scorer = metrics[index].scorer
      guard let value = own[scorer.row], let other = theirs[scorer.row] else { continue }
      metrics[index].gain.add(scorer.higherIsBetter ? value - other : other - value)
    }
  }

  private mutating func add(_ margin: Double, by ranker: String) {
    if let index = rankers.firstIndex(where: { $0.name == ranker }) {
      rankers[index].gain.add(margin)
    } else {
      var gain = Gain()
      gain.add(margin)
      rankers.append((ranker, gain))
    }
  }

  private var copyRatio: Double? { fusions == 0 ? nil : copied / Double(fusions) }

  /// Sentences for people.
  var notes: [String] {
    var notes: [String] = []
    for (name, gain) in rankers {
      notes.append(
        "\(name) prefers \(gain.better) of \(gain.compared) fusions to their best parent, "
          + "\(gain.worse) lose; mean margin \(FixedDecimal.text(gain.mean, decimals: 4))")
    }
    for (scorer, gain) in metrics where gain.compared > 0 {
      notes.append(
        "\(scorer.metric) of \(gain.compared): mean gain over the best parent "
          + "\(FixedDecimal.text(gain.mean, decimals: 4)), \(gain.worse) lose")
    }
    if let copyRatio {
      notes.append(
        "of the words of \(fusions) fusions \(FixedDecimal.text(copyRatio * 100, decimals: 1)) % are "
          + "copied in runs of \(CopyRatio.runLength) or more; \(equal) equal a parent")
    }
    return notes
  }

  /// The report for machines.
  var json: JSONObject {
    [
      "fusions": .integer(Int64(fusions)), "not_better": .integer(Int64(refused)),
      "copy_ratio": copyRatio.map { .double($0) } ?? .null,
      "equal_to_a_parent": .integer(Int64(equal)),
      "rankers": .array(
        rankers.map { name, gain in
          var object: JSONObject = ["ranker": .string(name)]
          for member in gain.json.members { object[member.key] = member.value }
          return .object(object)
        }),
      "metrics": .array(
        metrics.filter { $0.gain.compared > 0 }.map { scorer, gain in
          var object: JSONObject = [
            "metric": .string(scorer.metric), "signature": .string(scorer.signature),
          ]
          for member in gain.json.members { object[member.key] = member.value }
          return .object(object)
        }),
    ]
  }
}
