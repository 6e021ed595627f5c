internal import DatasetStore
internal import JSON
internal import ModelEndpoints

/// What a run of `collect` or `judge` would ask of each model, without asking.
package struct AskingPlan {
  /// What a run would ask of one model.
  package struct Row: Sendable {
    /// The model's name.
    package let model: String
    /// The endpoint that it is asked at.
    package let endpoint: String
    /// The number of requests.
    package var requests = 0
    /// Questions that the journal answers already.
    package var fromJournal = 0
    /// Tokens of the prompts, estimated.
    package var promptTokens = 0
    /// The most tokens of the answers.
    package var completionTokens = 0
    /// Whether every answer has a limit of its own; otherwise 256 tokens were taken for those without.
    package var isBounded = true
    /// The most that it costs, in US dollars; `nil` when there is no price.
    package var usd: Double?
    /// The least time at the endpoint's limits, in seconds; `nil` without limits.
    package var seconds: Double?
  }

  /// A row for each model.
  package private(set) var rows: [Row] = []
  /// More to know, for people.
  package var notes: [String] = []

  private let options: AskingOptions
  private let purpose: RequestPurpose
  private let journal: JournalLookup

  /// A plan without questions.
  init(_ options: AskingOptions, purpose: RequestPurpose, store: Store) throws {
    self.options = options
    self.purpose = purpose
    journal = try JournalLookup(store)
  }

  /// Adds the questions to one model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - next: makes the next question, and says whether it is asked although the journal has an
  ///     answer; `nil` when there is none left.
  /// - Throws: `SQLiteError`, or what `next` throws.
  mutating func add(
    _ model: ModelConfiguration, next: () throws -> (call: ModelCall, asksAgain: Bool)?
  ) throws {
    var row = Row(model: model.name, endpoint: model.endpoint)
    while let (call, asksAgain) = try next() {
      let known = try journal.answer(to: JournalLookup.key(of: call, purpose: purpose))
      if let known, known.state != "failed", !asksAgain,
        !options.retriedStates.contains(known.state)
      {
        row.fromJournal += 1
        continue
      }
      row.requests += 1
      row.promptTokens += TokenUsage.estimate(bytes: call.promptBytes)
      row.completionTokens += call.maximumTokens ?? 256
      row.isBounded = row.isBounded && call.maximumTokens != nil
    }
    row.usd = model.price?.cost(
      of: TokenUsage(
        promptTokens: row.promptTokens, completionTokens: row.completionTokens, isEstimate: true))
    row.seconds = seconds(
      at: model.endpoint, requests: row.requests,
      tokens: row.promptTokens + row.completionTokens)
    rows.append(row)
  }

  private func seconds(at endpoint: String, requests: Int, tokens: Int) -> Double? {
    let endpoint = options.catalog.endpoints.first { $0.name == endpoint }
    return [
      endpoint?.requestsPerMinute.map { Double(requests) / $0 * 60 },
      endpoint?.tokensPerMinute.map { Double(tokens) / $0 * 60 },
    ].compactMap(\.self).max()
  }

  /// All models together; endpoints work at the same time, models at one endpoint share its limits.
  package var total: Row {
    var total = Row(model: "Total", endpoint: "")
    for row in rows {
      total.requests += row.requests
      total.fromJournal += row.fromJournal
      total.promptTokens += row.promptTokens
      total.completionTokens += row.completionTokens
      total.isBounded = total.isBounded && row.isBounded
      if let usd = row.usd { total.usd = (total.usd ?? 0) + usd }
    }
    total.seconds = Set(rows.map(\.endpoint)).compactMap { name in
      let shared = rows.filter { $0.endpoint == name }
      return seconds(
        at: name, requests: shared.reduce(0) { $0 + $1.requests },
        tokens: shared.reduce(0) { $0 + $1.promptTokens + $1.completionTokens })
    }.max()
    return total
  }
}
