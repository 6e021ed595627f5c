package import Records

/// Where a mix gets its records from. Only few records are held in memory at any time.
package protocol RecordSupply {
  /// Reads all records of a source, in an order that is always the same.
  ///
  /// - Parameters:
  ///   - source: the source.
  ///   - body: receives a reference that ``records(at:)`` understands, unique over all sources, and
  ///     the record.
  /// - Throws: what reading or `body` throws.
  func forEachRecord(
    of source: Source, _ body: (_ reference: Int64, _ record: SourceRecord) throws -> Void) throws

  /// Reads some records again.
  ///
  /// - Parameter references: references in ascending order.
  /// - Returns: the records, one for each reference, in the same order.
  /// - Throws: what reading throws.
  func records(at references: [Int64]) throws -> [SourceRecord]
}
