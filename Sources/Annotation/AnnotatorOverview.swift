package import JSON

/// What a person sees of their own work: `GET /api/v1/me`.
package struct AnnotatorOverview: Sendable, Equatable {
  /// How a qualification round stands.
  package enum QualificationState: String, Sendable, CaseIterable {
    /// The queue asks for none.
    case none
    /// It is not finished.
    case open
    /// The person may vote.
    case passed
    /// The person may not vote.
    case failed
  }

  /// A qualification round.
  package struct Qualification: Sendable, Equatable {
    /// How it stands.
    package let state: QualificationState
    /// The items the person has answered.
    package let done: Int
    /// The items of the round.
    package let total: Int

    /// A round.
    package init(state: QualificationState, done: Int, total: Int) {
      self.state = state
      self.done = done
      self.total = total
    }
  }

  /// A queue as one person sees it.
  package struct Queue: Sendable, Equatable {
    /// Its row.
    package let queueID: Int64
    /// Its name.
    package let name: String
    /// What people are asked.
    package let kind: QueueKind
    /// How to judge, in Markdown.
    package let guidelines: String
    /// The rubric; empty unless answers are rated.
    package let criteria: [RatingCriterion]
    /// The person's votes.
    package let done: Int
    /// The most votes the person may give here; `nil` for no limit.
    package let quota: Int?
    /// The tasks that are left for the person, at most; 0 while the queue is paused.
    package let available: Int
    /// The person's qualification round.
    package let qualification: Qualification

    /// A queue.
    package init(
      queueID: Int64, name: String, kind: QueueKind, guidelines: String,
      criteria: [RatingCriterion], done: Int, quota: Int?, available: Int,
      qualification: Qualification
    ) {
      self.queueID = queueID
      self.name = name
      self.kind = kind
      self.guidelines = guidelines
      self.criteria = criteria
      self.done = done
      self.quota = quota
      self.available = available
      self.qualification = qualification
    }
  }

  /// The person's name.
  package let name: String
  /// The queues that are open or paused.
  package let queues: [Queue]
  /// The person's votes since midnight UTC.
  package let votesToday: Int
  /// The median time of these votes in seconds; `nil` without votes.
  package let medianSecondsToday: Double?
  /// What the page keeps for the person: keys, theme.
  package let settings: JSONObject

  /// An overview.
  package init(
    name: String, queues: [Queue], votesToday: Int, medianSecondsToday: Double?,
    settings: JSONObject
  ) {
    self.name = name
    self.queues = queues
    self.votesToday = votesToday
    self.medianSecondsToday = medianSecondsToday
    self.settings = settings
  }
}
