extension HTMLRenderer {
  // MARK: Who ranks first

  /// The pie of who ranks first, numbered, beside the same shares as bars.
  func firstPlaces(_ report: EvaluationReport) -> String {
    let order = report.firstPlaceOrder
    let shares = order.map { report.firstPlaces[$0].value ?? 0 }
    let largest = max(shares.max() ?? 0, 1e-9)
    var rows = ""
    for (position, model) in order.enumerated() {
      let name = Self.escaped(report.models[model])
      let colour = position % HTMLStylesheet.paletteSize
      rows +=
        "<tr><th scope=\"row\" class=\"text\" title=\"\(name)\"><span class=\"swatch\">"
        + "\(position + 1)</span><span class=\"dot\" style=\"background: var(--c\(colour))\"></span>"
        + "\(name)</th><td>\(FixedDecimal.text(shares[position], decimals: 1))\u{202F}%</td>"
        + "<td class=\"bar\"><span class=\"track\" style=\"width: "
        + "\(Self.coordinate(100 * shares[position] / largest))%; background: var(--c\(colour))\">"
        + "</span></td></tr>\n"
    }
    let table = report.firstPlaceTable
    return heading(table.title, id: "first-places") + "<div class=\"first\">\n"
      + pie(shares, names: order.map { report.models[$0] }, examples: report.ranked)
      + "<table class=\"bars\">\n<thead class=\"hidden\"><tr><th scope=\"col\">Model</th>"
      + "<th scope=\"col\">Share</th><th scope=\"col\">Bar</th></tr></thead>\n<tbody>\n"
      + rows + "</tbody>\n</table>\n</div>\n" + caption(table.caption) + "</section>\n"
  }

  private func pie(_ shares: [Double], names: [String], examples: Int) -> String {
    let total = max(shares.reduce(0, +), 1e-9)
    var slices = ""
    var labels = ""
    var start = 0.0
    for (position, share) in shares.enumerated() where share > 0 {
      let end = start + share / total
      slices +=
        "<path class=\"slice\" fill=\"var(--c\(position % HTMLStylesheet.paletteSize))\" "
        + "d=\"\(Self.ring(from: start, to: end))\"><title>\(Self.escaped(names[position])): "
        + "\(FixedDecimal.text(share, decimals: 1)) %</title></path>\n"
      // A thinner slice has no room for its number.
      if share / total >= 0.022 {
        let (x, y) = Self.point(turn: (start + end) / 2, radius: 84)
        labels +=
          "<text class=\"slice-label\" x=\"\(Self.coordinate(x))\" "
          + "y=\"\(Self.coordinate(y + 4))\">\(position + 1)</text>\n"
      }
      start = end
    }
    let summary = zip(names, shares).map { name, share in
      "\(name) \(FixedDecimal.text(share, decimals: 1)) %"
    }
    return """
      <svg viewBox="0 0 240 240" role="img" aria-labelledby="pie-title pie-text">
      <title id="pie-title">Share of examples on which each model ranks first</title>
      <desc id="pie-text">\(Self.escaped(summary.joined(separator: ", ")))</desc>
      \(slices)\(labels)<text class="centre" x="120" y="122">\(FixedDecimal.grouped(examples))</text>
      <text class="centre-note" x="120" y="140">\(examples == 1 ? "example" : "examples")</text>
      </svg>

      """
  }

  /// The outline of a part of the ring; turns count from the top, clockwise.
  private static func ring(from start: Double, to end: Double) -> String {
    // An arc that ends where it starts is not drawn: a full ring is two halves.
    if end - start > 0.9999 {
      return ring(from: start, to: start + 0.5) + " " + ring(from: start + 0.5, to: start + 0.999)
    }
    let isLarge = end - start > 0.5 ? 1 : 0
    func pair(_ turn: Double, _ radius: Double) -> String {
      let (x, y) = point(turn: turn, radius: radius)
      return "\(coordinate(x)) \(coordinate(y))"
    }
    return "M\(pair(start, 112)) A112 112 0 \(isLarge) 1 \(pair(end, 112)) "
      + "L\(pair(end, 56)) A56 56 0 \(isLarge) 0 \(pair(start, 56)) Z"
  }

  private static func point(turn: Double, radius: Double) -> (x: Double, y: Double) {
    let (sine, cosine) = sineAndCosine(2 * Double.pi * turn)
    return (120 + radius * sine, 120 - radius * cosine)
  }

  // MARK: Win rates

