extension EvaluationReport {
  /// The tables of the report that have something to show.
  package var tables: [ReportTable] {
    var tables = [mainTable]
    if let table = countsTable { tables.append(table) }
    if metricSummaries.contains(where: \.metric.isRated) { tables.append(metricsTable) }
    if correlations.count > 1 { tables.append(correlationTable) }
    if ranked > 0 { tables.append(firstPlaceTable) }
    if !choices.isEmpty { tables.append(choiceTable) }
    if verdicts > 0 {
      tables.append(winRateTable)
      tables.append(ratingTable)
    }
    if !options.metrics.isEmpty { tables.append(distributionTable) }
    if let corpus { tables.append(corpus.table) }
    if !judges.isEmpty { tables.append(judgeTable) }
    if !agreements.isEmpty { tables.append(agreementTable) }
    return tables
  }

  /// Rows in the order of the tables: models by rank (without ranks, as first seen), then the rest.
  var sortedRows: [Row] {
    let modelRows = rows.filter { $0.category == .models }
    let order = modelRows.indices.sorted {
      (modelRows[$0].rank.value ?? .infinity, $0) < (modelRows[$1].rank.value ?? .infinity, $1)
    }
    return order.map { modelRows[$0] } + rows.filter { $0.category != .models }
  }

  /// The models by mean rank, those without one last.
  var modelOrder: [Int] {
    models.indices.sorted {
      (rows[$0].rank.value ?? .infinity, $0) < (rows[$1].rank.value ?? .infinity, $1)
    }
  }

  private func groups(_ cells: (Row) -> [ReportTable.Cell]) -> [ReportTable.Group] {
    Row.Category.allCases.compactMap { category in
      let members = sortedRows.filter { $0.category == category }
      return members.isEmpty
        ? nil : ReportTable.Group(title: category.rawValue, rows: members.map(cells))
    }
  }

  /// The numbers of the `>= X` columns of a row, by model.
  private func atLeast(_ row: Row) -> [MeanValue] {
    options.standing == .verdict ? row.atLeastByVerdict : row.atLeastByRank
  }

  /// The table of the paper: metrics, rank, at least as good as, top 3.
  package var mainTable: ReportTable {
    typealias Column = ReportTable.Column
    var columns = [Column("Method", isText: true)]
    columns += options.metrics.map {
      Column($0.title, direction: $0.tableDirection)
    }
    columns.append(Column("GPT-Rank", direction: .lowerIsBetter))
    columns += references.map {
      Column("\u{2265} \(models[$0]) (%)", direction: .higherIsBetter)
    }
    columns.append(Column("Top-3 (%)", direction: .higherIsBetter))
    columns.append(Column("n"))
    return ReportTable(
      name: "main", title: "Models and ways of choosing among them", columns: columns,
      groups: groups { row in
        var cells = [ReportTable.Cell.text(row.label)]
        for (metric, value) in zip(options.metrics, row.metrics) {
          cells.append(
            .number(
              value.value, decimals: metric.decimals, scale: metric.scale, count: value.count))
        }
        cells.append(.number(row.rank.value, count: row.rank.count))
        for reference in references {
          let value = atLeast(row)[reference]
          cells.append(
            row.model == reference ? .text("N/A") : .number(value.value, count: value.count))
        }
        cells.append(.number(row.topThree.value, count: row.topThree.count))
        return cells + [.integer(row.examples)]
      },
      caption: Self.scales(of: options.metrics))
  }

  private static func scales(of metrics: [MetricDescription]) -> String? {
    let scaled = metrics.filter { $0.scale != 1 }
    guard !scaled.isEmpty else { return nil }
    return scaled.map { "\($0.title) \u{00D7} \(FixedDecimal.count($0.scale))" }
      .joined(separator: ", ") + "."
  }

  /// How many examples each number of the main table stands on; `nil` when it is the row's n.
  package var countsTable: ReportTable? {
    let hasGaps = rows.contains { row in
      let counts =
        row.metrics.map(\.count) + [row.rank.count] + references.map { atLeast(row)[$0].count }
      return counts.contains { $0 != Double(row.examples) }
    }
    guard hasGaps else { return nil }
    typealias Column = ReportTable.Column
    let columns =
      [Column("Method", isText: true)] + options.metrics.map { Column($0.title) }
      + [Column("GPT-Rank, Top-3")] + references.map { Column("\u{2265} \(models[$0])") }
    return ReportTable(
      name: "counts", title: "Examples behind each number (n)", columns: columns,
      groups: groups { row in
        let counts =
          row.metrics.map(\.count) + [row.rank.count] + references.map { atLeast(row)[$0].count }
        return [.text(row.label)]
          + counts.map {
            ReportTable.Cell(text: FixedDecimal.count($0), number: $0, count: nil)
          }
      })
  }

