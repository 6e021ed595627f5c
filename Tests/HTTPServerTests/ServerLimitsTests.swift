import Foundation
import HTTPServer
import RawHTTP
import Synchronization
import Testing

private func server(
  _ change: (inout WebServerOptions) -> Void,
  handler: @escaping WebServer.Handler = { .text("\($0.body.count) from \($0.clientAddress)") }
) throws -> WebServer {
  var options = WebServerOptions()
  change(&options)
  return try WebServer(options: options, handler: handler)
}

private func get(_ path: String = "/", _ fields: String = "") -> String {
  "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
}

@Test func tellsTheClientsAddress() throws {
  let server = try server { _ in }
  defer { server.stop() }
  let connection = RawConnection(port: server.port)
  connection.send(get())
  #expect(connection.readResponse()?.text == "0 from 127.0.0.1")
}

@Test(arguments: [0, 3]) func refusesLongHeaders(handlerThreads: Int) throws {
  let server = try server {
    $0.maximumHeaderBytes = 4000
    $0.handlerThreads = handlerThreads
  }
  defer { server.stop() }
  for (length, status) in [(3500, 200), (4100, 431), (9000, 431), (200_000, 431)] {
    let connection = RawConnection(port: server.port)
    connection.send(get("/", "X: \(String(repeating: "a", count: length))\r\n"))
    #expect(connection.readResponse()?.status == status, "\(length)")
  }
  // The limit counts all fields together.
  let connection = RawConnection(port: server.port)
  connection.send(
    get("/", String(repeating: "X: \(String(repeating: "a", count: 90))\r\n", count: 60)))
  #expect(connection.readResponse()?.status == 431)
}

@Test(arguments: [0, 3]) func cutsClientsThatDripBytes(handlerThreads: Int) throws {
  let server = try server {
    $0.requestSeconds = 1
    $0.handlerThreads = handlerThreads
  }
  defer { server.stop() }
  // In the header, and in the body.
  for start in [
    "GET / HTTP/1.1\r\nHost: localhost\r\n",
    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
  ] {
    let connection = RawConnection(port: server.port)
    let begin = ContinuousClock.now
    connection.send(start)
    var isOpen = true
    while isOpen, ContinuousClock.now - begin < .seconds(8) {
      connection.send("a")
      usleep(100_000)
      isOpen = !connection.waitForEnd(seconds: 0) && connection.send("b")
    }
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    #expect(!isOpen && seconds > 0.9 && seconds < 5, "\(seconds)")
  }
  // Others are served meanwhile and afterwards.
  let connection = RawConnection(port: server.port)
  connection.send(get())
  #expect(connection.readResponse()?.status == 200)
}

@Test func closesConnectionsThatAreNotUsed() throws {
  let server = try server { $0.idleSeconds = 1 }
  defer { server.stop() }
  let connection = RawConnection(port: server.port)
  connection.send(get())
  #expect(connection.readResponse()?.status == 200)
  #expect(connection.waitForEnd(seconds: 5))
}

@Test func doesNotCutARequestThatIsBeingAnswered() throws {
  let server = try server {
    $0.requestSeconds = 1
    $0.idleSeconds = 1
    $0.handlerThreads = 2
  } handler: { _ in
    usleep(2_500_000)
    return .text("late")
  }
  defer { server.stop() }
  let connection = RawConnection(port: server.port)
  connection.send(get())
  #expect(connection.readResponse()?.text == "late")
}

@Test func limitsConnectionsOfOneAddress() throws {
  let server = try server { $0.maximumConnectionsPerAddress = 3 }
  defer { server.stop() }
  let connections = (0..<3).map { _ in RawConnection(port: server.port) }
  for connection in connections {
    connection.send(get())
    #expect(connection.readResponse()?.status == 200)
  }
  let another = RawConnection(port: server.port)
  another.send(get())
  #expect(another.readResponse() == nil)
}

@Test(arguments: [
  "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
  "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
]) func refusesAmbiguousLengths(rest: String) throws {
  let server = try server { _ in }
  defer { server.stop() }
  let connection = RawConnection(port: server.port)
  connection.send("POST / HTTP/1.1\r\nHost: localhost\r\n\(rest)\r\n")
  let response = connection.readResponse()
  #expect(response?.status == 400)
  #expect(connection.waitForEnd(seconds: 5))
}

