package import JSON

/// How many records of each kind have been numbered, so that the next file goes on counting.
package struct SourceCounters: Sendable, Equatable {
  // Keyed by bytes, since equal strings can be different identifiers.
  private var counts: [[UInt8]: Int] = [:]

  /// Counters that begin at 0.
  package init() {}

  /// Counters as they were stored.
  ///
  /// - Parameter json: what ``json`` gave.
  /// - Throws: `malformedCounters`.
  package init(json: JSONObject) throws(IngestionError) {
    for member in json.members {
      guard let count = member.value.int, count >= 0 else {
        throw IngestionError.malformedCounters(
          found: "“\(member.key)”: \(member.value.json())")
      }
      counts[Array(member.key.utf8)] = count
    }
  }

  /// The counters for storing, in the order of their names' bytes.
  package var json: JSONObject {
    var object = JSONObject()
    for (key, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      object[String(decoding: key, as: UTF8.self)] = .integer(Int64(count))
    }
    return object
  }

  /// Gives the next number, from 0 on, and counts it.
  ///
  /// - Parameter prefix: what the identifier begins with.
  /// - Returns: the prefix, a slash and the number.
  mutating func nextID(_ prefix: String) -> String {
    let key = Array(prefix.utf8)
    let number = counts[key, default: 0]
    counts[key] = number + 1
    return "\(prefix)/\(number)"
  }
}
