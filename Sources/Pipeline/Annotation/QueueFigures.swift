internal import Annotation
internal import Records
internal import SQLite

/// How far a queue is.
enum QueueFigures {
  /// The hours that are looked back on.
  private static let hours: Int64 = 48
  /// The pace is that of so many last hours.
  private static let paceHours: Int64 = 3
  private static let hour: Int64 = 3_600_000

  /// Counts.
  static func overview(
    of queue: QueueRow, _ ledger: VoteLedger, at now: AnnotationTime, _ connection: Connection
  ) throws -> QueueOverview {
    let wanted = ledger.votes.filter(\.isWanted)
    var counts: [Int64: Int] = [:]
    for vote in wanted { counts[vote.task, default: 0] += 1 }
    let leased = try connection.integer(
      """
      SELECT count(*) FROM annotation_assignments
      WHERE state = 'leased' AND queue_id = ? AND lease_expires_at > ?
      """, .integer(queue.row), .text(now.iso8601))
    let needed = queue.taskCount * queue.overlap
    return QueueOverview(
      queueID: queue.row, name: queue.name, kind: queue.kind, state: queue.state,
      overlap: queue.overlap, tasks: queue.taskCount, votesNeeded: needed, votes: wanted.count,
      skips: ledger.votes.count { $0.answer == nil }, leased: Int(leased ?? 0),
      completeTasks: counts.values.count { $0 >= queue.overlap },
      conflicts: ledger.conflicts.count { !$0.isDecided },
      votesPerHour: votesPerHour(wanted, at: now),
      estimatedEnd: estimatedEnd(wanted, missing: needed - wanted.count, at: now))
  }

  private static func votesPerHour(
    _ votes: [VoteLedger.Vote], at now: AnnotationTime
  ) -> [QueueOverview.HourlyVotes] {
    var counts: [Int64: Int] = [:]
    for vote in votes
    where now.milliseconds - vote.createdAt.milliseconds < hours * hour {
      counts[vote.createdAt.milliseconds / hour, default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map {
      QueueOverview.HourlyVotes(
        hour: AnnotationTime(milliseconds: $0.key * hour), votes: $0.value)
    }
  }

  /// When it will be done if people go on as in the last hours; `nil` when it is done or nobody votes.
  private static func estimatedEnd(
    _ votes: [VoteLedger.Vote], missing: Int, at now: AnnotationTime
  ) -> AnnotationTime? {
    let start = now.milliseconds - paceHours * hour
    let recent = votes.filter { $0.createdAt.milliseconds >= start }
    guard missing > 0, let first = recent.map(\.createdAt).min() else { return nil }
    // People who have just begun are not counted as if they had worked for hours.
    let elapsed = Double(max(60_000, now.milliseconds - first.milliseconds))
    let remaining = Double(missing) * elapsed / Double(recent.count)
    guard remaining < 3e12 else { return nil }
    return AnnotationTime(milliseconds: now.milliseconds + Int64(remaining))
  }
}
