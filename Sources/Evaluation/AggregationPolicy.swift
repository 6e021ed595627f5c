package import Records

/// How the verdicts on one example become one score and one rank per candidate.
package enum AggregationPolicy: String, Sendable, CaseIterable {
  /// Ranks of summed verdict differences: GPT-Rank.
  case maxLogits = "max-logits"
  /// Ranks of win counts.
  case maxWins = "max-wins"
  /// Bradley-Terry strengths.
  case bradleyTerry = "bradley-terry"
  /// Elo ratings in the order of the verdicts.
  case elo

  /// Scores and ranks of one example's candidates.
  package struct Result: Sendable, Equatable {
    /// One score per candidate, higher is better.
    package let scores: [Double]
    /// One competition rank per candidate, 1 is the best.
    package let ranks: [Int]
    /// What to know about the numbers, for people; empty when there is nothing.
    package let notes: [String]
  }

  /// Aggregates the verdicts on one example.
  ///
  /// Ranks of max-wins are those of the plain sums, which can differ from the order of its published
  /// scores. Verdicts that name a model which is no candidate are left out and noted.
  ///
  /// - Parameters:
  ///   - models: the candidates' models in order.
  ///   - verdicts: the verdicts, in the order that Elo plays them.
  ///   - weights: how much each verdict counts; `nil` when each counts 1.
  ///   - ties: what ties are worth.
  ///   - ridge: the ridge of Bradley-Terry; 0 for maximum likelihood where it exists.
  /// - Returns: scores and ranks in candidate order.
  package func aggregate(
    models: [String], verdicts: [PairVerdict], weights: [Double]? = nil,
    ties: TiePolicy = .reference, ridge: Double = 0
  ) -> Result {
    let matrix = VerdictMatrix(models: models, verdicts: verdicts, weights: weights, ties: ties)
    var notes: [String] = []
    if matrix.ignoredVerdicts > 0 {
      notes.append(
        "\(matrix.ignoredVerdicts) of \(verdicts.count) verdicts do not name two candidates "
          + "and were left out")
    }
    switch self {
    case .maxLogits:
      return Result(
        scores: PairwiseScoring.maxLogits.scores(of: matrix),
        ranks: PairwiseScoring.maxLogits.ranks(of: matrix), notes: notes)
    case .maxWins:
      return Result(
        scores: PairwiseScoring.maxWins.scores(of: matrix),
        ranks: PairwiseScoring.maxWins.ranks(of: matrix), notes: notes)
    case .bradleyTerry:
      var wins = [Double](repeating: 0, count: models.count * models.count)
      for (game, weight) in Self.games(models, verdicts, weights, ties) {
        wins[game.a * models.count + game.b] += weight * game.creditA
        wins[game.b * models.count + game.a] += weight * game.creditB
      }
      let fit = BradleyTerry(wins: wins, count: models.count, ridge: ridge)
      if fit.usedFallbackRidge, let obstacle = fit.obstacle {
        notes.append(obstacle.explanation(models: models))
      }
      return Result(scores: fit.theta, ranks: fit.ranks, notes: notes)
    case .elo:
      var elo = EloRating(count: models.count)
      for (game, weight) in Self.games(models, verdicts, weights, ties)
      where game.creditA + game.creditB == 1 {
        elo.play(game.a, game.b, score: game.creditA, weight: weight)
      }
      return Result(
        scores: elo.ratings, ranks: CompetitionRanks.ranks(of: elo.ratings), notes: notes)
    }
  }

  private static func games(
    _ models: [String], _ verdicts: [PairVerdict], _ weights: [Double]?, _ ties: TiePolicy
  ) -> [(game: BradleyTerryBootstrap.Game, weight: Double)] {
    verdicts.enumerated().compactMap { place, verdict in
      guard
        let a = models.firstIndex(where: { $0.utf8.elementsEqual(verdict.modelA.utf8) }),
        let b = models.firstIndex(where: { $0.utf8.elementsEqual(verdict.modelB.utf8) }), a != b,
        let credit = ties.winCredit(of: verdict.verdict)
      else { return nil }
      return (
        .init(a: a, b: b, creditA: credit.a, creditB: credit.b), weights?[place] ?? 1
      )
    }
  }
}

extension BradleyTerry.Obstacle {
  /// One sentence that says why a ridge was used.
  ///
  /// - Parameter models: the players' names.
  /// - Returns: the sentence, without a full stop.
  package func explanation(models: [String]) -> String {
    let ridge = "a ridge of \(BradleyTerry.fallbackRidge) was used"
    switch self {
    case .notConnected(let groups):
      return "Bradley-Terry has no finite optimum: the models fall into \(groups.count) groups "
        + "that were never compared with one another; \(ridge)"
    case .unbeaten(let players):
      let names = players.prefix(5).map { models[$0] }.joined(separator: ", ")
      return
        "Bradley-Terry has no finite optimum: nothing outside the group ever beat or tied with "
        + names + (players.count > 5 ? " and \(players.count - 5) more" : "") + "; \(ridge)"
    }
  }
}
