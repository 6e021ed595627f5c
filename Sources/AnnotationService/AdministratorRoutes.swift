internal import Annotation
internal import HTTPServer
internal import JSON
internal import Records

/// What the people who run the queues ask for.
struct AdministratorRoutes: Sendable {
  let backend: any AnnotationBackend

  var all: [Route] { figures + people + decisions }

  private var figures: [Route] {
    [
      Route(
        "GET", "/api/v1/admin/overview", access: .administrator, query: ["queue_id"],
        refusals: [404]
      ) {
        let queues = try backend.queueOverviews(
          administrator: $0.person(), queue: $0.query.row("queue_id"))
        return .object(["queues": .array(queues.map { .object($0.json) })])
      },
      Route(
        "GET", "/api/v1/admin/agreement", access: .administrator, query: ["queue_id"],
        refusals: [404]
      ) {
        .object(
          try backend.agreement(administrator: $0.person(), queue: $0.query.row("queue_id")).json)
      },
      Route(
        "GET", "/api/v1/admin/people", access: .administrator, query: ["queue_id"], refusals: [404]
      ) {
        let people = try backend.people(
          administrator: $0.person(), queue: $0.query.row("queue_id"))
        return .object(["people": .array(people.map { .object($0.json) })])
      },
      Route(
        "GET", "/api/v1/admin/judges", access: .administrator, query: ["queue_id"], refusals: [404]
      ) {
        let judges = try backend.judges(
          administrator: $0.person(), queue: $0.query.row("queue_id"))
        return .object(["judges": .array(judges.map { .object($0.json) })])
      },
      Route(
        "GET", "/api/v1/admin/audit", access: .administrator, query: ["before", "limit"]
      ) {
        let events = try backend.auditEvents(
          administrator: $0.person(), before: $0.query.row("before"),
          limit: Int($0.query.integer("limit", in: 1...200) ?? 50))
        return .object(["events": .array(events.map { .object($0.json) })])
      },
    ]
  }

  private var people: [Route] {
    [
      Route(
        "POST", "/api/v1/admin/people", access: .administrator,
        body: .fields([
          .required("name"), .optional("quota"), .optional("expires_in_days"),
        ]), refusals: [409]
      ) {
        let link = try backend.addPerson(
          administrator: $0.person(), Self.newPerson(in: $0.body))
        return .object([
          "person_id": .integer(link.personID), "link_path": .string("/#" + link.token),
        ])
      },
      Route(
        "POST", "/api/v1/admin/people/{person_id}/revoke", access: .administrator, success: 204,
        refusals: [422]
      ) {
        try backend.revoke(administrator: $0.person(), person: $0.row())
        return .empty
      },
      Route(
        "POST", "/api/v1/admin/people/{person_id}/link", access: .administrator
      ) {
        let link = try backend.replaceLink(administrator: $0.person(), person: $0.row())
        return .object(["link_path": .string("/#" + link.token)])
      },
    ]
  }

  private var decisions: [Route] {
    [
      Route(
        "GET", "/api/v1/admin/conflicts", access: .administrator,
        query: ["queue_id", "offset", "limit"], refusals: [404]
      ) {
        let page = try backend.conflicts(
          administrator: $0.person(), queue: $0.query.row("queue_id"),
          offset: Int($0.query.integer("offset", in: 0...1_000_000_000) ?? 0),
          limit: Int($0.query.integer("limit", in: 1...100) ?? 20))
        return .object(page.json)
      },
      Route(
        "POST", "/api/v1/admin/adjudications", access: .administrator,
        body: .fields([
          .required("task_id"), .required("verdict"), .optional("note"), .required("client_key"),
        ]), refusals: [404, 409]
      ) {
        let vote = try backend.adjudicate(
          administrator: $0.person(),
          Adjudication(
            taskID: $0.body.row("task_id"), verdict: $0.body.choice("verdict", Verdict.self),
            note: VoteReader.note(in: $0.body), clientKey: $0.body.uuid("client_key")))
        return .object(["vote_id": .integer(vote)])
      },
      Route(
        "POST", "/api/v1/admin/queues/{queue_id}/state", access: .administrator,
        body: .fields([.required("state")]), success: 204
      ) {
        try backend.setState(
          administrator: $0.person(), queue: $0.row(), $0.body.choice("state", QueueState.self))
        return .empty
      },
    ]
  }

  private static func newPerson(in body: FieldReader) throws(ServiceRefusal) -> NewPerson {
    let name = try body.string("name", length: 1...100)
    let isPlain = name.unicodeScalars.allSatisfy {
      switch $0.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
      default: true
      }
    }
    guard isPlain, name.contains(where: { !$0.isWhitespace }) else {
      throw .wrongField("name", expected: "a text of 1 to 100 visible characters")
    }
    return NewPerson(
      name: name,
      quota: body.value("quota") == nil
        ? nil : Int(try body.integer("quota", in: 0...1_000_000_000)),
      expiresInDays: body.value("expires_in_days") == nil
        ? nil : Int(try body.integer("expires_in_days", in: 1...36_500)))
  }
}
