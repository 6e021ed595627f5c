/// How far a queue is, for the administrator.
package struct QueueOverview: Sendable, Equatable {
  /// The votes of one hour.
  package struct HourlyVotes: Sendable, Equatable {
    /// The hour's beginning.
    package let hour: AnnotationTime
    /// The votes that were given in it.
    package let votes: Int

    /// An hour.
    package init(hour: AnnotationTime, votes: Int) {
      self.hour = hour
      self.votes = votes
    }
  }

  /// Its row.
  package let queueID: Int64
  /// Its name.
  package let name: String
  /// What people are asked.
  package let kind: QueueKind
  /// Whether it gives tasks.
  package let state: QueueState
  /// How many people vote on each task.
  package let overlap: Int
  /// The tasks whose votes are wanted: not gold, not qualification.
  package let tasks: Int
  /// The votes that were wanted in all: tasks times overlap.
  package let votesNeeded: Int
  /// The votes on these tasks that stand.
  package let votes: Int
  /// The skips that stand.
  package let skips: Int
  /// The tasks that people have before them.
  package let leased: Int
  /// The tasks with as many votes as the overlap.
  package let completeTasks: Int
  /// The tasks whose votes differ and that nobody has adjudicated.
  package let conflicts: Int
  /// The votes of the last hours that had some, the earliest first.
  package let votesPerHour: [HourlyVotes]
  /// When the queue will be done at the pace of the last hours; `nil` when there is none.
  package let estimatedEnd: AnnotationTime?

  /// An overview.
  package init(
    queueID: Int64, name: String, kind: QueueKind, state: QueueState, overlap: Int, tasks: Int,
    votesNeeded: Int, votes: Int, skips: Int, leased: Int, completeTasks: Int, conflicts: Int,
    votesPerHour: [HourlyVotes], estimatedEnd: AnnotationTime?
  ) {
    self.queueID = queueID
    self.name = name
    self.kind = kind
    self.state = state
    self.overlap = overlap
    self.tasks = tasks
    self.votesNeeded = votesNeeded
    self.votes = votes
    self.skips = skips
    self.leased = leased
    self.completeTasks = completeTasks
    self.conflicts = conflicts
    self.votesPerHour = votesPerHour
    self.estimatedEnd = estimatedEnd
  }
}
