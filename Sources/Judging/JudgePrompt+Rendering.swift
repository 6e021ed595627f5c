internal import Hashing
internal import JSON
package import Records

extension JudgePrompt {
  /// Fills the prompt with one comparison of an example.
  ///
  /// Placeholders are replaced in one pass: text that was filled in is never searched again.
  ///
  /// - Parameters:
  ///   - comparison: the pair and its order.
  ///   - example: the example that the pair belongs to.
  ///   - passages: what is suspicious about each candidate of the example, when that is known from
  ///     an earlier comparison.
  ///   - seed: the seed of the delimiter.
  /// - Returns: the request; the same for the same arguments.
  /// - Throws: ``JudgePromptError``, or `JSONError` for a broken response schema.
  package func request(
    for comparison: Comparison, of example: Example,
    passages: [[DictationSuspicion.Passage]]? = nil, seed: UInt64 = 42
  ) throws -> JudgeRequest {
    let candidates = example.candidates
    for index in [comparison.shownIndexA, comparison.shownIndexB]
    where !candidates.indices.contains(index) {
      throw JudgePromptError.missingCandidate(
        exampleID: example.id, index: index, count: candidates.count)
    }
    let textA = candidates[comparison.shownIndexA].text
    let textB = candidates[comparison.shownIndexB].text
    if example.output == nil, requires(.reference) {
      throw JudgePromptError.missingReference(prompt: name, exampleID: example.id)
    }
    // In the record's order, so that the two questions on a pair differ in nothing but the order.
    let pair = [candidates[comparison.pair.indexA].text, candidates[comparison.pair.indexB].text]
    let texts = [example.instruction, example.input, example.output ?? ""] + pair
    let delimiter = Delimiter.choose(seed: seed, id: example.id, texts: texts)
    let value: (Placeholder) -> String = { placeholder in
      switch placeholder {
      case .instruction: example.instruction
      case .input: example.input
      case .candidateA: textA
      case .candidateB: textB
      case .reference: example.output ?? ""
      case .delimiter: delimiter
      }
    }
    let suspicions = { (index: Int, side: DictationSuspicion.Side) in
      (passages?[index] ?? DictationSuspicion.passages(in: candidates[index].text)).map {
        $0.suspicion(of: side)
      }
    }
    var messages: [JudgeRequest.Message] = []
    if let system {
      messages.append(.init(role: "system", content: Self.fill(system, value)))
    }
    messages.append(.init(role: "user", content: Self.fill(user, value)))
    return JudgeRequest(
      comparison: comparison, messages: messages, maxTokens: maxTokens, temperature: temperature,
      topP: topP,
      responseFormat: responseFormat == .verdict ? try VerdictSchema.responseFormat() : nil,
      delimiter: delimiter, promptHash: hash,
      suspicions: suspicions(comparison.shownIndexA, .a) + suspicions(comparison.shownIndexB, .b))
  }

  private static func fill(_ lines: [Line], _ value: (Placeholder) -> String) -> String {
    var text = ""
    var isFirst = true
    for line in lines {
      if let condition = line.condition, value(condition).isEmpty { continue }
      if !isFirst { text += "\n" }
      isFirst = false
      for piece in line.pieces {
        switch piece {
        case .text(let piece): text += piece
        case .placeholder(let placeholder): text += value(placeholder)
        }
      }
    }
    return text
  }
}

/// The code that frames the texts of a request.
enum Delimiter {
  /// Twelve hexadecimal digits, derived from the seed and the texts, that occur in none of them.
  ///
  /// A text cannot hold a code that depends on its own bytes other than by a chance of about
  /// 2⁻⁴⁸ for each place in it, and then the next code is taken.
  static func choose(seed: UInt64, id: String, texts: [String]) -> String {
    choose(seed: seed, id: id, texts: texts) { code in
      let code = Array(code.utf8)
      return texts.contains { ByteSearch.contains(code, inEitherCase: $0) }
    }
  }

  static func choose(
    seed: UInt64, id: String, texts: [String], isTaken: (String) -> Bool
  ) -> String {
    var attempt = 0
    while true {
      var hash = SHA256()
      for field in ["delimiter", String(seed), String(attempt), id] + texts {
        hash.update(field: field)
      }
      let code = String(hash.hexadecimal.prefix(12))
      if !isTaken(code) { return code }
      attempt += 1
    }
  }
}
