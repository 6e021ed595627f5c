import Annotation
import JSON
import RandomNumbers
import Records
import Testing

@Test(
  arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_800_000_000_001, "2027-01-15T08:00:00.001Z"),
    (-1, "1969-12-31T23:59:59.999Z"), (4_107_542_399_000, "2100-02-28T23:59:59.000Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
  ] as [(Int64, String)])
func timesAreWrittenAndRead(_ milliseconds: Int64, _ text: String) {
  #expect(AnnotationTime(milliseconds: milliseconds).iso8601 == text)
  #expect(AnnotationTime(text)?.milliseconds == milliseconds)
}

@Test func daysFollowOneAnother() {
  var generator = SplitMix64(seed: 3)
  for _ in 0..<2000 {
    let time = AnnotationTime(
      milliseconds: Int64.random(in: -1...4_000_000_000_000, using: &generator))
    #expect(AnnotationTime(time.iso8601) == time)
    #expect(time.startOfDay <= time && time < time.startOfDay.adding(seconds: 86_400))
    #expect(time.startOfDay.iso8601.hasSuffix("T00:00:00.000Z"))
  }
}

@Test(arguments: [
  "", "2027", "2027-13-01T00:00:00Z", "2027-01-15 08:00:00", "2027-01-15T08:00:00.1Z", "x",
  "2027-01-15T24:00:00Z", "2027-01-15T08:00:00.001",
]) func otherTextsAreNoTimes(_ text: String) {
  #expect(AnnotationTime(text) == nil)
}

private let exchanged = ShownOrder(json: "[1,0]")

@Test func sidesTurnVerdictsRound() throws {
  let shown = try #require(exchanged)
  #expect(TaskAnswer(.verdict(.aIsBetter), shown: shown) == .verdict(.bIsBetter))
  #expect(TaskAnswer(.verdict(.sameBad), shown: shown) == .verdict(.sameBad))
  #expect(TaskAnswer.verdict(.bIsBetter).words(shown: shown) == "A is better")
  #expect(shown.json == "[1,0]")
  for text in ["", "[0,0]", "[1,2]", "{}", "[0.5]"] { #expect(ShownOrder(json: text) == nil) }
}

@Test func ordersAndRatingsAreTurnedRound() throws {
  let shown = try #require(ShownOrder(json: "[2,0,1]"))
  #expect(TaskAnswer(.order([["B"], ["A", "C"]]), shown: shown) == .order([[0], [1, 2]]))
  #expect(TaskAnswer(.order([["D"]]), shown: shown) == nil)
  #expect(TaskAnswer(.skip(.other), shown: shown) == nil)
  let ratings = TaskAnswer(
    .ratings(["A": ["x": 1], "B": ["x": 5], "C": ["x": 5]]), shown: shown)
  #expect(ratings == .ratings([["x": 5], ["x": 5], ["x": 1]]))
  #expect(
    ratings?.comparisons.map(\.verdict) == [.sameGood, .aIsBetter, .aIsBetter])
  #expect(TaskAnswer.order([[0], [1, 2]]).words(shown: shown) == "B > A = C")
}

@Test func answersAreStoredAndRead() {
  let answers: [TaskAnswer] = [
    .verdict(.sameGood), .ratings([["a": 1, "b": 2], ["a": 5, "b": 1]]), .order([[1], [0, 2]]),
  ]
  for answer in answers { #expect(TaskAnswer(answer.json) == answer) }
  #expect(TaskAnswer(["x": 1]) == nil)
  let given: [VoteSubmission.Answer] = [
    .ratings(["A": ["a": 1], "B": ["a": 3]]), .order([["B"], ["A"]]),
  ]
  for answer in given {
    #expect(
      VoteSubmission.Answer(
        verdict: nil, ratings: answer.storedRatings, order: answer.storedOrder, skipReason: nil)
        == answer)
  }
}

