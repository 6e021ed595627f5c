internal import DatasetStore
internal import HTTPClient
internal import JSON
package import ModelEndpoints
internal import RecordFiles
internal import Records
internal import SQLite

/// What `collect` and `judge` have in common: asking models, with limits, journal and resumption.
package struct AskingOptions: Sendable {
  /// The models and endpoints.
  package var catalog: ModelCatalog
  /// States of earlier answers that are asked again, beside those that failed.
  package var retriedStates: Set<String> = []
  /// The most to spend, in US dollars; `nil` for no limit.
  package var maximumUSD: Double?
  /// The most requests to send; `nil` for no limit.
  package var maximumRequests: Int?
  /// A file that every answer is recorded to, for `replay`.
  package var recording: String?
  /// What is tried again, when, and how often.
  package var retryPolicy = RetryPolicy()

  /// Options with a catalog; no limits unless said.
  package init(catalog: ModelCatalog) { self.catalog = catalog }
}

/// One question, made when its turn comes.
struct Question {
  let call: ModelCall
  /// Whether it is asked although the journal has an answer to it.
  var asksAgain = false
  /// The state of the journal's answer, which a worse one does not replace; `nil` for none.
  var knownState: String?
  /// What is done with the answer, inside of the transaction that stores it.
  let store:
    (
      _ state: String, _ text: String, _ request: Int64,
      _ logprobs: (sum: Double, count: Int)?
    ) throws -> Void
}

/// Asks questions and keeps the answers: each is committed to the journal before it counts.
///
/// The calling thread makes questions and stores answers; a ``CallingThread`` puts the one and gets
/// the other. All answers that came while the disk was busy share the next commit.
final class ModelAsking {
  private let options: AskingOptions
  private let purpose: RequestPurpose
  private let store: Store
  private let context: StageContext
  private let run: Int64
  private let prices: PriceTable
  private let journal: JournalLookup
  private let budget: AskingBudget
  private var recorder: AnswerRecorder?
  private var asked: [Int: (question: Question, key: [UInt8])] = [:]
  /// Questions that are the same as one that is being asked, by their key; they share its answer.
  private var sharing: [[UInt8]: [Question]] = [:]
  private var nextTag = 0
  /// Why answers are stored but not recorded any more.
  private var recordingFailure: (any Error)?
  private var lastProblem = ""
  private var shownProblems: Set<String> = []
  private(set) var summary = StageSummary()

  /// Problems beyond these many are counted but not shown.
  private static let mostShownProblems = 20
  /// Answers in flight are paid for: a run that is stopped waits so long for them, in seconds.
  private static let farewell = Duration.seconds(5)
  /// Bodies of answers are kept up to this size.
  private static let keptResponseBytes = 256 << 10
  /// Questions that the journal answers are stored by so many.
  private static let knownLimit = 1024
  /// So many answers are committed at once, when the servers are quick enough.
  private static let commitSize = 128
  /// How often the user's wish to stop is looked at while nothing else happens, in milliseconds.
  private static let patience = 50

  init(
    _ options: AskingOptions, purpose: RequestPurpose, store: Store, context: StageContext,
    run: Int64
  ) throws {
    self.options = options
    self.purpose = purpose
    self.store = store
    self.context = context
    self.run = run
    prices = PriceTable(models: options.catalog.models)
    journal = try JournalLookup(store)
    budget = AskingBudget(
      maximumRequests: options.maximumRequests, maximumUSD: options.maximumUSD, prices: prices)
    recorder = try options.recording.map { try AnswerRecorder(path: $0) }
    for name in ["asked", "answered", "from the journal"] { summary[name] = 0 }
  }

  /// Asks until no question is left, the budget is spent, or the user stops it.
  ///
  /// - Parameters:
  ///   - total: how many questions there are, for the progress bar.
  ///   - next: makes the next question for an endpoint; `nil` when there is none left.
  /// - Throws: what storing and recording throw; ``StageError`` for a limit that cannot be kept.
  func run(total: Int, next: (String) throws -> Question?) throws {
    try checkPrices()
    // Answers are paid for: they survive a power cut too.
    let log = LogKeeper(store)
    let thread = CallingThread(
      endpoints: options.catalog.endpoints, policy: options.retryPolicy, budget: budget)
    let stops: [(endpoint: String, stop: EndpointStop)]
    do {
      stops = try exchange(with: thread, log: log, total: total, next: next)
      try log.finish()
    } catch {
      thread.stop()
      throw error
    }
    if let recordingFailure { throw recordingFailure }
    summary.wasInterrupted = context.isCancelled()
    if let limit = budget.limit {
      summary.notes.append(
        "stopped at \(limit): "
          + (budget.sentCount == 0
            ? "nothing was sent, since the first question could pass it already"
            : "\(budget.sentCount) requests sent; run the same command again to go on with as much again")
      )
      summary.details["stopped_by"] = .string(limit)
    }
    if options.catalog.models.contains(where: { $0.price != nil }) {
      summary.details["cost_usd"] = .double(budget.spentUSD)
    }
    summary.shortfall = shortfall(stops)
  }

