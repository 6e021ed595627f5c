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
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw RecordFileError.system(operation: "open", file: path, code: errno)
    }
  }

  deinit { close(descriptor) }

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
    var start = 0
    while start < writer.bytes.count {
      let written = unsafe writer.bytes.withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw RecordFileError.system(operation: "write", file: path, code: errno)
      }
      start += written
    }
  }

  /// The path of an address: what follows the host.
  private static func path(of url: String) -> String {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    return parts.count > 3 ? "/" + parts[3] : "/"
  }
}