@Test func knownAnswersAllowForLittle() {
  #expect(TaskAnswer.verdict(.sameGood).accepts(.verdict(.sameGood)))
  #expect(!TaskAnswer.verdict(.sameGood).accepts(.verdict(.sameBad)))
  let ratings = TaskAnswer.ratings([["a": 4], ["a": 2]])
  #expect(ratings.accepts(.ratings([["a": 5], ["a": 1]])))
  #expect(!ratings.accepts(.ratings([["a": 5], ["a": 4]])))
  let order = TaskAnswer.order([[0], [1, 2]])
  #expect(order.accepts(.order([[0], [2], [1]])))
  #expect(!order.accepts(.order([[0, 1], [2]])))
  #expect(!order.accepts(.order([[1], [0], [2]])))
}

@Test(
  arguments: [
    ([.aIsBetter, .aIsBetter, .bIsBetter], nil, .aIsBetter, nil, nil),
    ([.aIsBetter, .bIsBetter], nil, nil, nil, nil),
    ([.aIsBetter, .bIsBetter], .sameBad, nil, nil, .sameBad),
    ([.sameGood, .sameGood], nil, .sameGood, .sameGood, .sameGood),
    ([.sameGood], nil, .sameGood, nil, .sameGood),
    ([], .aIsBetter, nil, nil, .aIsBetter), ([], nil, nil, nil, nil),
  ] as [([Verdict], Verdict?, Verdict?, Verdict?, Verdict?)])
func policiesCombineVotes(
  _ votes: [Verdict], _ decision: Verdict?, _ majority: Verdict?, _ unanimous: Verdict?,
  _ adjudicated: Verdict?
) {
  #expect(PublishingPolicy.majority.verdict(of: votes, adjudication: decision) == majority)
  #expect(PublishingPolicy.unanimous.verdict(of: votes, adjudication: decision) == unanimous)
  #expect(PublishingPolicy.adjudicated.verdict(of: votes, adjudication: decision) == adjudicated)
}

@Test func optionsAreStoredAndRead() {
  var options = QueueOptions()
  #expect(QueueOptions(options.json) == options)
  options.leaseSeconds = 60
  options.repeatShare = 0.125
  options.goldShare = 0.25
  options.quota = 7
  options.qualification = .init(items: 10, passMark: 0.7, givesFeedback: false)
  #expect(QueueOptions(options.json) == options)
  #expect(options.qualification?.isPassed(correct: 7) == true)
  #expect(options.qualification?.isPassed(correct: 6) == false)
}

@Test func cursorsLookAtReturnedTasksOnce() {
  var cursors = TaskCursors(maximumLogLength: 3)
  cursors.follow(queue: 1, revision: 0)
  cursors.advance(person: 1, queue: 1, to: .init(priority: 5, task: 9))
  #expect(cursors.nextReturned(person: 1, queue: 1) == nil)
  cursors.gaveBack(4, queue: 1)
  cursors.follow(queue: 1, revision: 0)
  #expect(cursors.position(person: 1, queue: 1) == .init(priority: 5, task: 9))
  #expect(cursors.nextReturned(person: 1, queue: 1) == 4)
  #expect(cursors.nextReturned(person: 1, queue: 1) == nil)
  #expect(cursors.nextReturned(person: 2, queue: 1) == 4)
  // New tasks may stand anywhere, and a long log is forgotten.
  cursors.follow(queue: 1, revision: 1)
  #expect(cursors.position(person: 1, queue: 1) == .start)
  for task in 1...4 as ClosedRange<Int64> { cursors.gaveBack(task, queue: 1) }
  cursors.advance(person: 1, queue: 1, to: .init(priority: 5, task: 9))
  cursors.follow(queue: 1, revision: 1)
  #expect(cursors.position(person: 1, queue: 1) == .start)
}

@Test func sharesAreDrawn() {
  var generator = SplitMix64(seed: 5)
  var options = QueueOptions()
  #expect((0..<100).allSatisfy { _ in TaskMix.draw(options, using: &generator) == .normal })
  options.goldShare = 0.2
  options.repeatShare = 0.1
  var counts: [TaskMix: Int] = [:]
  for _ in 0..<10_000 { counts[TaskMix.draw(options, using: &generator), default: 0] += 1 }
  #expect(abs((counts[.gold] ?? 0) - 2000) < 250)
  #expect(abs((counts[.repetition] ?? 0) - 1000) < 200)
}
