internal import HTTPClient
internal import JSON

/// The way of one request: redirects, failures and waits, decided without a network.
///
/// The token goes to the hub's own origin and nowhere else; a redirect to a CDN leaves it behind.
struct HubExchange {
  /// What to do after an answer.
  enum Step {
    /// The answer is there.
    case done(HTTPResponse)
    /// Ask the address that the exchange has now.
    case redirected
    /// Ask again from the start, after so many seconds.
    case again(seconds: Double, reason: String)
    /// Nothing more can be done.
    case failed(HubError)
  }

  /// What is asked for, for messages.
  struct Subject {
    var model: ModelName
    var revision: String?
    var file: String?
  }

  private static let maximumRedirects = 10

  let hub: HTTPAddress
  let subject: Subject
  let token: HubToken?
  let policy: HubRetryPolicy
  /// Whether a hub that cannot be connected to is given up at once, as on the first request.
  var failsFast = false
  /// Whether a redirect away from the hub is an answer: what a hub says of a file stands there.
  var stopsAtForeignRedirect = false
  private let start: HTTPAddress
  private(set) var address: HTTPAddress
  private var redirects = 0
  private(set) var failures = 0
  private var throttles = 0

  init(
    _ start: HTTPAddress, hub: HTTPAddress, token: HubToken?, subject: Subject,
    policy: HubRetryPolicy
  ) {
    self.start = start
    address = start
    self.hub = hub
    self.token = token
    self.subject = subject
    self.policy = policy
  }

  /// Whether the address is the hub's own.
  var isAtHub: Bool { address.hasOrigin(of: hub) }

  /// The header fields of the next request.
  var fields: [(name: String, value: String)] {
    // A compressed body has another length, and cannot be continued in the middle.
    var fields = [(name: "Accept-Encoding", value: "identity")]
    if let token, isAtHub { fields.append(("Authorization", token.authorization)) }
    return fields
  }

  /// Forgets failures after enough progress.
  mutating func noteProgress(bytes: Int) {
    if bytes >= policy.progressBytes {
      failures = 0
      throttles = 0
    }
  }

  /// Decides after an answer.
  ///
  /// - Parameters:
  ///   - result: the answer, or why there is none.
  ///   - accepted: the statuses that are answers.
  ///   - unixTime: seconds since 1970, for dates in header fields.
  ///   - generator: the randomness of waits.
  /// - Returns: what to do.
  mutating func step(
    _ result: Result<HTTPResponse, HTTPFailure>, accepted: Set<Int> = [200], unixTime: Double,
    using generator: inout some RandomNumberGenerator
  ) -> Step {
    let response: HTTPResponse
    switch result {
    case .success(let value): response = value
    case .failure(let failure):
      let isHopeless = failsFast && HubRetryPolicy.isConnectionFailure(failure.kind)
      guard policy.isTransient(failure.kind), !isHopeless else {
        return .failed(.unreachable(place: address.description, failure))
      }
      return again(
        "\(failure)", otherwise: .unreachable(place: address.description, failure),
        using: &generator)
    }
    let status = response.status
    if accepted.contains(status) { return .done(response) }
    if [301, 302, 303, 307, 308].contains(status) { return redirect(response) }
    if status == 429 { return throttled(response, unixTime: unixTime, using: &generator) }
    let error = error(of: response)
    // What a CDN's signed address refuses has often only expired: the hub gives another.
    let isExpired = !isAtHub && [400, 401, 403, 404, 410].contains(status)
    guard policy.isTransient(status: status) || isExpired else { return .failed(error) }
    return again("\(error)", otherwise: error, using: &generator)
  }

  /// Counts a failure and begins again from the start.
  mutating func again(
    _ reason: String, otherwise error: HubError, using generator: inout some RandomNumberGenerator
  ) -> Step {
    failures += 1
    restart()
    guard failures < policy.maximumFailures else { return .failed(error) }
    return .again(
      seconds: policy.delay(afterFailures: failures, using: &generator), reason: reason)
  }

  /// Goes back to the first address.
  mutating func restart() {
    address = start
    redirects = 0
  }

  private mutating func redirect(_ response: HTTPResponse) -> Step {
    let place = address.description
    let target = response.headers["location"] ?? ""
    func refuse(_ reason: String) -> Step {
      let shown = String(target.prefix { $0 != "?" })
      return .failed(.badRedirect(place: place, target: shown, reason: reason))
    }
    guard let next = address.resolving(target) else { return refuse("that is no http address") }
    if address.scheme == "https" && next.scheme != "https" {
      return refuse("expected an address that is encrypted as well")
    }
    if stopsAtForeignRedirect && !next.hasOrigin(of: hub) { return .done(response) }
    redirects += 1
    guard redirects <= Self.maximumRedirects else {
      return refuse("expected at most \(Self.maximumRedirects) redirects in a row")
    }
    address = next
    return .redirected
  }

  private mutating func throttled(
    _ response: HTTPResponse, unixTime: Double, using generator: inout some RandomNumberGenerator
  ) -> Step {
    let asked = response.headers["retry-after"].flatMap {
      TimeText.seconds(in: $0, unixTime: unixTime)
    }
    let place = address.origin
    throttles += 1
    restart()
    let seconds =
      asked ?? policy.delay(afterFailures: throttles + 1, using: &generator)
    guard throttles <= policy.maximumThrottles, seconds <= policy.maximumServerDelay else {
      return .failed(.throttled(place: place, seconds: asked))
    }
    return .again(seconds: seconds, reason: "\(place) asks for fewer requests")
  }

  private func error(of response: HTTPResponse) -> HubError {
    let place = address.description
    let words = words(of: response)
    guard isAtHub else { return .badStatus(place: place, status: response.status, words: words) }
    let model = subject.model
    switch (response.status, response.headers["x-error-code"] ?? "") {
    case (_, "GatedRepo"):
      return .gated(model, page: "\(hubText)/\(model)", tokenSource: token?.source)
    case (_, "RevisionNotFound"):
      return .noSuchRevision(model, revision: subject.revision ?? "")
    case (_, "EntryNotFound"): return .noSuchFile(model, file: subject.file ?? "")
    case (401, let code) where token != nil && code != "RepoNotFound":
      return .refused(place: place, tokenSource: token?.source, words: words)
    case (_, "RepoNotFound"), (401, _):
      return .noSuchModel(model, hub: hubText, hasToken: token != nil)
    case (403, _): return .refused(place: place, tokenSource: token?.source, words: words)
    case (404, _):
      return subject.file.map { .noSuchFile(model, file: $0) }
        ?? .noSuchModel(model, hub: hubText, hasToken: token != nil)
    default: return .badStatus(place: place, status: response.status, words: words)
    }
  }

  private var hubText: String {
    hub.text.hasSuffix("/") ? String(hub.text.dropLast()) : hub.text
  }

  /// What the server says of an error, without the token, on one line.
  private func words(of response: HTTPResponse) -> String {
    var text = response.headers["x-error-message"] ?? ""
    if text.isEmpty, response.headers["content-type"]?.contains("json") == true,
      let value = try? JSONParser().value(of: response.body)
    {
      text = value["error"]?.string ?? ""
    }
    return HubError.printable(token?.redacted(text) ?? text)
  }
}
