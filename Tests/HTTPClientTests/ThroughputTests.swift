import Glibc
import HTTPClient
import Testing

private func environment(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}

/// Measures requests per second against `BENCHMARK_URL`; run with `RUN_BENCHMARKS=1`, optimised.
@Test(.enabled(if: environment("RUN_BENCHMARKS") == "1" && environment("BENCHMARK_URL") != nil))
func requestsPerSecond() throws {
  let url = environment("BENCHMARK_URL") ?? ""
  let body = Array(#"{"model":"m","messages":[{"role":"user","content":"Name a prime."}]}"#.utf8)
  let fields = HTTPFieldList([("Content-Type", "application/json")])
  for concurrency in [1, 8, 64, 256] {
    let engine = try HTTPEngine(options: HTTPEngineOptions(concurrency: concurrency))
    let total = concurrency == 1 ? 20_000 : 100_000
    var rates: [Double] = []
    for _ in 0..<3 {
      var sent = 0
      var good = 0
      let clock = ContinuousClock()
      let start = clock.now
      engine.run {
        guard sent < total else { return .finished }
        sent += 1
        return .request(
          HTTPRequest(tag: sent, method: .post, url: url, fields: fields, body: body))
      } completed: {
        if case .success(let response) = $0.result, response.status == 200 { good += 1 }
      }
      let seconds = (clock.now - start) / .seconds(1)
      #expect(good == total)
      rates.append(Double(total) / seconds)
    }
    rates.sort()
    print("concurrency \(concurrency): n=3 x \(total), median \(Int(rates[1])) requests/s")
  }
}
