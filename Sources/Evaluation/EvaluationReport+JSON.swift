package import JSON
internal import Records

extension EvaluationReport {
  /// The report with all numbers unscaled and in full precision; `null` where there is none.
  package var json: JSONValue {
    var root = JSONObject()
    root["title"] = .string(options.title)
    root["examples"] = .integer(Int64(examples))
    root["judged_examples"] = .integer(Int64(judged))
    root["ranked_examples"] = .integer(Int64(ranked))
    root["verdicts"] = .integer(Int64(verdicts))
    root["ranking"] = .string(options.ranking.rawValue)
    root["tie_policy"] = .string(options.ties.rawValue)
    root["unjudged_examples"] = .string(options.unjudged.rawValue)
    root["at_least_columns_by"] = .string(options.standing.rawValue)
    root["models"] = .array(models.map { .string($0) })
    root["reference_models"] = .array(references.map { .string(models[$0]) })
    root["rows"] = .array(rows.map(json))
    root["metrics"] = object(metricSummaries.map { ($0.metric.name, json($0)) })
    root["correlations"] = object(correlations.map { ($0.key, json($0.result)) })
    root["first_places"] = object(zip(models, firstPlaces).map { ($0, json($1)) })
    root["win_rates"] = object(
      models.indices.map { row in
        (models[row], object(pairs(of: row).map { (models[$0], json(winRates[row][$0])) }))
      })
    root["ratings"] = object(zip(models, ratings).map { ($0, json($1)) })
    root["distributions"] = object(
      options.metrics.enumerated().map { metric, description in
        (description.name, object(zip(models, distributions[metric]).map { ($0, json($1)) }))
      })
    root["judges"] = .array(judges.map(json))
    root["agreements"] = .array(agreements.map(json))
    if let corpus { root["corpus"] = json(corpus) }
    root["notes"] = .array(notes.map { .string($0) })
    return .object(root)
  }

  private func json(_ corpus: CorpusTable) -> JSONValue {
    [
      "signatures": object(
        corpus.metrics.map { ($0.name, $0.signature.map { .string($0) } ?? .null) }),
      "rows": .array(
        corpus.rows.map { row in
          [
            "split": row.part.map { .string($0) } ?? .null, "model": .string(row.model),
            "n": .integer(Int64(row.count)),
            "values": object(zip(corpus.metrics, row.values).map { ($0.name, number($1)) }),
          ]
        }),
    ]
  }

  private func pairs(of row: Int) -> [Int] { models.indices.filter { $0 != row } }

  private func object(_ members: [(String, JSONValue)]) -> JSONValue {
    var object = JSONObject()
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  private func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }

  private func count(_ value: Double) -> JSONValue {
    Int64(exactly: value).map { .integer($0) } ?? .double(value)
  }

  private func json(_ mean: MeanValue) -> JSONValue {
    ["value": number(mean.value), "n": count(mean.count)]
  }

  private func json(_ row: Row) -> JSONValue {
    let known = models.indices.filter {
      row.atLeastByVerdict[$0].count > 0 || row.atLeastByRank[$0].count > 0
    }
    return [
      "key": .string(row.key), "label": .string(row.label),
      "category": .string(row.category.rawValue), "n": .integer(Int64(row.examples)),
      "metrics": object(zip(options.metrics, row.metrics).map { ($0.name, json($1)) }),
      "gpt_rank": json(row.rank), "top3_percent": json(row.topThree),
      "at_least": object(
        known.map { model in
          (
            models[model],
            [
              "percent_by_verdict": number(row.atLeastByVerdict[model].value),
              "verdicts": count(row.atLeastByVerdict[model].count),
              "percent_by_rank": number(row.atLeastByRank[model].value),
              "ranks": count(row.atLeastByRank[model].count),
            ]
          )
        }),
    ]
  }

  private func json(_ summary: MetricSummary) -> JSONValue {
    [
      "best_model": summary.bestModel.map { .string(models[$0]) } ?? .null,
      "best_average": number(summary.bestMean.value),
      "oracle_average": number(summary.oracleMean.value),
      "oracle_average_started_at_zero": number(summary.oracleMeanFromZero.value),
      "n": count(summary.oracleMean.count),
      "higher_is_better": summary.metric.isRated ? .bool(summary.metric.higherIsBetter) : .null,
      "signature": summary.metric.signature.map { .string($0) } ?? .null,
    ]
  }

  private func json(_ result: RankCorrelation.Result) -> JSONValue {
    func mean(_ mean: RankCorrelation.Mean) -> JSONValue {
      [
        "value": number(mean.value), "defined": .integer(Int64(mean.defined)),
        "total": .integer(Int64(mean.total)),
      ]
    }
    return [
      "n": .integer(Int64(result.examples)),
      "pearson": number(result.pearson.strict), "spearman": number(result.spearman.strict),
      "spearman_footrule": number(result.footrule), "set_based": number(result.setBased),
      "pearson_over_defined_models": mean(result.pearson),
      "spearman_over_defined_models": mean(result.spearman),
      "pearson_per_example": mean(result.pearsonPerExample),
      "spearman_per_example": mean(result.spearmanPerExample),
    ]
  }

  private func json(_ rating: Rating) -> JSONValue {
    [
      "rank": .integer(Int64(rating.rank)), "theta": .double(rating.theta),
      "theta_lower": number(rating.interval?.lower),
      "theta_upper": number(rating.interval?.upper),
      "elo_scale": .double(BradleyTerry.eloScale(rating.theta)), "elo": .double(rating.elo),
    ]
  }

  private func json(_ values: ValueHistogram) -> JSONValue {
    let isEmpty = values.total == 0
    return [
      "n": .integer(Int64(values.total)), "mean": number(values.mean),
      "minimum": isEmpty ? .null : .double(values.minimum),
      "quantiles": object(
        [("0.05", 0.05), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("0.95", 0.95)]
          .map { ($0, number(values.quantile($1))) }),
      "maximum": isEmpty ? .null : .double(values.maximum),
    ]
  }

  private func json(_ judge: JudgeQuality) -> JSONValue {
    [
      "judge": .string(judge.judge), "answers": .integer(Int64(judge.answers)),
      "verdicts": object(
        Verdict.allCases.map {
          ($0.rawValue, .integer(Int64(judge.verdicts[$0] ?? 0)))
        }),
      "unparsable": .integer(Int64(judge.unparsable)),
      "unparsable_percent": json(judge.unparsableRate), "tie_percent": json(judge.tieRate),
      "first_position_percent": json(judge.firstPositionPreference),
      "longer_percent": json(judge.lengthPreference), "flip_percent": json(judge.flipRate),
      "consistent_percent": json(judge.consistencyRate),
      "flips_to_first": .integer(Int64(judge.flipsToFirst)),
    ]
  }

  private func json(_ agreement: JudgeAgreement) -> JSONValue {
    [
      "first": .string(agreement.first), "second": .string(agreement.second),
      "n": .integer(Int64(agreement.total)), "raw_percent": number(agreement.raw.value),
      "kappa": number(agreement.kappa),
      "raw_percent_three_way": number(agreement.rawThreeWay.value),
      "kappa_three_way": number(agreement.kappaThreeWay),
    ]
  }
}