  /// The win rates as a heat map with its numbers.
  func winRates(_ report: EvaluationReport) -> String {
    let order = report.modelOrder
    var html = "<table class=\"heat\">\n<thead>\n<tr><th scope=\"col\" class=\"text\">Row wins</th>"
    for model in order {
      let name = Self.escaped(report.models[model])
      html += "<th scope=\"col\" title=\"\(name)\"><span>\(name)</span></th>"
    }
    html += "</tr>\n</thead>\n<tbody>\n"
    for row in order {
      let name = Self.escaped(report.models[row])
      html += "<tr><th scope=\"row\" class=\"text\" title=\"\(name)\">\(name)</th>"
      for column in order {
        if row == column {
          html += "<td class=\"self\"><span class=\"hidden\">itself</span></td>"
          continue
        }
        let rate = report.winRates[row][column]
        let count = FixedDecimal.count(rate.count)
        guard let value = rate.value else {
          html += "<td class=\"soft\" title=\"never compared\">\u{2013}</td>"
          continue
        }
        let strength = FixedDecimal.text(min(1, abs(value - 50) / 50) * 0.72, decimals: 2)
        let side = value < 50 ? "low" : "high"
        html +=
          "<td style=\"background: rgba(var(--heat-\(side)), \(strength))\" title=\"n = \(count)\">"
          + FixedDecimal.text(value, decimals: value == 100 ? 0 : 1) + "</td>"
      }
      html += "</tr>\n"
    }
    html += "</tbody>\n</table>\n"
    return heading(report.winRateTable.title, id: "win-rates")
      + region(report.winRateTable.title, html)
      + "<p class=\"caption\">Row loses <span class=\"key\" aria-hidden=\"true\"></span> row wins; "
      + "models in the order of GPT-Rank.</p>\n</section>\n"
  }

  // MARK: Strengths

  /// Bradley-Terry strengths with their intervals on one axis.
  func ratings(_ report: EvaluationReport) -> String {
    let ratings = report.ratings
    let lows = ratings.map { BradleyTerry.eloScale($0.interval?.lower ?? $0.theta) }
    let highs = ratings.map { BradleyTerry.eloScale($0.interval?.upper ?? $0.theta) }
    let low = (lows.min() ?? 0) - 10
    let span = max((highs.max() ?? 1) + 10 - low, 1e-9)
    func place(_ value: Double) -> String { Self.coordinate(300 * (value - low) / span) }
    let order = ratings.indices.sorted { (ratings[$0].rank, $0) < (ratings[$1].rank, $1) }
    var rows = ""
    for model in order {
      let rating = ratings[model]
      let centre = BradleyTerry.eloScale(rating.theta)
      let name = Self.escaped(report.models[model])
      let limits = rating.interval.map { interval in
        FixedDecimal.text(BradleyTerry.eloScale(interval.lower), decimals: 0) + "\u{2013}"
          + FixedDecimal.text(BradleyTerry.eloScale(interval.upper), decimals: 0)
      }
      rows +=
        "<tr><th scope=\"row\" class=\"text\" title=\"\(name)\">\(name)</th><td>\(rating.rank)</td>"
        + "<td>\(FixedDecimal.text(centre, decimals: 0))</td><td>\(limits ?? "\u{2013}")</td>"
        + "<td class=\"wide\"><svg viewBox=\"0 0 300 16\" preserveAspectRatio=\"none\" "
        + "aria-hidden=\"true\"><line class=\"middle\" x1=\"\(place(1000))\" "
        + "x2=\"\(place(1000))\" y1=\"0\" y2=\"16\"/><line class=\"interval\" "
        + "x1=\"\(place(lows[model]))\" x2=\"\(place(highs[model]))\" y1=\"8\" y2=\"8\"/>"
        + "<line class=\"box\" x1=\"\(place(centre))\" x2=\"\(place(centre))\" y1=\"2\" y2=\"14\"/>"
        + "</svg></td><td>\(FixedDecimal.text(rating.elo, decimals: 0))</td></tr>\n"
    }
    let table = report.ratingTable
    return heading(table.title, id: "ratings")
      + region(
        table.title,
        "<table>\n<thead>\n<tr><th scope=\"col\" class=\"text\">Model</th><th scope=\"col\">Rank</th>"
          + "<th scope=\"col\" class=\"short\">Bradley-Terry</th><th scope=\"col\">95 %</th>"
          + "<th scope=\"col\" class=\"text\">\(FixedDecimal.text(low, decimals: 0)) \u{2026} "
          + "\(FixedDecimal.text(low + span, decimals: 0)), dashed: 1000</th>"
          + "<th scope=\"col\">Elo</th></tr>\n</thead>\n<tbody>\n\(rows)</tbody>\n</table>\n")
      + caption(table.caption) + "</section>\n"
  }

  // MARK: Distributions

