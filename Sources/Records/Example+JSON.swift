public import JSON

extension Example {
  /// A record as read, with what was wrong in it but did not stop the reading.
  public struct Reading: Sendable {
    /// The record.
    public let example: Example
    /// Verdicts that could not be understood; the record keeps its `cmp_results` as it was.
    public let findings: [RecordError]
  }

  /// Reads a MixInstruct record of any published shape.
  ///
  /// Fields that are not of MixInstruct, and fields of an unusual kind, go to `additionalFields`, so
  /// that ``json(comparisonForm:)`` gives an equal record back.
  ///
  /// - Parameters:
  ///   - element: the record.
  ///   - needsPrompt: whether a record without `instruction` and `input` is none.
  /// - Returns: the record and its findings.
  /// - Throws: ``RecordError`` when there is no identifier, no prompt, or a candidate without text.
  public static func read(
    _ element: JSONElement, needsPrompt: Bool = true
  ) throws(RecordError) -> Reading {
    guard element.kind == .object else {
      throw .wrongKind(field: "the record", found: element.kindName, expected: "an object")
    }
    var example = Example(id: "", instruction: "", input: "")
    var present: Set<String> = []
    var comparisons: JSONValue?
    var failure: RecordError?
    element.forEachMember { key, value in
      guard failure == nil else { return }
      if key.isString("id") {
        present.insert("id")
        example.id = value.string ?? value.value.json()
        if value.kind != .string { example.additionalFields["id"] = value.value }
      } else if key.isString("instruction"), let text = value.string {
        present.insert("instruction")
        example.instruction = text
      } else if key.isString("input"), let text = value.string {
        present.insert("input")
        example.input = text
      } else if key.isString("output") {
        example.readOutput(value)
      } else if key.isString("candidates"), value.kind == .array {
        present.insert("candidates")
        example.candidates.removeAll()
        do throws(RecordError) {
          try example.readCandidates(value)
        } catch {
          failure = error
        }
      } else if key.isString("cmp_results") {
        comparisons = value.value
      } else {
        example.additionalFields[key.string ?? ""] = value.value
      }
    }
    if let failure { throw failure }
    guard present.contains("id") else { throw .missingField("id", expected: "a string") }
    guard !needsPrompt || present.contains("instruction") || present.contains("input") else {
      throw .missingField("instruction", expected: "a string, here or in 'input'")
    }
    example.missingFields = ["instruction", "input", "candidates"].filter {
      !present.contains($0) && example.additionalFields[$0] == nil
    }
    let findings = comparisons.map { example.readComparisons($0) } ?? []
    return Reading(example: example, findings: findings)
  }

  private mutating func readOutput(_ value: JSONElement) {
    if let text = value.string {
      output = text
      return
    }
    // Several references: the first one is the reference, as in LLM-Blender's data loader.
    additionalFields["output"] = value.value
    output = value.value.array?.first?.string
  }

  private mutating func readCandidates(_ value: JSONElement) throws(RecordError) {
    var failure: RecordError?
    value.forEachElement { element in
      guard failure == nil else { return }
      do throws(RecordError) {
        candidates.append(try Candidate(element, path: "candidates[\(candidates.count)]"))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// The record as JSON, in the order of the published files.
  ///
  /// - Parameter form: how `cmp_results` is written; `nil` keeps the record's own form, and writes
  ///   an object when a record without one has got verdicts.
  /// - Returns: the record.
  public func json(comparisonForm form: ComparisonForm? = nil) -> JSONObject {
    var object = JSONObject()
    object.appendUnchecked("id", .string(id))
    if !missingFields.contains("instruction") {
      object.appendUnchecked("instruction", .string(instruction))
    }
    if !missingFields.contains("input") { object.appendUnchecked("input", .string(input)) }
    if let output { object.appendUnchecked("output", .string(output)) }
    if !missingFields.contains("candidates") || !candidates.isEmpty {
      object.appendUnchecked("candidates", .array(candidates.map { .object($0.json) }))
    }
    if let form = form ?? comparisonForm ?? (verdicts.isEmpty ? nil : .object) {
      let comparisons = comparisonObject
      object.appendUnchecked(
        "cmp_results",
        form == .object ? .object(comparisons) : .string(comparisons.json(style: .python)))
    }
    for member in additionalFields.members {
      // An original text of cmp_results stands only as long as no other form is asked for.
      if member.key == "cmp_results", form != nil, form != comparisonForm { continue }
      object[member.key] = member.value
    }
    return object
  }
}
