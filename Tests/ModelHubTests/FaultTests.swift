import Foundation
import HTTPClient
import LoopbackHub
import LoopbackServer
import ModelHub
import Testing

private let folder = "models--owner--model"
private let snapshot = "\(folder)/snapshots/\(LoopbackHub.commit)"
private let content = bytes(400_000, seed: 7)
private let weights = LoopbackHub.File("model.safetensors", content, isLarge: true)
private let model = LoopbackHub.Model("owner/model", [.init("config.json", "{}"), weights])
private let incomplete = "\(folder)/blobs/\(weights.digits).incomplete"

/// A hub whose CDN answers the first requests for the weights in some way.
private func hub(
  _ answers: @escaping @Sendable (LoopbackHub.Request) -> [FaultServer.Step]?
) -> LoopbackHub {
  LoopbackHub([model]) { $0.isAtCDN ? answers($0) : nil }
}

/// The first bytes of the weights under a length that promises all of them.
private func cutOff(after count: Int, from start: Int = 0) -> [FaultServer.Step] {
  let range =
    start > 0 ? "Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)\r\n" : ""
  let head = """
    HTTP/1.1 \(start > 0 ? 206 : 200) OK\r\n\(range)Content-Length: \(content.count - start)\r\n\r\n
    """
  return [.send(Array(head.utf8)), .send(Array(content[start..<(start + count)])), .close]
}

private func ranges(_ hub: LoopbackHub) -> [String?] {
  hub.requests.filter(\.isAtCDN).map { $0.fields["range"] }
}

@Test func aTruncatedTransferGoesOnWhereItWas() throws {
  let hub = hub { request in
    switch request.number {
    case 0: cutOff(after: 100_000)
    case 1: cutOff(after: 150_000, from: 100_000)
    default: nil
    }
  }
  let cache = try TestCache()
  let notes = Notes()
  let outcome = try pull(from: hub, into: cache, notes: notes)
  #expect(ranges(hub) == [nil, "bytes=100000-", "bytes=250000-"])
  #expect(outcome.receivedBytes == content.count + 2)
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
  #expect(notes.all.count == 2)
  #expect(notes.all.allSatisfy { $0.hasPrefix("model.safetensors: the answer was cut off") })
}

@Test func aRunThatEndedIsContinuedByTheNext() throws {
  let hub = LoopbackHub([model])
  let cache = try TestCache()
  try cache.write(Array(content[..<123_456]), to: incomplete)
  let outcome = try pull(from: hub, into: cache)
  #expect(ranges(hub) == ["bytes=123456-"])
  #expect(outcome.receivedBytes == content.count - 123_456 + 2)
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
}

@Test func whatIsAllThereOnlyTakesItsPlace() throws {
  let hub = LoopbackHub([model])
  let cache = try TestCache()
  try cache.write(content, to: incomplete)
  #expect(try pull(from: hub, into: cache).receivedBytes == 2)
  #expect(ranges(hub) == [])
  #expect(!cache.exists(incomplete))
}

@Test func moreThanThereShouldBeIsThrownAway() throws {
  let hub = LoopbackHub([model])
  let cache = try TestCache()
  try cache.write(content + [0], to: incomplete)
  #expect(try pull(from: hub, into: cache).receivedBytes == content.count + 2)
  #expect(ranges(hub) == [nil])
}

@Test func aDamagedBeginningIsDownloadedAgain() throws {
  let hub = LoopbackHub([model])
  let cache = try TestCache()
  try cache.write(Array(repeating: 7, count: 1000), to: incomplete)
  let notes = Notes()
  try pull(from: hub, into: cache, notes: notes)
  #expect(ranges(hub) == ["bytes=1000-", nil])
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
  #expect(notes.all.contains { $0.contains("beginning again") })
}

@Test func aServerThatIgnoresRangesIsFine() throws {
  let hub = hub { _ in cutOff(after: content.count) }
  let cache = try TestCache()
  try cache.write(Array(content[..<1000]), to: incomplete)
  try pull(from: hub, into: cache)
  #expect(ranges(hub) == ["bytes=1000-"])
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
}

