internal import JSON

/// What a hub's API says of a model at one commit.
struct HubListing: Sendable, Equatable {
  /// A file as it is listed; a hub may leave out all but the path.
  struct Entry: Sendable, Equatable {
    var path: String
    var size: Int?
    var hash: BlobHash?
  }

  /// The commit.
  var commit: String
  /// The files.
  var entries: [Entry]

  /// Whether all that is needed is known of every file.
  var isComplete: Bool { entries.allSatisfy { $0.size != nil && $0.hash != nil } }

  /// Reads the answer of `/api/models/NAME/revision/REVISION?blobs=true`.
  ///
  /// - Parameters:
  ///   - value: the answer.
  ///   - place: the address, for messages.
  /// - Throws: ``HubError/malformedAnswer(place:reason:)``.
  init(information value: JSONValue, place: String) throws(HubError) {
    func malformed(_ reason: String) -> HubError { .malformedAnswer(place: place, reason: reason) }
    guard let commit = value["sha"]?.string, ModelReference.isCommit(commit) else {
      throw malformed("'sha' is no commit of 40 hexadecimal digits")
    }
    self.commit = commit
    guard let siblings = value["siblings"]?.array else {
      throw malformed("'siblings' is no array of files")
    }
    entries = []
    entries.reserveCapacity(siblings.count)
    for sibling in siblings {
      guard let path = sibling["rfilename"]?.string else {
        throw malformed("a file of 'siblings' has no 'rfilename'")
      }
      let largeFile = sibling["lfs"]?.object
      let digits = largeFile?["sha256"]?.string ?? sibling["blobId"]?.string
      let size = largeFile?["size"]?.int ?? sibling["size"]?.int
      entries.append(try Self.entry(path, digits: digits, size: size, malformed))
    }
  }

  /// Reads a page of the answer of `/api/models/NAME/tree/COMMIT?recursive=true`.
  ///
  /// - Parameters:
  ///   - value: the answer.
  ///   - place: the address, for messages.
  /// - Returns: the files of the page; folders are left out.
  /// - Throws: ``HubError/malformedAnswer(place:reason:)``.
  static func entries(ofTree value: JSONValue, place: String) throws(HubError) -> [Entry] {
    func malformed(_ reason: String) -> HubError { .malformedAnswer(place: place, reason: reason) }
    guard let items = value.array else { throw malformed("the tree is no array") }
    var entries: [Entry] = []
    for item in items where item["type"]?.string == "file" {
      guard let path = item["path"]?.string else { throw malformed("a file has no 'path'") }
      let largeFile = item["lfs"]?.object
      let digits = largeFile?["oid"]?.string ?? item["oid"]?.string
      let size = largeFile?["size"]?.int ?? item["size"]?.int
      entries.append(try entry(path, digits: digits, size: size, malformed))
    }
    return entries
  }

  private static func entry(
    _ path: String, digits: String?, size: Int?, _ malformed: (String) -> HubError
  ) throws(HubError) -> Entry {
    if let size, size < 0 { throw malformed("the size of '\(path)' is \(size)") }
    let hash = digits.flatMap { BlobHash(digits: $0) }
    if let digits, hash == nil {
      throw malformed("the hash of '\(path)' is '\(digits)': expected 64 or 40 hexadecimal digits")
    }
    return Entry(path: path, size: size, hash: hash)
  }
}
