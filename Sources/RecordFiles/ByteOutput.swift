internal import CZlib
internal import CZstandard
internal import Glibc

/// Compresses bytes, when asked to, and writes them to a file.
@safe final class ByteOutput {
  private static let chunkSize = 256 * 1024

  private let file: FileDescriptor
  private let chunk: UnsafeMutableRawBufferPointer
  private let encoder: Encoder

  @safe private enum Encoder {
    case none
    // On the heap, since zlib's own state points back at the stream.
    case gzip(UnsafeMutablePointer<z_stream>)
    case zstd(OpaquePointer)
  }

  /// An output at the start of a file.
  ///
  /// - Parameters:
  ///   - file: where to.
  ///   - compression: how the bytes are compressed; gzip at level 6, zstd at level 3.
  /// - Throws: `compression` when memory is short.
  init(_ file: FileDescriptor, compression: RecordFileCompression) throws(RecordFileError) {
    self.file = file
    switch compression {
    case .none: encoder = .none
    case .gzip:
      let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      unsafe stream.initialize(to: z_stream())
      guard unsafe czlib_deflate_gzip(stream, 6) == Z_OK else {
        unsafe stream.deallocate()
        throw RecordFileError.compression(file: file.name, reason: "out of memory")
      }
      unsafe encoder = .gzip(stream)
    case .zstd:
      guard let context = unsafe ZSTD_createCCtx() else {
        throw RecordFileError.compression(file: file.name, reason: "out of memory")
      }
      _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
      unsafe encoder = .zstd(context)
    }
    unsafe chunk = .allocate(byteCount: Self.chunkSize, alignment: 64)
  }

  deinit {
    unsafe chunk.deallocate()
    switch encoder {
    case .none: break
    case .gzip(let stream):
      unsafe deflateEnd(stream)
      unsafe stream.deallocate()
    case .zstd(let context): unsafe ZSTD_freeCCtx(context)
    }
  }

  /// Writes bytes, or the end of the compressed data.
  ///
  /// - Parameters:
  ///   - bytes: the next bytes of the text.
  ///   - isLast: whether they are the last ones.
  /// - Throws: `diskFull`, `system`, `compression`.
  func write(_ bytes: [UInt8], isLast: Bool) throws(RecordFileError) {
    switch encoder {
    case .none:
      try unsafe Self.lend(bytes) { input throws(RecordFileError) in try unsafe file.write(input) }
    case .gzip(let stream):
      try unsafe Self.lend(bytes) { input throws(RecordFileError) in
        try unsafe deflateAll(input, with: stream, isLast: isLast)
      }
    case .zstd(let context):
      try unsafe Self.lend(bytes) { input throws(RecordFileError) in
        try unsafe compressAll(input, with: context, isLast: isLast)
      }
    }
  }

  private static func lend(
    _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(RecordFileError) -> Void
  ) throws(RecordFileError) {
    // Array.withUnsafeBytes does not carry a typed error.
    let result: Result<Void, RecordFileError> = unsafe bytes.withUnsafeBytes { input in
      do throws(RecordFileError) {
        return .success(try unsafe body(input))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  private func deflateAll(
    _ input: UnsafeRawBufferPointer, with stream: UnsafeMutablePointer<z_stream>, isLast: Bool
  ) throws(RecordFileError) {
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(input.count)
    while true {
      unsafe stream.pointee.next_out = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_out = UInt32(Self.chunkSize)
      let result = unsafe deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
      guard result != Z_STREAM_ERROR else {
        throw RecordFileError.compression(file: file.name, reason: "zlib error \(result)")
      }
      let produced = unsafe Self.chunkSize - Int(stream.pointee.avail_out)
      try unsafe file.write(UnsafeRawBufferPointer(rebasing: chunk[..<produced]))
      if isLast ? result == Z_STREAM_END : produced < Self.chunkSize { return }
    }
  }

  private func compressAll(
    _ input: UnsafeRawBufferPointer, with context: OpaquePointer, isLast: Bool
  ) throws(RecordFileError) {
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    while true {
      var target = unsafe ZSTD_outBuffer(dst: chunk.baseAddress, size: chunk.count, pos: 0)
      let rest = unsafe ZSTD_compressStream2(
        context, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
      guard ZSTD_isError(rest) == 0 else {
        throw RecordFileError.compression(
          file: file.name, reason: unsafe String(cString: ZSTD_getErrorName(rest)))
      }
      try unsafe file.write(UnsafeRawBufferPointer(rebasing: chunk[..<target.pos]))
      if unsafe isLast ? rest == 0 : source.pos == source.size { return }
    }
  }
}
