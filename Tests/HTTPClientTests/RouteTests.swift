import Foundation
import HTTPClient
import LoopbackServer
import Synchronization
import Testing

/// Sends one request on each route, one after another on the same handles.
private func results(
  _ requests: [(url: String, route: HTTPRoute)]
) throws -> [Result<HTTPResponse, HTTPFailure>] {
  let engine = try HTTPEngine(options: HTTPEngineOptions(concurrency: 1))
  let fields = HTTPFieldList([("Content-Type", "application/json")])
  var waiting = requests
  var ended: [Result<HTTPResponse, HTTPFailure>] = []
  engine.run {
    guard !waiting.isEmpty else { return .finished }
    let next = waiting.removeFirst()
    return .request(
      HTTPRequest(
        method: .post, url: next.url, fields: fields, body: [0x7B, 0x7D],
        timeouts: .init(connect: .seconds(2), total: .seconds(5)), route: next.route))
  } completed: {
    ended.append($0.result)
  }
  return ended
}

@Test func aProxyGetsWhatIsMeantForOthers() throws {
  let heads = Mutex<[String]>([])
  let proxy = FaultServer { request in
    heads.withLock { $0.append(String(request.head.prefix { $0 != "\r\n" })) }
    return [.answer(text: "{}")]
  }
  let direct = FaultServer { _ in [.answer(text: "{}")] }
  let results = try results([
    ("http://nowhere.invalid/v1", HTTPRoute(proxy: proxy.url)),
    // The next request on the same handle takes no proxy again.
    (direct.url + "/v1", HTTPRoute(proxy: "")),
    ("http://nowhere.invalid/v2", HTTPRoute(proxy: proxy.url)),
  ])
  for result in results { #expect((try? result.get().status) == 200) }
  #expect(
    heads.withLock { $0 } == [
      "POST http://nowhere.invalid/v1 HTTP/1.1", "POST http://nowhere.invalid/v2 HTTP/1.1",
    ])
  #expect(direct.requestCount == 1)
}

@Test func certificatesReachLibcurl() throws {
  let server = FaultServer { _ in [.close] }
  let url = server.url.replacingOccurrences(of: "http://", with: "https://")
  let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
  try Data("no certificate".utf8).write(to: URL(filePath: file))
  defer { try? FileManager.default.removeItem(atPath: file) }
  for route in [HTTPRoute(certificateBundle: file), HTTPRoute(clientCertificate: file)] {
    let result = try #require(try results([(url, route)]).first)
    guard case .failure(let failure) = result else {
      Issue.record("a file without certificates was taken: \(route)")
      continue
    }
    #expect(failure.kind == .tls)
    #expect(failure.description.contains(file), "\(failure)")
  }
}
