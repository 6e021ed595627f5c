internal import Records

/// The finished numbers of an evaluation, ready to be rendered.
package struct EvaluationReport: Sendable {
  /// A row of the main table: a model or a way of choosing among the candidates.
  package struct Row: Sendable, Equatable {
    /// What kind of row it is; rows of one kind stand together and share the bold best values.
    package enum Category: String, Sendable, CaseIterable {
      /// A model's own answers.
      case models = "Models"
      /// Choices that need to know the scores or verdicts.
      case analysis = "Analysis"
      /// Choices that a method can make.
      case methods = "Rankers"
      /// New answers that were made of the candidates.
      case fused = "Fused"
    }

    /// A stable name: the model, `oracle:bertscore`, `oracle:gpt`, `highest:logprobs`,
    /// `best:bleurt`, `random`, a ranking, a fuser.
    package let key: String
    /// The name in tables.
    package let label: String
    /// The kind of row.
    package let category: Category
    /// The model that is always chosen; `nil` where the choice differs between examples.
    package let model: Int?
    /// The number of examples.
    package let examples: Int
    /// The mean of each metric.
    package let metrics: [MeanValue]
    /// The mean rank by verdicts.
    package let rank: MeanValue
    /// The percentage of examples with rank 3 or better.
    package let topThree: MeanValue
    /// Per model: the percentage of examples where the verdict is at least as good as it.
    package let atLeastByVerdict: [MeanValue]
    /// Per model: the percentage of examples where the rank is at least as good as its.
    package let atLeastByRank: [MeanValue]
  }

  /// What is known of one metric beyond the rows.
  package struct MetricSummary: Sendable, Equatable {
    /// The metric.
    package let metric: MetricDescription
    /// The model with the best mean, the first on ties; `nil` without values.
    package let bestModel: Int?
    /// Its mean.
    package let bestMean: MeanValue
    /// The mean of the best candidate of each example.
    package let oracleMean: MeanValue
    /// The same with each maximum started at 0, as in the published oracle table.
    package let oracleMeanFromZero: MeanValue
  }

  /// How a ranking agrees with the ranks by verdicts.
  package struct Correlation: Sendable, Equatable {
    /// A stable name: the metric or method, or `random`.
    package let key: String
    /// The name in tables.
    package let label: String
    /// The numbers; for `random` they are expectations.
    package let result: RankCorrelation.Result
  }

  /// Which models a ranking puts first.
  package struct Choices: Sendable, Equatable {
    /// The method's name.
    package let key: String
    /// The name in tables.
    package let label: String
    /// The number of examples it ranked.
    package let examples: Int
    /// Per model: the percentage of these examples on which it is first, ties shared.
    package let shares: [Double]
  }

  /// A model's strength over all verdicts.
  package struct Rating: Sendable, Equatable {
    /// The Bradley-Terry strength.
    package let theta: Double
    /// Its 95 % interval; `nil` when it cannot be estimated.
    package let interval: ConfidenceInterval?
    /// The rank by strength, 1 for the strongest.
    package let rank: Int
    /// The Elo rating after all verdicts.
    package let elo: Double
  }

  /// What the report was made with.
  package let options: EvaluationOptions
  /// The models, in the order they were first seen.
  package let models: [String]
  /// The number of examples read.
  package let examples: Int
  /// How many of them have verdicts on their candidates.
  package let judged: Int
  /// How many of them count for ranks.
  package let ranked: Int
  /// The number of verdicts used.
  package let verdicts: Int
  /// The rows of the main table.
  package let rows: [Row]
  /// The models of the `>= X` columns.
  package let references: [Int]
  /// What is known of the metrics.
  package let metricSummaries: [MetricSummary]
  /// Agreement with the ranks by verdicts.
  package let correlations: [Correlation]
  /// Wins and ties of every two models.
  package let comparisons: ComparisonCounts
  /// The share of comparisons that the row won against the column, in percent.
  package let winRates: [[MeanValue]]
  /// The percentage of examples on which each model ranks first, ties shared.
  package let firstPlaces: [MeanValue]
  /// Which models each ranker puts first.
  package let choices: [Choices]
  /// Strengths over all verdicts; empty without verdicts.
  package let ratings: [Rating]
  /// Values per metric and model, [metrics, models].
  package let distributions: [[ValueHistogram]]
  /// The judges.
  package let judges: [JudgeQuality]
  /// The agreement of judges.
  package let agreements: [JudgeAgreement]
  /// Sentences on how the numbers were made.
  package let notes: [String]
  /// The models' answers as corpora; `nil` when they were not read.
  package var corpus: CorpusTable?
}