@Test func aPartThatWasNotAskedForIsNotTaken() throws {
  let hub = hub { request in
    request.number == 0 ? cutOff(after: 200_000, from: 200_000) : nil
  }
  let cache = try TestCache()
  try cache.write(Array(content[..<1000]), to: incomplete)
  let notes = Notes()
  try pull(from: hub, into: cache, notes: notes)
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
  #expect(notes.all.contains { $0.contains("instead of that from 1000") })
}

@Test func aRangeThatIsRefusedIsAskedForAsAWhole() throws {
  let hub = hub { request in
    request.fields["range"] == nil
      ? nil : [.answer(416, headers: ["Content-Range: bytes */500"], text: "")]
  }
  let cache = try TestCache()
  try cache.write(Array(content[..<1000]), to: incomplete)
  try pull(from: hub, into: cache)
  #expect(ranges(hub) == ["bytes=1000-", nil])
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
}

@Test func wrongContentNeverAppears() throws {
  var other = content
  other[399_999] ^= 1
  let wrong = other
  for file in [weights, LoopbackHub.File("config.json", Array("{}".utf8))] {
    let hub = LoopbackHub([model]) { request in
      if file.isLarge { return request.isAtCDN ? [.answer(200, wrong)] : nil }
      return request.target.hasSuffix("/config.json") ? [.answer(200, text: "[]")] : nil
    }
    let cache = try TestCache()
    let error = try #require(hubError { try pull(from: hub, into: cache) })
    guard case .wrongContent(let name, _, let expected) = error else {
      Issue.record("\(error)")
      continue
    }
    #expect(name == file.path)
    #expect(expected.contains(file.digits))
    #expect(error.category == .badData)
    #expect(!cache.exists("\(snapshot)/\(file.path)"))
    #expect(!cache.exists("\(folder)/blobs/\(file.digits)"))
    #expect(!cache.exists("\(folder)/blobs/\(file.digits).incomplete"))
    #expect(!cache.exists("\(folder)/refs/main"))
    hub.intercept(nil)
    try pull(from: hub, into: cache)
    #expect(cache.contents("\(snapshot)/\(file.path)") == file.content)
  }
}

@Test func anotherSizeThanListedIsNotTaken() throws {
  for count in [399_999, 400_001] {
    let hub = hub { _ in [.answer(200, bytes(count))] }
    let cache = try TestCache()
    let error = try #require(hubError { try pull(from: hub, into: cache) })
    #expect("\(error)".contains("\(count) bytes instead of 400000"), "\(error)")
    #expect(hub.requests.count(where: \.isAtCDN) == 2)
  }
  // Without a length in advance.
  let hub = hub { _ in
    [
      .send(Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8)), .send(content + [1]),
      .close,
    ]
  }
  let error = try #require(hubError { try pull(from: hub, into: try TestCache()) })
  #expect("\(error)".contains("more than 400000 bytes"), "\(error)")
}

@Test func theHubMustMeanTheFileThatItListed() throws {
  let hub = LoopbackHub([model])
  hub.intercept { [weak hub] request in
    guard request.target.hasSuffix("/model.safetensors") else { return nil }
    let steps = hub?.honestAnswer(request) ?? []
    return steps.map { step in
      guard case .send(let bytes) = step else { return step }
      let text = String(decoding: bytes, as: UTF8.self)
      return .send(
        Array(text.replacing(weights.digits, with: String(repeating: "0", count: 64)).utf8))
    }
  }
  let error = try #require(hubError { try pull(from: hub, into: try TestCache()) })
  #expect("\(error)".contains("as it is listed"), "\(error)")
}

@Test(arguments: [500, 502, 503, 408]) func aServerThatFailsForAWhileIsAskedAgain(_ status: Int)
  throws
{
  let hub = LoopbackHub([model]) { request in
    request.number < 2 ? [.answer(status, text: "later")] : nil
  }
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
}

@Test func aServerThatFailsForGoodIsGivenUp() throws {
  let hub = hub { _ in [.answer(503, text: "")] }
  let error = try #require(hubError { try pull(from: hub, into: try TestCache()) })
  #expect("\(error)".contains("answers with status 503"))
  #expect(error.category == .unavailable)
  #expect(hub.requests.count(where: \.isAtCDN) == impatient.maximumFailures)
  // What a signed address holds is not for the eyes of others.
  #expect(!"\(error)".contains("very-secret"))
}

