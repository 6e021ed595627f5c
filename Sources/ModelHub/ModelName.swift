/// The name of a model on a hub: `OWNER/NAME`, or `NAME` for the few without an owner.
package struct ModelName: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The name as it is written.
  package let text: String

  /// A name, when the text can be one.
  ///
  /// Source: huggingface_hub 2.4, `validate_repo_id`.
  ///
  /// - Parameter text: 1 to 96 letters, digits, `-`, `_` and `.`, with at most one slash; no part
  ///   begins or ends with `-` or `.`, and `--` and `..` occur nowhere.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), text.utf8.count <= 96, parts.allSatisfy(Self.isPart),
      !text.utf8.elementsEqual("models".utf8), !text.hasSuffix(".git")
    else { return nil }
    self.text = text
  }

  /// The name behind a folder of the cache, such as `models--OWNER--NAME`.
  ///
  /// - Parameter folderName: the folder's name.
  package init?(folderName: String) {
    guard folderName.hasPrefix("models--") else { return nil }
    var parts: [String] = []
    var part = ""
    for byte in folderName.dropFirst("models--".count) {
      part.append(byte)
      guard part.hasSuffix("--") else { continue }
      parts.append(String(part.dropLast(2)))
      part = ""
    }
    self.init((parts + [part]).joined(separator: "/"))
  }

  /// The folder of the cache.
  package var folderName: String {
    (["models"] + text.split(separator: "/").map(String.init)).joined(separator: "--")
  }

  /// The name as it is written.
  package var description: String { text }

  /// Names in the order of their bytes.
  package static func < (left: ModelName, right: ModelName) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  private static func isPart(_ part: Substring) -> Bool {
    let bytes = Array(part.utf8)
    let marks = [UInt8(ascii: "-"), UInt8(ascii: ".")]
    guard let first = bytes.first, let last = bytes.last, !marks.contains(first),
      !marks.contains(last)
    else { return false }
    let hasPair = zip(bytes, bytes.dropFirst()).contains { $0 == $1 && marks.contains($0) }
    return !hasPair
      && bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
