internal import Hashing
internal import JSON
package import LoopbackServer
internal import Synchronization

/// A hub on one loopback port and its CDN on another, which a test makes misbehave.
///
/// It speaks the part of the Hugging Face API that downloads need: what a model is at a revision, its
/// tree, its files with `ETag`, `X-Linked-Etag`, `X-Repo-Commit`, redirects to the CDN and ranges.
package final class LoopbackHub: Sendable {
  /// A file of a model.
  package struct File: Sendable {
    /// The path in the repository.
    package let path: String
    /// The content.
    package let content: [UInt8]
    /// Whether it is in large-file storage: named by SHA-256, and served by the CDN.
    package let isLarge: Bool
    let sha256: String
    let gitBlob: String

    /// A file.
    package init(_ path: String, _ content: [UInt8], isLarge: Bool = false) {
      self.path = path
      self.content = content
      self.isLarge = isLarge
      var hash = SHA256()
      hash.update(content)
      sha256 = hash.hexadecimal
      let header = Array("blob \(content.count)\0".utf8)
      var blobHash = SHA1()
      unsafe blobHash.update(header.span.bytes)
      unsafe blobHash.update(content.span.bytes)
      gitBlob = blobHash.hexadecimal
    }

    /// A file of text.
    package init(_ path: String, _ text: String) {
      self.init(path, Array(text.utf8))
    }

    /// The hash that names the content: SHA-256 or the id of git's blob.
    package var digits: String { isLarge ? sha256 : gitBlob }
  }

  /// A model at one commit.
  package struct Model: Sendable {
    /// The name.
    package var name: String
    /// The revisions and the commit of each.
    package var revisions: [String: String]
    /// The files of each commit.
    package var files: [String: [File]]
    /// The token that opens it; nil for everybody.
    package var token: String?
    /// Whether the owner asks for an agreement: files want the token, the listing does not.
    package var isGated: Bool

    /// A model with one commit, which is `main`.
    package init(_ name: String, _ files: [File], token: String? = nil, isGated: Bool = false) {
      self.name = name
      revisions = ["main": LoopbackHub.commit]
      self.files = [LoopbackHub.commit: files]
      self.token = token
      self.isGated = isGated
    }
  }

  /// How much the first answer says of each file.
  package enum Listing: Sendable {
    /// Path, size and hash.
    case full
    /// The path; the tree has the rest, in pages of so many files.
    case tree(pageSize: Int)
    /// The path, and there is no tree.
    case names
  }

  /// A request as it arrived.
  package struct Request: Sendable, Equatable {
    /// Whether it came to the CDN.
    package var isAtCDN: Bool
    /// `GET` or `HEAD`.
    package var method: String
    /// Path and query.
    package var target: String
    /// The fields, names in lower case.
    package var fields: [String: String]
    /// How many requests for this target came before.
    package var number: Int
  }

  /// Answers in place of the hub; nil lets the hub answer.
  package typealias Interceptor = @Sendable (Request) -> [FaultServer.Step]?

  /// The commit of models with one.
  package static let commit = "0123456789abcdef0123456789abcdef01234567"

  private struct State {
    var models: [String: Model]
    var listing = Listing.full
    var requests: [Request] = []
    var interceptor: Interceptor?
  }

  private let state: Mutex<State>
  private let hub: FaultServer
  private let cdn: FaultServer

  /// Starts a hub.
  ///
  /// - Parameters:
  ///   - models: what it has.
  ///   - listing: how much the first answer says.
  ///   - interceptor: answers in place of the hub.
  package init(
    _ models: [Model], listing: Listing = .full, interceptor: Interceptor? = nil
  ) {
    let answers = Answers()
    cdn = FaultServer { answers.hub?.answer($0, isAtCDN: true) ?? [.close] }
    hub = FaultServer { answers.hub?.answer($0, isAtCDN: false) ?? [.close] }
    state = Mutex(
      State(
        models: Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) }), listing: listing,
        interceptor: interceptor))
    answers.set(self)
  }

  deinit { stop() }

  /// The hub's address, for `HF_ENDPOINT`.
  package var url: String { hub.url }

  /// All requests so far.
  package var requests: [Request] { state.withLock { $0.requests } }

  /// The requests for contents, at the CDN or the hub.
  package var contentRequests: [Request] {
    requests.filter { $0.method == "GET" && !$0.target.hasPrefix("/api/") && !isRedirect($0) }
  }

  /// Forgets the requests so far.
  package func forgetRequests() { state.withLock { $0.requests = [] } }

  /// Answers in place of the hub from now on; nil lets the hub answer.
  package func intercept(_ interceptor: Interceptor?) {
    state.withLock { $0.interceptor = interceptor }
  }

  /// Replaces a model.
  package func set(_ model: Model) { state.withLock { $0.models[model.name] = model } }

  /// Stops both servers.
  package func stop() {
    hub.stop()
    cdn.stop()
  }

  /// What the hub itself answers to a request, for interceptors that change it.
  ///
  /// - Parameter request: the request.
  /// - Returns: the steps.
  package func honestAnswer(_ request: Request) -> [FaultServer.Step] {
    request.isAtCDN ? content(request) : hubAnswer(request)
  }

  private func isRedirect(_ request: Request) -> Bool {
    guard !request.isAtCDN, let found = file(request.target) else { return false }
    return found.file.isLarge
  }

  // MARK: - Answers

  private func answer(_ request: FaultServer.Request, isAtCDN: Bool) -> [FaultServer.Step] {
    let lines = request.head.split(separator: "\r\n").map(String.init)
    let words = (lines.first ?? "").split(separator: " ").map(String.init)
    guard words.count == 3 else { return [.close] }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    let (seen, interceptor) = state.withLock { state in
      let number = state.requests.count { $0.target == words[1] && $0.isAtCDN == isAtCDN }
      let seen = Request(
        isAtCDN: isAtCDN, method: words[0], target: words[1], fields: fields, number: number)
      state.requests.append(seen)
      return (seen, state.interceptor)
    }
    return interceptor?(seen) ?? honestAnswer(seen)
  }

  private func hubAnswer(_ request: Request) -> [FaultServer.Step] {
    if request.target.hasPrefix("/api/models/") { return api(request) }
    guard let (file, model, commit) = file(request.target) else {
      return [error(404, "EntryNotFound", "Entry not found")]
    }
    if let refusal = refusal(request, model) { return refusal }
    var fields = ["X-Repo-Commit: \(commit)", "Accept-Ranges: bytes"]
    if file.isLarge {
      fields += [
        "X-Linked-Etag: \"\(file.sha256)\"", "X-Linked-Size: \(file.content.count)",
        "Location: \(cdn.url)/blobs/\(file.sha256)?Signature=very-secret&Expires=1",
      ]
      return [self.head(302, fields + ["Content-Length: 0"])]
    }
    fields.append("ETag: \"\(file.gitBlob)\"")
    return part(of: file.content, request, fields)
  }

  private func content(_ request: Request) -> [FaultServer.Step] {
    let name = request.target.dropFirst("/blobs/".count).prefix { $0 != "?" }
    let files = state.withLock { $0.models.values.flatMap { $0.files.values.flatMap { $0 } } }
    guard let file = files.first(where: { $0.isLarge && $0.sha256 == name }) else {
      return [.answer(404, text: "no such blob")]
    }
    return part(of: file.content, request, ["ETag: \"0123456789abcdef\""])
  }

  /// The body, or the part of it that a `Range` field asks for.
  private func part(
    of content: [UInt8], _ request: Request, _ fields: [String]
  ) -> [FaultServer.Step] {
    var fields = fields
    var status = 200
    var body = content[...]
    if let range = request.fields["range"], let start = Int(range.dropFirst(6).dropLast()) {
      guard start < content.count else {
        return [
          head(416, ["Content-Range: bytes */\(content.count)", "Content-Length: 0"] + fields)
        ]
      }
      status = 206
      body = content[start...]
      fields.append("Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)")
    }
    fields.append("Content-Length: \(body.count)")
    return request.method == "HEAD"
      ? [head(status, fields)] : [head(status, fields), .send(Array(body))]
  }

  private func head(_ status: Int, _ fields: [String]) -> FaultServer.Step {
    .send(
      Array((["HTTP/1.1 \(status) Status"] + fields + ["", ""]).joined(separator: "\r\n").utf8))
  }

  private func error(_ status: Int, _ code: String, _ message: String) -> FaultServer.Step {
    let body: JSONValue = ["error": .string(message)]
    return .answer(
      status,
      headers: [
        "Content-Type: application/json", "X-Error-Code: \(code)", "X-Error-Message: \(message)",
      ], text: body.json())
  }

  private func refusal(_ request: Request, _ model: Model) -> [FaultServer.Step]? {
    guard let token = model.token else { return nil }
    let given = request.fields["authorization"]
    if given == "Bearer \(token)" { return nil }
    if model.isGated {
      return [
        error(given == nil ? 401 : 403, "GatedRepo", "Access to model \(model.name) is restricted")
      ]
    }
    return [
      given == nil
        ? error(401, "RepoNotFound", "Repository not found")
        : error(401, "", "Invalid credentials in Authorization header")
    ]
  }

  private func file(_ target: String) -> (file: File, model: Model, commit: String)? {
    let path = target.prefix { $0 != "?" }
    guard let middle = path.firstRange(of: "/resolve/") else { return nil }
    let rest = path[middle.upperBound...]
    guard let model = state.withLock({ $0.models[String(path[..<middle.lowerBound].dropFirst())] }),
      let slash = rest.firstIndex(of: "/")
    else { return nil }
    let revision = String(rest[..<slash])
    let commit = model.revisions[revision] ?? revision
    let name = Self.decoded(rest[rest.index(after: slash)...])
    guard let file = model.files[commit]?.first(where: { $0.path == name }) else { return nil }
    return (file, model, commit)
  }

  // MARK: - The API

  private func api(_ request: Request) -> [FaultServer.Step] {
    let path = request.target.prefix { $0 != "?" }.dropFirst("/api/models/".count)
    let (models, listing) = state.withLock { ($0.models, $0.listing) }
    for kind in ["/revision/", "/tree/"] {
      guard let middle = path.firstRange(of: kind) else { continue }
      let name = String(path[..<middle.lowerBound])
      let revision = Self.decoded(path[middle.upperBound...])
      guard let model = models[name] else {
        return [error(401, "RepoNotFound", "Repository not found")]
      }
      if !model.isGated, let refusal = refusal(request, model) { return refusal }
      let commit = model.revisions[revision] ?? revision
      guard let files = model.files[commit] else {
        return [error(404, "RevisionNotFound", "Invalid rev id: \(revision)")]
      }
      if kind == "/tree/" { return tree(files, request, listing) }
      let siblings = files.map { Self.sibling($0, listing) }
      let answer: JSONValue = [
        "id": .string(name), "sha": .string(commit), "gated": .bool(model.isGated),
        "siblings": .array(siblings),
      ]
      return [.answer(text: answer.json())]
    }
    return [error(404, "RepoNotFound", "Repository not found")]
  }

  private static func sibling(_ file: File, _ listing: Listing) -> JSONValue {
    guard case .full = listing else { return ["rfilename": .string(file.path)] }
    let size = JSONValue.integer(Int64(file.content.count))
    if file.isLarge {
      return [
        "rfilename": .string(file.path), "size": size, "blobId": .string(file.gitBlob),
        "lfs": ["sha256": .string(file.sha256), "size": size, "pointerSize": 134],
      ]
    }
    return ["rfilename": .string(file.path), "size": size, "blobId": .string(file.gitBlob)]
  }

  private func tree(
    _ files: [File], _ request: Request, _ listing: Listing
  ) -> [FaultServer.Step] {
    guard case .tree(let pageSize) = listing else {
      return [.answer(404, text: "Not found")]
    }
    let cursor = request.target.firstRange(of: "cursor=").flatMap {
      Int(request.target[$0.upperBound...])
    }
    let start = cursor ?? 0
    let page = files.dropFirst(start).prefix(pageSize)
    let items = page.map { file -> JSONValue in
      let size = JSONValue.integer(Int64(file.content.count))
      var item: JSONObject = [
        "type": "file", "path": .string(file.path), "oid": .string(file.gitBlob), "size": size,
      ]
      if file.isLarge {
        item["lfs"] = ["oid": .string(file.sha256), "size": size, "pointerSize": 134]
      }
      return .object(item)
    }
    let folder: JSONValue = ["type": "directory", "path": "folder", "oid": "00", "size": 0]
    var headers = ["Content-Type: application/json"]
    if start + pageSize < files.count {
      let base = request.target.prefix { $0 != "?" }
      headers.append(
        "Link: <\(hub.url)\(base)?recursive=true&cursor=\(start + pageSize)>; rel=\"next\"")
    }
    return [.answer(headers: headers, text: JSONValue.array([folder] + items).json())]
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Lets the servers, which must be there first, find the hub.
private final class Answers: Sendable {
  private struct Reference {
    weak var hub: LoopbackHub?
  }

  private let reference = Mutex(Reference())

  var hub: LoopbackHub? { reference.withLock { $0.hub } }

  func set(_ hub: LoopbackHub) { reference.withLock { $0.hub = hub } }
}