@Test func progressForgivesFailures() throws {
  // More interruptions than failures are allowed, each after a good part.
  let size = 12 << 20
  let large = bytes(size, seed: 3)
  let weights = LoopbackHub.File("model.safetensors", large, isLarge: true)
  let hub = LoopbackHub([.init("owner/model", [weights])])
  hub.intercept { [weak hub] request in
    guard request.isAtCDN, let steps = hub?.honestAnswer(request), request.number < 9 else {
      return nil
    }
    return steps.flatMap { step -> [FaultServer.Step] in
      guard case .send(let bytes) = step, bytes.count > 1 << 20 else { return [step] }
      return [.send(Array(bytes[..<((1 << 20) + 1000)])), .close]
    }
  }
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  #expect(hub.requests.count(where: \.isAtCDN) == 10)
  #expect(cache.contents("\(snapshot)/model.safetensors") == large)
}

@Test func aHubThatAsksForFewerRequestsIsHeeded() throws {
  let hub = LoopbackHub([model]) { request in
    request.number == 0
      ? [.answer(429, headers: ["Retry-After: 0.3"], text: "slow down")] : nil
  }
  let cache = try TestCache()
  let notes = Notes()
  let start = ContinuousClock.now
  try pull(from: hub, into: cache, notes: notes)
  // One after the other: the listing, the file at the hub, and the file at the CDN.
  #expect(ContinuousClock.now - start > .milliseconds(900))
  #expect(notes.all.contains { $0.contains("asks for fewer requests; trying again in 0.3 s") })
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
}

@Test(arguments: [("7200", "7200"), ("1e300", "1000000000")])
func aHubThatAsksToWaitForHoursIsGivenUp(_ value: String, _ seconds: String) throws {
  let hub = LoopbackHub([model]) { _ in
    [.answer(429, headers: ["Retry-After: \(value)"], text: "slow down")]
  }
  let error = try #require(hubError { try pull(from: hub, into: try TestCache()) })
  #expect("\(error)".contains("allows no more requests now: try again in \(seconds) seconds"))
  #expect(error.category == .unavailable)
  #expect(hub.requests.count == 1)
}

@Test func anExpiredSignatureIsRenewed() throws {
  let hub = hub { request in
    request.number == 0 ? [.answer(403, text: "Request has expired")] : nil
  }
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  let asked = hub.requests.count { !$0.isAtCDN && $0.target.hasSuffix("/model.safetensors") }
  #expect(asked == 2)
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
}

@Test func redirectsEnd() throws {
  let hub = LoopbackHub([model]) { request in
    [
      .send(
        Array(
          "HTTP/1.1 302 Found\r\nLocation: \(request.target)\r\nContent-Length: 0\r\n\r\n".utf8))
    ]
  }
  let error = try #require(hubError { try pull(from: hub, into: try TestCache()) })
  #expect("\(error)".contains("expected at most 10 redirects in a row"), "\(error)")
  #expect(hub.requests.count == 11)
}

@Test(arguments: [
  "file:///etc/passwd", "ftp://127.0.0.1/x", "http://a:b@127.0.0.1/", "", "http://",
]) func redirectsLeadToHTTPAlone(_ target: String) throws {
  let hub = LoopbackHub([model]) { _ in
    [
      .send(
        Array("HTTP/1.1 302 Found\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n".utf8))
    ]
  }
  let error = try #require(hubError { try pull(from: hub, into: try TestCache()) })
  guard case .badRedirect = error else {
    Issue.record("\(error)")
    return
  }
  #expect(!"\(error)".contains("?"))
}

