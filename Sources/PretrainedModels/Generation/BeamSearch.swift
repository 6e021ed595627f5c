/// Follows the likeliest sequences of one request at the same time.
///
/// Source: transformers/generation/utils.py@v4.46.3, `_beam_search`, and beam_search.py,
/// `BeamSearchScorer`. Of candidates with equal scores the first one goes first; the reference leaves
/// their order open.
struct BeamSearch: TokenSearch {
  private struct Beam {
    var ids: [Int]
    var logProbabilities: [Float]
    /// The sum of processed log-probabilities.
    var sum: Float
  }

  let options: GenerationOptions
  let tokens: GenerationTokens
  private var beams: [Beam]
  private var complete: BeamHypotheses
  private(set) var isDone = false

  init(_ options: GenerationOptions, _ tokens: GenerationTokens) {
    self.options = options
    self.tokens = tokens
    // All beams begin alike: at first only the first one's candidates count.
    beams = (0..<options.beams).map {
      Beam(ids: [tokens.start], logProbabilities: [], sum: $0 == 0 ? 0 : -1e9)
    }
    complete = BeamHypotheses(
      capacity: options.beams, lengthPenalty: options.lengthPenalty,
      stopsEarly: options.stopsEarly)
  }

  var open: [[Int]] { beams.map(\.ids) }

  func choice(row: Int) -> TokenChoice {
    // For each beam a candidate that does not end it.
    .greatest(max(2, 1 + tokens.ends.count) * options.beams, added: beams[row].sum)
  }

  /// Takes the best candidates of all beams.
  mutating func advance(_ candidates: [[TokenCandidate]]) -> [Int] {
    let length = beams[0].ids.count
    let best = Self.best(max(2, 1 + tokens.ends.count) * options.beams, of: candidates)
    var next: [Beam] = []
    var parents: [Int] = []
    for (rank, (parent, candidate)) in best.enumerated() where next.count < options.beams {
      var beam = beams[parent]
      beam.logProbabilities.append(candidate.logProbability)
      if tokens.ends.contains(candidate.token) {
        // An end counts only among the best.
        guard rank < options.beams else { continue }
        complete.add(
          ids: beam.ids, logProbabilities: beam.logProbabilities, sum: candidate.score,
          length: length)
      } else {
        beam.ids.append(candidate.token)
        beam.sum = candidate.score
        next.append(beam)
        parents.append(parent)
      }
    }
    if let first = best.first {
      isDone = complete.isDone(bestSum: first.candidate.score, length: length)
    }
    // A vocabulary of fewer tokens than beams leaves some without a candidate.
    while next.count < options.beams, let last = next.last, let parent = parents.last {
      next.append(last)
      next[next.count - 1].sum = -.infinity
      parents.append(parent)
    }
    beams = next
    if !isDone, length == options.maxNewTokens || next.isEmpty {
      for beam in next {
        complete.add(
          ids: beam.ids, logProbabilities: beam.logProbabilities, sum: beam.sum, length: length)
      }
      isDone = true
    }
    return parents
  }

  /// The best candidates of all beams with the numbers of their beams.
  private static func best(
    _ count: Int, of candidates: [[TokenCandidate]]
  ) -> ArraySlice<(beam: Int, candidate: TokenCandidate)> {
    var all: [(beam: Int, candidate: TokenCandidate)] = []
    for (beam, own) in candidates.enumerated() {
      for candidate in own { all.append((beam, candidate)) }
    }
    all.sort { left, right in
      if left.candidate.score != right.candidate.score {
        return left.candidate.score > right.candidate.score
      }
      return (left.beam, left.candidate.token) < (right.beam, right.candidate.token)
    }
    return all.prefix(count)
  }

  var results: [GeneratedSequence] {
    complete.best(options.returnedSequences).map { hypothesis in
      let isOpen = hypothesis.logProbabilities.count < hypothesis.ids.count
      return GeneratedSequence(
        ids: isOpen ? hypothesis.ids : hypothesis.ids + tokens.ends.prefix(1),
        logProbabilities: hypothesis.logProbabilities, score: hypothesis.score)
    }
  }
}
