internal import DatasetStore
internal import Records

/// Finds judges of a store by what a user calls them.
struct JudgeLookup {
  /// The judges with answers.
  let all: [Judge]

  /// The judges of a store.
  ///
  /// - Throws: `SQLiteError`.
  init(_ store: Store) throws { all = try store.judges().filter { $0.verdicts + $0.unparsed > 0 } }

  /// The ranker of a name; of several, the one with the most verdicts, and the first of equal ones.
  ///
  /// - Parameter name: its name, or the beginning of it; `nil` for any ranker.
  /// - Returns: the ranker.
  /// - Throws: ``StageError/invalid(_:)`` when there is none.
  func ranker(_ name: String?) throws(StageError) -> Judge {
    let rankers = all.filter { $0.kind == .ranker }
    guard !rankers.isEmpty else {
      throw .invalid("the store has no verdicts of a ranker: run 'rank' before")
    }
    if let exact = rankers.first(where: { name?.utf8.elementsEqual($0.name.utf8) ?? false }) {
      return exact
    }
    let similar = rankers.filter { $0.name.utf8.starts(with: (name ?? "").utf8) }
    let most = similar.map(\.verdicts).max()
    guard let ranker = similar.first(where: { $0.verdicts == most }) else {
      throw .invalid(
        "there is no ranker '\(name ?? "")' with verdicts: the store has \(Self.list(rankers))")
    }
    return ranker
  }

  /// The judges of a kind or of a name.
  ///
  /// - Parameter name: `ranker`; `human`; `judge` for models that were prompted and imported verdicts;
  ///   or a judge's name, or the beginning of it where no other judge begins so.
  /// - Returns: the judges, at least one.
  /// - Throws: ``StageError/invalid(_:)`` when there is none, or the name stands for several.
  func judges(_ name: String) throws(StageError) -> [Judge] {
    let kinds: [String: [JudgeKind]] = [
      "ranker": [.ranker], "human": [.human], "judge": [.llm, .imported],
    ]
    if let kinds = kinds[name] {
      let found = all.filter { kinds.contains($0.kind) }
      guard !found.isEmpty else {
        let wanted = kinds.map(\.rawValue).joined(separator: " or ")
        throw .invalid(
          "the store has no verdicts of a judge of kind \(wanted): it has \(Self.list(all))")
      }
      return found
    }
    if let exact = all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) { return [exact] }
    let similar = all.filter { $0.name.utf8.starts(with: name.utf8) }
    guard similar.count == 1 else {
      throw .invalid(
        similar.isEmpty
          ? "there is no judge '\(name)' with verdicts: expected ranker, judge, human, or one of "
            + Self.list(all) : "several judges are called '\(name)…': \(Self.list(similar))")
    }
    return similar
  }

  private static func list(_ judges: [Judge]) -> String {
    judges.isEmpty
      ? "none" : judges.map { "'\($0.name)' (\($0.kind.rawValue))" }.joined(separator: ", ")
  }
}
