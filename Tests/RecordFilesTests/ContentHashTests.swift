import RecordFiles
import Testing

@Test func hashesLikeTheReferenceTool() throws {
  #expect(ContentHash("").description == "99aa06d3014798d86001c324468d497f")
  #expect(ContentHash("abc").description == "06b05ab6733a618578af5f94892f3950")
}

@Test func aFilesFingerprintIsTheHashOfItsBytes() throws {
  let folder = try TemporaryFolder()
  let bytes = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
  let fingerprint = try FileFingerprint(path: folder.write(bytes))
  #expect(fingerprint.hash == ContentHash(bytes))
  #expect(fingerprint.byteCount == bytes.count)
  let missing = folder.file("none")
  #expect(throws: RecordFileError.notFound(file: missing)) { try FileFingerprint(path: missing) }
}

@Test func fieldsKeepTheirBounds() {
  var hasher = ContentHasher()
  func hash(_ fields: [String]) -> ContentHash {
    for field in fields { hasher.combine(field) }
    return hasher.finish()
  }
  let first = hash(["ab", "c"])
  #expect(first == hash(["ab", "c"]))
  #expect(first != hash(["a", "bc"]))
  #expect(first != hash(["abc"]))
  #expect(hash([]) != hash([""]))
  #expect(hash(["\u{e9}"]) != hash(["e\u{301}"]))
}

@Test func canonicalBytesReadBack() {
  let hash = ContentHash("abc")
  #expect(hash.bytes.count == 16)
  #expect(ContentHash(bytes: hash.bytes) == hash)
  #expect(ContentHash(bytes: [1, 2]) == nil)
  #expect(hash.bytes.first == 0x06)
}
