package import JSON

/// Names the layout of a source from its first records.
package struct DialectDetector: Sendable {
  /// What the records look like.
  package enum Verdict: Sendable, Equatable {
    /// Records of a dialect.
    case dialect(Dialect)
    /// MixInstruct records, which have candidates: they are imported, not ingested.
    case mixInstruct
    /// Something else.
    case unknown
  }

  /// The number of records that are enough for a verdict.
  package static let sampleSize = 20
  private static let fieldLimit = 40
  private static let dollyCategories = [
    "brainstorming", "classification", "closed_qa", "creative_writing", "general_qa",
    "information_extraction", "open_qa", "summarization",
  ]

  /// The number of records looked at.
  package private(set) var count = 0
  /// The names of the fields seen, in the order of their first sight; at most 40.
  package private(set) var fields: [String] = []
  private var votes: [(verdict: Verdict, count: Int)] = []

  /// A detector that has seen nothing.
  package init() {}

  /// Looks at a record.
  ///
  /// - Parameter element: one of the first records.
  package mutating func observe(_ element: JSONElement) {
    count += 1
    let verdict = Self.verdict(on: element)
    if let index = votes.firstIndex(where: { $0.verdict == verdict }) {
      votes[index].count += 1
    } else {
      votes.append((verdict, 1))
    }
    element.forEachMember { key, _ in
      guard fields.count < Self.fieldLimit, let name = key.string, name.utf8.count <= 100 else {
        return
      }
      if !fields.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { fields.append(name) }
    }
  }

  /// Whether enough records were seen.
  package var isSatisfied: Bool { count >= Self.sampleSize }

  /// What most of the records look like; of equal numbers, what came first.
  package var verdict: Verdict { winner?.verdict ?? .unknown }

  /// One line that says what was seen and, when that is no known dialect, what can be named.
  package var explanation: String {
    let share = "\(winner?.count ?? 0) of \(count) records"
    switch verdict {
    case .dialect(let dialect): return "\(share) look like \(dialect.rawValue): \(dialect.summary)"
    case .mixInstruct:
      return "\(share) have candidates: these are MixInstruct records, to be read by import"
    case .unknown where count == 0: return "there is no readable record to tell the format by"
    case .unknown:
      let seen = fields.isEmpty ? "no fields" : "the fields " + fields.joined(separator: ", ")
      let names = Dialect.allCases.map(\.rawValue).joined(separator: ", ")
      return "the records match no known format: they have \(seen); name one by --format: \(names)"
    }
  }

  private var winner: (verdict: Verdict, count: Int)? {
    var best: (verdict: Verdict, count: Int)?
    for vote in votes where vote.count > (best?.count ?? 0) { best = vote }
    return best
  }

  private static func verdict(on element: JSONElement) -> Verdict {
    if element["candidates"]?.kind == .array { return .mixInstruct }
    // Pairs of answers have conversations too, but no answer of their own.
    if element["chosen"] != nil && element["rejected"] != nil { return .unknown }
    let lists: [StaticString] = ["conversations", "items", "messages", "conversation"]
    if lists.contains(where: { isConversation(element[$0]) }) { return .dialect(.shareGPT) }
    if has(element, "prompt", "response"), element["source"] != nil { return .dialect(.gpt4All) }
    if has(element, "text"), element["metadata"]?["source"] != nil { return .dialect(.gpt4All) }
    if has(element, "instruction", "response", "category") { return .dialect(.dolly) }
    guard has(element, "output") else { return .unknown }
    if has(element, "instruction", "category"), let category = element["category"]?.string,
      dollyCategories.contains(category)
    {
      return .dialect(.dolly)
    }
    // Alpaca has no identifiers; records with their own should keep them.
    if has(element, "instruction") { return .dialect(element["id"] == nil ? .alpaca : .plain) }
    return has(element, "input") ? .dialect(.plain) : .unknown
  }

  private static func has(_ element: JSONElement, _ names: StaticString...) -> Bool {
    names.allSatisfy { element[$0]?.kind == .string }
  }

  /// An array that is empty or holds objects with a role and a text.
  private static func isConversation(_ list: JSONElement?) -> Bool {
    guard let list, list.kind == .array else { return false }
    var isConversation = true
    var isFirst = true
    list.forEachElement { turn in
      defer { isFirst = false }
      guard isFirst else { return }
      let hasRole = turn["from"] != nil || turn["role"] != nil
      let hasText = ["value", "content", "text", "markdown"].contains { turn[$0] != nil }
      isConversation = hasRole && hasText
    }
    return isConversation
  }
}
