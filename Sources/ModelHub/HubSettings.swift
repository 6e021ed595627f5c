internal import Glibc
package import HTTPClient

/// Where models come from and where they are kept, as the variables that Python heeds say it.
///
/// Source: huggingface_hub 2.4, `constants.py`.
package struct HubSettings: Sendable {
  /// The hub that is asked when `HF_ENDPOINT` names no other.
  package static let defaultEndpoint = "https://huggingface.co"

  /// The hub's address.
  package var endpoint: HTTPAddress
  /// Who asks; nil for anybody.
  package var token: HubToken?
  /// The cache's folder.
  package var cacheFolder: String
  /// Whether nothing may be downloaded.
  package var isOffline: Bool
  /// A file of certificates that are trusted beside the system's, as a proxy's may have to be.
  package var certificateBundle: String?

  /// Settings made of their parts.
  package init(
    endpoint: HTTPAddress, token: HubToken? = nil, cacheFolder: String, isOffline: Bool = false,
    certificateBundle: String? = nil
  ) {
    self.endpoint = endpoint
    self.token = token
    self.cacheFolder = cacheFolder
    self.isOffline = isOffline
    self.certificateBundle = certificateBundle
  }

  /// The settings that an environment makes.
  ///
  /// - Parameter environment: gives a variable's value.
  /// - Throws: ``HubError`` for an address or a token that cannot be one.
  package init(
    environment: (String) -> String? = HubSettings.processEnvironment
  ) throws(HubError) {
    // A variable that is set to nothing counts as not set.
    func variable(_ name: String) -> String? {
      environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
    let text = variable("HF_ENDPOINT") ?? Self.defaultEndpoint
    guard let endpoint = HTTPAddress(text), !endpoint.text.contains("?") else {
      throw .badEndpoint(text)
    }
    self.endpoint = endpoint
    isOffline =
      ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"].compactMap(variable).first
      .map(Self.isTrue) ?? false
    // Python's clients heed the first two or the last; a user should not have to know which.
    certificateBundle =
      ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"]
      .compactMap(variable).first
    let home = Self.home(environment)
    cacheFolder = Self.cacheFolder(environment)
    let isImplicit = variable("HF_HUB_DISABLE_IMPLICIT_TOKEN").map(Self.isTrue) != true
    let tokenFile =
      variable("HF_TOKEN_PATH").map { Self.expanded($0, environment) } ?? "\(home)/token"
    token = isImplicit ? try Self.token(tokenFile, variable) : nil
  }

  /// The cache's folder that an environment names.
  ///
  /// - Parameter environment: gives a variable's value.
  /// - Returns: the folder, which need not exist.
  package static func cacheFolder(
    _ environment: (String) -> String? = HubSettings.processEnvironment
  ) -> String {
    for name in ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"] {
      if let value = environment(name), !value.isEmpty { return expanded(value, environment) }
    }
    return "\(home(environment))/hub"
  }

  /// The value of a variable of this process.
  ///
  /// - Parameter name: the variable.
  /// - Returns: its value; nil when it is not set.
  package static func processEnvironment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  private static func home(_ environment: (String) -> String?) -> String {
    if let value = environment("HF_HOME"), !value.isEmpty { return expanded(value, environment) }
    if let value = environment("XDG_CACHE_HOME"), !value.isEmpty {
      return expanded("\(value)/huggingface", environment)
    }
    return expanded("~/.cache/huggingface", environment)
  }

  private static func token(
    _ file: String, _ variable: (String) -> String?
  ) throws(HubError) -> HubToken? {
    for name in ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"] {
      guard let value = variable(name) else { continue }
      let secret = trimmed(value)
      if secret.isEmpty { continue }
      guard let token = HubToken(secret, source: name) else { throw .badToken(source: name) }
      return token
    }
    guard let bytes = try FileSystem.contents(file, limit: 1 << 16) else { return nil }
    let secret = trimmed(String(decoding: bytes, as: UTF8.self))
    if secret.isEmpty { return nil }
    guard let token = HubToken(secret, source: file) else { throw .badToken(source: file) }
    return token
  }

  private static func isTrue(_ value: String) -> Bool {
    ["1", "ON", "YES", "TRUE"].contains(value.uppercased())
  }

  private static func trimmed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
      let last = bytes.lastIndex(where: { $0 > 0x20 })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }

  /// A path with `~` and variables replaced, as Python's `expanduser` and `expandvars` do.
  static func expanded(_ path: String, _ environment: (String) -> String?) -> String {
    var path = path
    if path == "~" || path.hasPrefix("~/") {
      let home = environment("HOME").flatMap { $0.isEmpty ? nil : $0 } ?? userHome() ?? "/"
      path = home + path.dropFirst()
    }
    var result = ""
    var rest = path[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      let tail = rest[rest.index(after: dollar)...]
      let isBraced = tail.first == "{"
      let name = (isBraced ? tail.dropFirst() : tail).prefix {
        isBraced ? $0 != "}" : $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")
      }
      let end =
        isBraced
        ? name.endIndex < tail.endIndex ? tail.index(after: name.endIndex) : nil : name.endIndex
      if !name.isEmpty, let end, let value = environment(String(name)) {
        result += value
        rest = tail[end...]
      } else {
        // Nothing known by that name: the text stays as it is.
        result += "$"
        rest = tail
      }
    }
    return result + rest
  }

  private static func userHome() -> String? {
    guard let entry = unsafe getpwuid(getuid()), let folder = unsafe entry.pointee.pw_dir else {
      return nil
    }
    return unsafe String(cString: folder)
  }
}
