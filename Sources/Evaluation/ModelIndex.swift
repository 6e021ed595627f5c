internal import Glibc

/// Numbers models in the order they are first seen; names are compared byte by byte.
struct ModelIndex: Sendable {
  /// The names in order.
  private(set) var names: [String] = []
  private var numbers: [Key: Int] = [:]

  /// An index of these names; a repeated name keeps its first number.
  init(_ names: [String] = []) {
    for name in names { _ = number(adding: name) }
  }

  /// The number of a known name.
  func number(of name: String) -> Int? { numbers[Key(name: name)] }

  /// The number of a name, which is added when it is new.
  mutating func number(adding name: String) -> Int {
    if let known = numbers[Key(name: name)] { return known }
    numbers[Key(name: name)] = names.count
    names.append(name)
    return names.count - 1
  }

  // `String ==` holds for canonically equivalent names, which are different models.
  private struct Key: Hashable {
    let name: String

    static func == (left: Key, right: Key) -> Bool {
      var (left, right) = (left.name, right.name)
      return left.withUTF8 { leftBytes in
        right.withUTF8 { rightBytes in
          guard leftBytes.count == rightBytes.count else { return false }
          guard let leftStart = leftBytes.baseAddress, let rightStart = rightBytes.baseAddress
          else { return true }
          return unsafe memcmp(leftStart, rightStart, leftBytes.count) == 0
        }
      }
    }

    func hash(into hasher: inout Hasher) {
      var name = name
      name.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}
