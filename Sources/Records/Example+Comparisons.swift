package import JSON

extension Example {
  /// The verdicts as `{"modelA,modelB": "A is better"}`.
  var comparisonObject: JSONObject {
    var object = JSONObject()
    for verdict in verdicts {
      let key = verdict.modelA + "," + verdict.modelB
      // In a record that was read, keys are unique; elsewhere the last verdict on a pair counts.
      if verdicts.count > 64, comparisonForm != nil {
        object.appendUnchecked(key, .string(verdict.verdict.rawValue))
      } else {
        object[key] = .string(verdict.verdict.rawValue)
      }
    }
    return object
  }

  /// Reads `cmp_results` in any of its forms; what is not understood stays in `additionalFields`.
  ///
  /// - Parameter value: the field's value; its keys name models of the record's candidates.
  /// - Returns: what was not understood.
  package mutating func readComparisons(_ value: JSONValue) -> [RecordError] {
    let object: JSONObject
    switch value {
    case .object(let comparisons):
      object = comparisons
      comparisonForm = .object
    case .null, "", "null", "{}":
      // All of these say "not judged".
      additionalFields["cmp_results"] = value
      return []
    case .string(let text):
      guard let comparisons = try? JSONValue(json: text).object else {
        additionalFields["cmp_results"] = value
        return [
          .wrongKind(
            field: "cmp_results", found: "a string that holds no JSON object",
            expected: "a JSON object or a string of one")
        ]
      }
      object = comparisons
      comparisonForm = .string
    default:
      additionalFields["cmp_results"] = value
      return [
        .wrongKind(
          field: "cmp_results", found: value.kindName, expected: "a JSON object or a string of one")
      ]
    }
    var findings: [RecordError] = []
    let models = Set(candidates.map { Array($0.model.utf8) })
    for member in object.members {
      do throws(RecordError) {
        verdicts.append(try Self.verdict(member, models: models))
      } catch {
        findings.append(error)
      }
    }
    // Written back from the verdicts when that gives the same text; kept as it was otherwise.
    let rewritten: JSONValue =
      comparisonForm == .string
      ? .string(comparisonObject.json(style: .python)) : .object(comparisonObject)
    if rewritten != value { additionalFields["cmp_results"] = value }
    return findings
  }

  private static func verdict(
    _ member: JSONObject.Member, models: Set<[UInt8]>
  ) throws(RecordError) -> PairVerdict {
    let (modelA, modelB) = try split(pair: member.key, models: models)
    guard let text = member.value.string, let verdict = Verdict(rawValue: text) else {
      throw .unknownVerdict(pair: member.key, found: member.value.json())
    }
    return PairVerdict(modelA: modelA, modelB: modelB, verdict: verdict)
  }

  /// Splits a key at the comma that leaves a known model on either side; names may hold commas.
  private static func split(
    pair: String, models: Set<[UInt8]>
  ) throws(RecordError) -> (String, String) {
    let bytes = Array(pair.utf8)
    var found: (String, String)?
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: ",") {
      let left = Array(bytes[..<index])
      let right = Array(bytes[(index + 1)...])
      guard models.contains(left), models.contains(right), left != right else { continue }
      if found != nil { throw .ambiguousPair(pair) }
      found = (String(decoding: left, as: UTF8.self), String(decoding: right, as: UTF8.self))
    }
    guard let found else { throw .unknownPair(pair) }
    return found
  }
}
