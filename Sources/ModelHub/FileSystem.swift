internal import Glibc

/// System calls on files: interrupted ones are repeated, failed ones throw.
enum FileSystem {
  /// What is known of a file without opening it.
  struct Status {
    var size: Int
    var isFolder: Bool
    var isRegular: Bool
    var isLink: Bool
    /// Seconds since 1970.
    var accessed: Double
    var modified: Double
  }

  /// The status of a file, or of the file behind a link; nil when there is none.
  static func status(_ path: String, followsLinks: Bool = true) -> Status? {
    var status = stat()
    let result = unsafe followsLinks ? stat(path, &status) : lstat(path, &status)
    guard result == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    return Status(
      size: Int(status.st_size), isFolder: kind == S_IFDIR, isRegular: kind == S_IFREG,
      isLink: kind == S_IFLNK, accessed: seconds(status.st_atim),
      modified: seconds(status.st_mtim))
  }

  static func isFolder(_ path: String) -> Bool { status(path)?.isFolder == true }

  /// The names in a folder, in the order of their bytes; none when there is no such folder.
  static func names(in folder: String) throws(HubError) -> [String] {
    guard let stream = unsafe opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw .system(operation: "list the folder", path: folder, code: errno)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The target of a link, as it is written; nil when there is no link.
  static func target(ofLink path: String) -> String? {
    var text = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(path, &text, text.count)
    guard count > 0, count < text.count else { return nil }
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The absolute path with all links followed; nil when it leads nowhere.
  static func realPath(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// The bytes of a small file; nil when there is none.
  static func contents(_ path: String, limit: Int) throws(HubError) -> [UInt8]? {
    guard let descriptor = try open(path, O_RDONLY, missingIsNil: true) else { return nil }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(operation: "read", path: path, code: errno) }
      if count == 0 { return result }
      result += piece[..<count]
      guard result.count <= limit else {
        throw .system(operation: "read so large a file", path: path, code: EFBIG)
      }
    }
  }

  /// Opens a file; the caller closes the descriptor.
  static func open(
    _ path: String, _ flags: Int32, mode: mode_t = 0o644, missingIsNil: Bool = false
  ) throws(HubError) -> Int32? {
    while true {
      let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
      if descriptor >= 0 { return descriptor }
      let code = errno
      if code == EINTR { continue }
      if missingIsNil && (code == ENOENT || code == ENOTDIR) { return nil }
      throw .system(operation: "open", path: path, code: code)
    }
  }

  /// Makes a folder and those above it that are missing.
  static func makeFolder(_ path: String) throws(HubError) {
    if unsafe mkdir(path, 0o777) == 0 { return }
    let code = errno
    if code == EEXIST && isFolder(path) { return }
    guard code == ENOENT, let parent = parent(of: path), parent != path else {
      throw .system(operation: "make the folder", path: path, code: code)
    }
    try makeFolder(parent)
    guard unsafe mkdir(path, 0o777) == 0 || (errno == EEXIST && isFolder(path)) else {
      throw .system(operation: "make the folder", path: path, code: errno)
    }
  }

  /// The folder above a path; nil for a name alone.
  static func parent(of path: String) -> String? {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func rename(_ source: String, to target: String) throws(HubError) {
    guard unsafe Glibc.rename(source, target) == 0 else {
      throw .system(operation: "put the file in its place", path: target, code: errno)
    }
  }

  /// Removes a file or a link; one that is gone already is no error.
  static func remove(_ path: String) throws(HubError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw .system(operation: "remove", path: path, code: errno)
    }
  }

  /// Removes a folder when it is empty; says whether it is gone.
  @discardableResult
  static func removeEmptyFolder(_ path: String) -> Bool {
    unsafe rmdir(path) == 0 || errno == ENOENT
  }

  /// Removes a folder with all that is in it; links are removed, never followed.
  static func removeTree(_ path: String) throws(HubError) {
    guard let status = status(path, followsLinks: false) else { return }
    guard status.isFolder else { return try remove(path) }
    for name in try names(in: path) { try removeTree("\(path)/\(name)") }
    guard removeEmptyFolder(path) else {
      throw .system(operation: "remove the folder", path: path, code: errno)
    }
  }

  /// Writes a small file so that nobody ever sees a part of it.
  static func write(_ text: String, to path: String) throws(HubError) {
    let temporary = "\(path).\(temporarySuffix()).tmp"
    guard let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_EXCL) else { return }
    do throws(HubError) {
      defer { close(descriptor) }
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = unsafe bytes.withUnsafeBytes { space in
          unsafe Glibc.write(descriptor, space.baseAddress, space.count)
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw .system(operation: "write", path: temporary, code: errno) }
        bytes = bytes.dropFirst(count)
      }
      try rename(temporary, to: path)
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  /// Makes a link, in place of what may be there.
  static func link(_ path: String, to target: String) throws(HubError) {
    if self.target(ofLink: path) == target { return }
    let temporary = "\(path).\(temporarySuffix()).tmp"
    guard unsafe symlink(target, temporary) == 0 else {
      throw .system(operation: "make the link", path: path, code: errno)
    }
    do throws(HubError) {
      try rename(temporary, to: path)
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  /// The bytes that a user may still write where a folder is, or will be; nil when nobody can say.
  static func freeBytes(_ folder: String) -> Int? {
    var place: String? = folder
    while let path = place {
      var status = statvfs()
      if unsafe statvfs(path, &status) == 0 {
        let (bytes, overflow) = Int(clamping: status.f_bavail)
          .multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
        return overflow ? .max : bytes
      }
      place = parent(of: path)
    }
    return nil
  }

  private static func temporarySuffix() -> String {
    String(UInt64.random(in: .min ... .max), radix: 16)
  }

  private static func seconds(_ time: timespec) -> Double {
    Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
