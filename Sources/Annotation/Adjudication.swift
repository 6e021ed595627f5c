package import Records

/// An administrator's decision on a task.
package struct Adjudication: Sendable, Equatable {
  /// The task's row.
  package let taskID: Int64
  /// The verdict in the task's own order of answers.
  package let verdict: Verdict
  /// A remark, at most 2,000 characters.
  package let note: String?
  /// A UUID of the page's own.
  package let clientKey: String

  /// A decision.
  package init(taskID: Int64, verdict: Verdict, note: String?, clientKey: String) {
    self.taskID = taskID
    self.verdict = verdict
    self.note = note
    self.clientKey = clientKey
  }
}
