internal import Glibc
internal import JSON
internal import ModelEndpoints
internal import RecordFiles

/// Appends answers of model servers to a recording: JSON Lines that `replay` serves.
///
/// A line holds `path`, `request` and `response` as JSON, and `status`. Requests carry no keys.
final class AnswerRecorder {
  private let descriptor: Int32
  private let path: String

  init(path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw RecordFileError(output: errno, operation: "open", file: path)
    }
    try endLastLine()
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Makes a recording that exists end with a whole line: a program that died may have cut one.
  private func endLastLine() throws {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    let size = Int(status.st_size)
    if size == 0 { return }
    guard bytes(0..<1) == [UInt8(ascii: "{")] else {
      throw StageError.invalid(
        "\(path): this is no recording, to which answers could be appended; expected JSON Lines")
    }
    var tail: [UInt8] = []
    var start = size
    while start > 0, !tail.contains(UInt8(ascii: "\n")) {
      let piece = max(0, start - (1 << 16))..<start
      tail = bytes(piece) + tail
      start = piece.lowerBound
    }
    let last = tail.lastIndex(of: UInt8(ascii: "\n")).map { Array(tail[($0 + 1)...]) } ?? tail
    if last.isEmpty { return }
    if (try? JSONParser().value(of: last)) != nil { return try write([UInt8(ascii: "\n")]) }
    guard ftruncate(descriptor, off_t(size - last.count)) == 0 else {
      throw RecordFileError(output: errno, file: path)
    }
  }

  private func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: range.count) { space, count in
      count = unsafe max(
        0, pread(descriptor, space.baseAddress, range.count, off_t(range.lowerBound)))
    }
  }

  /// Appends answers; only those that came as JSON with status 200 can be replayed.
  func append(_ answers: [ModelAnswer], catalog: ModelCatalog) throws {
    var writer = JSONWriter()
    let parser = JSONParser()
    for answer in answers where answer.status == 200 {
      guard let request = try? parser.value(of: answer.call.body),
        let response = try? parser.value(of: answer.rawResponse)
      else { continue }
      let endpoint = catalog.endpoints.first { $0.name == answer.call.endpoint }
      let line: JSONObject = [
        "path": .string(Self.path(of: endpoint?.url ?? "")), "request": request, "status": 200,
        "response": response,
      ]
      writer.append(line)
      writer.bytes.append(UInt8(ascii: "\n"))
    }
    try write(writer.bytes)
  }

  private func write(_ bytes: [UInt8]) throws(RecordFileError) {
    var start = 0
    while start < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.write(
          descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
      }
      if written < 0 {
        let code = errno
        if code == EINTR { continue }
        throw RecordFileError(output: code, file: path)
      }
      start += written
    }
  }

  /// The path of an address: what follows the host, without a query, which may hold a key.
  private static func path(of url: String) -> String {
    let address = url.prefix { $0 != "?" }
    let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    return parts.count > 3 ? "/" + parts[3] : "/"
  }
}
