/// A model as it is named on a command line: `OWNER/NAME`, or `OWNER/NAME@REVISION`.
package struct ModelReference: Sendable, Equatable, CustomStringConvertible {
  /// The branch that is meant when no revision is named.
  package static let defaultRevision = "main"

  /// The model.
  package let name: ModelName
  /// A branch, a tag or a commit; nil when none is named.
  package let revision: String?

  /// A reference made of its parts.
  package init(name: ModelName, revision: String? = nil) {
    self.name = name
    self.revision = revision
  }

  /// A reference, when the text can be one.
  ///
  /// - Parameter text: a name, optionally with `@` and a revision.
  package init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let name = ModelName(String(first)) else { return nil }
    self.name = name
    guard parts.count == 2 else {
      revision = nil
      return
    }
    guard Self.isRevision(String(parts[1])) else { return nil }
    revision = String(parts[1])
  }

  /// The reference as it is written.
  package var description: String {
    revision.map { "\(name)@\($0)" } ?? name.text
  }

  /// Whether a text can name a revision: a path below `refs` that stays there.
  ///
  /// Source: git-check-ref-format(1), of which this is the part that matters for files and URLs.
  ///
  /// - Parameter text: a branch, a tag or a commit.
  /// - Returns: whether it can be one.
  package static func isRevision(_ text: String) -> Bool {
    text.utf8.count <= 255
      && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
      && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0 != "." && $0 != ".." && !$0.hasSuffix(".lock")
      }
  }

  /// Whether a text is a whole commit: 40 hexadecimal digits in lower case.
  ///
  /// - Parameter text: any text.
  /// - Returns: whether it is a commit.
  package static func isCommit(_ text: String) -> Bool {
    text.utf8.count == 40 && text.utf8.allSatisfy(BlobHash.isDigit)
  }
}
