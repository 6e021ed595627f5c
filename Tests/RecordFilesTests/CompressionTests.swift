import RecordFiles
import Testing

/// gzip and zstd bytes of small texts; recorded with gzip 1.12 and zstd 1.5.4.
private enum Recorded {
  /// `printf '{"a":1}\n' | gzip -n`, then `printf '{"a":2}\n' | gzip -n`.
  static let gzipMembers: [[UInt8]] = [
    [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xAB, 0x56, 0x4A, 0x54,
      0xB2, 0x32, 0xAC, 0xE5, 0x02, 0x00, 0x46, 0xA3, 0xE8, 0x74, 0x08, 0x00, 0x00, 0x00,
    ],
    [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xAB, 0x56, 0x4A, 0x54,
      0xB2, 0x32, 0xAA, 0xE5, 0x02, 0x00, 0x1F, 0x1D, 0xAE, 0x76, 0x08, 0x00, 0x00, 0x00,
    ],
  ]
  /// The same two lines, a frame each.
  static let zstdFrames: [[UInt8]] = [
    [
      0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x41, 0x00, 0x00, 0x7B, 0x22, 0x61, 0x22, 0x3A,
      0x31, 0x7D, 0x0A, 0xE2, 0xEF, 0xEC, 0xE0,
    ],
    [
      0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x41, 0x00, 0x00, 0x7B, 0x22, 0x61, 0x22, 0x3A,
      0x32, 0x7D, 0x0A, 0x86, 0xA8, 0x3A, 0x3D,
    ],
  ]
  /// A skippable frame of 5 bytes, written by hand after RFC 8878, section 3.1.2.
  static let skippableFrame: [UInt8] = [0x52, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]
}

private let both = [#"line 1:{"a":1}"#, #"line 2:{"a":2}"#]

@Test func readsGzipOfSeveralMembers() throws {
  let folder = try TemporaryFolder()
  let members = Recorded.gzipMembers
  #expect(readAll(try folder.write(members[0] + members[1])) == both)
  // Zeros after the data are padding, anything else is not.
  #expect(readAll(try folder.write(members[0] + members[1] + [0, 0, 0])) == both)
  #expect(readAll(try folder.write(members[0] + [7, 7])) == [both[0], "!file-corrupt@file"])
}

@Test func readsZstdOfSeveralFrames() throws {
  let folder = try TemporaryFolder()
  let frames = Recorded.zstdFrames
  let skippable = Recorded.skippableFrame
  let bytes = skippable + frames[0] + skippable + frames[1] + skippable
  #expect(readAll(try folder.write(bytes)) == both)
  #expect(try RecordFileReader(path: folder.write(bytes)).compression == .zstd)
  #expect(
    readAll(try folder.write(frames[0] + [7, 7, 7, 7, 7])) == [both[0], "!file-corrupt@file"])
}

@Test func everyCutOfACompressedFileIsNoticed() throws {
  let folder = try TemporaryFolder()
  for bytes in [Recorded.gzipMembers[1], Recorded.zstdFrames[1]] {
    for length in 4..<bytes.count {
      let log = readAll(try folder.write(bytes.prefix(length), to: "\(length)"))
      #expect(log.last == "!file-truncated@file", "cut to \(length) bytes: \(log)")
    }
  }
}

@Test func damageOfACompressedFileIsNoticed() throws {
  let folder = try TemporaryFolder()
  for original in [Recorded.gzipMembers[1], Recorded.zstdFrames[1]] {
    var bytes = original
    bytes[bytes.count - 2] ^= 0x55
    let log = readAll(try folder.write(bytes))
    #expect(log.last == "!file-corrupt@file" || log.last == "!file-truncated@file", "\(log)")
  }
}

@Test(arguments: ["x.jsonl.gz", "x.json.gz", "x.jsonl.zst", "x.JSON.ZST"])
func readsBackWhatItCompressed(_ name: String) throws {
  let folder = try TemporaryFolder()
  let path = folder.file(name)
  let records = (0..<20_000).map {
    "{\"n\":\($0),\"t\":\"\(String($0 &* 2_654_435_761, radix: 36))\"}"
  }
  let writer = try RecordFileWriter(path: path)
  for record in records { try writer.append(record.utf8) }
  try writer.close()
  let place = writer.layout == .lines ? "line" : "element"
  #expect(
    readAll(path) == records.enumerated().map { "\(place) \($0.offset + 1):\($0.element)" })
  let reader = try RecordFileReader(path: path)
  #expect(reader.compression == (name.hasSuffix("gz") ? .gzip : .zstd))
  while try reader.advance() {}
  #expect(reader.bytesRead == reader.totalBytes)
}