extension EvaluationAccumulator {
  /// Makes the report of the examples so far.
  ///
  /// - Returns: the report.
  /// - Throws: ``EvaluationError/unknownReferenceModel(name:models:)``.
  package func report() throws -> EvaluationReport {
    let models = index.names
    let modelRows = models.indices.map { model in
      row(
        self.modelRows[model], key: models[model], label: models[model], category: .models,
        model: model)
    }
    let summaries = metricSummaries(modelRows)
    let (ratings, ratingNotes) = makeRatings()
    return EvaluationReport(
      options: options, models: models, examples: examples, judged: judged, ranked: ranked,
      verdicts: usedVerdicts, rows: modelRows + selectionRows(modelRows, summaries),
      references: try references(modelRows), metricSummaries: summaries,
      correlations: makeCorrelations(), comparisons: comparisons,
      winRates: models.indices.map { row in
        models.indices.map {
          $0 == row ? .none : comparisons.winRate(row, $0, ties: options.ties)
        }
      },
      firstPlaces: firstPlaces.map { tally in
        MeanValue(
          value: ranked > 0 ? 100 * tally.sum / Double(ranked) : nil, count: Double(ranked))
      },
      choices: makeChoices(), ratings: ratings, distributions: distributions, judges: judges.judges,
      agreements: judges.judgeAgreements, notes: notes(ratingNotes))
  }

  private func row(
    _ sums: RowAccumulator, key: String, label: String, category: EvaluationReport.Row.Category,
    model: Int? = nil
  ) -> EvaluationReport.Row {
    func padded(_ tallies: [Tally]) -> [MeanValue] {
      index.names.indices.map { $0 < tallies.count ? tallies[$0].mean(scale: 100) : .none }
    }
    return EvaluationReport.Row(
      key: key, label: label, category: category, model: model, examples: sums.examples,
      metrics: sums.metrics.map { $0.mean() }, rank: sums.rank.mean(),
      topThree: sums.topThree.mean(scale: 100), atLeastByVerdict: padded(sums.byVerdict),
      atLeastByRank: padded(sums.byRank))
  }

  private func selectionRows(
    _ modelRows: [EvaluationReport.Row], _ summaries: [EvaluationReport.MetricSummary]
  ) -> [EvaluationReport.Row] {
    var rows: [EvaluationReport.Row] = []
    for (metric, description) in options.metrics.enumerated()
    where description.isRated && !description.isReferenceFree {
      rows.append(
        row(
          oracleRows[metric], key: "oracle:\(description.name)", label: description.choiceLabel,
          category: .analysis))
    }
    rows.append(
      row(verdictOracle, key: "oracle:gpt", label: "Oracle (GPT-Rank)", category: .analysis))
    // One row per model, however many metrics it is the best of.
    for model in index.names.indices {
      let metrics = summaries.filter { $0.bestModel == model }.map(\.metric)
      guard !metrics.isEmpty else { continue }
      let titles =
        metrics.count == options.metrics.count(where: \.isRated) && metrics.count > 1
        ? "every metric" : metrics.map(\.title).joined(separator: ", ")
      rows.append(
        row(
          self.modelRows[model], key: "best:" + metrics.map(\.name).joined(separator: ","),
          label: "Best model (\(titles))", category: .analysis, model: model))
    }
    rows.append(row(random, key: "random", label: "Random", category: .methods))
    for (metric, description) in options.metrics.enumerated()
    where description.isRated && description.isReferenceFree {
      rows.append(
        row(
          oracleRows[metric], key: "highest:\(description.name)", label: description.choiceLabel,
          category: .methods))
    }
    for (number, name) in methods.names.enumerated() {
      rows.append(
        row(
          methodRows[number], key: name, label: methodLabels[number],
          category: methodsThatGenerate.contains(number) ? .fused : .methods))
    }
    return rows
  }

  private func makeChoices() -> [EvaluationReport.Choices] {
    methods.names.indices.filter { methodExamples[$0] > 0 }.map { method in
      let places = methodFirstPlaces[method]
      return EvaluationReport.Choices(
        key: methods.names[method], label: methodLabels[method], examples: methodExamples[method],
        shares: index.names.indices.map { model in
          100 * (model < places.count ? places[model] : 0) / Double(methodExamples[method])
        })
    }
  }

  private func metricSummaries(
    _ rows: [EvaluationReport.Row]
  ) -> [EvaluationReport.MetricSummary] {
    options.metrics.enumerated().map { metric, description in
      var best: Int?
      for (model, row) in rows.enumerated() where description.isRated {
        guard let value = row.metrics[metric].value else { continue }
        let current = best.flatMap { rows[$0].metrics[metric].value }
        if current.map({ description.higherIsBetter ? value > $0 : value < $0 }) ?? true {
          best = model
        }
      }
      return EvaluationReport.MetricSummary(
        metric: description, bestModel: best,
        bestMean: best.map { rows[$0].metrics[metric] } ?? .none,
        oracleMean: description.isRated ? oracleSums[metric].mean() : .none,
        oracleMeanFromZero: description.isRated ? oracleSumsFromZero[metric].mean() : .none)
    }
  }

