/// Measures of the answers of each model as a whole: corpus BLEU, diversity, mean lengths.
package struct CorpusTable: Sendable, Equatable {
  /// One model in one part of the dataset.
  package struct Row: Sendable, Equatable {
    /// The part of the dataset; `nil` where the examples belong to none.
    package let part: String?
    /// The model.
    package let model: String
    /// The number of answers.
    package let count: Int
    /// A value for each measure; `nil` where there is none.
    package let values: [Double?]

    /// A row.
    package init(part: String?, model: String, count: Int, values: [Double?]) {
      self.part = part
      self.model = model
      self.count = count
      self.values = values
    }
  }

  /// The measures.
  package let metrics: [MetricDescription]
  /// The rows, those of one part one after another.
  package let rows: [Row]

  /// A table.
  package init(metrics: [MetricDescription], rows: [Row]) {
    self.metrics = metrics
    self.rows = rows
  }

  /// The table for renderers.
  package var table: ReportTable {
    var parts: [String?] = []
    for row in rows where !parts.contains(row.part) { parts.append(row.part) }
    return ReportTable(
      name: "corpus", title: "Answers of each model as a corpus",
      columns: [.init("Model", isText: true)]
        + metrics.map { .init($0.title, direction: $0.tableDirection) } + [.init("n")],
      groups: parts.map { part in
        ReportTable.Group(
          title: parts.count > 1 ? part ?? "no split" : nil,
          rows: rows.filter { $0.part == part }.map { row in
            [.text(row.model)]
              + zip(metrics, row.values).map { metric, value in
                .number(value, decimals: metric.decimals, scale: metric.scale)
              } + [.integer(row.count)]
          })
      },
      caption: "BLEU and chrF are of the corpus, not means of sentences. Diversity (distinct-n, "
        + "self-BLEU) is over a sample of the answers, and compares only over equally many texts.")
  }
}
