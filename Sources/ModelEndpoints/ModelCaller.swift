internal import Glibc
package import HTTPClient
internal import RandomNumbers

/// Asks models at one or several endpoints, within limits and with retries, on the calling thread.
///
/// A caller is used for one run.
package final class ModelCaller {
  /// What the caller of ``run(next:mayStart:answered:)`` has for an endpoint.
  package enum Pull {
    /// A call for this endpoint.
    case call(ModelCall)
    /// Nothing now: ask again after an answer, a wake-up, or this time.
    case wait(Duration?)
    /// Nothing any more for this endpoint.
    case finished
  }

  /// The clocks, so that tests have their own.
  package struct Clock: Sendable {
    /// Seconds that only grow.
    package let monotonic: @Sendable () -> Double
    /// Seconds since 1970.
    package let unix: @Sendable () -> Double

    /// Clocks.
    package init(
      monotonic: @escaping @Sendable () -> Double, unix: @escaping @Sendable () -> Double
    ) {
      self.monotonic = monotonic
      self.unix = unix
    }

    /// The clocks of the system.
    package static let system = Clock(
      monotonic: { seconds(CLOCK_MONOTONIC) }, unix: { seconds(CLOCK_REALTIME) })

    private static func seconds(_ clock: clockid_t) -> Double {
      var time = timespec(tv_sec: 0, tv_nsec: 0)
      unsafe clock_gettime(clock, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }

  /// Stops or wakes a run from other threads.
  package var control: HTTPEngineControl { engine.control }

  private let engine: HTTPEngine
  private let connections: [EndpointConnection]
  private let redactor: Redactor
  private let policy: RetryPolicy
  private let clock: Clock
  private let parser = AnswerParser()
  private var schedules: [EndpointSchedule]
  private var generator: SplitMix64
  /// The calls in flight; the tag of a transfer is a place here.
  private var flights: [(endpoint: Int, progress: CallProgress)?] = []
  private var freePlaces: [Int] = []
  /// The endpoint that is asked first, so that each has its turn.
  private var turn = 0

  /// A caller.
  ///
  /// - Parameters:
  ///   - endpoints: the endpoints; their keys are read now.
  ///   - policy: what is tried again.
  ///   - options: how to connect; its concurrency is replaced by the sum of the endpoints'.
  ///   - seed: the seed of the jitter.
  ///   - environment: gives the value of an environment variable.
  ///   - clock: the clocks.
  /// - Throws: ``ConfigurationError`` when a key cannot be read, ``HTTPFailure`` when libcurl
  ///   cannot be started.
  package init(
    endpoints: [EndpointConfiguration], policy: RetryPolicy = RetryPolicy(),
    options: HTTPEngineOptions = HTTPEngineOptions(), seed: UInt64 = 0,
    environment: (String) -> String? = KeySource.processEnvironment, clock: Clock = .system
  ) throws {
    connections = try endpoints.map { try EndpointConnection($0, environment: environment) }
    redactor = Redactor(secrets: connections.flatMap(\.secrets))
    self.policy = policy
    self.clock = clock
    var options = options
    options.concurrency = max(1, endpoints.reduce(0) { $0 + $1.concurrency })
    engine = try HTTPEngine(options: options)
    let now = clock.monotonic()
    schedules = endpoints.map { EndpointSchedule($0, policy: policy, now: now) }
    generator = SplitMix64(seed: seed)
  }

  /// Asks until there is nothing more to ask, all endpoints are given up, or the control stops it.
  ///
  /// Every call that was pulled is answered exactly once.
  ///
  /// - Parameters:
  ///   - next: gives a call for the endpoint of this name whenever it has a free place.
  ///   - mayStart: is asked before each attempt is sent; `false` ends the call as `notSent`.
  ///   - answered: receives each answer.
  /// - Returns: the endpoints that were given up, by name, with the reason.
  package func run(
    next: (String) -> Pull, mayStart: (ModelCall) -> Bool = { _ in true },
    answered: (ModelAnswer) -> Void
  ) -> [(endpoint: String, stop: EndpointStop)] {
    engine.run {
      pull(next, mayStart, answered)
    } completed: {
      complete($0, answered)
    }
    for index in schedules.indices {
      for progress in schedules[index].takeWaiting() {
        answered(unsent(progress, .cancelled, nil))
      }
    }
    return connections.indices.compactMap { index in
      schedules[index].stop.map { (connections[index].configuration.name, $0) }
    }
  }

  /// The next request of any endpoint.
  private func pull(
    _ next: (String) -> Pull, _ mayStart: (ModelCall) -> Bool, _ answered: (ModelAnswer) -> Void
  ) -> HTTPEngine.Pull {
    var isFinished = true
    var shortest: Double?
    for offset in schedules.indices {
      let index = (turn + offset) % schedules.count
      switch pull(from: index, next, mayStart, answered) {
      case .send(let progress):
        turn = (index + 1) % schedules.count
        return .request(start(progress, at: index))
      case .wait(let seconds):
        isFinished = false
        if let seconds { shortest = min(shortest ?? .infinity, seconds) }
      case .needsCall: isFinished = false
      case .finished: break
      }
    }
    return isFinished ? .finished : .wait(shortest.map { .seconds(min($0, 86_400)) })
  }

  private func pull(
    from index: Int, _ next: (String) -> Pull, _ mayStart: (ModelCall) -> Bool,
    _ answered: (ModelAnswer) -> Void
  ) -> EndpointSchedule.Action {
    while true {
      let now = clock.monotonic()
      let action = schedules[index].next(now: now)
      switch action {
      case .needsCall:
        switch next(connections[index].configuration.name) {
        case .call(let call): schedules[index].offer(call)
        case .wait(let duration):
          let waits = [duration.map { $0 / .seconds(1) }, schedules[index].retryWait(now: now)]
          return .wait(waits.compactMap(\.self).min())
        case .finished: schedules[index].noMoreCalls()
        }
      case .send(var progress) where !mayStart(progress.call):
        schedules[index].withdraw(progress, now: now)
        progress.attempts -= 1
        answered(unsent(progress, .notSent, "the budget does not allow another request"))
      default: return action
      }
    }
  }

  private func start(_ progress: CallProgress, at endpoint: Int) -> HTTPRequest {
    let place = freePlaces.popLast() ?? flights.count
    if place == flights.count { flights.append(nil) }
    flights[place] = (endpoint, progress)
    return connections[endpoint].request(tag: place, body: progress.call.body)
  }

  private func complete(_ completion: HTTPCompletion, _ answered: (ModelAnswer) -> Void) {
    guard let (endpoint, progress) = flights[completion.tag] else { return }
    flights[completion.tag] = nil
    freePlaces.append(completion.tag)
    let attempt = Attempt(
      endpoint: endpoint, progress: progress, now: clock.monotonic(),
      latency: completion.timings.total / .seconds(1))
    let wasStopped = schedules[endpoint].stop != nil
    switch completion.result {
    case .success(let response): receive(response, attempt, answered)
    case .failure(let failure): lose(failure, attempt, answered)
    }
    if !wasStopped, let stop = schedules[endpoint].stop {
      let reason = "endpoint \(connections[endpoint].configuration.name): \(stop)"
      for waiting in schedules[endpoint].takeWaiting() {
        let state: AnswerState = waiting.attempts == 0 ? .notSent : .failed
        answered(unsent(waiting, state, reason))
      }
    }
  }

  /// The end of one attempt.
  private struct Attempt {
    let endpoint: Int
    var progress: CallProgress
    let now: Double
    let latency: Double
  }

  private func receive(
    _ response: HTTPResponse, _ attempt: Attempt, _ answered: (ModelAnswer) -> Void
  ) {
    let isSuccess = (200...299).contains(response.status)
    let body = redactor.redacted(response.body, isError: !isSuccess)
    let advice = RateLimitAdvice(headers: response.headers, unixTime: clock.unix())
    guard isSuccess else {
      let message = redactor.redacted(message(response, body))
      let error = "status \(response.status)" + (message.isEmpty ? "" : ": " + message)
      let verdict = policy.verdict(status: response.status)
      if verdict == .endpointUnusable {
        schedules[attempt.endpoint].giveUp(.refused(status: response.status, message: message))
      }
      fail(
        attempt, verdict, advice, answer(attempt, .failed, response.status, body, error), answered)
      return
    }
    let parsed = parser.parse(
      body, contentType: response.headers["content-type"],
      api: connections[attempt.endpoint].configuration.api)
    let error = parsed.problem.map { redactor.redacted($0) }
    let call = attempt.progress.call
    let usage = parsed.state == .malformed ? nil : Self.usage(parsed, call)
    let result = ModelAnswer(
      call: call, state: parsed.state, text: parsed.text, reasoning: parsed.reasoning,
      finishReason: parsed.finishReason, logprobSum: parsed.logprobSum,
      logprobCount: parsed.logprobCount, usage: usage, attempts: attempt.progress.attempts,
      latency: attempt.latency, status: response.status, rawResponse: body, errorText: error)
    // Gateways report the trouble of the server behind them with status 200.
    let verdict = parsed.errorStatus.map { policy.verdict(status: $0) }
    if let verdict, verdict == .retry || verdict == .throttled {
      fail(attempt, verdict, advice, result, answered)
    } else {
      schedules[attempt.endpoint].answered(
        attempt.progress, tokens: usage.map { $0.promptTokens + $0.completionTokens },
        advice: advice, now: attempt.now)
      answered(result)
    }
  }

  private func message(_ response: HTTPResponse, _ body: [UInt8]) -> String {
    if (300...399).contains(response.status), let place = response.headers["location"] {
      // Before it is cut: a part of a key would not be found any more.
      let place = ErrorText.oneLine(redactor.redacted(place))
      return "the server is at \(place); redirects are not followed"
    }
    return ErrorText.message(inBody: body)
  }

  private static func usage(_ parsed: ParsedAnswer, _ call: ModelCall) -> TokenUsage {
    let bytes = parsed.text.utf8.count + (parsed.reasoning?.utf8.count ?? 0)
    return TokenUsage(
      promptTokens: parsed.promptTokens ?? TokenUsage.estimate(bytes: call.promptBytes),
      completionTokens: parsed.completionTokens ?? TokenUsage.estimate(bytes: bytes),
      isEstimate: parsed.promptTokens == nil || parsed.completionTokens == nil)
  }

  /// Tries a failed attempt again, or delivers `result`.
  private func fail(
    _ attempt: Attempt, _ verdict: RetryPolicy.Verdict, _ advice: RateLimitAdvice,
    _ result: ModelAnswer, _ answered: (ModelAnswer) -> Void
  ) {
    guard verdict == .retry || verdict == .throttled else {
      schedules[attempt.endpoint].answered(
        attempt.progress, tokens: nil, advice: advice, now: attempt.now)
      return answered(result)
    }
    var progress = attempt.progress
    progress.lastError = result.errorText
    progress.lastStatus = result.status
    let comesAgain = schedules[attempt.endpoint].failed(
      progress, throttled: verdict == .throttled, advice: advice, now: attempt.now,
      using: &generator)
    if !comesAgain { answered(result) }
  }

  private func lose(
    _ failure: HTTPFailure, _ attempt: Attempt, _ answered: (ModelAnswer) -> Void
  ) {
    let error = redactor.redacted(failure.description)
    let state: AnswerState =
      switch failure.kind {
      case .cancelled: .cancelled
      case .tooLarge, .badURL: .failed
      default: .unreachable
      }
    let result = answer(attempt, state, nil, [], error)
    let verdict = policy.verdict(failure: failure.kind)
    if verdict == .endpointUnusable {
      schedules[attempt.endpoint].giveUp(.unusable(message: error))
    }
    guard verdict == .retry else {
      schedules[attempt.endpoint].answered(
        attempt.progress, tokens: nil, advice: nil, now: attempt.now)
      return answered(result)
    }
    var progress = attempt.progress
    progress.lastError = error
    progress.lastStatus = nil
    let comesAgain = schedules[attempt.endpoint].lost(
      progress, isConnectionFailure: failure.kind.isConnectionFailure, message: error,
      now: attempt.now, using: &generator)
    if !comesAgain { answered(result) }
  }

  private func answer(
    _ attempt: Attempt, _ state: AnswerState, _ status: Int?, _ body: [UInt8], _ error: String?
  ) -> ModelAnswer {
    ModelAnswer(
      call: attempt.progress.call, state: state, text: "", reasoning: nil, finishReason: nil,
      logprobSum: nil, logprobCount: 0, usage: nil, attempts: attempt.progress.attempts,
      latency: attempt.latency, status: status, rawResponse: body, errorText: error)
  }

  /// The answer of a call that waits and will not be sent.
  private func unsent(
    _ progress: CallProgress, _ state: AnswerState, _ reason: String?
  ) -> ModelAnswer {
    let last = progress.lastError.flatMap { last in
      reason?.contains(last) == true ? nil : "last attempt: \(last)"
    }
    let error = [reason, last].compactMap(\.self)
    return ModelAnswer(
      call: progress.call, state: state, text: "", reasoning: nil, finishReason: nil,
      logprobSum: nil, logprobCount: 0, usage: nil, attempts: progress.attempts, latency: 0,
      status: progress.lastStatus, rawResponse: [],
      errorText: error.isEmpty ? nil : error.joined(separator: "; "))
  }
}

extension HTTPFailure.Kind {
  /// Whether no connection came about.
  fileprivate var isConnectionFailure: Bool {
    switch self {
    case .couldNotResolve, .connectionRefused, .couldNotConnect, .connectTimeout, .tls: true
    default: false
    }
  }
}
