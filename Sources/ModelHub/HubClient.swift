internal import Glibc
internal import HTTPClient
internal import JSON

/// Asks a hub's API, on the calling thread.
final class HubClient {
  /// The clocks, so that tests can have their own.
  struct Clock: Sendable {
    /// Seconds that only grow.
    var monotonic: @Sendable () -> Double = { seconds(CLOCK_MONOTONIC) }
    /// Seconds since 1970.
    var unix: @Sendable () -> Double = { seconds(CLOCK_REALTIME) }

    private static func seconds(_ clock: clockid_t) -> Double {
      var time = timespec()
      unsafe clock_gettime(clock, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
  }

  /// How often the caller is asked whether to stop.
  static let pollInterval = Duration.milliseconds(200)
  /// Pages of a listing, a thousand files each, after which a hub is not believed.
  private static let maximumPages = 1000

  let settings: HubSettings
  let policy: HubRetryPolicy
  let engine: HTTPEngine
  let clock = Clock()
  var generator = SystemRandomNumberGenerator()
  private let note: (String) -> Void
  private let isCancelled: () -> Bool

  /// A client.
  ///
  /// - Parameters:
  ///   - settings: the hub, and who asks.
  ///   - policy: what is tried again.
  ///   - concurrency: the most downloads at a time.
  ///   - userAgent: the program's name and version.
  ///   - note: receives what people should know meanwhile.
  ///   - isCancelled: is asked again and again; `true` ends the work.
  /// - Throws: ``HubError/unreachable(place:_:)`` when libcurl cannot be started.
  init(
    settings: HubSettings, policy: HubRetryPolicy, concurrency: Int, userAgent: String,
    note: @escaping (String) -> Void, isCancelled: @escaping () -> Bool
  ) throws(HubError) {
    self.settings = settings
    self.policy = policy
    self.note = note
    self.isCancelled = isCancelled
    do throws(HTTPFailure) {
      // One place stays free, so that the engine goes on asking for requests while all others
      // transfer: that is when the caller's wish to stop is seen.
      engine = try HTTPEngine(
        options: HTTPEngineOptions(
          concurrency: concurrency + 1, acceptsCompression: false, userAgent: userAgent))
    } catch {
      throw .unreachable(place: settings.endpoint.description, error)
    }
  }

  /// How the hub and its CDN are reached.
  var route: HTTPRoute { HTTPRoute(certificateBundle: settings.certificateBundle) }

  /// What the hub lists of a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - revision: a branch, a tag or a commit.
  /// - Returns: the commit and its files, each with size and hash.
  /// - Throws: ``HubError``.
  func listing(of model: ModelName, revision: String) throws(HubError) -> HubListing {
    let subject = HubExchange.Subject(model: model, revision: revision)
    let address = try address("/api/models/\(model)/revision/\(Self.encoded(revision))?blobs=true")
    var first = exchange(address, subject)
    first.failsFast = true
    let response = try fetch(first, method: .get)
    let place = address.description
    var listing = try HubListing(information: try value(response, place), place: place)
    try HubFile.check(paths: listing.entries.map(\.path))
    if !listing.isComplete { try complete(&listing, subject) }
    return listing
  }

  /// What the hub says of one file, asked of the file itself.
  ///
  /// - Parameters:
  ///   - path: the path in the repository.
  ///   - model: the model.
  ///   - commit: the commit.
  /// - Returns: the file with its size and hash.
  /// - Throws: ``HubError``.
  func file(_ path: String, of model: ModelName, commit: String) throws(HubError) -> HubFile {
    let subject = HubExchange.Subject(model: model, revision: commit, file: path)
    var question = exchange(try fileAddress(path, of: model, commit: commit), subject)
    question.stopsAtForeignRedirect = true
    let response = try fetch(question, method: .head)
    let place = question.address.description
    let entityTag = response.headers["x-linked-etag"] ?? response.headers["etag"] ?? ""
    guard let hash = BlobHash(entityTag: entityTag) else {
      throw .malformedAnswer(
        place: place,
        reason: "the ETag '\(entityTag)' is no hash: expected 64 or 40 hexadecimal digits")
    }
    let isRedirect = response.status != 200
    let length =
      response.headers["x-linked-size"] ?? (isRedirect ? nil : response.headers["content-length"])
    guard let size = length.flatMap({ Int($0) }), size >= 0 else {
      throw .malformedAnswer(place: place, reason: "the answer has no size of the file")
    }
    return HubFile(path: path, size: size, hash: hash)
  }

  /// The address of a file's content.
  func fileAddress(
    _ path: String, of model: ModelName, commit: String
  ) throws(HubError) -> HTTPAddress {
    let parts = HubFile.parts(of: path).map(Self.encoded)
    return try address("/\(model)/resolve/\(commit)/\(parts.joined(separator: "/"))")
  }

  /// A request of the hub with its retries.
  func exchange(_ address: HTTPAddress, _ subject: HubExchange.Subject) -> HubExchange {
    HubExchange(
      address, hub: settings.endpoint, token: settings.token, subject: subject, policy: policy)
  }

  // MARK: - The tree

  /// Fills in sizes and hashes that the first answer left out.
  private func complete(
    _ listing: inout HubListing, _ subject: HubExchange.Subject
  ) throws(HubError) {
    let path = "/api/models/\(subject.model)/tree/\(listing.commit)?recursive=true"
    var next: HTTPAddress? = try address(path)
    var known: [[UInt8]: HubListing.Entry] = [:]
    var pages = 0
    while let address = next {
      pages += 1
      let place = address.description
      guard pages <= Self.maximumPages else {
        throw .malformedAnswer(place: place, reason: "its tree has more than a million files")
      }
      let response: HTTPResponse
      do throws(HubError) {
        response = try fetch(exchange(address, subject), method: .get)
      } catch {
        // A mirror without this part of the API; each file is asked for when it is chosen.
        if case .noSuchModel = error, pages == 1 { return }
        throw error
      }
      for entry in try HubListing.entries(ofTree: try value(response, place), place: place) {
        known[Array(entry.path.utf8)] = entry
      }
      next = try nextPage(response, after: address)
    }
    for index in listing.entries.indices {
      guard let entry = known[Array(listing.entries[index].path.utf8)] else { continue }
      listing.entries[index] = entry
    }
  }

  /// The next page that a `Link` field names.
  private func nextPage(
    _ response: HTTPResponse, after address: HTTPAddress
  ) throws(HubError) -> HTTPAddress? {
    guard let link = response.headers["link"] else { return nil }
    for part in link.split(separator: ",") where part.contains("rel=\"next\"") {
      guard let start = part.firstIndex(of: "<"), let end = part.firstIndex(of: ">"), start < end
      else { continue }
      let target = String(part[part.index(after: start)..<end])
      guard let next = address.resolving(target) else {
        throw .malformedAnswer(place: address.description, reason: "its next page is '\(target)'")
      }
      if next.hasOrigin(of: settings.endpoint) { return next }
      // A mirror that passes the hub's own links on.
      if next.text.hasPrefix("\(HubSettings.defaultEndpoint)/") {
        return try self.address(String(next.text.dropFirst(HubSettings.defaultEndpoint.count)))
      }
      throw .badRedirect(
        place: address.description, target: next.description,
        reason: "expected the next page at the same hub")
    }
    return nil
  }

  // MARK: - Requests

  private func value(_ response: HTTPResponse, _ place: String) throws(HubError) -> JSONValue {
    do {
      return try JSONParser().value(of: response.body)
    } catch {
      throw .malformedAnswer(place: place, reason: "\(error)")
    }
  }

  /// Asks until there is an answer or no hope.
  private func fetch(
    _ exchange: HubExchange, method: HTTPRequest.Method
  ) throws(HubError) -> HTTPResponse {
    var exchange = exchange
    var outcome: Result<HTTPResponse, HubError>?
    var isInFlight = false
    var notBefore = 0.0
    engine.run {
      if isCancelled() {
        engine.control.stop(.abortingTransfers)
        return .finished
      }
      if outcome != nil { return .finished }
      let missing = notBefore - clock.monotonic()
      if isInFlight || missing > 0 {
        return .wait(isInFlight ? Self.pollInterval : min(Self.pollInterval, .seconds(missing)))
      }
      isInFlight = true
      return .request(
        HTTPRequest(
          method: method, url: exchange.address.text, fields: HTTPFieldList(exchange.fields),
          timeouts: HTTPRequest.Timeouts(firstByte: .seconds(60), total: .seconds(300)),
          route: route))
    } completed: { completion in
      isInFlight = false
      switch exchange.step(
        completion.result, unixTime: clock.unix(), using: &generator)
      {
      case .done(let response): outcome = .success(response)
      case .failed(let error): outcome = .failure(error)
      case .redirected: break
      case .again(let seconds, let reason):
        notBefore = clock.monotonic() + seconds
        note("\(reason); trying again in \(Self.text(seconds: seconds))")
      }
    }
    guard let outcome, !isCancelled() else { throw .interrupted }
    return try outcome.get()
  }

  static func text(seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return tenths < 100 ? "\(tenths / 10).\(tenths % 10) s" : "\(Int(seconds.rounded())) s"
  }

  private func address(_ path: String) throws(HubError) -> HTTPAddress {
    let text = settings.endpoint.text
    let base = text.hasSuffix("/") ? String(text.dropLast()) : text
    guard let address = HTTPAddress(base + path) else { throw .badEndpoint(text) }
    return address
  }

  /// A text as one part of a path: everything but unreserved characters is escaped.
  ///
  /// Source: RFC 3986, section 2.3.
  static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "~"):
        bytes.append(byte)
      default:
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
