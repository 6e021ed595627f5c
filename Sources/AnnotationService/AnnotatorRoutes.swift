internal import Annotation
internal import HTTPServer
internal import JSON
internal import Records

/// What people who vote ask for.
struct AnnotatorRoutes: Sendable {
  /// The longest settings of a person in bytes of JSON.
  static let maximumSettingsBytes = 8 << 10

  let backend: any AnnotationBackend

  var all: [Route] {
    [
      Route("GET", "/api/v1/me", access: .person) {
        .object(try backend.overview(person: $0.person()).json)
      },
      Route(
        "PUT", "/api/v1/me/settings", access: .person,
        body: .anyObject(maximumBytes: Self.maximumSettingsBytes)
      ) { .object(try backend.replaceSettings($0.body.object, person: $0.person())) },
      Route(
        "POST", "/api/v1/tasks/next", access: .person,
        body: .fields([.optional("queue_id"), .optional("exclude")]), refusals: [404],
        answer: { try nextTask($0) }),
      Route(
        "POST", "/api/v1/tasks/{assignment_id}/renew", access: .person, refusals: [409, 410]
      ) {
        let end = try backend.renewLease(person: $0.person(), assignment: $0.row())
        return .object(["lease_expires_at": .string(end.iso8601)])
      },
      Route(
        "POST", "/api/v1/votes", access: .person, body: .fields(VoteReader.fields),
        refusals: [404, 409, 410]
      ) {
        .object(try backend.vote(person: $0.person(), VoteReader.vote(in: $0.body)).json)
      },
      Route(
        "POST", "/api/v1/votes/undo", access: .person, body: .fields([.required("client_key")]),
        refusals: [409]
      ) {
        let task = try backend.undo(person: $0.person(), clientKey: $0.body.uuid("client_key"))
        return .object(["task": .object(task.json)])
      },
      Route("GET", "/api/v1/votes", access: .person, query: ["limit"]) {
        let limit = try $0.query.integer("limit", in: 1...100) ?? 20
        let votes = try backend.votes(person: $0.person(), limit: Int(limit))
        return .object(["votes": .array(votes.map { .object($0.json) })])
      },
    ]
  }

  private func nextTask(_ call: Call) throws -> HTTPServerResponse {
    let queue =
      call.body.value("queue_id") == nil ? nil : try call.body.row("queue_id")
    let next = try backend.nextTask(
      person: call.person(), queue: queue, exclude: Self.excluded(call.body))
    return switch next {
    case .task(let task): .object(["task": .object(task.json), "reason": .null])
    case .none(let reason): .object(["task": .null, "reason": .string(reason.rawValue)])
    }
  }

  private static func excluded(_ body: FieldReader) throws(ServiceRefusal) -> [Int64] {
    guard let value = body.value("exclude") else { return [] }
    let rows = value.array?.map { FieldReader.wholeNumber($0) ?? 0 } ?? [0]
    guard rows.count <= 100, rows.allSatisfy({ $0 > 0 }) else {
      throw .wrongField("exclude", expected: "at most 100 whole numbers from 1")
    }
    return rows
  }
}
