internal import CSentencePiece

/// Owns a processor of the SentencePiece library.
@safe final class SentencePieceProcessor {
  private let handle: OpaquePointer

  /// A processor of a serialized model.
  ///
  /// - Parameters:
  ///   - model: the model's bytes.
  ///   - path: where they come from, for messages.
  /// - Throws: ``TokenizerError/malformedModel(path:reason:)``.
  init(model: [UInt8], path: String) throws {
    var reason = [CChar](repeating: 0, count: 512)
    let created = unsafe model.withUnsafeBufferPointer { bytes in
      unsafe reason.withUnsafeMutableBufferPointer { buffer in
        unsafe csentencepiece_create(
          bytes.baseAddress, bytes.count, buffer.baseAddress, buffer.count)
      }
    }
    guard let created = unsafe created else {
      let text = String(
        decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
      throw TokenizerError.malformedModel(path: path, reason: line)
    }
    unsafe handle = created
  }

  deinit { unsafe csentencepiece_release(handle) }

  /// The number of pieces of a text.
  ///
  /// - Parameter text: UTF-8.
  /// - Returns: the number of pieces.
  /// - Throws: ``TokenizerError/encodingFailed(bytes:)``.
  func count(_ text: UnsafeBufferPointer<UInt8>) throws -> Int {
    let count = unsafe csentencepiece_count(handle, text.baseAddress, text.count)
    guard count >= 0 else { throw TokenizerError.encodingFailed(bytes: text.count) }
    return Int(count)
  }

  /// Appends the pieces of a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - ids: receives the ids.
  /// - Throws: ``TokenizerError/encodingFailed(bytes:)``.
  func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int]) throws {
    let done = unsafe withUnsafeMutablePointer(to: &ids) { ids in
      unsafe csentencepiece_encode(handle, text.baseAddress, text.count, ids) {
        context, pieces, count in
        unsafe context?.assumingMemoryBound(to: [Int].self).pointee.append(
          contentsOf: UnsafeBufferPointer(start: pieces, count: count).lazy.map { Int($0) })
      }
    }
    guard done != 0 else { throw TokenizerError.encodingFailed(bytes: text.count) }
  }
}

// The library's Encode is const, and the handle never changes between init and deinit; the shim's
// scratch memory belongs to the calling thread.
extension SentencePieceProcessor: @unchecked Sendable {}
