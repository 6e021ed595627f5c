/// Where each person stands in the order of each queue, so that no request looks at tasks again that
/// can be nothing for the person.
///
/// All tasks up to a person's position are taken or had by the person, except those that were given
/// back later: these stand in a log, of which each person looks at every entry once.
package struct TaskCursors {
  /// A place in the order of a queue.
  package struct Position: Sendable, Equatable {
    /// The task's priority, the smallest first.
    package let priority: Double
    /// The task, which decides among equal priorities.
    package let task: Int64

    /// A place.
    package init(priority: Double, task: Int64) {
      self.priority = priority
      self.task = task
    }

    /// Before all tasks.
    package static let start = Position(priority: -.infinity, task: -1)
  }

  private struct Key: Hashable {
    let person: Int64
    let queue: Int64
  }

  private struct Log {
    var revision: Int64
    var tasks: [Int64] = []
  }

  private struct Standing {
    var position = Position.start
    var seen = 0
  }

  /// A log that has grown so long is forgotten; everybody starts anew then.
  private let maximumLogLength: Int
  private var logs: [Int64: Log] = [:]
  private var standings: [Key: Standing] = [:]

  /// Everybody stands at the start.
  package init(maximumLogLength: Int = 100_000) { self.maximumLogLength = maximumLogLength }

  /// Makes sure that positions are of a queue as it is now; new tasks may stand anywhere.
  package mutating func follow(queue: Int64, revision: Int64) {
    if let log = logs[queue], log.revision == revision, log.tasks.count <= maximumLogLength {
      return
    }
    forget(queue: queue)
    logs[queue] = Log(revision: revision)
  }

  /// Forgets what is known of a queue.
  package mutating func forget(queue: Int64) {
    logs[queue] = nil
    standings = standings.filter { $0.key.queue != queue }
  }

  /// Forgets everything.
  package mutating func forgetAll() {
    logs = [:]
    standings = [:]
  }

  /// Notes that a task can be given again.
  package mutating func gaveBack(_ task: Int64, queue: Int64) { logs[queue]?.tasks.append(task) }

  /// Where a person stands.
  package func position(person: Int64, queue: Int64) -> Position {
    standings[Key(person: person, queue: queue)]?.position ?? .start
  }

  /// Notes that all tasks up to a place are nothing for a person any more.
  package mutating func advance(person: Int64, queue: Int64, to position: Position) {
    standings[Key(person: person, queue: queue), default: Standing()].position = position
  }

  /// The next task that was given back and that the person has not been asked about since.
  package mutating func nextReturned(person: Int64, queue: Int64) -> Int64? {
    guard let log = logs[queue] else { return nil }
    let key = Key(person: person, queue: queue)
    let seen = standings[key]?.seen ?? 0
    guard seen < log.tasks.count else { return nil }
    standings[key, default: Standing()].seen = seen + 1
    return log.tasks[seen]
  }
}
