import Foundation
import Glibc
import JSON
import RandomNumbers
import RawHTTP
import Synchronization
import Testing

@testable import mixinstruct

/// Kills the service while people vote; what was answered must be there afterwards, once.
@Suite(.enabled(if: ChildProcess.isBuilt), .serialized)
struct AnnotateKillTests {
  @Test func answeredVotesOutliveAKill() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<900).map { number in
      #"{"id":"x/\#(number)","instruction":"Say \#(number)","input":"","output":"o","candidates":[{"model":"a","text":"a \#(number)"},{"model":"b","text":"b \#(number)"}]}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    #expect(
      CommandRun("annotate", "queue", "make", "q", "--store", store, "--overlap", "2").status == 0)
    let people =
      try JSONValue(
        json: CommandRun(
          ["annotate", "people", "add"] + (0..<6).map { "p\($0)" } + ["--store", store, "--json"]
        ).output)["people"]?.array ?? []
    let tokens = people.compactMap {
      $0["link"]?.string?.split(separator: "#").last.map(String.init)
    }
    #expect(tokens.count == 6)
    let answered = Mutex<[String: Int]>([:])
    var chance = SplitMix64(seed: 7)
    for _ in 0..<4 {
      let service = try Service(store)
      let delay = Double.random(in: 0.1...0.6, using: &chance)
      let connected = Mutex(0)
      let killer = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        while connected.withLock({ $0 }) < tokens.count { usleep(1000) }
        Thread.sleep(forTimeInterval: delay)
        service.kill()
        killer.signal()
      }
      DispatchQueue.concurrentPerform(iterations: tokens.count) { index in
        let page = PageClient(service.port, token: tokens[index])
        connected.withLock { $0 += 1 }
        while let assignment = page.next() {
          let key = UUID().uuidString.lowercased()
          guard let vote = page.vote(assignment, key: key) else { break }
          answered.withLock { $0[key] = vote }
        }
      }
      killer.wait()
    }
    let votes = answered.withLock { $0 }
    #expect(votes.count > 20, "\(votes.count) votes between kills")
    let contents = StoreContents(store)
    #expect(try contents.isSound)
    for (key, vote) in votes {
      #expect(
        try contents.count("annotation_votes WHERE client_key = '\(key)' AND vote_id = \(vote)")
          == 1)
    }
    #expect(
      try contents.count(
        """
        (SELECT 1 FROM annotation_assignments WHERE state IN ('leased', 'voted')
          GROUP BY task_id HAVING count(*) > 2)
        """) == 0)
  }

  /// The program, serving a store.
  private final class Service: Sendable {
    let port: UInt16
    private let child: Mutex<ProcessBox>

    init(_ store: String) throws {
      let process = Process()
      let output = Pipe()
      process.executableURL = ChildProcess.program
      process.arguments = ["annotate", "--store", store, "--port", "0", "--json"]
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      var text = ""
      while !text.contains("\n") {
        let data = output.fileHandleForReading.availableData
        if data.isEmpty { break }
        text += String(decoding: data, as: UTF8.self)
      }
      port = UInt16(try JSONValue(json: text)["port"]?.int ?? 0)
      child = Mutex(ProcessBox(identifier: process.processIdentifier, process: process))
    }

    func kill() {
      child.withLock { child in
        _ = Glibc.kill(child.identifier, SIGKILL)
        child.process.waitUntilExit()
      }
    }
  }

  private struct ProcessBox {
    let identifier: Int32
    let process: Process
  }

  /// A page that is open on one connection.
  private final class PageClient {
    private let connection: RawConnection
    private var cookie = ""
    private var csrf = ""

    init(_ port: UInt16, token: String) {
      connection = RawConnection(port: port)
      guard let answer = post("session", #"{"token":"\#(token)"}"#) else { return }
      cookie = answer.header("set-cookie")?.split(separator: ";").first.map(String.init) ?? ""
      csrf = json(answer)?["csrf"]?.string ?? ""
    }

    /// The next task's assignment; `nil` when there is none, or no service any more.
    func next() -> Int? {
      post("tasks/next", "{}").flatMap(json)?["task"]?["assignment_id"]?.int
    }

    /// Votes; the vote's row, or `nil` when it was not answered.
    func vote(_ assignment: Int, key: String) -> Int? {
      post(
        "votes",
        #"{"assignment_id":\#(assignment),"client_key":"\#(key)","verdict":"A is better","milliseconds":1}"#
      ).flatMap(json)?["vote_id"]?.int
    }

    private func post(_ path: String, _ body: String) -> RawResponse? {
      connection.send(
        "POST /api/v1/\(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.utf8.count)\r\nCookie: \(cookie)\r\n"
          + "X-CSRF-Token: \(csrf)\r\n\r\n" + body)
      return connection.readResponse()
    }

    private func json(_ answer: RawResponse) -> JSONValue? {
      try? JSONValue(json: String(decoding: answer.body, as: UTF8.self))
    }
  }
}
