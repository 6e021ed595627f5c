/// A shell pattern for paths, in which `*` matches slashes too.
///
/// Source: Python's `fnmatch.fnmatchcase`, as huggingface_hub's `filter_repo_objects` uses it: a
/// pattern that ends with a slash means all below that folder.
package struct GlobPattern: Sendable {
  private enum Token: Sendable {
    case any
    case one
    case scalar(Unicode.Scalar)
    case set([ClosedRange<UInt32>], isNegated: Bool)
  }

  private let tokens: [Token]

  /// A pattern.
  ///
  /// - Parameter text: `*` for anything, `?` for one character, `[a-z]` for one of some, `[!a-z]`
  ///   for one of the others; everything else for itself.
  package init(_ text: String) {
    let scalars = Array((text.hasSuffix("/") ? "\(text)*" : text).unicodeScalars)
    var tokens: [Token] = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "*":
        if case .any? = tokens.last { continue }
        tokens.append(.any)
      case "?": tokens.append(.one)
      case "[":
        guard let (set, end) = Self.set(scalars, from: index) else {
          tokens.append(.scalar(scalar))
          continue
        }
        tokens.append(set)
        index = end
      default: tokens.append(.scalar(scalar))
      }
    }
    self.tokens = tokens
  }

  /// Whether the pattern matches a whole path.
  ///
  /// - Parameter path: the path.
  /// - Returns: whether it matches.
  package func matches(_ path: String) -> Bool {
    let scalars = Array(path.unicodeScalars)
    var token = 0
    var place = 0
    // Where to go on when a later part does not match: the last `*`, taking one more.
    var retry: (token: Int, place: Int)?
    while place < scalars.count {
      if token < tokens.count {
        if case .any = tokens[token] {
          retry = (token, place)
          token += 1
          continue
        }
        if Self.matches(tokens[token], scalars[place]) {
          token += 1
          place += 1
          continue
        }
      }
      guard let last = retry else { return false }
      retry = (last.token, last.place + 1)
      token = last.token + 1
      place = last.place + 1
    }
    return tokens[token...].allSatisfy { if case .any = $0 { true } else { false } }
  }

  private static func matches(_ token: Token, _ scalar: Unicode.Scalar) -> Bool {
    switch token {
    case .any: false
    case .one: true
    case .scalar(let wanted): wanted == scalar
    case .set(let ranges, let isNegated):
      ranges.contains { $0.contains(scalar.value) } != isNegated
    }
  }

  /// The set that begins after a bracket, and where it ends; nil when the bracket stands for itself.
  private static func set(_ scalars: [Unicode.Scalar], from start: Int) -> (Token, Int)? {
    var index = start
    let isNegated = index < scalars.count && scalars[index] == "!"
    if isNegated { index += 1 }
    let first = index
    // A bracket in the first place is a member.
    guard let end = scalars[first...].dropFirst().firstIndex(of: "]") else { return nil }
    var ranges: [ClosedRange<UInt32>] = []
    while index < end {
      let low = scalars[index].value
      if index + 2 < end, scalars[index + 1] == "-" {
        let high = scalars[index + 2].value
        if low <= high { ranges.append(low...high) }
        index += 3
      } else {
        ranges.append(low...low)
        index += 1
      }
    }
    return (.set(ranges, isNegated: isNegated), end + 1)
  }
}
