internal import CZlib
internal import CZstandard
internal import Glibc

/// The bytes of a file, decompressed on the way when its first bytes say that it is compressed.
@safe final class ByteInput {
  private static let chunkSize = 256 * 1024

  let file: FileDescriptor
  let compression: RecordFileCompression
  /// The bytes taken from the file so far, before decompression.
  private(set) var bytesRead = 0
  /// The file's size; `nil` for pipes and devices.
  let totalBytes: Int?

  private let chunk: UnsafeMutableRawBufferPointer
  private var chunkStart = 0
  private var chunkEnd = 0
  private var decoder: Decoder?
  /// An error found after some good bytes, thrown once these are taken.
  private var pending: RecordFileError?

  private enum Decoder {
    case gzip(Inflater)
    case zstd(ZstandardDecoder)
  }

  /// Opens a file and looks at its first bytes.
  ///
  /// - Parameters:
  ///   - path: a path, or `-` for standard input.
  ///   - isCancelled: asked while a pipe has nothing to read; `true` ends the reading.
  /// - Throws: the errors of opening and reading; `unsupported`.
  init(path: String, isCancelled: (() -> Bool)? = nil) throws(RecordFileError) {
    let file = try FileDescriptor.reading(path)
    file.isCancelled = isCancelled
    let status = try file.status()
    file.adviseSequential()
    self.file = file
    totalBytes = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkSize, alignment: 64)
    unsafe self.chunk = chunk
    do throws(RecordFileError) {
      // A pipe may give its first bytes in pieces; 16 are enough for every signature.
      while chunkEnd < 16 {
        let count = try unsafe file.read(
          into: UnsafeMutableRawBufferPointer(rebasing: chunk[chunkEnd...]))
        if count == 0 { break }
        chunkEnd += count
      }
      let head = unsafe [UInt8](UnsafeRawBufferPointer(rebasing: chunk[..<min(chunkEnd, 16)]))
      if let format = FileSignature.unsupportedFormat(head) {
        throw RecordFileError.unsupported(file: file.name, format: format)
      }
      compression = FileSignature.compression(head)
      switch compression {
      case .none: break
      case .gzip: decoder = .gzip(try Inflater(file: file.name))
      case .zstd: decoder = .zstd(try ZstandardDecoder(file: file.name))
      }
    } catch {
      unsafe chunk.deallocate()
      throw error
    }
    bytesRead = chunkEnd
  }

  deinit { unsafe chunk.deallocate() }

  /// Gives the next bytes of the text.
  ///
  /// - Parameter space: where to; not empty.
  /// - Returns: how many bytes were written; 0 at the end.
  /// - Throws: `system`, `truncated`, `corrupt`.
  func read(into space: UnsafeMutableRawBufferPointer) throws(RecordFileError) -> Int {
    if let error = pending { throw error }
    guard let decoder else { return try unsafe readPlain(into: space) }
    while true {
      if chunkStart == chunkEnd { try refill() }
      let input = unsafe UnsafeRawBufferPointer(rebasing: chunk[chunkStart..<chunkEnd])
      let step =
        switch decoder {
        case .gzip(let inflater): unsafe inflater.decode(input, into: space)
        case .zstd(let decoder): unsafe decoder.decode(input, into: space)
        }
      chunkStart += step.consumed
      if let problem = step.problem {
        let error: RecordFileError =
          switch problem {
          case .truncated:
            .truncated(file: file.name, compression: compression, byte: bytesRead)
          case .corrupt(let reason):
            .corrupt(file: file.name, compression: compression, reason: reason, byte: bytesRead)
          }
        if step.produced == 0 { throw error }
        pending = error
      }
      if step.produced > 0 || step.isAtEnd { return step.produced }
    }
  }

  private func refill() throws(RecordFileError) {
    chunkStart = 0
    chunkEnd = 0
    chunkEnd = try unsafe file.read(into: chunk)
    bytesRead += chunkEnd
  }

  /// Plain bytes go from the file to the caller's space, except those already looked at.
  private func readPlain(
    into space: UnsafeMutableRawBufferPointer
  ) throws(RecordFileError) -> Int {
    if chunkStart < chunkEnd {
      let count = min(space.count, chunkEnd - chunkStart)
      let piece = unsafe UnsafeRawBufferPointer(rebasing: chunk[chunkStart..<chunkStart + count])
      unsafe space.copyMemory(from: piece)
      chunkStart += count
      return count
    }
    let count = try unsafe file.read(into: space)
    bytesRead += count
    return count
  }
}

/// What one call of a decoder did.
struct DecodingStep {
  enum Problem {
    case truncated
    case corrupt(String)
  }

  var consumed = 0
  var produced = 0
  var isAtEnd = false
  var problem: Problem?
}
