import Annotation
import AnnotationService
import CommandLineParsing
import DatasetStore
import Glibc
import HTTPServer
import JSON
import Pipeline
import ProcessSignals
import RecordFiles
import TerminalOutput

extension AnnotateVerb {
  static let serveDefinition = CommandDefinition(
    "serve", abstract: "Serve the page; this is what 'annotate' alone does.",
    discussion: """
      Prints the page's address, and once, when there is no administrator yet, a link for one. \
      Serves until it is stopped; every vote that was answered is kept, also when it is killed. It \
      is reached from this machine only, unless '--address' says otherwise; then give it \
      '--certificate' and '--key', or put it behind a proxy and say so with '--public-url' and \
      '--behind-proxy'.
      """,
    options: [
      .value(
        "address", "ADDRESS", help: "The numeric address to listen on",
        default: .value("127.0.0.1")),
      .value("port", "N", help: "The port; 0 is any free one", default: .value("8080")),
      .value(
        "public-url", "URL",
        help: "Where browsers find the page, with its base path, behind a proxy or under a name",
        default: .described("the address and port")),
      .flag("behind-proxy", help: "Take people's addresses from the proxy's X-Forwarded-For"),
      .value(
        "certificate", "FILE", help: "The certificate for TLS, PEM", completion: .files),
      .value("key", "FILE", help: "Its private key, PEM without a passphrase", completion: .files),
      CommonOptions.store, CommonOptions.wait, CommonOptions.json,
    ],
    examples: [
      CommandExample("Serve on this machine.", "mixinstruct annotate --store my.db"),
      CommandExample(
        "Serve everybody over TLS.",
        "mixinstruct annotate --store my.db --address 0.0.0.0 --port 443 --public-url https://example.org --certificate cert.pem --key key.pem"
      ),
      CommandExample(
        "Serve behind a proxy that ends TLS.",
        "mixinstruct annotate --store my.db --public-url https://example.org/annotate --behind-proxy"
      ),
    ])

  static func serve(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let address = try arguments.requiredString("address")
    let port = UInt16(try arguments.requiredInt("port", in: 0...65_535))
    let identity = try identity(arguments)
    let isBehindProxy = arguments.flag("behind-proxy")
    let publicURL = arguments.string("public-url")
    let options = try AnnotationServiceOptions(
      listeningOn: address, isSecure: identity != nil, publicURL: publicURL,
      isBehindProxy: isBehindProxy)
    let store = try session.annotationStore(arguments)
    defer { store.stop() }
    let link = try AnnotationDesk.addFirstAdministrator(
      to: try session.store(arguments, .write))
    let service = AnnotationService(
      backend: store, options: options, log: { Self.log($0) })
    let server = try WebServer(
      options: AnnotationService.serverOptions(
        address: address, port: port, identity: identity, isBehindProxy: isBehindProxy),
      refuse: { service.response(to: $0) }, handler: { service.response(to: $0) })
    let base =
      publicURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
      ?? (identity == nil
        ? server.url : "https" + server.url.dropFirst("http".count)) + options.basePath
    if arguments.flag("json") {
      session.writeSummary([
        "url": .string(base), "port": .integer(Int64(server.port)),
        "administrator_link": link.map { .string("\(base)/admin#\($0.token)") } ?? .null,
      ])
    } else {
      session.write("\(base) serves the page\n")
      if let link {
        session.write("\(base)/admin#\(link.token) is the administrator's link, shown once\n")
      }
    }
    let before = try store.counts()
    while !session.interrupt.isRaised { usleep(50_000) }
    server.stop()
    let after = try store.counts()
    var summary = StageSummary()
    summary["votes"] = after.votes - before.votes
    summary["skips"] = after.skips - before.skips
    session.finish(summary, arguments)
  }

  /// What people do not see of a failure.
  @Sendable private static func log(_ line: String) {
    Terminal.write("annotate: \(DisplayWidth.printable(line))\n", to: STDERR_FILENO)
  }

  private static func identity(_ arguments: ParsedArguments) throws -> TLSIdentity? {
    let certificate = arguments.string("certificate")
    let key = arguments.string("key")
    guard let certificate, let key else {
      guard certificate == nil, key == nil else {
        throw arguments.refusal("TLS needs both '--certificate FILE' and '--key FILE'.")
      }
      return nil
    }
    return try TLSIdentity(
      certificate: String(decoding: FileContents.bytes(of: certificate), as: UTF8.self),
      key: String(decoding: FileContents.bytes(of: key), as: UTF8.self))
  }
}

extension CommandSession {
  /// Opens a store for people's work.
  ///
  /// - Parameter arguments: the command line, for `--store` and `--wait`.
  /// - Returns: the store.
  /// - Throws: `StoreError`, `SQLiteError`, `UsageError`.
  func annotationStore(_ arguments: ParsedArguments) throws -> AnnotationStore {
    let path = try arguments.requiredString("store")
    return try AnnotationStore(
      path: path, verb: verb,
      waiting: Store.Waiting(
        seconds: try arguments.int("wait", in: 0...86_400) ?? 3600,
        onWait: { [unowned self] in message("waiting for \($0), which holds \(path)…") },
        isCancelled: { [interrupt] in interrupt.isRaised }))
  }
}
