import Annotation
import AnnotationService
import CommandLineParsing
import DatasetStore
import JSON
import Pipeline
import TerminalOutput

extension AnnotateVerb {
  private static let pageURL = OptionDefinition.value(
    "url", "URL", help: "The page's address, to print whole links",
    default: .described("only what follows the address is printed"))

  static let peopleDefinition = CommandDefinition(
    "people", abstract: "Add people, list them, and take their links back.",
    discussion: """
      Each person has a personal link. Its secret is shown once and kept nowhere: the store has its \
      hash.
      """,
    subcommands: [
      CommandDefinition(
        "add", abstract: "Add people and print their links.",
        options: [
          .value(
            "role", "NAME", help: "What they may do", default: .value("annotator"),
            allowed: PersonRole.allCases.map(\.rawValue)),
          .value(
            "quota", "N", help: "The most votes of each over all queues",
            default: .described("no limit")),
          .value(
            "days", "N", help: "After so many days the link ends", default: .described("never")),
          pageURL, CommonOptions.store, CommonOptions.wait, CommonOptions.json,
        ],
        arguments: [ArgumentDefinition("NAME", .oneOrMore, help: "The people's names")],
        examples: [
          CommandExample(
            "Two people.", "mixinstruct annotate people add Ada Grace --store my.db"),
          CommandExample(
            "With whole links that end after a month.",
            "mixinstruct annotate people add Alan --store my.db --days 30 --url http://127.0.0.1:8080"
          ),
        ]),
      CommandDefinition(
        "list", abstract: "List people and what is known of their work.",
        options: [CommonOptions.store, CommonOptions.json],
        examples: [
          CommandExample("Everybody.", "mixinstruct annotate people list --store my.db")
        ]),
      CommandDefinition(
        "link", abstract: "Make a new link for a person; the old one ends.",
        options: [pageURL, CommonOptions.store, CommonOptions.wait, CommonOptions.json],
        arguments: [ArgumentDefinition("NAME", help: "The person's name")],
        examples: [
          CommandExample(
            "A link was lost.", "mixinstruct annotate people link Ada --store my.db")
        ]),
      CommandDefinition(
        "revoke", abstract: "Take people's links back; their votes stay.",
        options: [CommonOptions.store, CommonOptions.wait, CommonOptions.json],
        arguments: [ArgumentDefinition("NAME", .oneOrMore, help: "The people's names")],
        examples: [
          CommandExample("At once.", "mixinstruct annotate people revoke Ada --store my.db")
        ]),
    ])

  static func runPeople(
    _ name: String?, _ arguments: ParsedArguments, _ session: CommandSession
  ) throws {
    switch name {
    case "add": try addPeople(arguments, session)
    case "link": try replaceLink(arguments, session)
    case "revoke": try revoke(arguments, session)
    default: try listPeople(arguments, session)
    }
  }

  private static func addPeople(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let names = try arguments.requiredList("NAME")
    let role = arguments.string("role").flatMap(PersonRole.init(rawValue:)) ?? .annotator
    let quota = try arguments.int("quota", in: 0...1_000_000_000)
    let days = try arguments.int("days", in: 1...36_500)
    let links = try AnnotationDesk.add(
      names.map { NewPerson(name: $0, role: role, quota: quota, expiresInDays: days) },
      to: try session.store(arguments, .write))
    show(zip(names, links).map { ($0, $1, role) }, arguments, session)
  }

  private static func replaceLink(
    _ arguments: ParsedArguments, _ session: CommandSession
  ) throws {
    let name = try arguments.requiredString("NAME")
    let (link, role) = try AnnotationDesk.replaceLink(
      of: name, in: try session.store(arguments, .write))
    show([(name, link, role)], arguments, session)
  }

  private static func show(
    _ links: [(name: String, link: PersonLink, role: PersonRole)], _ arguments: ParsedArguments,
    _ session: CommandSession
  ) {
    var base = arguments.string("url") ?? ""
    while base.hasSuffix("/") { base.removeLast() }
    func address(_ link: PersonLink, _ role: PersonRole) -> String {
      base + (role == .administrator ? "/admin#" : "/#") + link.token
    }
    if arguments.flag("json") {
      let people: [JSONValue] = links.map { name, link, role in
        [
          "person_id": .integer(link.personID), "name": .string(name),
          "link": .string(address(link, role)),
        ]
      }
      session.write(JSONObject.list("people", people).json() + "\n")
    } else {
      for (name, link, role) in links {
        session.write("\(DisplayWidth.printable(name))\t\(address(link, role))\n")
      }
    }
  }

  private static func revoke(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let names = try arguments.requiredList("NAME")
    try AnnotationDesk.revoke(names, in: try session.store(arguments, .write))
    if arguments.flag("json") {
      session.write(JSONObject.list("revoked", names.map { .string($0) }).json() + "\n")
    } else {
      session.message("annotate people: \(QuantityFormat.count(names.count)) links taken back")
    }
  }

  private static func listPeople(
    _ arguments: ParsedArguments, _ session: CommandSession
  ) throws {
    let report = try AnnotationDesk.report(on: try session.store(arguments, .read), queue: nil)
    if arguments.flag("json") {
      session.write(
        JSONObject.list("people", report.people.map { .object($0.json) }).json() + "\n")
    } else {
      for line in AnnotationTables.people(report).lines() { session.write(line + "\n") }
    }
  }
}
