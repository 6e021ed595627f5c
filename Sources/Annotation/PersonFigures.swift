/// What is known of a person's work.
package struct PersonFigures: Sendable, Equatable {
  /// A part of a whole.
  package struct Share: Sendable, Equatable {
    /// The part.
    package let part: Int
    /// The whole.
    package let total: Int

    /// A share.
    package init(part: Int, total: Int) {
      self.part = part
      self.total = total
    }
  }

  /// The person's row.
  package let personID: Int64
  /// The name.
  package let name: String
  /// What the person may do.
  package let role: PersonRole
  /// Whether the link works.
  package let state: PersonState
  /// The votes that stand, gold items and repeats among them.
  package let votes: Int
  /// The skips that stand.
  package let skips: Int
  /// The most votes; `nil` for no limit.
  package let quota: Int?
  /// The median time of a vote in seconds.
  package let medianSeconds: Double?
  /// How often the person said the same of a hidden repeat.
  package let selfConsistency: Share
  /// How often the person said what was expected of a gold item.
  package let gold: Share
  /// How often A won among the votes that name a winner; 0.5 is without bias.
  package let sideAShare: Double?
  /// The share of other people's votes on the same tasks that were equal.
  package let agreementWithOthers: Double?
  /// When the person voted last.
  package let lastVoteAt: AnnotationTime?

  /// Figures.
  package init(
    personID: Int64, name: String, role: PersonRole, state: PersonState, votes: Int, skips: Int,
    quota: Int?, medianSeconds: Double?, selfConsistency: Share, gold: Share,
    sideAShare: Double?, agreementWithOthers: Double?, lastVoteAt: AnnotationTime?
  ) {
    self.personID = personID
    self.name = name
    self.role = role
    self.state = state
    self.votes = votes
    self.skips = skips
    self.quota = quota
    self.medianSeconds = medianSeconds
    self.selfConsistency = selfConsistency
    self.gold = gold
    self.sideAShare = sideAShare
    self.agreementWithOthers = agreementWithOthers
    self.lastVoteAt = lastVoteAt
  }
}
