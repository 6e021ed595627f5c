/// Why the store of votes refuses what it was asked.
package enum AnnotationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of refusal it is; HTTP has a status for each.
  package enum Category: String, Sendable, CaseIterable {
    /// 401: nobody is known by this link.
    case unauthorized
    /// 403: the person may not do this.
    case forbidden
    /// 404: there is no such thing.
    case notFound
    /// 409: it contradicts what is there.
    case conflict
    /// 410: the task went to somebody else.
    case gone
    /// 422: a value is not what it should be.
    case invalid
    /// 503: the store is held by another program, or the service ends.
    case unavailable
  }

  /// What can be looked for in vain.
  package enum Thing: String, Sendable, CaseIterable {
    /// A queue.
    case queue
    /// A task.
    case task
    /// A task given to the person.
    case assignment
    /// A person.
    case person
  }

  /// No person has this link.
  case unknownLink
  /// The person's link was taken back.
  case revoked
  /// The link's time is over.
  case expired
  /// Only administrators may do this.
  case administratorsOnly
  /// There is no such thing, or it is somebody else's.
  case unknown(Thing, Int64)
  /// There is no vote that could be given back.
  case nothingToUndo(String)
  /// The assignment has a vote already, under another key.
  case alreadyVoted
  /// The key was used for something else.
  case keyReused
  /// Another person has the name.
  case nameTaken(String)
  /// The lease was over and the task went to others.
  case leaseLost
  /// A value is wrong.
  case invalid(field: String, expected: String)
  /// The store cannot be written to now.
  case unavailable(String)

  /// What kind of refusal it is.
  package var category: Category {
    switch self {
    case .unknownLink, .revoked, .expired: .unauthorized
    case .administratorsOnly: .forbidden
    case .unknown: .notFound
    case .nothingToUndo, .alreadyVoted, .keyReused, .nameTaken: .conflict
    case .leaseLost: .gone
    case .invalid: .invalid
    case .unavailable: .unavailable
    }
  }

  /// A word for programs, such as `nothing_to_undo`.
  package var code: String {
    switch self {
    case .unknownLink: "unknown_link"
    case .revoked: "link_revoked"
    case .expired: "link_expired"
    case .administratorsOnly: "administrators_only"
    case .unknown(let thing, _): "unknown_\(thing.rawValue)"
    case .nothingToUndo: "nothing_to_undo"
    case .alreadyVoted: "already_voted"
    case .keyReused: "client_key_reused"
    case .nameTaken: "name_taken"
    case .leaseLost: "lease_lost"
    case .invalid: "invalid_value"
    case .unavailable: "store_unavailable"
    }
  }

  /// One line for people.
  package var description: String {
    switch self {
    case .unknownLink: "Nobody is known by this link: ask for a new one."
    case .revoked: "This link was taken back: ask for a new one."
    case .expired: "This link has ended: ask for a new one."
    case .administratorsOnly: "Only administrators may do this."
    case .unknown(let thing, let row): "There is no \(thing.rawValue) \(row)."
    case .nothingToUndo(let reason): reason
    case .alreadyVoted: "This task has your vote already: undo it to vote again."
    case .keyReused: "This client_key was used for something else: make a new one for each vote."
    case .nameTaken(let name): "There is a person '\(name)' already: choose another name."
    case .leaseLost: "The time for this task was over and others have got it: take the next one."
    case .invalid(let field, let expected): "\(field): expected \(expected)."
    case .unavailable(let reason): reason
    }
  }
}
