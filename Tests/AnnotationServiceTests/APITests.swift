import Annotation
import Foundation
import HTTPServer
import JSON
import Synchronization
import Testing

@testable import AnnotationService

@Test func signsInAndOut() throws {
  let test = try TestService()
  let client = test.client()
  #expect(client.send("GET", "/api/v1/session").code == "not_signed_in")
  let answer = client.signIn(TestService.ann)
  #expect(answer.status == 200)
  #expect(answer.json["role"]?.string == "annotator")
  let cookie = answer.headers.first { $0.name == "Set-Cookie" }?.value ?? ""
  #expect(cookie.hasSuffix("; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict"))
  #expect(client.send("GET", "/api/v1/session").json["csrf"] == answer.json["csrf"])
  // The store knows neither the cookie nor the link.
  test.backend.change { state in
    #expect(state.sessions.count == 1)
    #expect(state.sessions.values.allSatisfy { $0.csrfToken != client.cookie })
  }
  let end = client.send("DELETE", "/api/v1/session")
  #expect(end.status == 204)
  #expect(end.headers.contains { $0.name == "Set-Cookie" && $0.value.contains("Max-Age=0") })
  #expect(client.send("GET", "/api/v1/session").status == 401)
}

@Test func aSessionEndsWithItsLink() throws {
  let test = try TestService()
  test.backend.change { $0.people[1].expiresAt = test.backend.now.adding(seconds: 100) }
  let client = test.client()
  let answer = client.signIn(TestService.ann)
  #expect(answer.json["expires_at"]?.string == test.backend.now.adding(seconds: 100).iso8601)
  test.backend.time.withLock { $0 = $0.adding(seconds: 101) }
  #expect(client.send("GET", "/api/v1/me").status == 401)
  #expect(client.signIn(TestService.ann).code == "link_expired")
}

@Test func votesFromTheFirstTaskToTheLast() throws {
  let client = try TestService().client(TestService.ann)
  #expect(client.send("GET", "/api/v1/me").json["today"]?["median_seconds"] == .null)
  for number in 1...5 {
    let task = client.send("POST", "/api/v1/tasks/next", ["queue_id": 1]).json["task"]
    let row = try #require(task?["assignment_id"])
    #expect(client.send("POST", "/api/v1/tasks/\(row.json())/renew").status == 200)
    let vote: JSONValue = [
      "assignment_id": row, "client_key": key(number), "verdict": "A is better",
      "milliseconds": 1200, "note": "n\u{0}ul",
    ]
    #expect(client.send("POST", "/api/v1/votes", vote).json["repeated"] == false)
    #expect(client.send("POST", "/api/v1/votes", vote).json["repeated"] == true)
    #expect(client.send("POST", "/api/v1/tasks/\(row.json())/renew").status == 410)
  }
  #expect(client.send("POST", "/api/v1/tasks/next", [:]).json["reason"]?.string == "finished")
  #expect(client.send("GET", "/api/v1/votes?limit=2").json["votes"]?.array?.count == 2)
  for _ in 0..<2 {
    let undone = client.send("POST", "/api/v1/votes/undo", ["client_key": key(50)])
    #expect(undone.json["task"]?["assignment_id"]?.int == 5)
  }
  #expect(client.send("GET", "/api/v1/votes").json["votes"]?.array?.count == 4)
  let nobody = try TestService().client(TestService.bob)
  #expect(
    nobody.send("POST", "/api/v1/votes/undo", ["client_key": key(1)]).code == "nothing_to_undo")
  #expect(client.send("PUT", "/api/v1/me/settings", ["keys": ["a": 1]]).json["keys"]?["a"] == 1)
  #expect(client.send("GET", "/api/v1/me").json["settings"]?["keys"]?["a"] == 1)
}

@Test func administersPeopleQueuesAndConflicts() throws {
  let test = try TestService()
  let root = test.client(TestService.root)
  for (client, verdict) in [
    (test.client(TestService.ann), "A is better"), (test.client(TestService.bob), "Same good"),
  ] {
    client.send("POST", "/api/v1/tasks/next", [:])
    let row = client.cookie == nil ? 0 : verdict == "A is better" ? 1 : 2
    client.send(
      "POST", "/api/v1/votes",
      [
        "assignment_id": JSONValue.integer(Int64(row)), "client_key": key(1),
        "verdict": .string(verdict), "milliseconds": 5,
      ])
  }
  #expect(root.send("GET", "/api/v1/admin/overview?queue_id=1").status == 200)
  #expect(root.send("GET", "/api/v1/admin/overview?queue_id=2").code == "unknown_queue")
  #expect(
    root.send("GET", "/api/v1/admin/agreement").json["pairs"]?.array?.first?["kappa"] == .null)
  #expect(root.send("GET", "/api/v1/admin/people").json["people"]?.array?.count == 3)
  #expect(root.send("GET", "/api/v1/admin/judges").status == 200)
  #expect(root.send("GET", "/api/v1/admin/audit?limit=2").json["events"]?.array?.count == 2)
  #expect(root.send("GET", "/api/v1/admin/audit?before=1").json["events"]?.array?.isEmpty == true)
  let conflicts = root.send("GET", "/api/v1/admin/conflicts?queue_id=1&offset=0&limit=5")
  #expect(conflicts.json["conflicts"]?.array?.first?["votes"]?.array?.count == 2)
  let decision: JSONValue = [
    "task_id": 1, "verdict": "Same bad", "client_key": key(9), "note": "so",
  ]
  #expect(root.send("POST", "/api/v1/admin/adjudications", decision).status == 200)
  #expect(root.send("POST", "/api/v1/admin/queues/1/state", ["state": "paused"]).status == 204)
  let ann = test.client(TestService.ann)
  #expect(ann.send("POST", "/api/v1/tasks/next", [:]).json["reason"]?.string == "paused")
  let added = root.send("POST", "/api/v1/admin/people", ["name": "eve", "quota": 5])
  let link = try #require(added.json["link_path"]?.string?.dropFirst(2))
  #expect(root.send("POST", "/api/v1/admin/people", ["name": "eve"]).code == "name_taken")
  let eve = test.client(String(link))
  #expect(eve.send("GET", "/api/v1/me").status == 200)
  #expect(root.send("POST", "/api/v1/admin/people/4/link").status == 200)
  #expect(eve.send("GET", "/api/v1/me").status == 401)
  #expect(root.send("POST", "/api/v1/admin/people/4/revoke").status == 204)
  #expect(root.send("POST", "/api/v1/admin/people/99/revoke").code == "unknown_person")
}

