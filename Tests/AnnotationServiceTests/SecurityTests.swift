import Annotation
import HTTPServer
import JSON
import Synchronization
import Testing

@testable import AnnotationService

/// Texts that would do harm in a page, a header or a log.
private let payloads = [
  "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'",
  "</title><svg/onload=alert(1)>",
  "javascript:alert(1)", "[x](javascript:alert(1))", "![x](http://evil.test/x.png)",
  "{{constructor.constructor('alert(1)')()}}", "\u{2028}alert(1)//",
  "a\r\nSet-Cookie: x=1\r\n\r\n<html>",
  "</script><script>alert(1)//", "\u{0}\u{1}\u{1B}[31m", "\u{202E}gnp.exe",
  "=HYPERLINK(\"http://evil.test\")",
]

/// All strings in a value.
private func strings(in value: JSONValue) -> [String] {
  switch value {
  case .string(let text): [text]
  case .array(let elements): elements.flatMap(strings)
  case .object(let object): object.members.flatMap { [$0.key] + strings(in: $0.value) }
  default: []
  }
}

@Test(arguments: payloads) func storedTextComesBackOnlyAsJSONStrings(payload: String) throws {
  let test = try TestService(text: payload)
  let ann = test.client(TestService.ann)
  let task = ann.send("POST", "/api/v1/tasks/next", [:])
  let vote: JSONValue = [
    "assignment_id": 1, "client_key": key(1), "verdict": "A is better", "milliseconds": 1,
    "note": .string(payload),
  ]
  let root = test.client(TestService.root)
  let answers = [
    task, ann.send("GET", "/api/v1/session"), ann.send("GET", "/api/v1/me"),
    ann.send("PUT", "/api/v1/me/settings", [payload: .string(payload)]),
    ann.send("POST", "/api/v1/votes", vote), ann.send("GET", "/api/v1/votes"),
    root.send("GET", "/api/v1/admin/people"), root.send("GET", "/api/v1/admin/conflicts"),
    root.send("GET", "/api/v1/admin/audit"), root.send("GET", "/api/v1/admin/agreement"),
    ann.send("POST", "/api/v1/votes/undo", ["client_key": key(1)]),
  ]
  var found = 0
  for answer in answers {
    #expect(answer.status == 200, "\(answer.text)")
    // The type is fixed and may not be guessed, so that no browser takes the text for a page.
    #expect(
      answer.headers.first { $0.name == "Content-Type" }?.value == "application/json; charset=utf-8"
    )
    #expect(
      answer.headers.contains { $0.name == "X-Content-Type-Options" && $0.value == "nosniff" })
    let texts = strings(in: answer.json)
    found += texts.filter { $0.utf8.elementsEqual(payload.utf8) || $0.contains(payload) }.count
    // No header carries text of the dataset or of people.
    for field in answer.headers where field.name != "Set-Cookie" {
      #expect(!field.value.contains(payload))
    }
    #expect(!answer.body.contains { $0 < 0x20 })
  }
  #expect(found >= 12)
  // The pages are the program's own files, whatever is in the store.
  for path in ["/", "/admin"] { #expect(!root.send("GET", path).text.contains(payload)) }
}

