internal import HTTPServer

/// One address with one method, and what it takes to get an answer.
struct Route: Sendable {
  /// Who may ask.
  enum Access: Sendable, Equatable {
    /// Anybody.
    case anyone
    /// People who are signed in.
    case person
    /// Administrators who are signed in.
    case administrator
  }

  /// What kind of thing is asked for; other sites may link to pages, and to nothing else.
  enum Kind: Sendable, Equatable {
    case page
    case file
    case data
  }

  /// A member of the body, or a field of the query.
  struct Field: Sendable, Equatable {
    let name: String
    let isRequired: Bool

    static func required(_ name: String) -> Field { Field(name: name, isRequired: true) }
    static func optional(_ name: String) -> Field { Field(name: name, isRequired: false) }
  }

  /// What a request's body is.
  enum Body: Sendable, Equatable {
    /// Nothing that is read.
    case none
    /// An object with these members and no others.
    case fields([Field])
    /// Any object of at most so many bytes.
    case anyObject(maximumBytes: Int)
  }

  let method: String
  /// The path below the base path; a part in braces is a row's number, or a file's name.
  let path: String
  let segments: [String]
  let kind: Kind
  let access: Access
  let query: [String]
  let body: Body
  /// Whether a request must carry the session's `X-CSRF-Token`.
  let needsCSRFToken: Bool
  /// The status of an answer to a good request.
  let success: Int
  /// Statuses that only this route's own rules bring.
  let ownRefusals: Set<Int>
  let answer: @Sendable (Call) throws -> HTTPServerResponse

  init(
    _ method: String, _ path: String, kind: Kind = .data, access: Access, query: [String] = [],
    body: Body = .none, needsCSRFToken: Bool? = nil, success: Int = 200,
    refusals: Set<Int> = [], answer: @escaping @Sendable (Call) throws -> HTTPServerResponse
  ) {
    self.method = method
    self.path = path
    segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
      String($0)
    }
    self.kind = kind
    self.access = access
    self.query = query
    self.body = body
    self.needsCSRFToken = needsCSRFToken ?? (method != "GET")
    self.success = success
    ownRefusals = refusals
    self.answer = answer
  }

  /// All statuses that an answer can have: the contract that `annotation.openapi.json` states.
  var statuses: Set<Int> {
    // Addresses that are not UTF-8, other sites, long bodies and headers, haste, and the end of the
    // service.
    var statuses: Set<Int> = [success, 400, 403, 413, 429, 431, 503]
    if access != .anyone { statuses.insert(401) }
    if body != .none { statuses.formUnion([415, 422]) }
    if !query.isEmpty { statuses.insert(422) }
    if path.contains("{") { statuses.insert(404) }
    return statuses.union(ownRefusals)
  }

  /// The parts of a path that stand for the template's; `nil` when the path is another one.
  func parameters(of path: [Substring]) -> [String]? {
    guard path.count == segments.count else { return nil }
    var parameters: [String] = []
    for (part, segment) in zip(path, segments) {
      if segment.hasPrefix("{") {
        parameters.append(String(part))
      } else if !part.utf8.elementsEqual(segment.utf8) {
        return nil
      }
    }
    return parameters
  }
}