  private func checkPrices() throws {
    guard options.maximumUSD != nil else { return }
    let unpriced = options.catalog.models.filter { $0.price == nil }.map(\.name)
    guard unpriced.isEmpty else {
      throw StageError.invalid(
        "'--max-usd' needs the price of every model, and there is none of "
          + unpriced.joined(separator: ", ")
          + ": give it as \"price\" in the file of '--config', or with '--input-price' and "
          + "'--output-price' (0 for a model that costs nothing)")
    }
  }

  /// Why there are questions without a good answer.
  private func shortfall(
    _ stops: [(endpoint: String, stop: EndpointStop)]
  ) -> StageSummary.Shortfall? {
    let reasons = stops.map { "endpoint \($0.endpoint): \($0.stop)" }
    if !reasons.isEmpty { return .unavailable(reasons.joined(separator: "; ")) }
    if summary["failed"] > 0 {
      return .unavailable(
        "\(summary["failed"]) of \(summary["asked"]) questions got no answer; last \(lastProblem)")
    }
    if summary["malformed"] > 0 {
      return .malformed(
        "\(summary["malformed"]) of \(summary["asked"]) answers are not what a model server sends; "
          + "last \(lastProblem); '--retry malformed' asks again")
    }
    return nil
  }

  private func exchange(
    with thread: CallingThread, log: LogKeeper, total: Int,
    next: (String) throws -> Question?
  ) throws -> [(endpoint: String, stop: EndpointStop)] {
    var open = Set(options.catalog.endpoints.map(\.name))
    var stopTime: ContinuousClock.Instant?
    while true {
      let isCancelled = context.isCancelled() || recordingFailure != nil
      if isCancelled || budget.isSpent {
        let start = stopTime ?? .now
        if isCancelled { stopTime = start }
        thread.stop(.now - start < Self.farewell ? .finishingTransfers : .abortingTransfers)
        open = []
      }
      var isJournalBusy = false
      for endpoint in options.catalog.endpoints where open.contains(endpoint.name) {
        // Enough that the network is never out of work during a commit.
        let room = max(16, 4 * endpoint.concurrency) - thread.waitingCount(for: endpoint.name)
        guard room > 0 else { continue }
        let batch = try journal.snapshot {
          try questions(room, for: endpoint.name, next: next)
        }
        thread.add(batch.calls, for: endpoint.name, isLast: batch.isLast)
        if batch.isLast { open.remove(endpoint.name) }
        try store(batch.known)
        if !batch.known.isEmpty { try log.noteCommit() }
        isJournalBusy = isJournalBusy || batch.known.count >= Self.knownLimit
      }
      context.report(
        .init(
          done: summary["answered"] + summary["from the journal"], total: total,
          detail: summary["failed"] > 0 ? "\(summary["failed"]) failed" : ""))
      let news = thread.takeNews(
        waiting: isJournalBusy ? 0 : Self.patience, gathering: Self.commitSize)
      try commit(news.answers)
      if !news.answers.isEmpty { try log.noteCommit() }
      if let ending = news.ending { return try ending.get() }
    }
  }

  /// Some questions that follow one another.
  private struct Batch {
    /// Those to be asked.
    var calls: [ModelCall] = []
    /// Those that the journal answers.
    var known: [(question: Question, answer: JournalAnswer)] = []
    /// Whether no more follow.
    var isLast = false
  }

  /// The next questions, parted by what the journal knows.
  private func questions(
    _ count: Int, for endpoint: String, next: (String) throws -> Question?
  ) throws -> Batch {
    var batch = Batch()
    while batch.calls.count < count, batch.known.count < Self.knownLimit, !context.isCancelled() {
      guard var question = try next(endpoint) else {
        batch.isLast = true
        break
      }
      let key = JournalLookup.key(of: question.call, purpose: purpose)
      if sharing[key] != nil {
        sharing[key]?.append(question)
        continue
      }
      let answer = try journal.answer(to: key)
      if let answer, answer.state != "failed", !question.asksAgain,
        !options.retriedStates.contains(answer.state)
      {
        batch.known.append((question, answer))
      } else {
        question.knownState = answer?.state
        nextTag += 1
        asked[nextTag] = (question, key)
        sharing[key] = []
        batch.calls.append(question.call.tagged(nextTag))
      }
    }
    return batch
  }

