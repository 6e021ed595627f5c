internal import Glibc
package import Records

/// What went wrong with a file of records; says which file, where, and what was expected.
package enum RecordFileError: Error, Equatable, CustomStringConvertible {
  /// There is no such file.
  case notFound(file: String)
  /// The path names a folder.
  case isDirectory(file: String)
  /// The system refuses access.
  case permissionDenied(file: String)
  /// The disk, or the user's share of it, is full.
  case diskFull(file: String)
  /// Another system call failed with `code`, an `errno`.
  case system(operation: String, file: String, code: Int32)
  /// The user stopped the reading of a pipe.
  case stopped(file: String)
  /// What would be replaced is a database.
  case isDatabase(file: String)
  /// There is no record, not even an empty array.
  case empty(file: String)
  /// The first bytes are those of a format that holds no JSON text.
  case unsupported(file: String, format: String)
  /// The name tells neither lines nor an array.
  case unknownLayout(file: String)
  /// A compressed file ends before its data does.
  case truncated(file: String, compression: RecordFileCompression, byte: Int)
  /// Compressed data is damaged; `byte` counts the bytes read of the file.
  case corrupt(file: String, compression: RecordFileCompression, reason: String, byte: Int)
  /// The compressing library refused to work.
  case compression(file: String, reason: String)
  /// A record is larger than the reader's limit.
  case recordTooLarge(file: String, location: Diagnostic.Location, limit: Int)
  /// One JSON object goes on over several lines where one line should hold a record.
  case objectSpansLines(file: String, line: Int)
  /// The file ends before the array does; `inside` tells whether element `element` is cut as well.
  case arrayNotClosed(file: String, element: Int, inside: Bool)
  /// Something other than white space follows the array of `elements` elements.
  case garbageAfterArray(file: String, elements: Int, found: UInt8)
  /// An element of the array does not end properly; reading goes on at the next one.
  case brokenElement(file: String, element: Int, reason: String)
  /// An element does not end properly, and where the next one begins cannot be told.
  case lostInArray(file: String, element: Int, reason: String)
  /// No comma stands before this element.
  case missingComma(file: String, element: Int)
  /// Two commas, or a comma and a bracket, have nothing between them.
  case missingElement(file: String, element: Int)
  /// A byte that can begin neither an element nor a comma follows element `element`.
  case unexpectedByte(file: String, element: Int, found: UInt8)

  /// What went wrong while writing.
  ///
  /// - Parameters:
  ///   - code: an `errno`.
  ///   - operation: the verb for messages.
  ///   - file: the path, or `standard output`.
  package init(output code: Int32, operation: String = "write", file: String) {
    switch code {
    case ENOSPC, EDQUOT: self = .diskFull(file: file)
    default: self = .system(operation: operation, file: file, code: code)
    }
  }

  /// Whether it is no error but the user's wish.
  package var isStop: Bool {
    if case .stopped = self { true } else { false }
  }

  /// Whether standard output, or a pipe, has lost its reader: `head` had enough.
  package var isClosedPipe: Bool {
    if case .system(_, _, EPIPE) = self { true } else { false }
  }

  /// Whether the reader that threw this can go on with the next record.
  package var isRecoverable: Bool {
    switch self {
    case .recordTooLarge, .brokenElement, .missingComma, .missingElement, .unexpectedByte: true
    default: false
    }
  }

  /// Whether a record was lost, as against a flaw between two records.
  package var losesRecord: Bool {
    switch self {
    case .recordTooLarge, .brokenElement: true
    default: false
    }
  }

  /// A short stable name of the kind of error, to count by.
  package var rule: String {
    switch self {
    case .notFound: "file-not-found"
    case .isDirectory: "file-is-directory"
    case .permissionDenied: "file-permission"
    case .diskFull: "disk-full"
    case .system: "file-system"
    case .stopped: "stopped"
    case .isDatabase: "file-is-database"
    case .empty: "file-empty"
    case .unsupported: "file-unsupported"
    case .unknownLayout: "file-layout"
    case .truncated: "file-truncated"
    case .corrupt: "file-corrupt"
    case .compression: "file-compression"
    case .recordTooLarge: "record-too-large"
    case .objectSpansLines: "object-spans-lines"
    case .arrayNotClosed: "array-not-closed"
    case .garbageAfterArray: "garbage-after-array"
    case .brokenElement, .lostInArray: "broken-element"
    case .missingComma: "missing-comma"
    case .missingElement: "missing-element"
    case .unexpectedByte: "unexpected-byte"
    }
  }

  /// The file's path as it was given, or `standard input` or `standard output`.
  package var file: String {
    switch self {
    case .notFound(let file), .isDirectory(let file), .permissionDenied(let file),
      .diskFull(let file), .system(_, let file, _), .isDatabase(let file), .stopped(let file),
      .empty(let file),
      .unsupported(let file, _), .unknownLayout(let file), .truncated(let file, _, _),
      .corrupt(let file, _, _, _),
      .compression(let file, _), .recordTooLarge(let file, _, _), .objectSpansLines(let file, _),
      .arrayNotClosed(let file, _, _), .garbageAfterArray(let file, _, _),
      .brokenElement(let file, _, _), .lostInArray(let file, _, _), .missingComma(let file, _),
      .missingElement(let file, _), .unexpectedByte(let file, _, _):
      file
    }
  }

  /// The line or element, when the error has one.
  package var location: Diagnostic.Location? {
    switch self {
    case .recordTooLarge(_, let location, _): location
    case .objectSpansLines(_, let line): .line(line)
    case .brokenElement(_, let element, _), .lostInArray(_, let element, _),
      .missingComma(_, let element), .missingElement(_, let element),
      .unexpectedByte(_, let element, _):
      .element(element)
    case .arrayNotClosed(_, let element, _): element > 0 ? .element(element) : nil
    default: nil
    }
  }

  /// The finding to store and count for a flaw that reading survives.
  package var diagnostic: Diagnostic {
    Diagnostic(file: file, location: location, rule: rule, message: message)
  }

  /// One line for people: the file, the place, what is wrong and what was expected.
  package var description: String { diagnostic.description }

  private var message: String {
    switch self {
    case .notFound: "no such file"
    case .isDirectory: "this is a folder; expected a file"
    case .permissionDenied: "permission denied"
    case .diskFull: "the disk is full; free some space and run the command again"
    case .system(let operation, _, let code):
      "cannot \(operation): \(Self.systemMessage(code))"
    case .stopped: "not read to its end"
    case .isDatabase: "this is an SQLite database and is not overwritten; choose another file"
    case .empty: "the file is empty; expected JSON Lines or a JSON array"
    case .unsupported(_, let format):
      "this is \(format); expected JSON Lines or a JSON array, plain or compressed by gzip or zstd"
    case .unknownLayout:
      "the name does not tell how to write records; expected .json (an array) or .jsonl (lines), "
        + "with .gz or .zst after it to compress"
    case .truncated(_, let compression, let byte):
      "the \(compression.rawValue) data ends too early, after \(byte) bytes; the file is cut off"
    case .corrupt(_, let compression, let reason, let byte):
      "the \(compression.rawValue) data is damaged within the first \(byte) bytes: \(reason)"
    case .compression(_, let reason): "cannot compress: \(reason)"
    case .recordTooLarge(_, _, let limit):
      "the record is larger than the limit of \(limit) bytes"
    case .objectSpansLines:
      "a JSON object spans several lines; expected one record per line (JSON Lines) or an array "
        + "[ … ]"
    case .arrayNotClosed(_, let element, let inside):
      if inside {
        "the file ends inside this element; expected its end and the array's closing bracket"
      } else if element > 0 {
        "the file ends after this element; expected a comma or the array's closing bracket"
      } else {
        "the file ends inside the array before its first element"
      }
    case .garbageAfterArray(_, let elements, let found):
      "\(Self.name(found)) follows the array of \(elements) elements; expected the end of the file"
    case .brokenElement(_, _, let reason): reason
    case .lostInArray(_, _, let reason):
      "\(reason), and where the next element begins cannot be told; the rest is not read"
    case .missingComma: "no comma before this element"
    case .missingElement: "no element before a comma or bracket; expected a JSON value"
    case .unexpectedByte(_, _, let found):
      "\(Self.name(found)) after this element; expected a comma or the array's closing bracket"
    }
  }

  private static func name(_ byte: UInt8) -> String {
    if byte > 0x20 && byte < 0x7F { return "“\(Character(Unicode.Scalar(byte)))”" }
    return "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }

  private static func systemMessage(_ code: Int32) -> String {
    // strerror shares one buffer between threads; strerror_r, here the one of POSIX, does not.
    var buffer = [CChar](repeating: 0, count: 256)
    return unsafe buffer.withUnsafeMutableBufferPointer { space in
      guard let start = space.baseAddress, unsafe strerror_r(code, start, space.count) == 0 else {
        return "error \(code)"
      }
      return unsafe String(cString: start)
    }
  }
}
