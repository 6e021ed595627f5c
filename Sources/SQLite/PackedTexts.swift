/// Texts of one or several rows in one piece of memory.
///
/// Rows that one thread makes and another one stores are handed over like this: a single
/// allocation changes hands, where strings of their own would each be freed by the other thread.
public struct PackedTexts: Sendable {
  /// Where a text stands; NULL has no place.
  public struct Place: Sendable {
    let start: Int
    let count: Int
  }

  private(set) var bytes: [UInt8] = []

  /// No texts yet.
  public init() {}

  /// Makes room, so that adding texts does not allocate again and again.
  ///
  /// - Parameter byteCount: the bytes of the texts to come.
  public mutating func reserve(byteCount: Int) { bytes.reserveCapacity(byteCount) }

  /// Appends a text.
  ///
  /// - Parameter text: the text; `nil` is NULL.
  /// - Returns: its place; `nil` for NULL.
  public mutating func add(_ text: String?) -> Place? {
    guard var text else { return nil }
    return text.withUTF8 { utf8 in
      let place = Place(start: bytes.count, count: utf8.count)
      unsafe bytes.append(contentsOf: utf8)
      return place
    }
  }

  /// Appends a text given as UTF-8 bytes.
  ///
  /// - Parameter utf8: the bytes.
  /// - Returns: its place.
  public mutating func add(utf8: [UInt8]) -> Place {
    let place = Place(start: bytes.count, count: utf8.count)
    bytes.append(contentsOf: utf8)
    return place
  }
}
