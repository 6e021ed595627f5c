internal import Glibc

/// Where a secret comes from; it never stands in the configuration itself.
package enum KeySource: Sendable, Equatable {
  /// An environment variable.
  case environment(String)
  /// A file that only its owner can read.
  case file(String)

  /// Reads the secret.
  ///
  /// - Parameters:
  ///   - path: the place in the configuration, for errors.
  ///   - environment: gives a variable's value.
  /// - Returns: the secret, without white space around it.
  /// - Throws: ``ConfigurationError``; it never holds the secret.
  package func read(
    path: String = "key",
    environment: (String) -> String? = KeySource.processEnvironment
  ) throws(ConfigurationError) -> String {
    let text: String
    let place: String
    switch self {
    case .environment(let name):
      place = "the environment variable \(name)"
      guard let value = environment(name) else {
        throw ConfigurationError(
          path: path, got: "no environment variable \(name)", expected: "it to hold the key")
      }
      text = value
    case .file(let file):
      place = "the file \(file)"
      text = try Self.readFile(file, path: path, environment: environment)
    }
    let secret = Self.trimmed(text)
    guard !secret.isEmpty, secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw ConfigurationError(
        path: path,
        got: secret.isEmpty ? "nothing in \(place)" : "an unusual character in \(place)",
        expected: "one line of printable ASCII")
    }
    return secret
  }

  /// The value of a variable of this process.
  package static func processEnvironment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  private static func trimmed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
      let last = bytes.lastIndex(where: { $0 > 0x20 })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }

  private static func readFile(
    _ name: String, path: String, environment: (String) -> String?
  ) throws(ConfigurationError) -> String {
    let file = name.hasPrefix("~/") ? (environment("HOME") ?? "") + name.dropFirst(1) : name
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw ConfigurationError(
        path: path, got: "\(reason.lowercased()): \(file)", expected: "a readable key file")
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ConfigurationError(path: path, got: "no regular file: \(file)", expected: "a key file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw ConfigurationError(
        path: path, got: "mode \(String(status.st_mode & 0o777, radix: 8)) of \(file)",
        expected: "mode 600; run: chmod 600 \(file)")
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
