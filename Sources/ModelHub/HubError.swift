internal import Glibc
package import HTTPClient

/// Why a model cannot be found, pulled, checked or removed.
package enum HubError: Error, Sendable, CustomStringConvertible {
  /// What a program's exit status tells of an error.
  package enum Category: Sendable {
    /// The command line or the environment is wrong.
    case usage
    /// What came, or what is kept, is malformed.
    case badData
    /// It does not exist, or may not be read.
    case missing
    /// The hub cannot be reached, or does not answer as a hub.
    case unavailable
    /// Reading or writing failed.
    case inputOutput
    /// Another process holds it.
    case held
  }

  /// `HF_ENDPOINT` is no address.
  case badEndpoint(String)
  /// A token holds what no header field can.
  case badToken(source: String)
  /// A revision that cannot be one.
  case badRevision(String)
  /// Nothing may be downloaded, and the cache does not have it.
  case offline(String)
  /// No answer came.
  case unreachable(place: String, HTTPFailure)
  /// There is no such model, or a private one.
  case noSuchModel(ModelName, hub: String, hasToken: Bool)
  /// The model has no such branch, tag or commit.
  case noSuchRevision(ModelName, revision: String)
  /// The model has no such file.
  case noSuchFile(ModelName, file: String)
  /// The owner lets only some accounts read it.
  case gated(ModelName, page: String, tokenSource: String?)
  /// The hub does not accept the token, or wants one.
  case refused(place: String, tokenSource: String?, words: String)
  /// The hub asks for fewer requests.
  case throttled(place: String, seconds: Double?)
  /// A status that nothing else says more of.
  case badStatus(place: String, status: Int, words: String)
  /// An answer that is not what a hub says.
  case malformedAnswer(place: String, reason: String)
  /// A redirect that must not be followed.
  case badRedirect(place: String, target: String, reason: String)
  /// A file of a name that no repository has.
  case hostileName(String, reason: String)
  /// Patterns that match nothing.
  case nothingSelected(ModelName, files: Int)
  /// The content is not what the hub's listing says.
  case wrongContent(file: String, got: String, expected: String)
  /// The disk is too small.
  case noSpace(folder: String, needed: Int, free: Int)
  /// A system call failed.
  case system(operation: String, path: String, code: Int32)
  /// A model that is not in the cache.
  case notPulled(ModelReference, folder: String, revisions: [String])
  /// Neither a folder nor a model's name.
  case noSuchFolder(String)
  /// A folder with neither settings nor weights.
  case noModel(folder: String)
  /// Another process is downloading it.
  case busy(ModelName)
  /// The caller asked to stop.
  case interrupted

  /// What a program's exit status tells.
  package var category: Category {
    switch self {
    case .badEndpoint, .badToken, .badRevision, .nothingSelected: .usage
    case .malformedAnswer, .badRedirect, .hostileName, .wrongContent: .badData
    case .noSuchModel, .noSuchRevision, .noSuchFile, .gated, .refused, .notPulled, .noSuchFolder,
      .noModel:
      .missing
    case .offline, .unreachable, .throttled, .badStatus, .interrupted: .unavailable
    case .noSpace, .system: .inputOutput
    case .busy: .held
    }
  }

  /// Whether it is what comes of the caller's wish to stop.
  package var isStop: Bool { if case .interrupted = self { true } else { false } }

  /// One line for people.
  package var description: String {
    switch self {
    case .badEndpoint(let text):
      "HF_ENDPOINT is '\(Self.printable(text))': expected an address such as "
        + HubSettings.defaultEndpoint
    case .badToken(let source):
      "the token of \(source) has unusual characters: expected one line of printable ASCII"
    case .badRevision(let text):
      "'\(Self.printable(text))' is no revision: expected a branch, a tag or a commit"
    case .offline(let what):
      "\(what) is not in the cache, and HF_HUB_OFFLINE says not to download: unset it to pull"
    case .unreachable(let place, let failure): "\(place) cannot be reached: \(failure)"
    case .noSuchModel(let name, let hub, let hasToken):
      "\(hub) has no model '\(name)'"
        + (hasToken
          ? " that the token may read"
          : "; when it is private, set HF_TOKEN to a token that may read it")
    case .noSuchRevision(let name, let revision):
      "\(name) has no revision '\(Self.printable(revision))': expected a branch, a tag or a commit"
    case .noSuchFile(let name, let file): "\(name) has no file '\(Self.printable(file))'"
    case .gated(let name, let page, let source): Self.gatedText(name, page, source)
    case .refused(let place, let source, let words): Self.refusedText(place, source, words)
    case .throttled(let place, let seconds):
      "\(place) allows no more requests now"
        + (seconds.map { ": try again in \(Int(min($0, 1e9).rounded(.up))) seconds" }
          ?? ": try again later")
    case .badStatus(let place, let status, let words):
      "\(place) answers with status \(status)" + (words.isEmpty ? "" : ": \(words)")
    case .malformedAnswer(let place, let reason):
      "\(place) does not answer as a hub: \(Self.printable(reason))"
    case .badRedirect(let place, let target, let reason):
      "\(place) redirects to '\(Self.printable(target))': \(reason)"
    case .hostileName(let name, let reason):
      "the hub lists a file '\(Self.printable(name))': \(reason); nothing was downloaded"
    case .nothingSelected(let name, let files):
      "none of the \(files) files of \(name) is selected: see --include and --exclude"
    case .wrongContent(let file, let got, let expected):
      "\(Self.printable(file)) has \(got): expected \(expected); it was removed"
    case .noSpace(let folder, let needed, let free):
      "\(folder) has \(free) bytes free: expected at least \(needed) for what is to be downloaded"
    case .system(let operation, let path, let code):
      "\(path): cannot \(operation): \(unsafe String(cString: strerror(code)))"
    case .notPulled(let reference, let folder, let revisions):
      Self.notPulledText(reference, folder, revisions)
    case .noSuchFolder(let path): "\(Self.printable(path)): no such folder, and no name of a model"
    case .noModel(let folder):
      "\(folder): no model here: expected config.json, model.safetensors or pytorch_model.bin"
    case .busy(let name): "another process is downloading \(name)"
    case .interrupted: "what was downloaded is kept"
    }
  }

  private static func gatedText(_ name: ModelName, _ page: String, _ source: String?) -> String {
    let ask = "\(name) is gated: ask for access on \(page)"
    guard let source else {
      return "\(ask), then set HF_TOKEN to a token of that account and pull again"
    }
    return "\(ask) with the account of the token of \(source), then pull again"
  }

  private static func refusedText(_ place: String, _ source: String?, _ words: String) -> String {
    let reason = words.isEmpty ? "" : ": \(words)"
    guard let source else {
      return "\(place) wants a token\(reason); set HF_TOKEN to one that may read it"
    }
    return "\(place) refuses the token of \(source)\(reason); expected one that may read it"
  }

  private static func notPulledText(
    _ reference: ModelReference, _ folder: String, _ revisions: [String]
  ) -> String {
    let revision = reference.revision.map { " --revision \($0)" } ?? ""
    let command = "mixinstruct models pull \(reference.name)\(revision)"
    if revisions.isEmpty {
      return "\(reference): no such folder, and no such model in \(folder); run: \(command)"
    }
    return """
      \(reference) is in \(folder), but of it only \(revisions.joined(separator: ", ")): name one \
      as \(reference.name)@REVISION, or run: \(command)
      """
  }

  /// A text of others on one line, without control characters and not too long.
  static func printable(_ text: String) -> String {
    let limit = 200
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      let isDirection =
        (0x202A...0x202E).contains(scalar.value)
        || (0x2066...0x2069).contains(scalar.value)
      result.unicodeScalars.append(isControl || isDirection ? "\u{FFFD}" : scalar)
      if result.utf8.count >= limit { return result + "…" }
    }
    return result
  }
}