  /// One card per metric: a histogram, the middle half and the median of each model.
  func distributions(_ report: EvaluationReport) -> String {
    var cards = ""
    for (metric, description) in report.options.metrics.enumerated() {
      let histograms = report.distributions[metric]
      let filled = histograms.filter { $0.total > 0 }
      // The outermost half percent would squeeze the rest together.
      guard let low = filled.compactMap({ $0.quantile(0.005) }).min(),
        let high = filled.compactMap({ $0.quantile(0.995) }).max()
      else { continue }
      let range = high > low ? low...high : (low - 0.5)...(low + 0.5)
      func shown(_ value: Double) -> String {
        FixedDecimal.text(value * description.scale, decimals: description.decimals)
      }
      var rows = ""
      for model in report.modelOrder {
        let name = Self.escaped(report.models[model])
        let values = histograms[model]
        let median = values.quantile(0.5).map(shown) ?? "\u{2013}"
        rows +=
          "<tr title=\"n = \(values.total)\"><th scope=\"row\" title=\"\(name)\">\(name)</th>"
          + "<td class=\"plot\">\(strip(values, range: range))</td>"
          + "<td class=\"number\">\(median)</td></tr>\n"
      }
      cards +=
        "<div class=\"card\">\n<h3>\(Self.escaped(description.title))</h3>\n<table>\n"
        + "<colgroup><col class=\"name\"><col><col class=\"short\"></colgroup>\n<thead class=\"hidden\"><tr><th scope=\"col\">Model</th><th scope=\"col\">Distribution"
        + "</th><th scope=\"col\">Median</th></tr></thead>\n<tbody>\n\(rows)"
        + "<tr><th></th><td><div class=\"axis\"><span>\(shown(range.lowerBound))</span><span>"
        + "\(shown(range.upperBound))</span></div></td><td class=\"number soft\">median</td></tr>\n"
        + "</tbody>\n</table>\n</div>\n"
    }
    return heading("Score distributions", id: "distributions")
      + "<div class=\"metrics\">\n\(cards)</div>\n"
      + caption(
        "Areas: how many answers have a score; horizontal lines: the middle half; vertical lines: the "
          + "median. Axes leave out the outermost half percent of the widest models.")
      + details(distributionDetails: report) + "</section>\n"
  }

  private func details(distributionDetails report: EvaluationReport) -> String {
    "<details>\n<summary>Quantiles</summary>\n" + scrolling(report.distributionTable)
      + "</details>\n"
  }

  private func strip(_ values: ValueHistogram, range: ClosedRange<Double>) -> String {
    // Rice's rule, so that few values do not make a comb.
    let bins = min(60, max(10, Int(2 * cubeRoot(Double(values.total)))))
    let counts = values.counts(in: range, bins: bins)
    let largest = max(counts.max() ?? 0, 1e-9)
    let span = range.upperBound - range.lowerBound
    func place(_ value: Double) -> String {
      Self.coordinate(300 * min(1, max(0, (value - range.lowerBound) / span)))
    }
    func edge(_ bin: Int) -> String { Self.coordinate(300 * Double(bin) / Double(bins)) }
    var outline = "M0 24"
    for (bin, count) in counts.enumerated() {
      let y = Self.coordinate(24 - 20 * count / largest)
      outline += " L\(edge(bin)) \(y) L\(edge(bin + 1)) \(y)"
    }
    outline += " L300 24 Z"
    var lines = ""
    if let low = values.quantile(0.25), let middle = values.quantile(0.5),
      let high = values.quantile(0.75)
    {
      lines =
        "<line class=\"box\" x1=\"\(place(low))\" x2=\"\(place(high))\" y1=\"22\" y2=\"22\"/>"
        + "<line class=\"median\" x1=\"\(place(middle))\" x2=\"\(place(middle))\" y1=\"3\" "
        + "y2=\"24\"/>"
    }
    return "<svg viewBox=\"0 0 300 24\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      + "<path class=\"area\" d=\"\(outline)\"/>\(lines)</svg>"
  }

  // MARK: Judges

  /// One card per judge.
  func judges(_ report: EvaluationReport) -> String {
    var cards = ""
    for judge in report.judges {
      var lines: [(label: String, share: MeanValue, hasMiddle: Bool)] = []
      if judge.bothOrders > 0 {
        lines = [
          ("Winner changes with the order", judge.flipRate, false),
          ("Same verdict in both orders", judge.consistencyRate, false),
        ]
      }
      lines += [
        ("Prefers the one shown first", judge.firstPositionPreference, true),
        ("Prefers the longer one", judge.lengthPreference, true),
        ("Ties", judge.tieRate, false),
        ("Unparsable", judge.unparsableRate, false),
      ]
      var rows = ""
      for (label, share, hasMiddle) in lines {
        let text = share.value.map { FixedDecimal.text($0, decimals: 1) + "\u{202F}%" }
        let width = Self.coordinate(share.value ?? 0)
        rows +=
          "<tr><th scope=\"row\">\(label)</th><td class=\"plot\"><span class=\"meter\">"
          + "<span style=\"width: \(width)%\"></span>\(hasMiddle ? "<i></i>" : "")</span></td>"
          + "<td class=\"number\">\(text ?? "\u{2013}") <span class=\"soft\">of "
          + "\(FixedDecimal.grouped(Int(share.count)))</span></td></tr>\n"
      }
      cards +=
        "<div class=\"card judge\">\n<h3>\(Self.escaped(judge.judge))</h3>\n<table>\n"
        + "<colgroup><col class=\"name\"><col><col class=\"long\"></colgroup>\n<thead class=\"hidden\"><tr><th scope=\"col\">Measure</th><th scope=\"col\">Bar</th>"
        + "<th scope=\"col\">Share</th></tr></thead>\n<tbody>\n\(rows)</tbody>\n</table>\n</div>\n"
    }
    return heading("Judges", id: "judges") + "<div class=\"metrics\">\n\(cards)</div>\n"
      + caption(
        "The mark at 50 % is no preference; preferences are shares of decisive verdicts, the longer "
          + "one's of those on answers of different length.")
      + "</section>\n"
  }
}
