internal import JSON
package import Records

/// An example with its columns written out, so that only the store itself is left to do.
///
/// Making one needs no store, and so can happen on the thread that reads the record.
package struct PreparedExample: Sendable {
  /// Fields that have no column of their own.
  struct OtherFields: Sendable {
    /// The fields as a JSON object; `nil` for none.
    let additional: [UInt8]?
    /// The names of standard fields that are absent, joined by commas; `nil` for none.
    let missing: String?

    init(_ additional: JSONObject, missing: [String]) {
      self.additional = additional.isEmpty ? nil : PreparedExample.json(additional)
      self.missing = missing.isEmpty ? nil : missing.joined(separator: ",")
    }
  }

  /// The columns of a candidate that are written out.
  struct CandidateColumns: Sendable {
    /// The scores as a JSON object; `nil` when the candidate has none.
    let scores: [UInt8]?
    let fields: OtherFields
  }

  /// A verdict with the places of its candidates in the example.
  struct PlacedVerdict: Sendable {
    let candidateA: Int
    let candidateB: Int
    let verdict: Verdict
  }

  /// The record without what ``fields`` and ``candidates`` hold, so that little is left to be freed
  /// by the thread that stores it.
  let example: Example
  let placement: Store.Placement
  let fields: OtherFields
  let candidates: [CandidateColumns]
  let verdicts: [PlacedVerdict]

  /// Makes an example ready.
  ///
  /// - Parameters:
  ///   - example: the record. Of several candidates of one model, the first one stands for it in
  ///     verdicts, as in the published code.
  ///   - placement: where it comes from and belongs.
  package init(_ example: Example, placement: Store.Placement) {
    var rest = example
    rest.additionalFields = [:]
    rest.verdicts = []
    for place in rest.candidates.indices {
      rest.candidates[place].scores = nil
      rest.candidates[place].additionalFields = [:]
    }
    self.example = rest
    self.placement = placement
    fields = OtherFields(example.additionalFields, missing: example.missingFields)
    candidates = example.candidates.map { candidate in
      CandidateColumns(
        scores: candidate.scores.map(Self.json),
        fields: OtherFields(candidate.additionalFields, missing: candidate.missingFields))
    }
    verdicts = example.verdicts.compactMap { verdict in
      guard let a = Self.place(of: verdict.modelA, in: example),
        let b = Self.place(of: verdict.modelB, in: example), a != b
      else { return nil }
      return PlacedVerdict(candidateA: a, candidateB: b, verdict: verdict.verdict)
    }
  }

  private static func place(of model: String, in example: Example) -> Int? {
    example.candidates.firstIndex { $0.model.utf8.elementsEqual(model.utf8) }
  }

  private static func json(_ object: JSONObject) -> [UInt8] {
    var writer = JSONWriter()
    writer.append(object)
    return writer.bytes
  }
}