@Test(arguments: payloads) func errorsRepeatNothingOfARequest(payload: String) throws {
  let client = try TestService().client(TestService.root)
  let answers = [
    client.send("GET", "/\(payload)"), client.send("GET", "/assets/\(payload)"),
    client.send("POST", "/api/v1/votes", [payload: 1]),
    client.send("POST", "/api/v1/votes", text: payload),
    client.send("POST", "/api/v1/session", ["token": .string(payload)]),
    client.send("GET", "/api/v1/votes?limit=\(payload)"),
    client.send("GET", "/", fields: ["host": payload]),
    client.send("GET", "/api/v1/me", fields: ["origin": payload]),
    client.send("POST", "/api/v1/votes", [:], fields: ["x-csrf-token": payload]),
    client.send("GET", "/api/v1/me", fields: ["cookie": "mixinstruct_session=\(payload)"]),
  ]
  for answer in answers {
    #expect((400..<500).contains(answer.status))
    #expect(!strings(in: answer.json).contains { $0.contains(payload) })
    for field in answer.headers { #expect(!field.value.contains(payload)) }
  }
}

@Test(arguments: [
  "/assets/../base.css", "/assets/..", "/assets/../../../../etc/passwd", "/assets/",
  "/assets//etc/passwd", "/assets/..\\..\\windows", "/assets/base.css/",
  "/assets/./base.css",
  "//etc/passwd", "/../", "/assets/base.css\u{0}.html", "/Assets/base.css",
  "/etc/passwd",
  "/assets/%2e%2e/%2e%2e/etc/passwd", "/.git/config", "/assets/index.html",
]) func pathsLeadNowhere(path: String) throws {
  let answer = try TestService().client().send("GET", path)
  #expect(answer.status == 404)
  #expect(answer.code == "no_such_page")
}

@Test func refusesRequestsOfOtherSites() throws {
  let test = try TestService()
  let vote: JSONValue = [
    "assignment_id": 1, "client_key": key(1), "verdict": "A is better", "milliseconds": 1,
  ]
  let ann = test.client(TestService.ann)
  ann.send("POST", "/api/v1/tasks/next", [:])
  let cases: [([String: String], String)] = [
    (["origin": "http://evil.test"], "wrong_origin"), (["origin": "null"], "wrong_origin"),
    (["origin": "https://127.0.0.1:8080"], "wrong_origin"),
    (["origin": "http://127.0.0.1:9999"], "wrong_origin"),
    (["origin": "http://127.0.0.1:8080.evil.test"], "wrong_origin"),
    (["origin": ""], "wrong_origin"),
    (["sec-fetch-site": "cross-site"], "wrong_origin"),
    (["sec-fetch-site": "same-site"], "wrong_origin"),
    (
      ["sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"],
      "wrong_origin"
    ),
    (["x-csrf-token": "-"], "wrong_csrf"), (["x-csrf-token": ""], "wrong_csrf"),
    (["x-csrf-token": String(repeating: "0", count: 64)], "wrong_csrf"),
    (["content-type": "text/plain"], "not_json"), (["content-type": "-"], "not_json"),
    (["content-type": "application/x-www-form-urlencoded"], "not_json"),
    (["content-type": "application/jsonp"], "not_json"),
    (["host": "evil.test:8080"], "wrong_host"), (["host": "-"], "wrong_host"),
    (["host": "127.0.0.1.evil.test"], "wrong_host"),
    (["host": "localhost@evil.test"], "wrong_host"),
    (["host": "127.0.0.1:8080, evil.test"], "wrong_host"),
  ]
  for (fields, code) in cases {
    #expect(ann.send("POST", "/api/v1/votes", vote, fields: fields).code == code, "\(fields)")
  }
  // The token is one session's own.
  let bob = test.client(TestService.bob)
  #expect(
    ann.send("POST", "/api/v1/votes", vote, fields: ["x-csrf-token": bob.token ?? ""]).code
      == "wrong_csrf")
  // Signing somebody else in from another site is refused as well.
  #expect(
    test.client().signIn(TestService.bob, fields: ["origin": "http://evil.test"]).code
      == "wrong_origin")
  test.backend.change { #expect($0.votes.isEmpty) }
  // Reading from another site's page is refused, and so is using our files there.
  for path in ["/api/v1/me", "/assets/base.css"] {
    #expect(ann.send("GET", path, fields: ["sec-fetch-site": "cross-site"]).code == "wrong_origin")
  }
  // Our own page's request, and the way here from a mail.
  let own = ["origin": "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"]
  #expect(ann.send("POST", "/api/v1/votes", vote, fields: own).status == 200)
  let link = [
    "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document",
  ]
  #expect(ann.send("GET", "/", fields: link).status == 200)
  #expect(
    ann.send("GET", "/", fields: link.merging(["sec-fetch-dest": "iframe"]) { $1 }).code
      == "wrong_origin")
}

