/// A JSON object that keeps its members in the order they were written.
///
/// Keys are compared by their Unicode scalars: `"é"` and `"e\u{301}"` are two keys, as in Python.
/// Of members with equal keys the last value wins and the first place is kept.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// One key and its value.
  public struct Member: Sendable {
    /// The key, with escapes resolved.
    public let key: String
    /// The value.
    public var value: JSONValue
  }

  /// The members in order.
  public private(set) var members: [Member] = []

  /// An object without members.
  public init() {}

  /// An object without members but with room for some.
  init(capacity: Int) { members.reserveCapacity(capacity) }

  /// An object from a literal; of repeated keys the last value wins.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { self[key] = value }
  }

  /// The number of members.
  public var count: Int { members.count }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The value of `key`; `nil` when absent. Assigning `nil` removes the member.
  public subscript(key: String) -> JSONValue? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Appends a member that the caller knows to be new; O(1) where the subscript is O(n).
  package mutating func appendUnchecked(_ key: String, _ value: JSONValue) {
    members.append(Member(key: key, value: value))
  }

  private func index(of key: String) -> Int? {
    // `==` is canonical equivalence, wider than what is asked for, but fast to say no.
    members.firstIndex { $0.key == key && $0.key.utf8.elementsEqual(key.utf8) }
  }

  /// Two objects are equal when they have the same keys with equal values, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    if left.count <= 16 {
      return left.members.allSatisfy { right[$0.key] == $0.value }
    }
    let values = Dictionary(
      right.members.map { (Array($0.key.utf8), $0.value) }, uniquingKeysWith: { $1 })
    return left.members.allSatisfy { values[Array($0.key.utf8)] == $0.value }
  }
}
