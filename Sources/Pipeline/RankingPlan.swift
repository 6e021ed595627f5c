package import Records
package import Reranking

/// How records are ranked: the mode, and whom candidates are compared with.
package struct RankingPlan: Sendable {
  /// What all candidates are compared with, in the mode that has a reference.
  package enum Reference: Sendable, Equatable {
    /// A candidate by its length or place.
    case choice(ReferenceChoice)
    /// The candidate of a model.
    case model(String)
    /// The record's reference answer.
    case output
  }

  /// Which pairs are compared; for a reference that a record names, see ``reference``.
  package var mode: RankingMode
  /// Whom candidates are compared with; `nil` when the mode has no reference.
  package var reference: Reference?

  /// A plan.
  ///
  /// - Parameters:
  ///   - mode: which pairs are compared.
  ///   - reference: whom candidates are compared with, instead of `mode`.
  package init(_ mode: RankingMode, reference: Reference? = nil) {
    self.mode = mode
    self.reference = reference
  }

  /// A short text for names: what is done.
  package var label: String {
    switch reference {
    case .choice(let choice):
      return "reference \(ReferenceChoice.named.first { $0.value == choice }?.key ?? "given")"
    case .model(let name): return "reference model \(name)"
    case .output: return "reference output"
    case nil: break
    }
    switch mode {
    case .full(let scoring): return "full \(scoring.rawValue)"
    case .bubble(let selection):
      return "bubble \(selection.choice.rawValue) \(selection.passCount)"
    case .reference: return "reference"
    case .adaptive(let scheme):
      return "adaptive top \(scheme.topCount)"
        + (scheme.budget.map { ", at most \($0)" } ?? "")
    }
  }

  /// What a ranker is given for a record.
  ///
  /// - Parameter example: the record.
  /// - Returns: the work; with the reference answer as a further, last candidate where that is asked.
  /// - Throws: ``StageError/invalid(_:)`` when the record lacks what it is compared with.
  package func work(for example: Example) throws(StageError) -> RankingRun.Work {
    var input = RankingInput(example)
    switch reference {
    case .choice(let choice): return RankingRun.Work(input, .reference(choice))
    case .model(let name):
      guard
        let index = example.candidates.firstIndex(where: {
          $0.model.utf8.elementsEqual(name.utf8)
        })
      else { throw .invalid("the record '\(example.id)' has no candidate of '\(name)'") }
      return RankingRun.Work(input, .reference(.given(index)))
    case .output:
      guard let output = example.output else {
        throw .invalid("the record '\(example.id)' has no output to compare with")
      }
      input.candidates.append(output)
      return RankingRun.Work(input, .reference(.last))
    case nil: return RankingRun.Work(input, mode)
    }
  }

  /// The order of a record's own candidates.
  ///
  /// - Parameters:
  ///   - ranked: the order of those of ``work(for:)``.
  ///   - example: the record.
  /// - Returns: the order without the reference answer.
  package func ranked(_ ranked: RankedCandidates, of example: Example) -> RankedCandidates {
    reference == .output
      ? RankedCandidates(scores: Array(ranked.scores.prefix(example.candidates.count))) : ranked
  }
}