@Test func takesThePublicOriginBehindAProxy() throws {
  let options = try AnnotationServiceOptions(publicURL: "https://example.org/a")
  let test = try TestService(options: options)
  let client = test.client()
  // A proxy may pass its own name for us on.
  for (host, origin, status) in [
    ("127.0.0.1:8080", "https://example.org", 200), ("example.org", "https://example.org", 200),
    ("example.org", "http://example.org", 403), ("example.org", "https://example.org:444", 403),
    ("evil.test", "https://example.org", 403),
  ] {
    client.fields = [.init(name: "host", value: host)]
    #expect(
      client.signIn(TestService.ann, fields: ["origin": origin]).status == status,
      "\(host) \(origin)")
  }
}

@Test func refusesLinksThatDoNotWork() throws {
  let test = try TestService { $0.failedSignIns = .init(burst: 1000, perSecond: 1) }
  for link in [
    "guess", "link-of-an", "link-of-ann ", "LINK-OF-ANN", "' OR 1=1 --", "\u{0}",
    "link-of-ann\u{0}",
  ] {
    #expect(test.client().signIn(link).code == "unknown_link", "\(link)")
  }
  #expect(test.client().signIn("").code == "wrong_field")
  #expect(test.client().signIn(String(repeating: "a", count: 201)).code == "wrong_field")
  // A link that is taken back ends the sessions it opened, at once.
  let ann = test.client(TestService.ann)
  #expect(ann.send("GET", "/api/v1/me").status == 200)
  let root = test.client(TestService.root)
  #expect(root.send("POST", "/api/v1/admin/people/2/revoke").status == 204)
  #expect(ann.send("GET", "/api/v1/me").code == "link_revoked")
  #expect(ann.send("POST", "/api/v1/tasks/next", [:]).code == "link_revoked")
  #expect(test.client().signIn(TestService.ann).code == "link_revoked")
}

@Test func refusesCookiesThatAreNotOurs() throws {
  let test = try TestService()
  let ann = test.client(TestService.ann)
  let cookie = try #require(ann.cookie)
  let guesses = [
    "", "x", String(repeating: "0", count: 64), cookie.uppercased(), cookie + "0",
    String(cookie.dropLast()), String(cookie.dropLast()) + "g", "\"\(cookie)\"", cookie + "\u{0}",
  ]
  for guess in guesses {
    let client = test.client()
    client.cookie = guess
    #expect(client.send("GET", "/api/v1/me").code == "not_signed_in", "\(guess)")
  }
  // Signing in again ends the session before it.
  ann.signIn(TestService.ann)
  let old = test.client()
  old.cookie = cookie
  #expect(old.send("GET", "/api/v1/me").status == 401)
}

@Test func peopleSeeOnlyTheirOwn() throws {
  let test = try TestService()
  let (ann, bob) = (test.client(TestService.ann), test.client(TestService.bob))
  ann.send("POST", "/api/v1/tasks/next", [:])
  let vote: JSONValue = [
    "assignment_id": 1, "client_key": key(1), "verdict": "A is better", "milliseconds": 1,
    "note": "ann's note",
  ]
  ann.send("POST", "/api/v1/votes", vote)
  ann.send("POST", "/api/v1/tasks/next", [:])
  #expect(bob.send("GET", "/api/v1/votes").json["votes"]?.array?.isEmpty == true)
  #expect(bob.send("POST", "/api/v1/votes/undo", ["client_key": key(1)]).status == 409)
  #expect(bob.send("POST", "/api/v1/tasks/2/renew").code == "unknown_assignment")
  var stolen = vote.object ?? [:]
  stolen["assignment_id"] = 2
  stolen["client_key"] = key(2)
  #expect(bob.send("POST", "/api/v1/votes", .object(stolen)).code == "unknown_assignment")
  for route in test.service.routes where route.access == .administrator {
    let path = route.path.replacing("{person_id}", with: "1").replacing("{queue_id}", with: "1")
    let answer = bob.send(route.method, path, route.body == .none ? nil : [:])
    #expect(answer.code == "administrators_only", "\(route.path)")
    let nobody = test.client().send(route.method, path)
    #expect(nobody.code == "not_signed_in")
  }
  // Nothing an annotator gets tells a model, an example, or what a task is for.
  let seen = [
    bob.send("POST", "/api/v1/tasks/next", [:]), bob.send("GET", "/api/v1/me"),
    bob.send("GET", "/api/v1/votes"), bob.send("GET", "/api/v1/session"),
    ann.send("POST", "/api/v1/votes/undo", ["client_key": key(1)]),
  ]
  for answer in seen {
    for word in ["model", "example", "gold", "repeat", "purpose"] {
      #expect(!answer.text.lowercased().contains(word), "\(answer.text)")
    }
  }
}

