import Glibc
import HTTPClient
import LoopbackServer
import Testing

private let noFields = HTTPFieldList([])

/// Runs an engine on a server that answers after 200 ms and stops it while requests are in flight.
private func stoppedRun(
  _ stop: HTTPEngineControl.Stop
) throws -> (pulled: Int, completions: [HTTPCompletion]) {
  let server = FaultServer { _ in [.pause(milliseconds: 200), .answer(200, "{}".utf8)] }
  defer { server.stop() }
  let engine = try HTTPEngine(options: HTTPEngineOptions(concurrency: 4))
  var pulled = 0
  var ended: [HTTPCompletion] = []
  engine.run {
    pulled += 1
    if pulled == 4 { engine.control.stop(stop) }
    return .request(HTTPRequest(tag: pulled, url: server.url, fields: noFields))
  } completed: {
    ended.append($0)
  }
  return (pulled, ended)
}

private func isCancelled(_ completion: HTTPCompletion) -> Bool {
  if case .failure(let failure) = completion.result { failure.kind == .cancelled } else { false }
}

@Test func finishesWhatIsInFlight() throws {
  let (pulled, ended) = try stoppedRun(.finishingTransfers)
  #expect(pulled == 4)
  #expect(ended.count == 4)
  #expect(!ended.contains(where: isCancelled))
}

@Test func abortsWhatIsInFlight() throws {
  let (pulled, ended) = try stoppedRun(.abortingTransfers)
  #expect(pulled == 4)
  #expect(ended.count == 4)
  #expect(ended.allSatisfy(isCancelled))
}

@Test func waitsUntilWokenByAnotherThread() throws {
  let server = FaultServer { _ in [.answer(200, "{}".utf8)] }
  defer { server.stop() }
  let engine = try HTTPEngine()
  let control = engine.control
  callLater(milliseconds: 100) { control.wakeUp() }
  var asked = 0
  var ended = 0
  let start = ContinuousClock.now
  engine.run {
    asked += 1
    switch asked {
    case 1: return .wait(nil)
    case 2: return .request(HTTPRequest(url: server.url, fields: noFields))
    default: return .finished
    }
  } completed: { _ in
    ended += 1
  }
  #expect(ended == 1)
  #expect(ContinuousClock.now - start < .seconds(5))
}

@Test func asksAgainAfterTheTimeItWasTold() throws {
  let engine = try HTTPEngine()
  var asked = 0
  let start = ContinuousClock.now
  engine.run {
    asked += 1
    return asked < 4 ? .wait(.milliseconds(50)) : .finished
  } completed: { _ in
  }
  let time = ContinuousClock.now - start
  #expect(asked == 4)
  #expect(time >= .milliseconds(150))
}

@Test func neverExceedsTheConcurrency() throws {
  let server = FaultServer { _ in [.pause(milliseconds: 2), .answer(200, "{}".utf8)] }
  defer { server.stop() }
  let engine = try HTTPEngine(options: HTTPEngineOptions(concurrency: 3))
  var started = 0
  var ended = 0
  var most = 0
  engine.run {
    guard started < 60 else { return .finished }
    started += 1
    most = max(most, started - ended)
    return .request(HTTPRequest(tag: started, url: server.url, fields: noFields))
  } completed: { _ in
    ended += 1
  }
  #expect(ended == 60)
  #expect(most == 3)
}
