package import Records

/// An example of a store, with the rows it and its candidates are kept in.
package struct StoredExample: Sendable {
  /// The example's row.
  package let row: Int64
  /// The part of the dataset it belongs to.
  package let split: Split?
  /// The source it came from, when it was mixed.
  package let source: String?
  /// The licence of its texts, when known.
  package let license: String?
  /// The record; its verdicts are filled only where a reader asks for them.
  package var example: Example
  /// The rows of its candidates, in the order of `example.candidates`.
  package var candidateRows: [Int64]
}
