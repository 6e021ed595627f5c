/// Sets that are merged; each is named by its smallest member.
struct DisjointSets {
  private var parents: [Int32]

  /// Sets of one member each.
  ///
  /// - Parameter count: the number of members.
  init(count: Int) { parents = (0..<Int32(count)).map { $0 } }

  /// The smallest member of a set.
  ///
  /// - Parameter member: any member of it.
  /// - Returns: the smallest member.
  mutating func root(of member: Int) -> Int {
    var member = member
    while Int(parents[member]) != member {
      // Path halving (Tarjan and van Leeuwen, JACM 31(2), 1984).
      parents[member] = parents[Int(parents[member])]
      member = Int(parents[member])
    }
    return member
  }

  /// Merges the sets of two members.
  ///
  /// - Returns: the smallest members of both before the merge, in ascending order; `nil` when the
  ///   two were in one set.
  @discardableResult
  mutating func merge(_ first: Int, _ second: Int) -> (kept: Int, absorbed: Int)? {
    let roots = (root(of: first), root(of: second))
    guard roots.0 != roots.1 else { return nil }
    let (kept, absorbed) = (min(roots.0, roots.1), max(roots.0, roots.1))
    parents[absorbed] = Int32(kept)
    return (kept, absorbed)
  }
}
