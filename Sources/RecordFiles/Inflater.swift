internal import CZlib
internal import Glibc

/// Decodes gzip: any number of members, one after another.
///
/// Source: RFC 1952, section 2.2; zlib 1.2.13.
@safe final class Inflater {
  // On the heap, since zlib's own state points back at the stream.
  private let stream: UnsafeMutablePointer<z_stream>
  private enum Place { case header, member, padding }
  private var place = Place.member

  /// A decoder at the start of a file.
  ///
  /// - Parameter file: the path for messages.
  /// - Throws: `system` when memory is short.
  init(file: String) throws(RecordFileError) {
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe czlib_inflate_gzip(stream) == Z_OK else {
      unsafe stream.deallocate()
      throw RecordFileError.system(operation: "decompress", file: file, code: ENOMEM)
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

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
    if unsafe input.isEmpty {
      if place == .member { step.problem = .truncated } else { step.isAtEnd = true }
      return step
    }
    if place != .member {
      // Tapes pad archives with zeros, which gzip passes over as well.
      while step.consumed < input.count, unsafe input[step.consumed] == 0 {
        step.consumed += 1
        place = .padding
      }
      if step.consumed == input.count { return step }
      guard place == .header else {
        step.problem = .corrupt("bytes that are no gzip data follow the end of the data")
        return step
      }
      unsafe inflateReset(stream)
      place = .member
    }
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(clamping: input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(clamping: output.count)
    let offeredInput = unsafe stream.pointee.avail_in
    let offeredOutput = unsafe stream.pointee.avail_out
    let result = unsafe inflate(stream, Z_NO_FLUSH)
    step.consumed = unsafe Int(offeredInput - stream.pointee.avail_in)
    step.produced = unsafe Int(offeredOutput - stream.pointee.avail_out)
    switch result {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: place = .header
    default:
      let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      step.problem = .corrupt(message ?? "zlib error \(result)")
    }
    return step
  }
}