@Test func nobodyAtTheAddressIsSaidAtOnce() throws {
  let hub = LoopbackHub([model])
  let cache = try TestCache()
  var settings = try cache.settings(hub)
  settings.endpoint = try #require(settings.endpoint.resolving("http://127.0.0.1:1/"))
  let reference = ModelReference(name: try #require(ModelName("owner/model")))
  let error = try #require(
    hubError { _ = try ModelPull(reference: reference).run(settings) })
  let address = "http://127.0.0.1:1/api/models/owner/model/revision/main"
  #expect("\(error)".hasPrefix("\(address) cannot be reached"))
  #expect(error.category == .unavailable)
}

@Test func certificatesOfAProxyCanBeTrusted() throws {
  let server = FaultServer { _ in [.close] }
  let cache = try TestCache()
  try cache.write(Array("no certificate".utf8), to: "bundle.pem")
  let url = server.url.replacing("http://", with: "https://")
  let variables = [
    "HF_ENDPOINT": url, "HF_HOME": cache.path("home"), "SSL_CERT_FILE": cache.path("bundle.pem"),
  ]
  let settings = try HubSettings(environment: { variables[$0] })
  let reference = ModelReference(name: try #require(ModelName("owner/model")))
  let error = try #require(
    hubError { _ = try ModelPull(reference: reference).run(settings) })
  // The file is read, and refused for what is in it.
  #expect("\(error)".contains("the TLS connection failed"), "\(error)")
  #expect("\(error)".contains(cache.path("bundle.pem")), "\(error)")
}

@Test func aFullDiskIsSeenBefore() throws {
  let hub = LoopbackHub([model]) { request in
    guard request.target.hasPrefix("/api/") else { return nil }
    return [
      .answer(
        text: """
          {"sha": "\(LoopbackHub.commit)", "siblings": [{"rfilename": "model.safetensors",
          "lfs": {"sha256": "\(weights.digits)", "size": 1125899906842624}}]}
          """)
    ]
  }
  let error = try #require(hubError { try pull(from: hub, into: try TestCache()) })
  #expect("\(error)".contains("expected at least 1125899906842624"), "\(error)")
  #expect(error.category == .inputOutput)
  #expect(hub.contentRequests == [])
}

@Test func aStopKeepsWhatIsThere() throws {
  let hub = hub { _ in
    [
      .send(
        Array("HTTP/1.1 200 OK\r\nContent-Length: \(content.count)\r\n\r\n".utf8)),
      .send(Array(content[..<200_000])), .stall,
    ]
  }
  let cache = try TestCache()
  let flag = Notes()
  let path = cache.path(incomplete)
  callLater(milliseconds: 5000) { flag.add("too late") }
  let error = hubError {
    try pull(from: hub, into: cache) {
      if !flag.all.isEmpty { return true }
      let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      return size == 200_000
    }
  }
  guard case .interrupted? = error else {
    Issue.record("\(String(describing: error))")
    return
  }
  #expect(flag.all == [])
  #expect(!cache.exists("\(folder)/refs/main"))
  hub.intercept(nil)
  hub.forgetRequests()
  try pull(from: hub, into: cache)
  #expect(ranges(hub) == ["bytes=200000-"])
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
}

@Test func pullsOfOneModelWaitForEachOther() throws {
  let hub = LoopbackHub([model])
  hub.intercept { [weak hub] request in
    request.isAtCDN ? [.pause(milliseconds: 300)] + (hub?.honestAnswer(request) ?? []) : nil
  }
  let cache = try TestCache()
  let settings = try cache.settings(hub)
  let notes = Notes()
  let done = Notes()
  let reference = ModelReference(name: try #require(ModelName("owner/model")))
  let pull = ModelPull(reference: reference)
  for _ in 0..<3 {
    callLater(milliseconds: 0) {
      let outcome = try? pull.run(settings, note: { notes.add($0) })
      done.add(outcome?.folder ?? "failed")
    }
  }
  let end = ContinuousClock.now + .seconds(20)
  while done.all.count < 3 && ContinuousClock.now < end { usleep(10_000) }
  #expect(done.all == Array(repeating: cache.path(snapshot), count: 3))
  // One of them downloaded each file.
  #expect(hub.requests.count(where: \.isAtCDN) == 1)
  #expect(notes.all.contains("waiting for another process that downloads model.safetensors…"))
  #expect(cache.contents("\(snapshot)/model.safetensors") == content)
}
