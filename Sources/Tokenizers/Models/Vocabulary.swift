/// Tokens and their ids, keyed by UTF-8 bytes.
///
/// Two texts that look alike may be two tokens: Swift's strings would take them for one.
struct Vocabulary: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var ids: [TokenID] = []
  /// Entry numbers plus one, by the hash of the bytes.
  private var table = [UInt32](repeating: 0, count: 16)
  /// Entries in the order of their ids, made by ``seal()``.
  private var entriesByID: [UInt32] = []
  private var isDense = true
  /// Entries by the ids that they had before.
  private var oldIDs: [TokenID: UInt32] = [:]

  /// The number of different tokens.
  var count: Int { ids.count }
  /// The largest id, or -1.
  private(set) var maximumID: TokenID = -1

  /// Adds a token, or gives it another id.
  ///
  /// - Parameters:
  ///   - token: the token.
  ///   - id: its id.
  ///   - keepsOldID: whether an id that the token had before still leads to it.
  mutating func set(_ token: ByteView, id: TokenID, keepsOldID: Bool = false) {
    maximumID = max(maximumID, id)
    if let entry = entry(of: token) {
      if keepsOldID { oldIDs[ids[entry]] = UInt32(entry) }
      ids[entry] = id
      return
    }
    if (ids.count + 1) * 2 > table.count { grow() }
    unsafe bytes.append(contentsOf: token.buffer)
    ends.append(bytes.count)
    ids.append(id)
    place(UInt32(ids.count), hash: token.hash)
  }

  /// Orders the tokens by id once all are there.
  ///
  /// - Returns: two tokens that share an id, when there are such.
  mutating func seal() -> (String, String)? {
    // A later entry for the same token may have left the largest id behind.
    maximumID = ids.max() ?? -1
    entriesByID = (0..<UInt32(ids.count)).sorted { ids[Int($0)] < ids[Int($1)] }
    isDense = true
    for (place, entry) in entriesByID.enumerated() {
      let id = ids[Int(entry)]
      if place > 0, ids[Int(entriesByID[place - 1])] == id {
        return (text(ofEntry: Int(entriesByID[place - 1])), text(ofEntry: Int(entry)))
      }
      if Int(id) != place { isDense = false }
    }
    return nil
  }

  /// The id of a token, or `nil`.
  @inline(__always) func id(of token: ByteView) -> TokenID? { entry(of: token).map { ids[$0] } }

  /// The id of a token, or `nil`.
  func id(of token: String) -> TokenID? {
    var token = token
    return token.withUTF8 { bytes in unsafe bytes.withView { id(of: $0) } }
  }

  /// The bytes of the token with an id, or `nil`.
  func token(of id: TokenID) -> ArraySlice<UInt8>? {
    if isDense { return ids.indices.contains(Int(id)) ? slice(Int(entriesByID[Int(id)])) : nil }
    var low = 0
    var high = entriesByID.count
    while low < high {
      let middle = (low + high) / 2
      if ids[Int(entriesByID[middle])] < id { low = middle + 1 } else { high = middle }
    }
    guard low < entriesByID.count, ids[Int(entriesByID[low])] == id else {
      return oldIDs[id].map { slice(Int($0)) }
    }
    return slice(Int(entriesByID[low]))
  }

  /// Calls `body` with every token and its id.
  func forEach(_ body: (ByteView, TokenID) -> Void) {
    bytes.withView { view in
      var start = 0
      for (entry, end) in ends.enumerated() {
        body(view[start..<end], ids[entry])
        start = end
      }
    }
  }

  private func slice(_ entry: Int) -> ArraySlice<UInt8> {
    bytes[(entry == 0 ? 0 : ends[entry - 1])..<ends[entry]]
  }

  private func text(ofEntry entry: Int) -> String { String(decoding: slice(entry), as: UTF8.self) }

  @inline(__always) private func entry(of token: ByteView) -> Int? {
    var slot = Int(truncatingIfNeeded: token.hash) & (table.count - 1)
    while table[slot] != 0 {
      let entry = Int(table[slot]) - 1
      let start = entry == 0 ? 0 : ends[entry - 1]
      if ends[entry] - start == token.count,
        bytes.withView({ $0[start..<ends[entry]].equals(token) })
      {
        return entry
      }
      slot = (slot + 1) & (table.count - 1)
    }
    return nil
  }

  private mutating func place(_ number: UInt32, hash: UInt64) {
    var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
    while table[slot] != 0 { slot = (slot + 1) & (table.count - 1) }
    table[slot] = number
  }

  private mutating func grow() {
    table = [UInt32](repeating: 0, count: table.count * 2)
    var start = 0
    for (entry, end) in ends.enumerated() {
      let hash = bytes.withView { $0[start..<end].hash }
      place(UInt32(entry + 1), hash: hash)
      start = end
    }
  }
}
