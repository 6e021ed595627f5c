/// The members of a zip archive that are stored without compression, as PyTorch writes them.
///
/// Source: PKWARE, APPNOTE.TXT 6.3.10: 4.3.7 local header, 4.3.12 central directory, 4.3.14-16 ends.
struct ZipDirectory {
  /// A stored member.
  struct Member {
    let name: String
    /// Where its bytes are in the file.
    let bytes: Range<Int>
    /// The CRC-32 of its bytes.
    let checksum: UInt32
  }

  let members: [Member]
  private static let entryLimit = 1 << 20

  /// Reads the directory at the end of a file.
  ///
  /// - Parameter file: the archive.
  /// - Throws: ``CheckpointError``.
  init(_ file: MappedFile) throws(CheckpointError) {
    let (count, directory) = try Self.end(of: file)
    guard count <= Self.entryLimit, directory.count >= count * 46 else {
      throw .malformed(
        path: file.path,
        reason: "the archive's directory of \(directory.count) bytes cannot hold \(count) members")
    }
    let bytes = LittleEndianBytes(try file.read(directory))
    var position = 0
    var members: [Member] = []
    var names: Set<[UInt8]> = []
    for index in 0..<count {
      func wrong(_ reason: String) -> CheckpointError {
        .malformed(path: file.path, reason: "member \(index) of the archive: \(reason)")
      }
      guard bytes.uint32(position) == 0x0201_4b50, let flags = bytes.uint16(position + 8),
        let method = bytes.uint16(position + 10), let checksum = bytes.uint32(position + 16),
        let nameLength = bytes.uint16(position + 28), let extraLength = bytes.uint16(position + 30),
        let commentLength = bytes.uint16(position + 32),
        let nameBytes = bytes.slice(position + 46, Int(nameLength)),
        let extra = bytes.slice(position + 46 + Int(nameLength), Int(extraLength)),
        var size = bytes.uint32(position + 20).map(UInt64.init),
        var fullSize = bytes.uint32(position + 24).map(UInt64.init),
        var offset = bytes.uint32(position + 42).map(UInt64.init)
      else { throw wrong("its directory entry is cut or no entry") }
      try Self.widen(&fullSize, &size, &offset, extra: LittleEndianBytes(extra), wrong)
      let name = String(decoding: nameBytes, as: UTF8.self)
      guard names.insert(nameBytes).inserted else {
        throw wrong("\(CheckpointError.quoted(name)) is there twice")
      }
      guard flags & 1 == 0 else { throw wrong("\(CheckpointError.quoted(name)) is encrypted") }
      guard method == 0, size == fullSize else {
        throw wrong(
          "\(CheckpointError.quoted(name)) is compressed: PyTorch stores members as they are")
      }
      let range = try Self.contents(at: offset, size: size, name: nameBytes, in: file, wrong)
      members.append(Member(name: name, bytes: range, checksum: checksum))
      position += 46 + Int(nameLength) + Int(extraLength) + Int(commentLength)
    }
    try Self.checkDisjoint(members, directory: directory, path: file.path)
    self.members = members
  }

  /// Replaces 32-bit fields that say "see the 64-bit ones".
  private static func widen(
    _ fullSize: inout UInt64, _ size: inout UInt64, _ offset: inout UInt64,
    extra: LittleEndianBytes, _ wrong: (String) -> CheckpointError
  ) throws(CheckpointError) {
    let marker = UInt64(UInt32.max)
    guard fullSize == marker || size == marker || offset == marker else { return }
    var position = 0
    while let id = extra.uint16(position), let length = extra.uint16(position + 2) {
      if id == 1 {
        var field = position + 4
        let end = field + Int(length)
        func next() -> UInt64? {
          defer { field += 8 }
          return field + 8 <= end ? extra.uint64(field) : nil
        }
        if fullSize == marker, let value = next() { fullSize = value }
        if size == marker, let value = next() { size = value }
        if offset == marker, let value = next() { offset = value }
        return
      }
      position += 4 + Int(length)
    }
    throw wrong("its 64-bit sizes are missing")
  }

