internal import Glibc
internal import JSON
public import Tensors

/// Writes tensors to a safetensors file, which appears under its name only when it is complete.
public enum SafetensorsWriter {
  /// Writes a file of 32-bit floats.
  ///
  /// - Parameters:
  ///   - tensors: the tensors with their names, in the order of the file.
  ///   - metadata: texts for the file's header.
  ///   - path: the file; one that exists is replaced.
  /// - Throws: ``CheckpointError``: `malformedTensor` for a name that is empty or there twice,
  ///   `system`.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [(key: String, value: String)] = [],
    to path: String
  ) throws(CheckpointError) {
    var header = JSONObject()
    if !metadata.isEmpty {
      var texts = JSONObject()
      for (key, value) in metadata { texts[key] = .string(value) }
      header["__metadata__"] = .object(texts)
    }
    var names: Set<[UInt8]> = []
    var position = 0
    for (name, tensor) in tensors {
      guard !name.isEmpty, name != "__metadata__", names.insert(Array(name.utf8)).inserted else {
        throw .malformedTensor(
          path: path, tensor: name, reason: "expected a name that is not empty and there once")
      }
      let end = position + tensor.count * 4
      let description: JSONObject = [
        "dtype": "F32", "shape": .array(tensor.shape.map { .integer(Int64($0)) }),
        "data_offsets": .array([.integer(Int64(position)), .integer(Int64(end))]),
      ]
      header[name] = .object(description)
      position = end
    }
    var text = Array(header.json().utf8)
    // Spaces, so that the elements begin at a multiple of 64 bytes and can be mapped as they are.
    while (text.count + 8) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    let length = UInt64(text.count)
    let start = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + text
    try write(start, tensors.map(\.tensor), to: path)
  }

  private static func write(
    _ header: [UInt8], _ tensors: [Tensor], to path: String
  ) throws(CheckpointError) {
    let temporary = "\(path).\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).tmp"
    var descriptor: Int32 = -1
    repeat {
      descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else {
      throw .system(operation: "create the file", path: path, code: errno)
    }
    do throws(CheckpointError) {
      defer { close(descriptor) }
      try unsafe header.withUnsafeBytesTyped { bytes throws(CheckpointError) in
        try unsafe write(bytes, descriptor, path)
      }
      for tensor in tensors {
        try unsafe write(
          UnsafeRawBufferPointer(start: tensor.memory.base, count: tensor.count * 4), descriptor,
          path)
      }
      while fsync(descriptor) != 0 {
        guard errno == EINTR else {
          throw .system(operation: "write the file", path: path, code: errno)
        }
      }
      guard unsafe rename(temporary, path) == 0 else {
        throw .system(operation: "replace the file", path: path, code: errno)
      }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: Int32, _ path: String
  ) throws(CheckpointError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe Glibc.write(
        descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw .system(operation: "write the file", path: path, code: errno)
      }
    }
  }
}

extension [UInt8] {
  /// Lends the bytes to a body with a typed error, which `withUnsafeBytes` does not carry.
  fileprivate func withUnsafeBytesTyped(
    _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let result: Result<Void, CheckpointError> = unsafe withUnsafeBytes { bytes in
      do throws(CheckpointError) {
        return .success(try unsafe body(bytes))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }
}