@Test func servesPagesAndTheirFiles() throws {
  let client = try TestService().client()
  for path in ["/", "/admin"] {
    let page = client.send("GET", path)
    #expect(page.status == 200)
    #expect(page.headers.contains { $0.value == "text/html; charset=utf-8" })
    let tag = page.headers.first { $0.name == "ETag" }?.value ?? ""
    #expect(client.send("GET", path, fields: ["if-none-match": tag]).status == 304)
    #expect(client.send("HEAD", path).status == 200)
  }
  for name in EmbeddedFiles.assets.keys {
    #expect(client.send("GET", "/assets/\(name)").status == 200)
  }
  #expect(client.send("GET", "/healthz").json["status"] == "ok")
}

@Test func embedsEveryFileOfThePages() throws {
  let files = try FileManager.default.contentsOfDirectory(
    atPath: Description.repository.appending(path: "Sources/AnnotationService/Pages").path)
  #expect(Set(files) == Set(EmbeddedFiles.assets.keys).union(["index.html", "admin.html"]))
  #expect(!EmbeddedFiles.assets.values.contains { $0.type == "application/octet-stream" })
}

@Test func namesMethodsAndPathsThatAreNot() throws {
  let client = try TestService().client(TestService.ann)
  let answer = client.send("DELETE", "/api/v1/votes")
  #expect(answer.code == "wrong_method")
  #expect(answer.headers.contains { $0.name == "Allow" && $0.value == "POST, GET, HEAD" })
  #expect(client.send("GET", "/api/v1/vote").code == "no_such_page")
  #expect(client.send("OPTIONS", "/").code == "wrong_method")
  #expect(client.send("GET", "/api/v1/votes?limit=0").code == "wrong_field")
  #expect(client.send("GET", "/api/v1/votes?limit=1&limit=2").code == "wrong_field")
  #expect(client.send("POST", "/api/v1/tasks/0/renew").status == 404)
  #expect(client.send("POST", "/api/v1/tasks/99999999999999999999/renew").status == 404)
}

@Test func worksBelowABasePath() throws {
  let options = try AnnotationServiceOptions(
    publicURL: "https://Example.org/team/annotate/", isBehindProxy: true)
  let test = try TestService(options: options)
  let client = test.client()
  client.fields = [.init(name: "host", value: "example.org")]
  let answer = client.signIn(TestService.ann)
  let cookie = answer.headers.first { $0.name == "Set-Cookie" }?.value ?? ""
  #expect(cookie.contains("; Path=/team/annotate/;"))
  #expect(cookie.hasSuffix("; Secure"))
  #expect(answer.headers.contains { $0.name == "Strict-Transport-Security" })
  #expect(client.send("GET", "/team/annotate/api/v1/me").status == 200)
  let redirect = client.send("GET", "/team/annotate")
  #expect(redirect.status == 308)
  #expect(redirect.headers.contains { $0.name == "Location" && $0.value == "/team/annotate/" })
  #expect(client.send("GET", "/api/v1/me").code == "no_such_page")
  #expect(client.send("GET", "/team/annotatex/").code == "no_such_page")
}

@Test(arguments: [
  "ftp://a", "https://", "https://a b", "https://a/?x", "https://a/#x", "https://a/b//c",
  "https://a/../b", "https://a/é", "https://a:123456", "https://u@a/", "//a", "", "https://a;b",
]) func refusesPublicAddresses(text: String) {
  #expect(throws: AnnotationServiceError.badPublicURL(text)) { try PublicURL(text) }
}

@Test func readsPublicAddresses() throws {
  let url = try PublicURL("HTTPS://Example.org:443/a/B/")
  #expect(url.origin == "https://example.org")
  #expect(url.path == "/a/B")
  #expect(try PublicURL("http://[::1]:8080").origin == "http://[::1]:8080")
  #expect(try PublicURL("http://localhost").path == "")
}
