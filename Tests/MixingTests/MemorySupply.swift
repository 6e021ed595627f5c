import Mixing
import Records

/// Records in memory; references are places in the list.
struct MemorySupply: RecordSupply {
  let records: [SourceRecord]

  func forEachRecord(
    of source: Source, _ body: (_ reference: Int64, _ record: SourceRecord) throws -> Void
  ) throws {
    for (offset, record) in records.enumerated() where record.source == source {
      try body(Int64(offset), record)
    }
  }

  func records(at references: [Int64]) throws -> [SourceRecord] {
    references.map { records[Int($0)] }
  }
}

/// A record with a text for an answer, and defaults for the rest.
func record(
  _ id: String, source: Source = .dolly, group: String? = nil, instruction: String = "",
  input: String? = nil, _ output: String, license: String? = nil
) -> SourceRecord {
  SourceRecord(
    source: source, id: id, group: group, instruction: instruction,
    input: input ?? "What is \(id) about, if one may ask?", output: output, license: license)
}

/// A recipe from its JSON text.
func recipe(_ json: String) throws -> Recipe { try Recipe(json: json.utf8, name: "test") }
