internal import DatasetStore
internal import Evaluation
internal import Metrics
internal import Records

/// Scores the answers of each model in each part of the dataset as a corpus.
struct CorpusTallies {
  private var scorer: CorpusScorer
  private var tallies: [(part: Split?, model: String, tally: CorpusScorer.Tally)] = []
  private var places: [Key: Int] = [:]
  private var examples: UInt64 = 0

  private struct Key: Hashable {
    let part: Split?
    let model: [UInt8]
  }

  /// No answers yet.
  ///
  /// - Parameter sampleSize: the most answers of a model that diversity is computed over.
  init(sampleSize: Int) { scorer = CorpusScorer(sampleSize: sampleSize) }

  /// Adds the answers of one example.
  mutating func add(_ stored: StoredExample) {
    scorer.setReference(stored.example.output)
    for candidate in stored.example.candidates {
      let key = Key(part: stored.split, model: Array(candidate.model.utf8))
      let place = places[key] ?? tallies.count
      if place == tallies.count {
        places[key] = place
        tallies.append((stored.split, candidate.model, scorer.emptyTally))
      }
      scorer.add(candidate.text, key: examples, to: &tallies[place].tally)
    }
    examples += 1
  }

  /// The table; parts in the order train, dev, test, none, models as first seen.
  mutating func table() -> CorpusTable {
    let parts: [Split?] = [.train, .dev, .test, nil]
    let metrics = zip(CorpusMetric.all, scorer.signatures).map { metric, signature in
      MetricDescription.standard(metric.name, signature: signature.description)
    }
    var rows: [CorpusTable.Row] = []
    for part in parts {
      for entry in tallies where entry.part == part {
        rows.append(
          CorpusTable.Row(
            part: part?.rawValue, model: entry.model, count: entry.tally.count,
            values: scorer.values(of: entry.tally)))
      }
    }
    return CorpusTable(metrics: metrics, rows: rows)
  }
}
