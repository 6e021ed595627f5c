internal import Annotation
internal import HTTPServer
internal import JSON

/// Signing in by a personal link, and out.
struct SessionRoutes: Sendable {
  let backend: any AnnotationBackend
  let options: AnnotationServiceOptions
  let failedSignIns: RateLimiter
  let allFailedSignIns: RateLimiter

  var all: [Route] {
    [
      Route(
        "POST", "/api/v1/session", access: .anyone, body: .fields([.required("token")]),
        needsCSRFToken: false, refusals: [401], answer: { try signIn($0) }),
      Route("GET", "/api/v1/session", access: .person) { call in
        guard let signedIn = call.signedIn else { throw ServiceRefusal.notSignedIn }
        return Self.response(signedIn)
      },
      Route("DELETE", "/api/v1/session", access: .person, success: 204) { call in
        guard let signedIn = call.signedIn else { throw ServiceRefusal.notSignedIn }
        try backend.closeSession(cookieHash: signedIn.session.cookieHash)
        return HTTPServerResponse(
          status: 204, headers: [SessionCookie.field(nil, seconds: 0, options: options)])
      },
    ]
  }

  private func signIn(_ call: Call) throws -> HTTPServerResponse {
    let seconds = Double(call.now.milliseconds) / 1000
    let address = ClientAddress.key(of: call.request, isBehindProxy: options.isBehindProxy)
    // Only failures count: behind one address there may be a whole class.
    if let wait = failedSignIns.check(address, at: seconds)
      ?? allFailedSignIns.check("", at: seconds)
    {
      throw ServiceRefusal.tooManyRequests(seconds: wait)
    }
    let token = try call.body.string("token", length: 1...200)
    let identity: AnnotatorIdentity
    do {
      identity = try backend.signIn(token: token)
    } catch let error as AnnotationError where error.category == .unauthorized {
      _ = failedSignIns.take(address, at: seconds)
      _ = allFailedSignIns.take("", at: seconds)
      throw error
    }
    // Whatever session the browser had ends: nobody can slip it one to listen in on.
    if let hash = call.request.cookie(SessionCookie.name).flatMap(SessionCookie.hash(of:)) {
      try backend.closeSession(cookieHash: hash)
    }
    let secret = SessionCookie.secret()
    guard let hash = SessionCookie.hash(of: secret) else { throw ServiceRefusal.internalError }
    var end = call.now.adding(seconds: options.sessionSeconds)
    if let last = identity.expiresAt, last < end { end = last }
    let session = AnnotationSession(
      cookieHash: hash, csrfToken: SessionCookie.secret(), person: identity.person, expiresAt: end)
    try backend.openSession(session)
    var response = Self.response(SignedIn(session: session, identity: identity))
    response.headers.append(
      SessionCookie.field(
        secret, seconds: Int((end.milliseconds - call.now.milliseconds) / 1000), options: options))
    return response
  }

  private static func response(_ signedIn: SignedIn) -> HTTPServerResponse {
    .object([
      "role": .string(signedIn.identity.role.rawValue), "name": .string(signedIn.identity.name),
      "csrf": .string(signedIn.session.csrfToken),
      "expires_at": .string(signedIn.session.expiresAt.iso8601),
    ])
  }
}
