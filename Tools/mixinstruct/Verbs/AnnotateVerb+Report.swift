import Annotation
import AnnotationService
import CommandLineParsing
import DatasetStore
import JSON
import Pipeline
import TerminalOutput

extension AnnotateVerb {
  static let reportDefinition = CommandDefinition(
    "report", abstract: "Show how far people are and how much they agree.",
    discussion: """
      Agreement is raw, Cohen's kappa (the mean over pairs of people when there are more than two), \
      Fleiss' kappa, Krippendorff's alpha and Gwet's AC2, each with its 95 % interval; of ratings \
      and rankings one task gives several items, which makes it too narrow. Of people: \
      what they say again of hidden repeats, gold items, how often the left side wins, and agreement \
      with others. Judges of the store are compared with what most people say, or what was decided.
      """,
    options: [
      .value("queue", "NAME", help: "Only this queue", default: .described("all")),
      CommonOptions.store, CommonOptions.json,
    ],
    examples: [
      CommandExample("Everything.", "mixinstruct annotate report --store my.db"),
      CommandExample(
        "One queue, for programs.",
        "mixinstruct annotate report --store my.db --queue helpful --json"),
    ])

  static let auditDefinition = CommandDefinition(
    "audit", abstract: "Show who did what, the latest first.",
    options: [
      .value("limit", "N", help: "How many entries", default: .value("50")),
      .value(
        "before", "ID", help: "Only entries before this one", default: .described("the latest")),
      CommonOptions.store, CommonOptions.json,
    ],
    examples: [
      CommandExample("The last entries.", "mixinstruct annotate audit --store my.db")
    ])

  static func report(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let report = try AnnotationDesk.report(
      on: try session.store(arguments, .read), queue: arguments.string("queue"))
    if arguments.flag("json") {
      let queues: [JSONValue] = report.queues.map { queue in
        var object = queue.overview.json
        object["agreement"] = .object(queue.agreement.json)
        return .object(object)
      }
      let summary: JSONObject = [
        "queues": .array(queues), "people": .array(report.people.map { .object($0.json) }),
        "judges": .array(report.judges.map { .object($0.json) }),
      ]
      session.write(summary.json() + "\n")
      return
    }
    for (title, table) in AnnotationTables.all(report) {
      session.write("\n\(DisplayWidth.printable(title))\n")
      for line in table.lines(indent: 2) { session.write(line + "\n") }
    }
  }

  static func audit(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let events = try AnnotationDesk.auditEvents(
      of: try session.store(arguments, .read),
      before: try arguments.int("before", in: 1...Int.max).map(Int64.init),
      limit: try arguments.requiredInt("limit", in: 1...1000))
    if arguments.flag("json") {
      session.write(
        JSONObject.list("events", events.map { .object($0.json) }).json() + "\n")
      return
    }
    var table = TextTable([
      .number("Event"), .text("At"), .text("Person"), .text("Action"), .text("Details"),
    ])
    for event in events {
      table.append([
        String(event.eventID), event.at.iso8601, event.person ?? "", event.action,
        event.details.json(),
      ])
    }
    for line in table.lines() { session.write(line + "\n") }
  }
}
