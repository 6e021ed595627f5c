internal import DatasetStore
internal import Mixing
internal import RecordFiles
internal import Records
internal import SQLite
internal import VerdictImport

/// Finds the examples and candidates that other tools' files speak of.
///
/// Prompts are found by hashes that are kept in memory: of the prompt as it is, else of the prompt
/// with case and white space made equal, since tools join instruction and input in different ways.
final class ExampleLookup {
  private let store: Store
  private var exact: [ContentHash: [Int64]] = [:]
  private var folded: [ContentHash: [Int64]] = [:]
  private var hasPrompts = false

  init(_ store: Store) { self.store = store }

  /// A candidate with its text.
  struct Candidate {
    let row: Int64
    let text: String
  }

  /// The examples that a file means, in the order of the dataset.
  func examples(_ subject: ImportedVerdict.Subject) throws -> [Int64] {
    switch subject {
    case .id(let id):
      var rows: [Int64] = []
      try store.connection.query(
        "SELECT example_id FROM examples WHERE id = ? ORDER BY occurrence", .text(id)
      ) { rows.append($0.int64(0)) }
      return rows
    case .instruction(let text): return try examples(prompt: text)
    }
  }

  private func examples(prompt: String) throws -> [Int64] {
    if !hasPrompts {
      hasPrompts = true
      try store.connection.query(
        "SELECT example_id, instruction, input FROM examples ORDER BY position"
      ) { row in
        let example = Example(id: "", instruction: row.text(1), input: row.text(2))
        add(example.prompt, row.int64(0))
      }
    }
    return exact[ContentHash(prompt)] ?? folded[ContentHash(NormalizedText.folded(prompt))] ?? []
  }

  private func add(_ prompt: String, _ row: Int64) {
    exact[ContentHash(prompt), default: []].append(row)
    folded[ContentHash(NormalizedText.folded(prompt)), default: []].append(row)
  }

  /// Notes an example that was added.
  func added(_ prompt: String, row: Int64) {
    if hasPrompts { add(prompt, row) }
  }

  /// The first candidate of a model; `nil` when the example has none.
  func candidate(_ model: String, of example: Int64) throws -> Candidate? {
    try store.connection.first(
      """
      SELECT candidate_id, text FROM candidates WHERE example_id = ? AND model = ?
      ORDER BY position
      """, .integer(example), .text(model)
    ) { Candidate(row: $0.int64(0), text: $0.text(1)) }
  }

  /// The candidates with a text, whatever their models.
  func candidates(withText text: String, of example: Int64) throws -> [Int64] {
    var rows: [Int64] = []
    try store.connection.query(
      "SELECT candidate_id, text FROM candidates WHERE example_id = ? ORDER BY position",
      .integer(example)
    ) { row in
      if Self.isSame(text, row.text(1)) { rows.append(row.int64(0)) }
    }
    return rows
  }

  /// Whether two texts are the same answer: white space at their ends aside.
  static func isSame(_ left: String, _ right: String) -> Bool {
    func trimmed(_ text: String) -> Substring.UTF8View {
      var view = text.utf8[...]
      func isSpace(_ byte: UInt8?) -> Bool { byte.map { $0 == 0x20 || (9...13) ~= $0 } ?? false }
      while isSpace(view.first) { view.removeFirst() }
      while isSpace(view.last) { view.removeLast() }
      return view
    }
    return trimmed(left).elementsEqual(trimmed(right))
  }
}
