import Glibc
import ModelEndpoints
import Testing

private func environment(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}

/// Measures calls per second, bodies built and answers parsed, against `BENCHMARK_URL`; run with
/// `RUN_BENCHMARKS=1`, optimised.
@Test(.enabled(if: environment("RUN_BENCHMARKS") == "1" && environment("BENCHMARK_URL") != nil))
func callsPerSecond() throws {
  let endpoint = try EndpointConfiguration(
    name: "e", url: environment("BENCHMARK_URL") ?? "", concurrency: 64)
  let model = try ModelConfiguration(name: "m", endpoint: endpoint)
  let total = 60_000
  var rates: [Double] = []
  for _ in 0..<3 {
    let caller = try ModelCaller(endpoints: [endpoint])
    var sent = 0
    var good = 0
    let start = ContinuousClock.now
    _ = caller.run { _ in
      guard sent < total,
        let call = try? ModelCall(tag: sent, model: model, prompt: .text("Prime \(sent)?"))
      else { return .finished }
      sent += 1
      return .call(call)
    } answered: {
      if $0.state.hasText { good += 1 }
    }
    rates.append(Double(total) / ((ContinuousClock.now - start) / .seconds(1)))
    #expect(good == total)
  }
  rates.sort()
  print("concurrency 64: n=3 x \(total), median \(Int(rates[1])) calls/s")
}