@Test func limitsAttemptsToSignIn() throws {
  let test = try TestService()
  let client = test.client()
  for _ in 0..<10 { #expect(client.signIn("guess").code == "unknown_link") }
  let refused = client.signIn("guess")
  #expect(refused.code == "too_many_requests")
  #expect(refused.headers.contains { $0.name == "Retry-After" && $0.value == "10" })
  // Even the right link has to wait; another address has not.
  #expect(client.signIn(TestService.ann).code == "too_many_requests")
  let other = test.client()
  other.address = "192.0.2.7"
  #expect(other.signIn(TestService.ann).status == 200)
  test.backend.time.withLock { $0 = $0.adding(seconds: 10) }
  #expect(client.signIn(TestService.ann).status == 200)
  // Good links do not count: a class may sit behind one address.
  for _ in 0..<50 { #expect(other.signIn(TestService.ann).status == 200) }
}

@Test func limitsAttemptsOfManyAddresses() throws {
  let test = try TestService { $0.allFailedSignIns = .init(burst: 20, perSecond: 1) }
  for number in 0..<20 {
    let client = test.client()
    client.address = "2001:db8:\(number)::1"
    #expect(client.signIn("guess").code == "unknown_link")
  }
  #expect(test.client().signIn("guess").code == "too_many_requests")
}

@Test func limitsRequests() throws {
  let test = try TestService {
    $0.requestsOfPerson = .init(burst: 5, perSecond: 1)
    $0.requestsOfAddress = .init(burst: 8, perSecond: 1)
  }
  let (ann, bob) = (test.client(TestService.ann), test.client(TestService.bob))
  for _ in 0..<5 { #expect(ann.send("GET", "/api/v1/session").status == 200) }
  #expect(ann.send("GET", "/api/v1/session").code == "too_many_requests")
  #expect(bob.send("GET", "/api/v1/session").status == 200)
  // Two were taken by signing in.
  let nobody = test.client()
  for _ in 0..<3 { #expect(nobody.send("GET", "/").status == 200) }
  for _ in 0..<3 { #expect(nobody.send("GET", "/api/v1/me").code == "not_signed_in") }
  #expect(nobody.send("GET", "/api/v1/me").code == "too_many_requests")
  #expect(nobody.send("GET", "/").code == "too_many_requests")
  test.backend.time.withLock { $0 = $0.adding(seconds: 2) }
  #expect(nobody.send("GET", "/").status == 200)
}

@Test func countsAddressesByNetworkAndBehindProxies() {
  func key(_ address: String, _ forwarded: String?, behindProxy: Bool) -> String {
    ClientAddress.key(
      of: HTTPServerRequest(
        method: "GET", path: "/",
        headers: forwarded.map { [.init(name: "x-forwarded-for", value: $0)] } ?? [],
        clientAddress: address), isBehindProxy: behindProxy)
  }
  #expect(key("192.0.2.1", "10.0.0.1", behindProxy: false) == "192.0.2.1")
  #expect(key("127.0.0.1", "10.0.0.1, 192.0.2.9", behindProxy: true) == "192.0.2.9")
  #expect(key("127.0.0.1", nil, behindProxy: true) == "127.0.0.1")
  #expect(key("127.0.0.1", " , ", behindProxy: true) == "127.0.0.1")
  #expect(key("2001:db8:1:2:3:4:5:6", nil, behindProxy: false) == "2001:db8:1:2::/64")
  #expect(key("2001:db8:1:2:ffff:4:5:7", nil, behindProxy: false) == "2001:db8:1:2::/64")
  #expect(key("2001:db8::7", nil, behindProxy: false) == "2001:db8::/64")
  #expect(key("::ffff:192.0.2.1", nil, behindProxy: false) == "192.0.2.1")
}

@Test func forgetsAddressesThatAreQuiet() {
  let limiter = RateLimiter(.init(burst: 2, perSecond: 1))
  for number in 0..<100_000 {
    #expect(limiter.take("\(number)", at: Double(number) / 1000) == nil)
  }
  #expect(limiter.count < 20_000)
}

@Test func refusesMalformedBodies() throws {
  let client = try TestService().client(TestService.ann)
  for (text, code) in [
    ("", "malformed_json"), ("{", "malformed_json"), ("{\"a\":1,}", "malformed_json"),
    ("{\"a\":NaN}", "malformed_json"), ("{\"note\":\"\\ud800\"}", "malformed_json"),
    ("[]", "wrong_field"), ("\"x\"", "wrong_field"), ("{}{}", "malformed_json"),
    (String(repeating: "[", count: 5000), "malformed_json"),
    (
      String(repeating: "{\"a\":", count: 900) + "1" + String(repeating: "}", count: 900),
      "wrong_field"
    ),
    ("{\"assignment_id\":99999999999999999999}", "malformed_json"),
    (
      "{\"assignment_id\":18446744073709551615,\"client_key\":\"x\",\"milliseconds\":1}",
      "wrong_field"
    ),
    ("{\"assignment_id\":1e300,\"client_key\":\"x\",\"milliseconds\":1}", "wrong_field"),
  ] {
    #expect(client.send("POST", "/api/v1/votes", text: text).code == code, "\(text.prefix(60))")
  }
  let long = String(repeating: "a", count: 8200)
  #expect(client.send("PUT", "/api/v1/me/settings", ["a": .string(long)]).code == "body_too_large")
  #expect(client.send("PUT", "/api/v1/me/settings", text: "[]").code == "wrong_field")
}

@Test func namesOfPeopleAreVisible() throws {
  let client = try TestService().client(TestService.root)
  for name in ["", "   ", "a\nb", "a\u{0}b", "a\u{202E}b", "\u{200B}", "a\u{1B}[31m", "a\u{2028}b"]
  {
    #expect(
      client.send("POST", "/api/v1/admin/people", ["name": .string(name)]).code == "wrong_field",
      "\(name.debugDescription)")
  }
  for name in ["Zoë", "李雷", "O'Brien <b>", "محمد", "🙂"] {
    #expect(
      client.send("POST", "/api/v1/admin/people", ["name": .string(name)]).status == 200, "\(name)")
  }
}

private struct Accident: Error {}

@Test func accidentsTellNothingToPeople() throws {
  let backend = MemoryBackend(people: [], items: [])
  let lines = LineLog()
  let service = AnnotationService(
    backend: backend, options: try AnnotationServiceOptions(), clock: { backend.now },
    log: { lines.add($0) })
  backend.change { $0.failure = Accident() }
  let answer = Client(service).signIn("x")
  #expect(answer.code == "internal_error")
  #expect(!answer.text.contains("Accident"))
  #expect(lines.all.count == 1)
  backend.change { $0.failure = AnnotationError.unavailable("The store is busy.") }
  let busy = Client(service).signIn("x")
  #expect(busy.status == 503)
  #expect(busy.headers.contains { $0.name == "Retry-After" })
}
