package import SQLite

/// Why a model server was asked.
package enum RequestPurpose: String, Sendable {
  /// For an answer to an example.
  case candidate
  /// For a verdict on a pair.
  case verdict
}

/// A question that was put to a model server, with its answer.
package struct JournalEntry: Sendable {
  /// Hash of interface, model and body.
  package var key: [UInt8]
  /// Why it was asked.
  package var purpose: RequestPurpose
  /// The endpoint's name.
  package var endpoint: String
  /// The model as sent.
  package var model: String
  /// What the answer is: `answered`, `empty`, `truncated`, `refused`, `malformed` or `failed`.
  package var state: String
  /// The request's body.
  package var body: [UInt8]
  /// The answer's text, when it has one.
  package var text: String?
  /// The answer's body as received.
  package var response: [UInt8]?
  /// The status of the HTTP answer, when there was one.
  package var httpStatus: Int?
  /// Why the model stopped.
  package var finishReason: String?
  /// Tokens of the prompt.
  package var promptTokens: Int?
  /// Tokens of the answer.
  package var completionTokens: Int?
  /// The sum of the answer's log-probabilities, when the server returned them.
  package var logprobSum: Double?
  /// The number of tokens in ``logprobSum``.
  package var logprobCount: Int?
  /// What it cost, when the price is known.
  package var costUSD: Double?
  /// How many times it was sent.
  package var attempts: Int
  /// Seconds from sending to the end of the answer, of the last attempt.
  package var latencySeconds: Double?
  /// What went wrong.
  package var error: String?

  /// An entry; everything optional unknown unless said.
  package init(
    key: [UInt8], purpose: RequestPurpose, endpoint: String, model: String, state: String,
    body: [UInt8], attempts: Int
  ) {
    self.key = key
    self.purpose = purpose
    self.endpoint = endpoint
    self.model = model
    self.state = state
    self.body = body
    self.attempts = attempts
  }
}

/// What the journal knows of a question.
package struct JournalAnswer: Sendable {
  /// The row.
  package let row: Int64
  /// The state of the answer.
  package let state: String
  /// The answer's text, when it has one.
  package let text: String?
  /// The sum of the answer's log-probabilities.
  package let logprobSum: Double?
  /// The number of tokens in ``logprobSum``.
  package let logprobCount: Int?
}

extension Store {
  /// What the journal knows of a question.
  ///
  /// - Parameters:
  ///   - key: the question's hash.
  ///   - connection: the connection to read on.
  /// - Returns: its answer; `nil` when it was never asked.
  /// - Throws: `SQLiteError`.
  package static func journalAnswer(
    to key: [UInt8], on connection: Connection
  ) throws -> JournalAnswer? {
    try connection.first(
      """
      SELECT request_id, state, text, logprob_sum, logprob_count FROM requests
      WHERE request_key = ?
      """, .blob(key)
    ) { row in
      JournalAnswer(
        row: row.int64(0), state: row.text(1), text: row.optionalText(2),
        logprobSum: row.optionalDouble(3), logprobCount: row.optionalInt(4))
    }
  }

  /// Writes a question and its answer to the journal; a repeated question replaces its answer.
  ///
  /// - Parameters:
  ///   - entry: the question and its answer.
  ///   - run: the run.
  /// - Returns: the row.
  /// - Throws: `SQLiteError`.
  package func add(_ entry: JournalEntry, run: Int64) throws(SQLiteError) -> Int64 {
    // Nearly all questions are new, and a plain insertion takes half of an upsert's time.
    let insertion = try connection.prepare(Self.newInJournal)
    try bind(entry, run: run, to: insertion)
    try insertion.execute()
    if connection.changedRowCount > 0 { return connection.lastInsertedRowID }
    let replacement = try connection.prepare(Self.replacementInJournal)
    try bind(entry, run: run, to: replacement)
    let hasRow = try replacement.step()
    let row = hasRow ? replacement.int64(0) : 0
    replacement.reset()
    return row
  }

  private static let insertionIntoJournal = """
    INSERT INTO requests (request_key, purpose, endpoint, model, state, body, text, response,
      http_status, finish_reason, prompt_tokens, completion_tokens, logprob_sum, logprob_count,
      cost_usd, attempts, latency_seconds, error, asked_at, run_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
      strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?)
    """

  private static let newInJournal = insertionIntoJournal + " ON CONFLICT DO NOTHING"

