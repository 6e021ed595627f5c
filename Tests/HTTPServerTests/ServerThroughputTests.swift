import Glibc
import HTTPClient
import HTTPServer
import Testing

/// Measures small requests per second, client and server on one machine; run with
/// `RUN_BENCHMARKS=1`, optimised.
@Test(.enabled(if: unsafe getenv("RUN_BENCHMARKS") != nil))
func servesPerSecond() throws {
  let answer = [UInt8](repeating: 0x20, count: 1000)
  let server = try WebServer { _ in .json(answer) }
  defer { server.stop() }
  let engine = try HTTPEngine(options: HTTPEngineOptions(concurrency: 64))
  let fields = HTTPFieldList([])
  let url = server.url + "/v1/chat/completions"
  var rates: [Double] = []
  for _ in 0..<3 {
    let total = 60_000
    var sent = 0
    var good = 0
    let start = ContinuousClock.now
    engine.run {
      guard sent < total else { return .finished }
      sent += 1
      return .request(HTTPRequest(method: .post, url: url, fields: fields, body: [0x7B, 0x7D]))
    } completed: {
      if case .success(let response) = $0.result, response.status == 200 { good += 1 }
    }
    rates.append(Double(total) / ((ContinuousClock.now - start) / .seconds(1)))
    #expect(good == total)
  }
  rates.sort()
  print("concurrency 64: n=3 x 60000, median \(Int(rates[1])) answers/s")
}
