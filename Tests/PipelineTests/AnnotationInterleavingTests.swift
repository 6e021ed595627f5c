import Annotation
import Foundation
import Pipeline
import RandomNumbers
import Records
import Synchronization
import Testing

/// Many people at once, in orders that chance makes: no vote is lost or doubled, no task goes to more
/// people than it should.
@Suite struct AnnotationInterleavingTests {
  /// A vote that was answered.
  private struct Acknowledged: Hashable {
    let vote: Int64
    let key: String
  }

  /// One person's page.
  private struct Page {
    var held: [AnnotationTask] = []
    var answered: [Acknowledged] = []
    var unsure: [VoteSubmission] = []
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func whateverPeopleDoTheBooksBalance(_ seed: UInt64) throws {
    var chance = SplitMix64(seed: seed)
    let overlap = Int.random(in: 1...4, using: &chance)
    let fixture = try AnnotationFixture(examples: 25, people: 8, seed: seed) {
      $0.overlap = overlap
      $0.options.repeatShare = seed.isMultiple(of: 2) ? 0.2 : 0
      $0.options.repeatGap = 3
      $0.options.leaseSeconds = 60
      $0.seed = Int(seed)
    }
    var pages = [Page](repeating: Page(), count: fixture.people.count)
    for step in 0..<900 {
      let index = Int.random(in: 0..<pages.count, using: &chance)
      let person = fixture.people[index]
      switch Int.random(in: 0..<100, using: &chance) {
      case 0..<40:
        let exclude = Bool.random(using: &chance) ? pages[index].held.map(\.assignmentID) : []
        if case .task(let task) = try fixture.annotation.nextTask(
          person: person, queue: nil, exclude: exclude)
        {
          if !pages[index].held.contains(where: { $0.assignmentID == task.assignmentID }) {
            pages[index].held.append(task)
          }
        }
      case 40..<85:
        guard let task = pages[index].held.randomElement(using: &chance) else { continue }
        let answer: VoteSubmission.Answer =
          Int.random(in: 0..<8, using: &chance) == 0
          ? .skip(.unclear) : .verdict(Verdict.allCases.randomElement(using: &chance) ?? .sameBad)
        let submission = VoteSubmission(
          assignmentID: task.assignmentID, clientKey: UUID().uuidString, answer: answer,
          note: nil, milliseconds: step)
        // The answer to a vote gets lost now and then: the page sends it again, maybe much later.
        if Int.random(in: 0..<6, using: &chance) == 0 { pages[index].unsure.append(submission) }
        try send(submission, person, &pages[index], fixture)
      case 85..<90:
        guard let submission = pages[index].unsure.randomElement(using: &chance) else { continue }
        try send(submission, person, &pages[index], fixture)
      case 90..<94:
        do {
          let task = try fixture.annotation.undo(person: person, clientKey: UUID().uuidString)
          pages[index].held.append(task)
        } catch let error as AnnotationError {
          #expect(error.code == "nothing_to_undo")
        }
      case 94..<98: fixture.clock.advance(seconds: Int.random(in: 1...50, using: &chance))
      default:
        if Int.random(in: 0..<4, using: &chance) == 0 { try fixture.restart() }
      }
      if step.isMultiple(of: 100) { try fixture.expectSound() }
    }
    // In the end everybody does what is left.
    for _ in 0..<2 {
      fixture.clock.advance(seconds: 1000)
      for (index, person) in fixture.people.enumerated() {
        while case .task(let task) = try fixture.annotation.nextTask(
          person: person, queue: 1, exclude: [])
        {
          pages[index].answered.append(
            Acknowledged(
              vote: try fixture.vote(
                person, task, .verdict(.sameGood), key: "at-the-end-\(task.assignmentID)"
              ).voteID,
              key: "at-the-end-\(task.assignmentID)"))
        }
      }
    }
    try fixture.expectSound()
    #expect(try fixture.number("SELECT sum(open_slots > 0) FROM annotation_tasks") == 0)
    try expectKept(pages, fixture)
  }

