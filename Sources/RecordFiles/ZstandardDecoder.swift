internal import CZstandard
internal import Glibc

/// Decodes zstd: any number of frames, skippable ones among them.
///
/// Source: RFC 8878; libzstd 1.5.4, streaming decompression.
@safe final class ZstandardDecoder {
  private let context: OpaquePointer
  private var isInsideFrame = false

  /// A decoder at the start of a file.
  ///
  /// - Parameter file: the path for messages.
  /// - Throws: `system` when memory is short.
  init(file: String) throws(RecordFileError) {
    guard let context = unsafe ZSTD_createDCtx() else {
      throw RecordFileError.system(operation: "decompress", file: file, code: ENOMEM)
    }
    unsafe self.context = context
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  /// Decodes some bytes.
  ///
  /// - Parameters:
  ///   - input: the next compressed bytes; empty at the end of the file.
  ///   - output: where the text goes.
  /// - Returns: what was done.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecodingStep {
    var step = DecodingStep()
    if unsafe input.isEmpty && !isInsideFrame {
      step.isAtEnd = true
      return step
    }
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = unsafe ZSTD_decompressStream(context, &target, &source)
    step.consumed = unsafe source.pos
    step.produced = unsafe target.pos
    if ZSTD_isError(result) != 0 {
      step.problem = .corrupt(unsafe String(cString: ZSTD_getErrorName(result)))
      return step
    }
    isInsideFrame = result != 0
    // Without input the decoder can still hand out what it holds; when it does not, data is missing.
    if unsafe input.isEmpty && step.produced == 0 && isInsideFrame { step.problem = .truncated }
    return step
  }
}