  private func references(_ rows: [EvaluationReport.Row]) throws -> [Int] {
    if let names = options.referenceModels {
      return try names.map { name in
        guard let number = index.number(of: name) else {
          throw EvaluationError.unknownReferenceModel(name: name, models: index.names)
        }
        return number
      }
    }
    let order = rows.indices.filter { rows[$0].rank.value != nil }
      .sorted { (rows[$0].rank.value ?? 0, $0) < (rows[$1].rank.value ?? 0, $1) }
    return Array(order.prefix(2))
  }

  private func makeCorrelations() -> [EvaluationReport.Correlation] {
    guard ranked > 0 else { return [] }
    let nothing = RankCorrelation.Mean(value: 0, defined: 0, total: 0)
    var rows = [
      EvaluationReport.Correlation(
        key: "random", label: "Random",
        result: RankCorrelation.Result(
          examples: ranked, pearson: nothing, spearman: nothing, pearsonPerExample: nothing,
          spearmanPerExample: nothing, footrule: randomFootrule.mean().value,
          setBased: randomOverlap.mean().value))
    ]
    for (metric, correlation) in zip(options.metrics, metricCorrelations) where metric.isRated {
      rows.append(
        .init(key: metric.name, label: metric.title, result: correlation.result))
    }
    for (number, correlation) in methodCorrelations.enumerated() {
      if let correlation {
        rows.append(
          .init(
            key: methods.names[number], label: methodLabels[number], result: correlation.result))
      }
    }
    return rows
  }

  private func makeRatings() -> (ratings: [EvaluationReport.Rating], notes: [String]) {
    guard usedVerdicts > 0 else { return ([], []) }
    let (wins, ties) = comparisons.games(ties: options.ties)
    let fit = BradleyTerry(wins: wins, count: comparisons.count, ridge: options.ridge)
    var notes: [String] = []
    if fit.usedFallbackRidge, let obstacle = fit.obstacle {
      notes.append(obstacle.explanation(models: index.names) + ".")
    }
    if !fit.converged {
      notes.append("The Bradley-Terry fit stopped before it reached its optimum.")
    }
    let bootstrapped = bootstrap.intervals(count: fit.count, ridge: fit.ridge)
    let intervals = bootstrapped ?? fit.intervals(.sandwich, ties: ties)
    notes.append(
      bootstrapped != nil
        ? "Bradley-Terry intervals: 95 % percentile bootstrap over examples, "
          + "\(options.bootstrapReplicates) replicates, seed \(options.seed)."
        : "Bradley-Terry intervals: 95 %, sandwich estimate, verdicts taken as independent.")
    notes.append("Elo: K = 32, start 1000, scale 400, verdicts in the order they were read.")
    return (
      fit.theta.indices.map { model in
        EvaluationReport.Rating(
          theta: fit.theta[model], interval: intervals?[model], rank: fit.ranks[model],
          elo: elo.ratings[model])
      }, notes
    )
  }

  private func notes(_ ratingNotes: [String]) -> [String] {
    var notes = [
      "\(Self.counted(examples, "example")) read, \(ranked) of them with GPT-Rank; "
        + "\(Self.counted(usedVerdicts, "verdict")) used."
    ]
    if examples > judged {
      let count = Self.counted(examples - judged, "example")
      notes.append(
        options.unjudged == .exclude
          ? "\(count) without a verdict: counted for metrics only."
          : "\(count) without a verdict: all candidates rank first, as in the reference "
            + "implementation.")
    }
    notes.append(
      "GPT-Rank: competition ranks (1, 2, 2, 4) of each example's verdicts by "
        + "\(options.ranking.rawValue), averaged; lower is better.")
    notes.append("Tie policy \(options.ties.rawValue): \(options.ties.explanation).")
    notes.append(
      options.standing == .verdict
        ? "\u{2265} X (%): examples where the judge finds the choice at least as good as X, among "
          + "those with a verdict on the two (the first verdict of each pair counts)."
        : "\u{2265} X (%): examples where the choice's rank is at least as good as that of X.")
    notes.append(
      "Random is the exact expectation of a uniform choice; oracles choose the first best candidate."
    )
    if strayVerdicts > 0 {
      notes.append(
        "\(Self.counted(strayVerdicts, "verdict")) left out: not on two candidates of the example.")
    }
    if repeatedModels > 0 {
      notes.append(
        "\(Self.counted(repeatedModels, "candidate")) left out: the model has an earlier candidate "
          + "in the example.")
    }
    if nonFiniteValues > 0 {
      notes.append(
        "\(Self.counted(nonFiniteValues, "metric value")) left out: not a finite number.")
    }
    notes += ratingNotes
    for metric in options.metrics {
      if let signature = metric.signature { notes.append("\(metric.title): \(signature)") }
    }
    return notes + options.notes
  }

  private static func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
