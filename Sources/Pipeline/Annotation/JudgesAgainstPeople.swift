internal import Annotation
internal import DatasetStore
internal import Evaluation
internal import Records
internal import SQLite

/// What the judges of a store say against what most people say of the same pairs.
enum JudgesAgainstPeople {
  /// Compares; people's own verdicts in the ledger are left out, and so are labels that a rule made.
  ///
  /// - Parameters:
  ///   - ledger: what people said.
  ///   - connection: where.
  /// - Returns: the judges that have something in common with people, in the order they came.
  /// - Throws: `SQLiteError`.
  static func figures(_ ledger: VoteLedger, _ connection: Connection) throws -> [JudgeConfusion] {
    var judges: [(row: Int64, name: String, kind: String)] = []
    try connection.query(
      """
      SELECT judge_id, name, kind FROM judges WHERE kind NOT IN ('human', 'derived')
      ORDER BY judge_id
      """
    ) { judges.append(($0.int64(0), $0.text(1), $0.text(2))) }
    var agreements: [Int64: JudgeAgreement] = [:]
    for judge in judges {
      agreements[judge.row] = JudgeAgreement(first: judge.name, second: "people")
    }
    let verdicts = ledger.verdictsByTask
    // Decisions count as well where nobody else voted.
    for task in Set(verdicts.keys).union(ledger.adjudications.keys).sorted() {
      let people =
        ledger.adjudications[task]
        ?? PublishingPolicy.majority.verdict(of: verdicts[task] ?? [], adjudication: nil)
      guard let people else { continue }
      for opinion in PairOpinion.opinions(try storedVerdicts(on: task, connection)) {
        agreements[opinion.judge]?.add(opinion.verdict, people)
      }
    }
    return judges.compactMap { judge in
      guard let agreement = agreements[judge.row], agreement.total > 0 else { return nil }
      return JudgeConfusion(
        name: judge.name, kind: judge.kind,
        confusion: (0..<4).map { row in Array(agreement.counts[(row * 4)..<(row * 4 + 4)]) },
        items: agreement.total, raw: agreement.table.agreement.share, kappa: agreement.kappa)
    }
  }

  /// What is in the ledger on the pair of a task, by place in the task.
  private static func storedVerdicts(
    on task: Int64, _ connection: Connection
  ) throws -> [StoredVerdict] {
    var pair: [Int64] = []
    try connection.query(
      "SELECT candidate_id FROM annotation_task_candidates WHERE task_id = ? ORDER BY place",
      .integer(task)
    ) { pair.append($0.int64(0)) }
    guard pair.count == 2 else { return [] }
    var verdicts: [StoredVerdict] = []
    for (a, b) in [(0, 1), (1, 0)] {
      try connection.query(
        """
        SELECT judge_id, verdict, logit, preference FROM verdicts
        WHERE candidate_a = ? AND candidate_b = ? ORDER BY verdict_id
        """, .integer(pair[a]), .integer(pair[b])
      ) { row in
        verdicts.append(
          StoredVerdict(
            judge: row.int64(0), candidateA: a, candidateB: b,
            verdict: row.optionalText(1).flatMap(Verdict.init(rawValue:)),
            logit: row.optionalDouble(2), preference: row.optionalDouble(3)))
      }
    }
    return verdicts
  }
}
