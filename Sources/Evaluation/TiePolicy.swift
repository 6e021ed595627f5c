package import Records

/// What a tie between two candidates is worth; every report names the one it was made with.
///
/// Source: LLM-Blender's three uses of verdicts (ranks, win counts, the `>= X` columns) treat ties
/// differently; ``reference`` keeps each use as published, the others apply one rule throughout.
package enum TiePolicy: String, Sendable, CaseIterable {
  /// Ties cancel in max-logits, are half a win in win counts and satisfy `>= X`, as published.
  case reference
  /// Every tie is half a win for each side, in the `>= X` columns too.
  case halfWin = "half-win"
  /// Ties are left out as if they had not been judged.
  case ignore
  /// `Same good` is half a win for each side, `Same bad` is a comparison that nobody wins.
  case goodIsHalfBadIsZero = "good-is-half-bad-is-zero"

  /// The entries that a verdict adds to the verdict matrix.
  ///
  /// - Parameter verdict: a verdict on the pair (a, b).
  /// - Returns: what is added to M[a][b] and to M[b][a].
  package func matrixEntries(of verdict: Verdict) -> (forward: Double, backward: Double) {
    switch (verdict, self) {
    case (.aIsBetter, _): (1, -1)
    case (.bIsBetter, _): (-1, 1)
    case (_, .ignore), (.sameBad, .goodIsHalfBadIsZero): (0, 0)
    case (.sameGood, _): (0.5, 0.5)
    case (.sameBad, _): (-0.5, -0.5)
    }
  }

  /// The shares of one win that a verdict gives to both sides.
  ///
  /// - Parameter verdict: a verdict on the pair (a, b).
  /// - Returns: the credits; `nil` when the verdict does not count as a comparison.
  package func winCredit(of verdict: Verdict) -> (a: Double, b: Double)? {
    switch (verdict, self) {
    case (.aIsBetter, _): (1, 0)
    case (.bIsBetter, _): (0, 1)
    case (_, .ignore): nil
    case (.sameBad, .goodIsHalfBadIsZero): (0, 0)
    case (.sameGood, _), (.sameBad, _): (0.5, 0.5)
    }
  }

  /// How far a verdict says that a is at least as good as b, for the `>= X` columns.
  ///
  /// - Parameter verdict: a verdict on the pair (a, b).
  /// - Returns: 0…1; `nil` when the verdict does not count.
  package func atLeastAsGood(_ verdict: Verdict) -> Double? {
    switch (verdict, self) {
    case (.aIsBetter, _): 1
    case (.bIsBetter, _): 0
    case (_, .reference): 1
    case (_, .ignore): nil
    case (.sameBad, .goodIsHalfBadIsZero): 0
    case (.sameGood, _), (.sameBad, _): 0.5
    }
  }

  /// What the `>= X` columns count when a model is compared with itself.
  package var againstItself: Double? {
    switch self {
    case .reference: 1
    case .halfWin, .goodIsHalfBadIsZero: 0.5
    case .ignore: nil
    }
  }

  /// One sentence for the notes of a report.
  package var explanation: String {
    switch self {
    case .reference:
      "ties cancel in max-logits ranks, are half a win in win rates, Bradley-Terry and Elo, "
        + "and count as satisfied in the \u{2265} columns"
    case .halfWin: "every tie is half a win for each side, in the \u{2265} columns too"
    case .ignore: "ties are left out as if they had not been judged"
    case .goodIsHalfBadIsZero:
      "\"Same good\" is half a win for each side, \"Same bad\" is a comparison that nobody wins"
    }
  }
}
