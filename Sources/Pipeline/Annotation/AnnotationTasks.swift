internal import Annotation
internal import JSON
internal import SQLite

/// Adds tasks to queues; works inside a transaction.
enum AnnotationTasks {
  /// Adds a task.
  ///
  /// - Parameters:
  ///   - queue: the queue's row.
  ///   - example: the example's row.
  ///   - candidates: the rows of its answers, in the task's own order.
  ///   - priority: the smallest first; no two tasks of one purpose have the same.
  ///   - purpose: what it is for.
  ///   - expected: the known answer, in the task's own order.
  ///   - explanation: why it is the right one.
  ///   - slots: how many people are to vote on it.
  ///   - connection: where.
  /// - Throws: `SQLiteError`.
  static func add(
    queue: Int64, example: Int64, candidates: [Int64], priority: Double, purpose: TaskPurpose,
    expected: TaskAnswer? = nil, explanation: String? = nil, slots: Int,
    _ connection: Connection
  ) throws {
    let statement = try connection.prepare(
      """
      INSERT INTO annotation_tasks (queue_id, example_id, priority, purpose, expected, explanation,
        open_slots) VALUES (?, ?, ?, ?, ?, ?, ?)
      """)
    try statement.bind(1, queue)
    try statement.bind(2, example)
    try statement.bind(3, priority)
    try statement.bind(4, purpose.rawValue)
    try statement.bind(5, expected?.json.json())
    try statement.bind(6, explanation)
    try statement.bind(7, slots)
    try statement.execute()
    let task = connection.lastInsertedRowID
    for (place, candidate) in candidates.enumerated() {
      let answer = try connection.prepare(
        "INSERT INTO annotation_task_candidates (task_id, place, candidate_id) VALUES (?, ?, ?)")
      try answer.bind(1, task)
      try answer.bind(2, place)
      try answer.bind(3, candidate)
      try answer.execute()
    }
  }
}