  /// Stores what the journal answers.
  private func store(_ known: [(question: Question, answer: JournalAnswer)]) throws {
    guard !known.isEmpty else { return }
    try store.connection.transaction {
      for (question, answer) in known {
        try question.store(
          answer.state, answer.text ?? "", answer.row,
          answer.logprobSum.map { ($0, answer.logprobCount ?? 0) })
      }
    }
    summary["from the journal"] += known.count
  }

  private func commit(_ answers: [ModelAnswer]) throws {
    let answers = answers.filter { $0.state != .notSent && $0.state != .cancelled }
    guard !answers.isEmpty else { return }
    do {
      try recorder?.append(answers, catalog: options.catalog)
    } catch {
      // An answer that cannot be recorded is stored all the same.
      recorder = nil
      recordingFailure = error
    }
    var shared = 0
    try store.connection.transaction {
      for answer in answers {
        guard let (question, key) = asked.removeValue(forKey: answer.tag) else { continue }
        let state = Self.state(of: answer).rawValue
        let others = sharing.removeValue(forKey: key) ?? []
        if let known = question.knownState, Self.isWorse(state, than: known) { continue }
        let row = try store.add(entry(answer, key: key, state), run: run)
        let logprobs = answer.logprobSum.map { ($0, answer.logprobCount) }
        try question.store(state, answer.text, row, logprobs)
        for other in others {
          try other.store(state, answer.text, row, logprobs)
          shared += 1
        }
      }
    }
    summary["from the journal"] += shared
    for answer in answers {
      summary["asked"] += 1
      let state = Self.state(of: answer)
      summary[state.rawValue] += 1
      if state == .failed || state == .malformed { report(answer, state) }
    }
  }

  private func report(_ answer: ModelAnswer, _ state: AnswerState) {
    lastProblem = "\(answer.call.model): \(answer.errorText ?? "no answer")"
    // A server that fails says the same of every question.
    if shownProblems.count < Self.mostShownProblems, shownProblems.insert(lastProblem).inserted {
      context.note(Diagnostic(rule: state.rawValue, message: lastProblem))
    }
  }

  /// Whether an answer is worth less than the one that the journal has: asking again must not cost
  /// what was there.
  private static func isWorse(_ state: String, than known: String) -> Bool {
    let order = ["answered", "truncated", "refused", "empty", "malformed", "failed"]
    guard let new = order.firstIndex(of: state), let old = order.firstIndex(of: known) else {
      return false
    }
    return new > old
  }

  /// The state as it is stored: whether the network or the server failed is in the error text.
  private static func state(of answer: ModelAnswer) -> AnswerState {
    answer.state == .unreachable ? .failed : answer.state
  }

  private func entry(
    _ answer: ModelAnswer, key: [UInt8], _ state: String
  ) -> JournalEntry {
    var entry = JournalEntry(
      key: key, purpose: purpose, endpoint: answer.call.endpoint, model: answer.call.model,
      state: state, body: answer.call.body, attempts: answer.attempts)
    entry.text = answer.text.isEmpty ? nil : answer.text
    let response = answer.rawResponse
    entry.response =
      response.count <= Self.keptResponseBytes
      ? response : Array(response.prefix(Self.keptResponseBytes))
    entry.httpStatus = answer.status
    entry.finishReason = answer.finishReason?.rawValue
    entry.promptTokens = answer.usage?.promptTokens
    entry.completionTokens = answer.usage?.completionTokens
    entry.logprobSum = answer.logprobSum
    entry.logprobCount = answer.logprobSum == nil ? nil : answer.logprobCount
    if let usage = answer.usage { entry.costUSD = prices[answer.call.model]?.cost(of: usage) }
    entry.latencySeconds = answer.latency
    entry.error = answer.errorText
    return entry
  }
}

/// Looks questions up in the journal.
final class JournalLookup {
  private let connection: Connection

  init(_ store: Store) throws { connection = try store.makeReader() }

  /// Looks up several questions in one state of the journal.
  func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
    try connection.snapshot(body)
  }

  func answer(to key: [UInt8]) throws -> JournalAnswer? {
    try Store.journalAnswer(to: key, on: connection)
  }

  /// What makes two questions the same: purpose, model and body; not the server's address.
  static func key(of call: ModelCall, purpose: RequestPurpose) -> [UInt8] {
    var hasher = ContentHasher()
    hasher.combine(purpose.rawValue)
    hasher.combine(call.model)
    hasher.combine(call.body)
    return hasher.finish().bytes
  }
}