@Test(arguments: [
  "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
]) func survivesWhatIsNoHTTP(request: String) throws {
  let server = try server { $0.requestSeconds = 2 }
  defer { server.stop() }
  let connection = RawConnection(port: server.port)
  connection.send(request)
  if let response = connection.readResponse(seconds: 4) { #expect(response.status >= 400) }
  let another = RawConnection(port: server.port)
  another.send(get())
  #expect(another.readResponse()?.status == 200)
}

@Test func answersWithWhatTheOwnerMakesOfRefusals() throws {
  let server = try WebServer(
    options: WebServerOptions(maximumHeaderBytes: 1000, maximumBodyBytes: 10),
    refuse: { .json(Array("[\($0.status)]".utf8), status: $0.status) }, handler: { _ in .text("") })
  defer { server.stop() }
  let connection = RawConnection(port: server.port)
  connection.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\nabcdefghijk")
  #expect(connection.readResponse()?.text == "[413]")
  connection.send(get("/\(String(repeating: "a", count: 1000))"))
  #expect(connection.readResponse()?.text == "[431]")
}

@Test func waitingHandlersDoNotKeepOthersFromBeingAnswered() throws {
  let waiting = DispatchSemaphore(value: 0)
  let server = try server {
    $0.handlerThreads = 9
  } handler: { request in
    if request.path == "/wait" { waiting.wait() }
    return .text(request.path)
  }
  let connections = (0..<8).map { _ in RawConnection(port: server.port) }
  for connection in connections { connection.send(get("/wait")) }
  let other = RawConnection(port: server.port)
  for _ in 0..<50 {
    other.send(get("/other"))
    #expect(other.readResponse()?.text == "/other")
  }
  for _ in connections { waiting.signal() }
  for connection in connections { #expect(connection.readResponse()?.text == "/wait") }
  server.stop()
}

@Test func finishesWhatItAnswersWhenItStops() throws {
  let begun = DispatchSemaphore(value: 0)
  let count = Mutex(0)
  let server = try server {
    $0.handlerThreads = 4
  } handler: { _ in
    begun.signal()
    usleep(300_000)
    count.withLock { $0 += 1 }
    return .text("done")
  }
  let connections = (0..<4).map { _ in RawConnection(port: server.port) }
  for connection in connections { connection.send(get()) }
  for _ in connections { begun.wait() }
  server.stop()
  #expect(count.withLock { $0 } == 4)
}

@Test func readsCookies() {
  let request = HTTPServerRequest(
    method: "GET", path: "/",
    headers: [
      .init(name: "cookie", value: "a=1;  session=x=y; b"), .init(name: "cookie", value: "c=2"),
    ])
  #expect(request.cookie("session") == "x=y")
  #expect(request.cookie("a") == "1")
  #expect(request.cookie("c") == "2")
  #expect(request.cookie("b") == nil)
  #expect(request.cookie("sess") == nil)
}

@Test func clientsThatGoDoNotDisturbOthers() throws {
  let count = Mutex(0)
  let server = try server {
    $0.handlerThreads = 8
  } handler: { _ in
    usleep(2000)
    count.withLock { $0 += 1 }
    return .text(String(repeating: "a", count: 200_000))
  }
  for _ in 0..<200 {
    // Gone before the answer is there.
    let connection = RawConnection(port: server.port)
    connection.send(get())
  }
  let other = RawConnection(port: server.port)
  for _ in 0..<20 {
    other.send(get())
    #expect(other.readResponse()?.body.count == 200_000)
  }
  server.stop()
  #expect(count.withLock { $0 } >= 20)
}

@Test func answersRequestsThatWereSentTogetherInOrder() throws {
  let server = try server {
    $0.handlerThreads = 8
  } handler: { request in
    // The first ones take longest.
    usleep(UInt32(20_000 - 1000 * (Int(request.path.dropFirst()) ?? 0)))
    return .text(request.path)
  }
  defer { server.stop() }
  let connection = RawConnection(port: server.port)
  connection.send((0..<20).map { get("/\($0)") }.joined())
  for number in 0..<20 { #expect(connection.readResponse()?.text == "/\(number)") }
}