  /// Sends a vote; what is refused must be refused for a reason that there can be.
  private func send(
    _ submission: VoteSubmission, _ person: Int64, _ page: inout Page,
    _ fixture: AnnotationFixture
  ) throws {
    do {
      let receipt = try fixture.annotation.vote(person: person, submission)
      let known = page.answered.first { $0.key == submission.clientKey }
      #expect(receipt.isRepeated == (known != nil))
      if let known {
        #expect(known.vote == receipt.voteID)
      } else {
        page.answered.append(Acknowledged(vote: receipt.voteID, key: submission.clientKey))
      }
      page.held.removeAll { $0.assignmentID == submission.assignmentID }
    } catch let error as AnnotationError {
      #expect(["lease_lost", "already_voted"].contains(error.code), "\(error)")
      page.held.removeAll { $0.assignmentID == submission.assignmentID }
    }
  }

  private func expectKept(_ pages: [Page], _ fixture: AnnotationFixture) throws {
    for (index, page) in pages.enumerated() {
      let person = fixture.people[index]
      for answered in page.answered {
        let count = try fixture.number(
          """
          SELECT count(*) FROM annotation_votes WHERE vote_id = \(answered.vote)
            AND person_id = \(person) AND client_key = '\(answered.key)'
          """)
        #expect(count == 1)
      }
      let stored = try fixture.number(
        "SELECT count(*) FROM annotation_votes WHERE person_id = \(person) AND kind <> 'undo'")
      #expect(stored == Set(page.answered).count)
    }
  }

  @Test func threadsDoNotDisturbOneAnother() throws {
    let fixture = try AnnotationFixture(examples: 60, people: 12) {
      $0.overlap = 3
      $0.options.repeatShare = 0.1
      $0.options.repeatGap = 2
    }
    let annotation = fixture.annotation
    let people = fixture.people
    let acknowledged = Mutex<[Int64]>([])
    let failures = Mutex<[String]>([])
    // Two threads for each person: a page that is open twice.
    DispatchQueue.concurrentPerform(iterations: people.count * 2) { index in
      let person = people[index / 2]
      var chance = SplitMix64(seed: UInt64(index))
      do {
        while case .task(let task) = try annotation.nextTask(
          person: person, queue: nil, exclude: [])
        {
          let submission = VoteSubmission(
            assignmentID: task.assignmentID, clientKey: UUID().uuidString,
            answer: Int.random(in: 0..<10, using: &chance) == 0
              ? .skip(.other) : .verdict(.aIsBetter), note: nil, milliseconds: 5)
          do {
            let receipt = try annotation.vote(person: person, submission)
            acknowledged.withLock { $0.append(receipt.voteID) }
            let again = try annotation.vote(person: person, submission)
            if again.voteID != receipt.voteID || !again.isRepeated {
              failures.withLock { $0.append("sent twice, stored twice") }
            }
          } catch AnnotationError.alreadyVoted {
            // The other page was faster.
          }
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    let votes = acknowledged.withLock { $0 }
    #expect(Set(votes).count == votes.count)
    #expect(try fixture.number("SELECT count(*) FROM annotation_votes") == votes.count)
    try fixture.expectSound()
    #expect(try fixture.number("SELECT max(open_slots) FROM annotation_tasks") == 0)
  }

  @Test func manyTasksCostNoMoreThanFew() throws {
    // One fast person leaves tasks behind that stay open for others: they are not looked at again.
    let fixture = try AnnotationFixture(examples: 4000, people: 1) { $0.overlap = 2 }
    let person = fixture.people[0]
    func seconds(_ count: Int) throws -> Double {
      let start = ContinuousClock.now
      for _ in 0..<count { try fixture.vote(person, try fixture.task(person), for: "m") }
      return (ContinuousClock.now - start) / .seconds(1)
    }
    let first = try seconds(300)
    _ = try seconds(2400)
    let last = try seconds(300)
    #expect(last < 4 * first + 0.5, "\(first) s, \(last) s")
  }
}