  /// Per metric: the best single model and what an oracle would gain.
  package var metricsTable: ReportTable {
    ReportTable(
      name: "metrics", title: "Best model and oracle per metric",
      columns: [
        .init("Metric", isText: true), .init("Best model", isText: true), .init("Mean"),
        .init("Oracle"), .init("Gain"), .init("Oracle from 0"), .init("n"),
      ],
      rows: metricSummaries.filter(\.metric.isRated).map { summary in
        let metric = summary.metric
        func cell(_ value: Double?) -> ReportTable.Cell {
          .number(value, decimals: metric.decimals, scale: metric.scale)
        }
        var gain: Double?
        if let oracle = summary.oracleMean.value, let best = summary.bestMean.value {
          gain = oracle - best
        }
        return [
          .text(metric.title), .text(summary.bestModel.map { models[$0] } ?? "\u{2013}"),
          cell(summary.bestMean.value), cell(summary.oracleMean.value), cell(gain),
          cell(summary.oracleMeanFromZero.value), .integer(Int(summary.oracleMean.count)),
        ]
      },
      caption: "Oracle from 0: each maximum starts at 0, as in the published table, where a "
        + "negative metric therefore gets 0.")
  }

  /// Rank correlation with the ranks by verdicts.
  package var correlationTable: ReportTable {
    let percent = 100.0
    let partly = correlations.contains {
      $0.result.pearson.defined < $0.result.pearson.total
        || $0.result.spearman.defined < $0.result.spearman.total
    }
    var caption =
      "Correlations \u{00D7} 100, per model across examples, averaged over the models; "
      + "\"within\" ones are within each example, averaged over the examples. Footrule: the sum of "
      + "rank differences of an example."
    if partly {
      caption +=
        " Averages leave out models (examples) whose correlation is undefined because a "
        + "ranking is constant."
    }
    return ReportTable(
      name: "correlation", title: "Rank correlation with GPT-Rank",
      columns: [
        .init("Ranking", isText: true), .init("Pearson", direction: .higherIsBetter),
        .init("Spearman", direction: .higherIsBetter),
        .init("Footrule", direction: .lowerIsBetter),
        .init("Top-k overlap", direction: .higherIsBetter),
        .init("Pearson within", direction: .higherIsBetter),
        .init("Spearman within", direction: .higherIsBetter), .init("n"),
      ],
      rows: correlations.map { correlation in
        let result = correlation.result
        func mean(_ mean: RankCorrelation.Mean) -> ReportTable.Cell {
          .number(mean.value, scale: percent, count: Double(mean.defined))
        }
        return [
          .text(correlation.label), mean(result.pearson), mean(result.spearman),
          .number(result.footrule), .number(result.setBased, scale: percent),
          mean(result.pearsonPerExample), mean(result.spearmanPerExample),
          .integer(result.examples),
        ]
      }, caption: caption)
  }

  /// The pie: on how many examples each model ranks first.
  package var firstPlaceTable: ReportTable {
    let order = firstPlaceOrder
    return ReportTable(
      name: "first-places", title: "Examples on which each model ranks first",
      columns: [.init("Model", isText: true), .init("Share (%)"), .init("n")],
      rows: order.map { model in
        [
          .text(models[model]), .number(firstPlaces[model].value),
          .integer(Int(firstPlaces[model].count)),
        ]
      }, caption: "An example with several first models is shared among them.")
  }

  /// Which models each ranker puts first.
  package var choiceTable: ReportTable {
    ReportTable(
      name: "choices", title: "Examples on which each ranker puts a model first (%)",
      columns: [.init("Model", isText: true)]
        + (ranked > 0 ? [.init("GPT-Rank")] : []) + choices.map { .init($0.label) },
      rows: firstPlaceOrder.map { model in
        [.text(models[model])]
          + (ranked > 0 ? [.number(firstPlaces[model].value, decimals: 1)] : [])
          + choices.map {
            .number($0.shares[model], decimals: 1, count: Double($0.examples))
          }
      }, caption: "An example with several first models is shared among them.")
  }

  /// The models by their share of first places.
  var firstPlaceOrder: [Int] {
    models.indices.sorted {
      (-(firstPlaces[$0].value ?? -1), $0) < (-(firstPlaces[$1].value ?? -1), $1)
    }
  }

  /// Win rates of the row against the column.
  package var winRateTable: ReportTable {
    let order = modelOrder
    return ReportTable(
      name: "win-rates", title: "Win rate of the row against the column (%)",
      columns: [.init("Model", isText: true)] + order.map { .init(models[$0]) },
      rows: order.map { row in
        [.text(models[row])]
          + order.map { column in
            row == column
              ? .text("")
              : .number(
                winRates[row][column].value, decimals: 1, count: winRates[row][column].count)
          }
      })
  }

