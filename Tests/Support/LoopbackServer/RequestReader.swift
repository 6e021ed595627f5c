internal import Glibc

/// Reads HTTP/1.1 requests with `Content-Length` bodies from a socket.
struct RequestReader {
  let connection: Int32
  private var buffer: [UInt8] = []

  init(connection: Int32) { self.connection = connection }

  /// The next request; `nil` when the connection ends.
  mutating func next() -> (head: String, body: [UInt8])? {
    let blankLine = Array("\r\n\r\n".utf8)
    var end: Int?
    while end == nil {
      end = buffer.indices.dropLast(3).first { buffer[$0..<($0 + 4)].elementsEqual(blankLine) }
      guard end != nil || fill() else { return nil }
    }
    guard let end else { return nil }
    let head = String(decoding: buffer[..<end], as: UTF8.self)
    buffer.removeFirst(end + 4)
    let length = Self.contentLength(head)
    while buffer.count < length { guard fill() else { return nil } }
    defer { buffer.removeFirst(length) }
    return (head, Array(buffer[..<length]))
  }

  private static func contentLength(_ head: String) -> Int {
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      return Int(line.dropFirst(15).filter { $0 != " " }) ?? 0
    }
    return 0
  }

  private mutating func fill() -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe recv(connection, &piece, piece.count, 0)
    guard count > 0 else { return count < 0 && errno == EINTR }
    buffer.append(contentsOf: piece[..<count])
    return true
  }
}
