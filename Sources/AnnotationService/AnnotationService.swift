package import Annotation
package import HTTPServer
internal import JSON

/// Answers the requests of the annotation pages: the pages themselves and their JSON API.
///
/// Everything that guards it stands here, before the backend is asked: hosts, origins, sessions,
/// roles, tokens against forged requests, limits and the header fields of every answer.
///
/// ```swift
/// let service = AnnotationService(backend: store, options: try AnnotationServiceOptions())
/// let server = try WebServer(
///   options: AnnotationService.serverOptions(), refuse: service.response(to:),
///   handler: service.response(to:))
/// ```
package final class AnnotationService: Sendable {
  /// The longest body of a request in bytes: a vote with its note is much shorter.
  package static let maximumBodyBytes = 64 << 10
  /// The longest header of a request in bytes.
  package static let maximumHeaderBytes = 16 << 10

  let backend: any AnnotationBackend
  let options: AnnotationServiceOptions
  let routes: [Route]
  private let clock: @Sendable () -> AnnotationTime
  private let log: @Sendable (String) -> Void
  private let requestsOfPerson: RateLimiter
  private let requestsOfAddress: RateLimiter
  let failedSignIns: RateLimiter
  let allFailedSignIns: RateLimiter

  /// A service.
  ///
  /// - Parameters:
  ///   - backend: the store.
  ///   - options: how it is reached, and its limits.
  ///   - clock: the time.
  ///   - log: takes a line about what should not have happened; people see no more than that it did.
  package init(
    backend: any AnnotationBackend, options: AnnotationServiceOptions,
    clock: @escaping @Sendable () -> AnnotationTime = { SystemClock.now },
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.backend = backend
    self.options = options
    self.clock = clock
    self.log = log
    requestsOfPerson = RateLimiter(options.requestsOfPerson)
    requestsOfAddress = RateLimiter(options.requestsOfAddress)
    failedSignIns = RateLimiter(options.failedSignIns)
    allFailedSignIns = RateLimiter(options.allFailedSignIns)
    let sessions = SessionRoutes(
      backend: backend, options: options, failedSignIns: failedSignIns,
      allFailedSignIns: allFailedSignIns)
    routes =
      PageRoutes.all + sessions.all + AnnotatorRoutes(backend: backend).all
      + AdministratorRoutes(backend: backend).all
  }

  /// Answers a request that the server refuses before it gets here.
  ///
  /// - Parameter refusal: why.
  /// - Returns: the answer.
  package func response(to refusal: RequestRefusal) -> HTTPServerResponse {
    SecurityHeaders.added(to: ServiceRefusal(refusal).response, isSecure: options.isSecure)
  }

  /// Answers a request; may wait for a commit.
  ///
  /// - Parameter request: the request.
  /// - Returns: the answer.
  package func response(to request: HTTPServerRequest) -> HTTPServerResponse {
    SecurityHeaders.added(to: uncheckedResponse(to: request), isSecure: options.isSecure)
  }

  private func uncheckedResponse(to request: HTTPServerRequest) -> HTTPServerResponse {
    do {
      try RequestChecks.checkHost(of: request, options)
      let base = options.basePath
      if !base.isEmpty, request.path.utf8.elementsEqual(base.utf8) {
        return HTTPServerResponse(
          status: 308, headers: [.init(name: "Location", value: base + "/")])
      }
      return try routed(request)
    } catch let error as ServiceRefusal {
      return error.response
    } catch let error as AnnotationError {
      return ServiceRefusal.backend(error).response
    } catch {
      log("\(request.method) \(request.path.prefix(200)): \(error)")
      return ServiceRefusal.internalError.response
    }
  }

  private func routed(_ request: HTTPServerRequest) throws -> HTTPServerResponse {
    let now = clock()
    let seconds = Double(now.milliseconds) / 1000
    let address = ClientAddress.key(of: request, isBehindProxy: options.isBehindProxy)
    let (route, parameters) = try findRoute(request)
    try RequestChecks.checkOrigin(of: request, for: route, options)
    let signedIn: SignedIn?
    do {
      signedIn = route.access == .anyone ? nil : try signIn(of: request)
    } catch {
      // Whoever tries cookies is counted as well.
      if let wait = requestsOfAddress.take(address, at: seconds) {
        throw ServiceRefusal.tooManyRequests(seconds: wait)
      }
      throw error
    }
    let wait =
      if let signedIn {
        requestsOfPerson.take(String(signedIn.identity.person), at: seconds)
      } else {
        requestsOfAddress.take(address, at: seconds)
      }
    if let wait { throw ServiceRefusal.tooManyRequests(seconds: wait) }
    if route.access == .administrator, signedIn?.identity.role != .administrator {
      throw ServiceRefusal.administratorsOnly
    }
    if route.needsCSRFToken {
      let token = request.header("x-csrf-token") ?? ""
      guard let signedIn, SessionCookie.isEqual(token, signedIn.session.csrfToken) else {
        throw ServiceRefusal.wrongCSRF
      }
    }
    return try route.answer(
      Call(
        request: request, parameters: parameters, body: try RequestChecks.body(of: request, route),
        query: QueryReader(fields: request.query), signedIn: signedIn, now: now))
  }

  private func findRoute(
    _ request: HTTPServerRequest
  ) throws(ServiceRefusal) -> (Route, [String]) {
    guard request.path.utf8.starts(with: options.basePath.utf8) else { throw .noSuchPage }
    let rest = request.path.utf8.dropFirst(options.basePath.utf8.count)
    guard rest.first == UInt8(ascii: "/") else { throw .noSuchPage }
    let segments = rest.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false
    ).map { Substring($0) }
    let method = request.method == "HEAD" ? "GET" : request.method
    var allowed: [String] = []
    for route in routes {
      guard let parameters = route.parameters(of: segments) else { continue }
      if route.method.utf8.elementsEqual(method.utf8) { return (route, parameters) }
      allowed.append(route.method)
      if route.method == "GET" { allowed.append("HEAD") }
    }
    throw allowed.isEmpty ? .noSuchPage : .wrongMethod(allowed: allowed)
  }

  private func signIn(of request: HTTPServerRequest) throws -> SignedIn {
    guard let hash = request.cookie(SessionCookie.name).flatMap(SessionCookie.hash(of:)),
      let (session, identity) = try backend.session(cookieHash: hash)
    else { throw ServiceRefusal.notSignedIn }
    return SignedIn(session: session, identity: identity)
  }
}
