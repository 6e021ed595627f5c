package import Records

/// Where an export goes: one file, or a file for each part of the dataset.
package struct ExportTarget: Sendable {
  /// What stands for the part's name in a path.
  package static let placeholder = "{split}"

  private let path: String
  /// The folder that was named instead of files; `nil` otherwise.
  package let folder: String?

  /// A target.
  ///
  /// - Parameter path: `-`, a file, a path with `{split}` in it, or a folder: a path that ends in
  ///   `/`, whether it exists or not, so that a command does not mean two things.
  package init(_ path: String) {
    if path.utf8.last == UInt8(ascii: "/") {
      var folder = path
      while folder.utf8.count > 1, folder.utf8.last == UInt8(ascii: "/") { folder.removeLast() }
      self.folder = folder
      self.path = folder + (folder == "/" ? "" : "/") + Self.placeholder + ".jsonl"
    } else {
      folder = nil
      self.path = path
    }
  }

  /// Whether each part of the dataset gets a file of its own.
  package var isSplit: Bool { path.contains(Self.placeholder) }

  /// The file of a part.
  ///
  /// - Parameter split: the part; `nil` for a dataset without parts.
  /// - Returns: the path.
  package func file(of split: Split?) -> String {
    let parts = path.split(separator: Self.placeholder, omittingEmptySubsequences: false)
    return parts.joined(separator: split?.rawValue ?? "all")
  }
}
