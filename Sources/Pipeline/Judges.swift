internal import DatasetStore
internal import Evaluation
internal import Records

/// The judges of a store whose verdicts are looked at.
struct Judges {
  private let judges: [Judge]

  /// All judges with verdicts, or only one.
  ///
  /// - Throws: `SQLiteError`; ``StageError/invalid(_:)`` when there is no judge of that name.
  init(_ store: Store, only name: String?) throws {
    let all = try store.judges().filter { $0.verdicts + $0.unparsed > 0 }
    guard let name else {
      judges = all
      return
    }
    judges = all.filter { $0.name.utf8.elementsEqual(name.utf8) }
    if judges.isEmpty {
      throw StageError.invalid(
        "there is no judge '\(name)' with verdicts: the store has "
          + (all.isEmpty ? "none" : all.map { "'\($0.name)'" }.joined(separator: ", ")))
    }
  }

  /// Their names.
  var names: [String] { judges.map(\.name) }

  /// Those of the verdicts that count and could be understood, by model.
  func pairVerdicts(_ verdicts: [StoredVerdict], of example: Example) -> [PairVerdict] {
    verdicts.compactMap { stored in
      guard let verdict = stored.verdict, judges.contains(where: { $0.row == stored.judge }) else {
        return nil
      }
      return PairVerdict(
        modelA: example.candidates[stored.candidateA].model,
        modelB: example.candidates[stored.candidateB].model, verdict: verdict)
    }
  }

  /// All that was said, understood or not, for the quality of judges.
  func judgments(_ verdicts: [StoredVerdict], of example: Example) -> [Judgment] {
    verdicts.compactMap { stored in
      judges.first { $0.row == stored.judge }.map {
        Judgment(
          judge: $0.name, shownFirst: example.candidates[stored.candidateA].model,
          shownSecond: example.candidates[stored.candidateB].model, verdict: stored.verdict)
      }
    }
  }
}
