import Evaluation
import JSON
import Records
import Testing

@Suite struct ReferenceFixtureTests {
  @Test func verdictsBecomeTheReferenceRanks() throws {
    let records = try Fixtures.lines("gptrank/records.jsonl")
    let expected = try Fixtures.lines("gptrank/expected.jsonl")
    #expect(records.count == expected.count)
    for (record, expected) in zip(records, expected) {
      let models = record["candidates"]?.array?.compactMap { $0["model"]?.string } ?? []
      let verdicts = Fixtures.verdicts(record)
      let matrix = VerdictMatrix(models: models, verdicts: verdicts)
      #expect(matrix.rows == expected["matrix"]?.rows)
      #expect(PairwiseScoring.maxLogits.ranks(of: matrix) == expected["ranks"]?.integers)
      #expect(PairwiseScoring.maxWins.ranks(of: matrix) == expected["ranks_max_wins"]?.integers)
      #expect(
        AggregationPolicy.maxLogits.aggregate(models: models, verdicts: verdicts).ranks
          == expected["ranks"]?.integers)
    }
  }

  @Test func tableIsTheReferenceTable() throws {
    let settings = try Fixtures.value("gptrank/settings.json")
    let metrics = settings["metrics"]?.strings ?? []
    let x = try #require(settings["x"]?.string)
    let y = try #require(settings["y"]?.string)
    var accumulator = EvaluationAccumulator(
      options: EvaluationOptions(
        metrics: metrics.map { .standard($0) }, unjudged: .rankAllFirst, referenceModels: [x, y]))
    for record in try Fixtures.lines("gptrank/records.jsonl") {
      try accumulator.add(Self.example(record, metrics: metrics))
    }
    let report = try accumulator.report()
    let expected = try Fixtures.value("gptrank/expected.table.json")
    for member in try #require(expected["rows"]?.object).members {
      let row = try #require(report.rows.first { $0.key == member.key })
      let want = member.value
      for (metric, value) in zip(metrics, row.metrics) {
        #expect(isClose(value.value, want[metric]?.number), "\(row.key) \(metric)")
      }
      #expect(isClose(row.rank.value, want["gpt_rank"]?.number), "\(row.key)")
      #expect(isClose(row.topThree.value, want["top3_percent"]?.number), "\(row.key)")
      for (name, reference) in zip(["ge_x", "ge_y"], report.references) {
        let verdict = row.atLeastByVerdict[reference]
        #expect(isClose(verdict.value, want["\(name)_percent_by_verdict"]?.number), "\(row.key)")
        #expect(verdict.count == want["\(name)_verdicts"]?.number, "\(row.key)")
        #expect(
          isClose(
            row.atLeastByRank[reference].value, want["\(name)_percent_by_rank"]?.number),
          "\(row.key)")
      }
    }
    let json = report.json
    for member in try #require(expected["metrics"]?.object).members {
      let got = try #require(json["metrics"]?[member.key])
      #expect(got["best_model"] == member.value["best_model"])
      for key in ["best_average", "oracle_average", "oracle_average_started_at_zero"] {
        #expect(isClose(got[key]?.number, member.value[key]?.number), "\(member.key) \(key)")
      }
    }
    for member in try #require(expected["correlations"]?.object).members {
      for key in ["pearson", "spearman", "spearman_footrule", "set_based"] {
        let got = json["correlations"]?[member.key]?[key]?.number
        #expect(isClose(got, member.value[key]?.number), "\(member.key) \(key)")
      }
    }
  }

  static func example(_ record: JSONValue, metrics: [String]) throws -> EvaluatedExample {
    let candidates = record["candidates"]?.array ?? []
    return EvaluatedExample(
      id: try #require(record["id"]?.string),
      models: candidates.compactMap { $0["model"]?.string },
      metrics: metrics.map { metric in candidates.map { $0["scores"]?[metric]?.number } },
      verdicts: Fixtures.verdicts(record))
  }

  @Test func correlationsAreTheReferenceCorrelations() throws {
    let expected = try Fixtures.lines("gptrank/expected.correlations.jsonl")
    for (table, expected) in zip(try Fixtures.lines("gptrank/ranktables.jsonl"), expected) {
      var correlation = RankCorrelation()
      for (left, right) in zip(
        table["hypothesis_ranks"]?.integerRows ?? [], table["reference_ranks"]?.integerRows ?? [])
      {
        correlation.add(hypothesis: left, reference: right)
      }
      let result = correlation.result
      let id = "table \(table["id"]?.int ?? -1)"
      #expect(isClose(result.pearson.strict, expected["pearson"]?.number), "\(id)")
      #expect(isClose(result.spearman.strict, expected["spearman"]?.number), "\(id)")
      #expect(isClose(result.footrule, expected["spearman_footrule"]?.number), "\(id)")
      #expect(isClose(result.setBased, expected["set_based"]?.number), "\(id)")
    }
  }

  @Test func matricesGetTheReferenceScoresAndRanks() throws {
    let expected = try Fixtures.lines("aggregate/expected.jsonl")
    for (row, expected) in zip(try Fixtures.lines("aggregate/matrices.jsonl"), expected) {
      let matrix = VerdictMatrix(rows: row["matrix"]?.rows ?? [])
      for (scoring, name) in [(PairwiseScoring.maxLogits, "max_logits"), (.maxWins, "max_wins")] {
        let want = expected[name]
        let scores = scoring.scores(of: matrix)
        for (got, wanted) in zip(scores, want?["scores"]?.numbers ?? []) {
          #expect(isClose(got, wanted, 1e-5))
        }
        let id = "matrix \(row["id"]?.int ?? -1) \(name)"
        #expect(CompetitionRanks.ranks(of: scores) == want?["ranks_from_scores"]?.integers, "\(id)")
        #expect(scoring.ranks(of: matrix) == want?["ranks_from_cmps"]?.integers, "\(id)")
      }
      let balances = PairwiseScoring.maxLogits.scores(of: matrix)
      #expect(balances.max().flatMap(balances.firstIndex(of:)) == expected["best_index"]?.int)
    }
    let ranks = try Fixtures.lines("aggregate/expected.ranks.jsonl")
    for (row, expected) in zip(try Fixtures.lines("aggregate/scores.jsonl"), ranks) {
      let got = CompetitionRanks.ranks(of: row["scores"]?.numbers ?? [])
      #expect(got == expected["ranks"]?.integers)
      let top = CompetitionRanks.order(of: got).prefix(row["top_k"]?.int ?? 0)
      #expect(Array(top) == expected["top_k_indices"]?.integers)
    }
  }

  @Test func bradleyTerryIsTheReferenceOptimum() throws {
    let expected = try Fixtures.lines("bradley-terry/expected.jsonl")
    for (row, expected) in zip(try Fixtures.lines("bradley-terry/wins.jsonl"), expected) {
      let wins = row["wins"]?.rows ?? []
      let fit = BradleyTerry(
        wins: wins.flatMap { $0 }, count: wins.count, ridge: row["reg"]?.number ?? 0)
      #expect(fit.converged && !fit.usedFallbackRidge)
      for (got, want) in zip(fit.theta, expected["theta"]?.numbers ?? []) {
        #expect(abs(got - want) <= 1e-6)
      }
      for (got, want) in zip(fit.eloScale, expected["elo_scale"]?.numbers ?? []) {
        #expect(abs(got - want) <= 1e-3)
      }
      #expect(fit.ranks == expected["ranks"]?.integers)
    }
  }

  @Test func eloRatingsAreTheReferenceRatings() throws {
    let expected = try Fixtures.lines("elo/expected.jsonl")
    for (row, expected) in zip(try Fixtures.lines("elo/games.jsonl"), expected) {
      var elo = EloRating(
        count: row["n"]?.int ?? 0, k: row["k"]?.number ?? 0, initial: row["init"]?.number ?? 0,
        scale: row["scale"]?.number ?? 0)
      for game in row["games"]?.rows ?? [] {
        elo.play(Int(game[0]), Int(game[1]), score: game[2])
      }
      for (got, want) in zip(elo.ratings, expected["ratings"]?.numbers ?? []) {
        #expect(abs(got - want) <= 1e-6)
      }
    }
  }
}
