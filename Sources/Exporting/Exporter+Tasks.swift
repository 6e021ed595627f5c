internal import Hashing
internal import JSON
internal import Records

extension Exporter {
  /// One record for each pair and each order of its sides in which people saw it; a pair that nobody
  /// saw has its sides drawn, so that no model is always on the left.
  func exportTasks(of input: ExportInput) -> Exported {
    var tally = LossTally(exampleID: input.example.id)
    let tasks = annotationTasks(of: input, &tally)
    if tasks.isEmpty, input.judgements.isEmpty {
      tally[input.example.candidates.count < 2 ? .singleCandidate : .unjudged] += 1
    }
    let records = tasks.map { task -> JSONObject in
      guard format == .argilla else { return LabelStudioTasks.record(task) }
      // A record has room for one suggestion.
      tally[.verdict] += task.models.count { $0.verdict != task.suggestion?.verdict }
      return ArgillaRecords.record(task)
    }
    return Exported(
      records: records, losses: tally.losses,
      candidates: Set(tasks.flatMap { [$0.first, $0.second] }))
  }

  private func annotationTasks(
    of input: ExportInput, _ tally: inout LossTally
  ) -> [AnnotationTask] {
    let example = input.example
    // What was said in the order of the places, and then in the other one.
    var people: [ExportInput.Pair: [[AnnotationTask.Said]]] = [:]
    var models: [ExportInput.Pair: [AnnotationTask.Said]] = [:]
    var order = input.pairs ?? (tasks == .all ? allPairs(of: example, &tally) : [])
    var known = Set(order)
    for judgement in input.judgements {
      let said = judgement.verdict
      guard let a = example.index(ofModel: said.modelA),
        let b = example.index(ofModel: said.modelB), a != b
      else {
        tally[.unknownModel] += 1
        continue
      }
      let pair = ExportInput.Pair(a, b)
      if input.pairs != nil, !known.contains(pair) { continue }
      if known.insert(pair).inserted { order.append(pair) }
      if judgement.isPerson {
        people[pair, default: [[], []]][a < b ? 0 : 1].append(
          .init(judge: judgement.judge, verdict: said.verdict))
      } else {
        models[pair, default: []].append(
          .init(judge: judgement.judge, verdict: a < b ? said.verdict : said.verdict.exchanged))
      }
    }
    let draw = KeyedDraw(seed: seed, purpose: "annotation-sides")
    return order.flatMap { pair -> [AnnotationTask] in
      let seen = people[pair] ?? [[], []]
      var isExchanged = [false, true].filter { !seen[$0 ? 1 : 0].isEmpty }
      if isExchanged.isEmpty {
        let models = [pair.low, pair.high].map { example.candidates[$0].model }
        isExchanged = [draw.bits(for: [example.id] + models) & 1 == 1]
      }
      return isExchanged.map { exchanged in
        AnnotationTask(
          example: example, first: exchanged ? pair.high : pair.low,
          second: exchanged ? pair.low : pair.high, people: seen[exchanged ? 1 : 0],
          models: (models[pair] ?? []).map { said in
            .init(
              judge: said.judge, verdict: exchanged ? said.verdict.exchanged : said.verdict)
          })
      }
    }
  }

  /// Every two candidates that can be told apart, by their models and by their texts.
  private func allPairs(
    of example: Example, _ tally: inout LossTally
  ) -> [ExportInput.Pair] {
    let places = example.candidates.indices.filter {
      example.index(ofModel: example.candidates[$0].model) == $0
    }
    tally[.unknownModel] += example.candidates.count - places.count
    return places.flatMap { low in
      places.compactMap { high -> ExportInput.Pair? in
        guard low < high else { return nil }
        guard !example.hasSameTexts(low, high) else {
          tally[.identicalTexts] += 1
          return nil
        }
        return ExportInput.Pair(low, high)
      }
    }
  }
}
