/// How the next token of a sequence is chosen from its scores.
enum TokenChoice: Sendable {
  /// The tokens of the greatest scores, to which a number is added.
  case greatest(Int, added: Float)
  /// A token drawn by its probability with a number in 0 ..< 1.
  case drawn(Double)
}

/// A token that may come next.
struct TokenCandidate: Sendable, Equatable {
  var token: Int
  /// The processed score, with what was added.
  var score: Float
  /// The model's own log-probability.
  var logProbability: Float
}

/// The search for the sequences of one request, one token at a time.
protocol TokenSearch {
  /// The sequences whose next tokens are asked for, the start token first; all of one length.
  var open: [[Int]] { get }
  /// Whether the search is over.
  var isDone: Bool { get }
  /// What was found.
  var results: [GeneratedSequence] { get }

  /// How the next token of an open sequence is to be chosen.
  mutating func choice(row: Int) -> TokenChoice

  /// Takes the chosen tokens.
  ///
  /// - Parameter candidates: for each open sequence what was chosen, the best one first.
  /// - Returns: for each sequence that is open now, the number of the one that it goes on.
  mutating func advance(_ candidates: [[TokenCandidate]]) -> [Int]
}