  private static let replacementInJournal =
    insertionIntoJournal + """

      ON CONFLICT (request_key) DO UPDATE SET state = excluded.state, text = excluded.text,
        response = excluded.response, http_status = excluded.http_status,
        finish_reason = excluded.finish_reason, prompt_tokens = excluded.prompt_tokens,
        completion_tokens = excluded.completion_tokens, logprob_sum = excluded.logprob_sum,
        logprob_count = excluded.logprob_count,
        cost_usd = coalesce(cost_usd, 0) + coalesce(excluded.cost_usd, 0),
        attempts = attempts + excluded.attempts, latency_seconds = excluded.latency_seconds,
        error = excluded.error, asked_at = excluded.asked_at, run_id = excluded.run_id
      RETURNING request_id
      """

  private func bind(
    _ entry: JournalEntry, run: Int64, to statement: Statement
  ) throws(SQLiteError) {
    try statement.bind(1, blob: entry.key)
    try statement.bind(2, entry.purpose.rawValue)
    try statement.bind(3, entry.endpoint)
    try statement.bind(4, entry.model)
    try statement.bind(5, entry.state)
    try statement.bind(6, utf8: entry.body)
    try statement.bind(7, entry.text)
    try statement.bind(8, blob: entry.response)
    try statement.bind(9, entry.httpStatus)
    try statement.bind(10, entry.finishReason)
    try statement.bind(11, entry.promptTokens)
    try statement.bind(12, entry.completionTokens)
    try statement.bind(13, entry.logprobSum)
    try statement.bind(14, entry.logprobCount)
    try statement.bind(15, entry.costUSD)
    try statement.bind(16, entry.attempts)
    try statement.bind(17, entry.latencySeconds)
    try statement.bind(18, entry.error)
    try statement.bind(19, run)
  }

  /// Stores a collected answer as a candidate; an earlier one of the same model is replaced.
  ///
  /// - Parameters:
  ///   - model: the model's name.
  ///   - decodingMethod: how it was decoded.
  ///   - text: the answer.
  ///   - example: the row of the example.
  ///   - request: the row of the request that was answered.
  /// - Returns: the row of the candidate; `nil` when people are asked about an earlier, different
  ///   answer, which stays as they see it.
  /// - Throws: `SQLiteError`.
  package func addCollected(
    model: String, decodingMethod: String?, text: String, example: Int64, request: Int64
  ) throws(SQLiteError) -> Int64? {
    let insertion = try connection.prepare(Self.newCandidate)
    try insertion.bind(1, example)
    try insertion.bind(2, model)
    try insertion.bind(3, decodingMethod)
    try insertion.bind(4, text)
    try insertion.bind(5, request)
    try insertion.execute()
    if connection.changedRowCount > 0 { return connection.lastInsertedRowID }
    if try isShownToPeople(text, of: model, example: example) { return nil }
    // The row goes, and with it scores and verdicts on the text that was there before.
    let removal = try connection.prepare(
      """
      DELETE FROM candidates WHERE example_id = ? AND model = ? AND request_id IS NOT NULL
        AND text <> ?
      """)
    try removal.bind(1, example)
    try removal.bind(2, model)
    try removal.bind(3, text)
    try removal.execute()
    let statement = try connection.prepare(
      Self.candidateInsertion
        + " ON CONFLICT DO UPDATE SET request_id = excluded.request_id RETURNING candidate_id")
    try statement.bind(1, example)
    try statement.bind(2, model)
    try statement.bind(3, decodingMethod)
    try statement.bind(4, text)
    try statement.bind(5, request)
    let hasRow = try statement.step()
    let row = hasRow ? statement.int64(0) : 0
    statement.reset()
    return row
  }

  /// Whether people are asked about a collected answer of a model that is another than this text.
  private func isShownToPeople(
    _ text: String, of model: String, example: Int64
  ) throws(SQLiteError) -> Bool {
    let statement = try connection.prepare(
      """
      SELECT 1 FROM candidates c WHERE c.example_id = ? AND c.model = ? AND c.text <> ?
        AND c.request_id IS NOT NULL AND EXISTS (SELECT 1 FROM annotation_task_candidates t
          WHERE t.candidate_id = c.candidate_id)
      """)
    try statement.bind(1, example)
    try statement.bind(2, model)
    try statement.bind(3, text)
    let isShown = try statement.step()
    statement.reset()
    return isShown
  }

  private static let candidateInsertion = """
    INSERT INTO candidates (example_id, position, model, decoding_method, text, request_id)
    VALUES (?1, (SELECT coalesce(max(position) + 1, 0) FROM candidates WHERE example_id = ?1),
      ?2, ?3, ?4, ?5)
    """

  private static let newCandidate = candidateInsertion + " ON CONFLICT DO NOTHING"
}
