import CommandLineParsing
import Glibc
import HTTPServer
import JSON
import Pipeline
import ProcessSignals

/// Serves recorded answers as a model server.
enum ReplayVerb: Verb {
  static let definition = CommandDefinition(
    "replay", abstract: "Serve recorded answers of model servers on this machine.",
    discussion: """
      Answers requests that were recorded by 'collect --record' or 'judge --record' as an \
      OpenAI-compatible server. Prints its address and serves until it is stopped; requests that \
      were not recorded get status 404 and are counted. With --json the address is a line of JSON, \
      and the count another one.
      """,
    group: "Candidates",
    options: [
      .value(
        "recording", "FILE", help: "The recording", default: .required, completion: .files),
      .value("port", "N", help: "The port; 0 is any free one", default: .value("0")),
      CommonOptions.json,
    ],
    examples: [
      CommandExample(
        "Serve the recording of the quickstart.",
        "mixinstruct replay --recording Data/recordings/answers.jsonl.gz --port 8080")
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let replay = try ReplayServer(recording: try arguments.requiredString("recording"))
    var options = WebServerOptions()
    options.port = UInt16(try arguments.requiredInt("port", in: 0...65_535))
    let server = try WebServer(options: options) { replay.response(to: $0) }
    if arguments.flag("json") {
      session.writeSummary([
        "url": .string(server.url), "answers": .integer(Int64(replay.count)),
        "models": .array(replay.models.map { .string($0) }),
      ])
    } else {
      session.write("\(server.url) serves \(replay.count) recorded answers\n")
    }
    while !session.interrupt.isRaised { usleep(50_000) }
    server.stop()
    var summary = StageSummary()
    summary["answered"] = replay.tally.answered
    summary["not recorded"] = replay.tally.refused
    session.finish(summary, arguments)
  }
}
