internal import JSON
package import Records
internal import SQLite

/// An example with its columns written out, so that only the store itself is left to do.
///
/// Making one needs no store, and so can happen on the thread that reads the record.
package struct PreparedExample: Sendable {
  /// The columns of fields that have no column of their own.
  struct OtherColumns: Sendable {
    /// The fields as a JSON object.
    let additional: PackedTexts.Place?
    /// The names of standard fields that are absent, joined by commas.
    let missing: PackedTexts.Place?
  }

  /// The columns of a candidate.
  struct CandidateColumns: Sendable {
    let model: PackedTexts.Place?
    let decodingMethod: PackedTexts.Place?
    let text: PackedTexts.Place?
    /// The scores as a JSON object.
    let scores: PackedTexts.Place?
    let others: OtherColumns
  }

  /// A verdict with the places of its candidates in the example.
  struct PlacedVerdict: Sendable {
    let candidateA: Int
    let candidateB: Int
    let verdict: Verdict
  }

  /// All texts of the columns.
  let texts: PackedTexts
  let id: PackedTexts.Place?
  let instruction: PackedTexts.Place?
  let input: PackedTexts.Place?
  let output: PackedTexts.Place?
  let comparisonForm: Example.ComparisonForm?
  let others: OtherColumns
  let placement: Store.Placement
  let candidates: [CandidateColumns]
  let verdicts: [PlacedVerdict]

  /// Makes an example ready.
  ///
  /// - Parameters:
  ///   - example: the record. Of several candidates of one model, the first one stands for it in
  ///     verdicts, as in the published code.
  ///   - placement: where it comes from and belongs.
  package init(_ example: Example, placement: Store.Placement) {
    var texts = PackedTexts()
    texts.reserve(
      byteCount: example.candidates.reduce(1024) { $0 + $1.text.utf8.count + 256 }
        + example.instruction.utf8.count + example.input.utf8.count)
    id = texts.add(example.id)
    instruction = texts.add(example.instruction)
    input = texts.add(example.input)
    output = texts.add(example.output)
    comparisonForm = example.comparisonForm
    others = texts.addOthers(example.additionalFields, missing: example.missingFields)
    candidates = example.candidates.map { candidate in
      CandidateColumns(
        model: texts.add(candidate.model), decodingMethod: texts.add(candidate.decodingMethod),
        text: texts.add(candidate.text), scores: candidate.scores.map { texts.add(json: $0) },
        others: texts.addOthers(candidate.additionalFields, missing: candidate.missingFields))
    }
    self.texts = texts
    self.placement = placement
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
}

extension PackedTexts {
  fileprivate mutating func add(json object: JSONObject) -> Place {
    var writer = JSONWriter()
    writer.append(object)
    return add(utf8: writer.bytes)
  }

  fileprivate mutating func addOthers(
    _ additional: JSONObject, missing: [String]
  ) -> PreparedExample.OtherColumns {
    PreparedExample.OtherColumns(
      additional: additional.isEmpty ? nil : add(json: additional),
      missing: missing.isEmpty ? nil : add(missing.joined(separator: ",")))
  }
}