  /// Strengths over all verdicts.
  package var ratingTable: ReportTable {
    let order = ratings.indices.sorted { (ratings[$0].rank, $0) < (ratings[$1].rank, $1) }
    return ReportTable(
      name: "ratings", title: "Strength over all verdicts",
      columns: [
        .init("Model", isText: true), .init("Rank"), .init("Bradley-Terry"), .init("from"),
        .init("to"), .init("Elo"), .init("Wins"), .init("Ties"), .init("Losses"),
      ],
      rows: order.map { model in
        let rating = ratings[model]
        let others = models.indices
        return [
          .text(models[model]), .integer(rating.rank),
          .number(BradleyTerry.eloScale(rating.theta), decimals: 0),
          .number(rating.interval.map { BradleyTerry.eloScale($0.lower) }, decimals: 0),
          .number(rating.interval.map { BradleyTerry.eloScale($0.upper) }, decimals: 0),
          .number(rating.elo, decimals: 0),
          .tally(comparisons.wins[model].reduce(0, +)),
          .tally(
            others.reduce(0) {
              $0 + comparisons.sameGood[model][$1] + comparisons.sameBad[model][$1]
            }),
          .tally(others.reduce(0) { $0 + comparisons.wins[$1][model] }),
        ]
      }, caption: "Bradley-Terry strengths on the scale of Elo ratings, mean 1000, with intervals.")
  }

  /// Quantiles of every metric and model.
  package var distributionTable: ReportTable {
    ReportTable(
      name: "distributions", title: "Score distributions",
      columns: [
        .init("Model", isText: true), .init("Minimum"), .init("5 %"), .init("25 %"),
        .init("Median"), .init("75 %"), .init("95 %"), .init("Maximum"), .init("n"),
      ],
      groups: options.metrics.enumerated().map { metric, description in
        ReportTable.Group(
          title: description.title,
          rows: modelOrder.map { model in
            let values = distributions[metric][model]
            func cell(_ value: Double?) -> ReportTable.Cell {
              .number(value, decimals: description.decimals, scale: description.scale)
            }
            let isEmpty = values.total == 0
            return [
              .text(models[model]), cell(isEmpty ? nil : values.minimum),
              cell(values.quantile(0.05)), cell(values.quantile(0.25)),
              cell(values.quantile(0.5)), cell(values.quantile(0.75)),
              cell(values.quantile(0.95)), cell(isEmpty ? nil : values.maximum),
              .integer(values.total),
            ]
          })
      })
  }

  /// What the judges do with order, length and ties.
  package var judgeTable: ReportTable { Self.judgeTable(judges) }

  /// The table of some judges.
  package static func judgeTable(_ judges: [JudgeQuality]) -> ReportTable {
    ReportTable(
      name: "judges", title: "Judges",
      columns: [
        .init("Judge", isText: true), .init("Answers"), .init("Unparsable (%)"),
        .init("Ties (%)"), .init("First preferred (%)"), .init("Longer preferred (%)"),
        .init("Both orders"), .init("Flipped (%)"), .init("Same verdict (%)"),
      ],
      rows: judges.map { judge in
        func cell(_ share: MeanValue) -> ReportTable.Cell {
          .number(share.value, decimals: 1, count: share.count)
        }
        return [
          .text(judge.judge), .integer(judge.answers), cell(judge.unparsableRate),
          cell(judge.tieRate), cell(judge.firstPositionPreference),
          cell(judge.lengthPreference), .integer(judge.bothOrders), cell(judge.flipRate),
          cell(judge.consistencyRate),
        ]
      },
      caption: "First and longer preferred: of the decisive verdicts, 50 % without preference. "
        + "Flipped: of the pairs judged in both orders, those whose winner changed with the order.")
  }

  /// How often two judges say the same.
  package var agreementTable: ReportTable { Self.agreementTable(agreements) }

  /// The table of some agreements.
  package static func agreementTable(_ agreements: [JudgeAgreement]) -> ReportTable {
    ReportTable(
      name: "agreement", title: "Agreement between judges",
      columns: [
        .init("Judges", isText: true), .init("Same of 4 (%)"), .init("Kappa of 4"),
        .init("from"), .init("to"), .init("Same of 3 (%)"), .init("Kappa of 3"), .init("from"),
        .init("to"), .init("n"),
      ],
      rows: agreements.map { agreement in
        let (four, three) = (agreement.kappaInterval, agreement.kappaThreeWayInterval)
        return [
          .text("\(agreement.first) / \(agreement.second)"),
          .number(agreement.raw.value, decimals: 1), .number(agreement.kappa, decimals: 3),
          .number(four?.lower, decimals: 3), .number(four?.upper, decimals: 3),
          .number(agreement.rawThreeWay.value, decimals: 1),
          .number(agreement.kappaThreeWay, decimals: 3), .number(three?.lower, decimals: 3),
          .number(three?.upper, decimals: 3), .integer(agreement.total),
        ]
      },
      caption: "Of 4 verdicts, and of 3 when both kinds of tie are one. Kappa: Cohen's, with 95 % "
        + "intervals that take pairs as independent.")
  }
}
