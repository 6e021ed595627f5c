internal import DatasetStore
internal import Glibc
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

  /// Options with a catalog; no limits unless said.
  package init(catalog: ModelCatalog) { self.catalog = catalog }
}

/// One question, made when its turn comes.
struct Question {
  let call: ModelCall
  /// What is done with the answer, inside of the transaction that stores it.
  let store:
    (_ state: String, _ text: String, _ request: Int64, _ answer: ModelAnswer?) throws ->
      Void
}

/// Asks questions and keeps the answers: each is committed to the journal before it counts.
final class ModelAsking {
  private let options: AskingOptions
  private let purpose: RequestPurpose
  private let store: Store
  private let context: StageContext
  private let run: Int64
  private let prices: PriceTable
  private let journal: JournalLookup
  private var recorder: AnswerRecorder?
  private var inFlight: [Int: Question] = [:]
  private var pending: [(question: Question, answer: ModelAnswer)] = []
  private var nextTag = 0
  private var lastCommit = 0.0
  private var sent = 0
  private var spent = 0.0
  private var failure: (any Error)?
  private var isBudgetSpent = false
  private(set) var summary = StageSummary()

  /// Answers wait this long at most for others to be committed together, in seconds.
  private static let gatherSeconds = 0.002
  private static let gatherCount = 128
  /// Bodies of malformed answers are kept up to this size.
  private static let keptResponseBytes = 256 << 10

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
    recorder = try options.recording.map { try AnswerRecorder(path: $0) }
    for name in ["asked", "answered", "from the journal"] { summary[name] = 0 }
  }

  /// Asks until no question is left, the budget is spent, or the user stops it.
  ///
  /// - Parameters:
  ///   - total: how many questions there are, for the progress bar.
  ///   - next: makes the next question for an endpoint; `nil` when there is none left.
  /// - Throws: what storing throws; ``StageError`` when no endpoint can be reached.
  func run(total: Int, next: (String) throws -> Question?) throws {
    // Answers are paid for: they survive a power cut too.
    try store.connection.setDurability(.powerLoss)
    defer { try? store.connection.setDurability(.process) }
    let caller = try ModelCaller(endpoints: options.catalog.endpoints)
    let stops = caller.run { endpoint in
      self.pull(endpoint, total: total, next: next)
    } mayStart: { call in
      self.mayStart(call)
    } answered: { answer in
      self.receive(answer)
    }
    try commit()
    if let failure { throw failure }
    if context.isCancelled() || isBudgetSpent { summary.wasInterrupted = context.isCancelled() }
    if isBudgetSpent {
      summary.notes.append("the budget is spent: run again with a larger one to go on")
    }
    if options.catalog.models.contains(where: { $0.price != nil }) {
      summary.details["cost_usd"] = .double(spent)
    }
    for (endpoint, stop) in stops { summary.notes.append("endpoint \(endpoint): \(stop)") }
    if !stops.isEmpty, stops.count == options.catalog.endpoints.count {
      throw ServiceUnavailable(
        message: stops.map { "endpoint \($0.endpoint): \($0.stop)" }.joined(separator: "; "))
    }
  }

  private func pull(
    _ endpoint: String, total: Int, next: (String) throws -> Question?
  ) -> ModelCaller.Pull {
    do {
      try commitIfDue()
      if !pending.isEmpty {
        // No new question while answers wait: their commit is never later than this.
        return .wait(.seconds(max(0.0005, Self.gatherSeconds - (Self.now() - lastCommit))))
      }
      context.report(
        .init(
          done: summary["answered"] + summary["from the journal"], total: total,
          detail: summary["failed"] > 0 ? "\(summary["failed"]) failed" : ""))
      while !context.isCancelled(), !isBudgetSpent, failure == nil {
        guard let question = try next(endpoint) else { return .finished }
        if try isAnswered(question) { continue }
        nextTag += 1
        let tagged = question.call.tagged(nextTag)
        inFlight[nextTag] = question
        return .call(tagged)
      }
    } catch {
      failure = error
    }
    return .finished
  }

  /// Answers a question from the journal, when it was asked before.
  private func isAnswered(_ question: Question) throws -> Bool {
    let key = JournalLookup.key(of: question.call, purpose: purpose)
    guard let known = try journal.answer(to: key) else { return false }
    if known.state == "failed" || options.retriedStates.contains(known.state) { return false }
    try store.connection.transaction {
      try question.store(known.state, known.text ?? "", known.row, nil)
    }
    summary["from the journal"] += 1
    return true
  }

  private func mayStart(_ call: ModelCall) -> Bool {
    if let limit = options.maximumRequests, sent >= limit { isBudgetSpent = true }
    if let limit = options.maximumUSD {
      // What is on its way is counted at the estimate, so that the limit is never passed.
      let waiting = Double(inFlight.count) * (estimate(call) ?? 0)
      if spent + waiting > limit { isBudgetSpent = true }
    }
    if isBudgetSpent || failure != nil { return false }
    sent += 1
    return true
  }

  private func estimate(_ call: ModelCall) -> Double? {
    prices[call.model]?.cost(
      of: TokenUsage(
        promptTokens: TokenUsage.estimate(bytes: call.promptBytes),
        completionTokens: call.maximumTokens ?? 256, isEstimate: true))
  }

  private func receive(_ answer: ModelAnswer) {
    guard let question = inFlight.removeValue(forKey: answer.tag) else { return }
    switch answer.state {
    case .notSent, .cancelled: return
    default: pending.append((question, answer))
    }
    do { try commitIfDue() } catch { failure = failure ?? error }
  }

  private func commitIfDue() throws {
    guard !pending.isEmpty else { return }
    if pending.count >= Self.gatherCount || Self.now() - lastCommit >= Self.gatherSeconds {
      try commit()
    }
  }

  private func commit() throws {
    guard !pending.isEmpty else { return }
    try recorder?.append(pending.map(\.answer), catalog: options.catalog)
    try store.connection.transaction {
      for (question, answer) in pending {
        let state = answer.state == .unreachable ? "failed" : answer.state.rawValue
        let row = try store.add(entry(answer, state), run: run)
        try question.store(state, answer.text, row, answer)
      }
    }
    for (_, answer) in pending {
      summary["asked"] += 1
      let state = answer.state == .unreachable ? .failed : answer.state
      summary[state.rawValue] += 1
      if let usage = answer.usage, let price = prices[answer.call.model] {
        spent += price.cost(of: usage)
      }
      if state == .failed || state == .malformed {
        context.note(
          Diagnostic(
            rule: state.rawValue,
            message: "\(answer.call.model): \(answer.errorText ?? "no answer")"))
      }
    }
    pending.removeAll(keepingCapacity: true)
    lastCommit = Self.now()
  }

  private func entry(_ answer: ModelAnswer, _ state: String) -> JournalEntry {
    var entry = JournalEntry(
      key: JournalLookup.key(of: answer.call, purpose: purpose), purpose: purpose,
      endpoint: answer.call.endpoint, model: answer.call.model, state: state,
      body: answer.call.body, attempts: answer.attempts)
    entry.text = answer.text.isEmpty ? nil : answer.text
    entry.response = Array(answer.rawResponse.prefix(Self.keptResponseBytes))
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

  private static func now() -> Double {
    var time = timespec(tv_sec: 0, tv_nsec: 0)
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// No endpoint could be reached.
package struct ServiceUnavailable: Error, CustomStringConvertible {
  let message: String

  /// One line.
  package var description: String { message }
}

/// Looks questions up in the journal.
final class JournalLookup {
  private let connection: Connection

  init(_ store: Store) throws { connection = try store.makeReader() }

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