  /// The bytes of a member, after its local header, which must agree with the directory.
  private static func contents(
    at offset: UInt64, size: UInt64, name: [UInt8], in file: MappedFile,
    _ wrong: (String) -> CheckpointError
  ) throws(CheckpointError) -> Range<Int> {
    guard offset <= UInt64(file.byteCount), UInt64(file.byteCount) - offset >= 30 else {
      throw wrong("it begins at byte \(offset) of \(file.byteCount)")
    }
    let header = LittleEndianBytes(try file.read(Int(offset)..<Int(offset) + 30))
    guard header.uint32(0) == 0x0403_4b50, let nameLength = header.uint16(26),
      let extraLength = header.uint16(28)
    else { throw wrong("no member begins at byte \(offset)") }
    let nameStart = Int(offset) + 30
    let start = nameStart + Int(nameLength) + Int(extraLength)
    guard start <= file.byteCount, size <= UInt64(file.byteCount - start) else {
      throw wrong("its \(size) bytes do not fit in the file: the file is cut")
    }
    guard try file.read(nameStart..<nameStart + Int(nameLength)) == name else {
      throw wrong("its two headers name it differently")
    }
    return start..<start + Int(size)
  }

  private static func checkDisjoint(
    _ members: [Member], directory: Range<Int>, path: String
  ) throws(CheckpointError) {
    var position = 0
    for member in members.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound })
    where !member.bytes.isEmpty {
      guard member.bytes.lowerBound >= position, member.bytes.upperBound <= directory.lowerBound
      else {
        throw .malformed(
          path: path,
          reason:
            "member \(CheckpointError.quoted(member.name)) of the archive overlaps another part")
      }
      position = member.bytes.upperBound
    }
  }

  /// The number of members and where the directory is.
  private static func end(
    of file: MappedFile
  ) throws(CheckpointError) -> (count: Int, directory: Range<Int>) {
    // The end record has 22 bytes and a comment of at most 65,535; a locator may precede it.
    let tailStart = max(0, file.byteCount - 22 - 65_535 - 20)
    let tail = LittleEndianBytes(try file.read(tailStart..<file.byteCount))
    var position = tail.count - 22
    while position >= 0, tail.uint32(position) != 0x0605_4b50 { position -= 1 }
    guard position >= 0, let shortCount = tail.uint16(position + 10),
      let shortSize = tail.uint32(position + 12), let shortOffset = tail.uint32(position + 16)
    else {
      throw .malformed(
        path: file.path, reason: "the archive has no end of its directory: the file is cut")
    }
    var (count, size, offset) = (UInt64(shortCount), UInt64(shortSize), UInt64(shortOffset))
    if shortCount == .max || shortSize == .max || shortOffset == .max {
      guard tail.uint32(position - 20) == 0x0706_4b50, let record = tail.uint64(position - 12),
        UInt64(file.byteCount) >= 56, record <= UInt64(file.byteCount - 56)
      else {
        throw .malformed(path: file.path, reason: "the archive's 64-bit directory is missing")
      }
      let wide = LittleEndianBytes(try file.read(Int(record)..<Int(record) + 56))
      guard wide.uint32(0) == 0x0606_4b50, let wideCount = wide.uint64(32),
        let wideSize = wide.uint64(40), let wideOffset = wide.uint64(48)
      else {
        throw .malformed(path: file.path, reason: "the archive's 64-bit directory is damaged")
      }
      (count, size, offset) = (wideCount, wideSize, wideOffset)
    }
    let limit = UInt64(tailStart + position)
    guard offset <= limit, size <= limit - offset, count <= size else {
      throw .malformed(
        path: file.path,
        reason: "the archive's directory of \(size) bytes at \(offset) does not fit in the file")
    }
    return (Int(count), Int(offset)..<Int(offset + size))
  }
}
