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
    if !choices.isEmpty {
      root["choices"] = object(
        choices.map { choice in
          (
            choice.key,
            [
              "n": .integer(Int64(choice.examples)),
              "first_percent": object(zip(models, choice.shares).map { ($0, .double($1)) }),
            ]
          )
        })
    }
    root["win_rates"] = object(
      models.indices.map { row in
        (models[row], object(pairs(of: row).map { (models[$0], json(winRates[row][$0])) }))
      })
    root["ratings"] = object(zip(models, ratings).map { ($0, json($1)) })
    root["distributions"] = object(
      options.metrics.enumerated().map { metric, description in
        (description.name, object(zip(models, distributions[metric]).map { ($0, json($1)) }))
      })
    root["judges"] = .array(judges.map(\.json))
    root["agreements"] = .array(agreements.map(\.json))
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
}

/// A number, or `null`.
private func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }

extension MeanValue {
  /// The mean with its n.
  var json: JSONValue {
    [
      "value": number(value),
      "n": Int64(exactly: count).map { .integer($0) } ?? .double(count),
    ]
  }
}

extension JudgeQuality {
  /// The judge's numbers.
  package var json: JSONValue {
    var verdicts = JSONObject()
    for verdict in Verdict.allCases {
      verdicts[verdict.rawValue] = .integer(Int64(self.verdicts[verdict] ?? 0))
    }
    return [
      "judge": .string(judge), "answers": .integer(Int64(answers)),
      "verdicts": .object(verdicts), "unparsable": .integer(Int64(unparsable)),
      "unparsable_percent": unparsableRate.json, "tie_percent": tieRate.json,
      "first_position_percent": firstPositionPreference.json,
      "longer_percent": lengthPreference.json, "flip_percent": flipRate.json,
      "consistent_percent": consistencyRate.json,
      "flips_to_first": .integer(Int64(flipsToFirst)),
    ]
  }
}

extension JudgeAgreement {
  /// The agreement's numbers.
  package var json: JSONValue {
    [
      "first": .string(first), "second": .string(second), "n": .integer(Int64(total)),
      "raw_percent": number(raw.value), "kappa": number(kappa),
      "kappa_lower": number(kappaInterval?.lower), "kappa_upper": number(kappaInterval?.upper),
      "raw_percent_three_way": number(rawThreeWay.value),
      "kappa_three_way": number(kappaThreeWay),
      "kappa_three_way_lower": number(kappaThreeWayInterval?.lower),
      "kappa_three_way_upper": number(kappaThreeWayInterval?.upper),
    ]
  }

  /// How often each verdict of the first judge met each of the second one.
  package var confusionJSON: JSONValue {
    var rows = JSONObject()
    for (row, verdict) in Verdict.allCases.enumerated() {
      var columns = JSONObject()
      for (column, other) in Verdict.allCases.enumerated() {
        columns[other.rawValue] = .integer(Int64(counts[row * 4 + column]))
      }
      rows[verdict.rawValue] = .object(columns)
    }
    return .object(rows)
  }
}
