package import HTTPClient

/// What the header fields of an answer say about limits; times are seconds from now.
package struct RateLimitAdvice: Sendable, Equatable {
  /// One limit of a server.
  package struct Window: Sendable, Equatable {
    /// What the limit allows in all.
    package var limit: Double?
    /// What is left.
    package var remaining: Double
    /// Seconds until everything is allowed again.
    package var reset: Double

    /// One limit.
    package init(limit: Double? = nil, remaining: Double, reset: Double) {
      self.limit = limit
      self.remaining = remaining
      self.reset = reset
    }
  }

  /// Seconds to wait before the next request.
  package var retryAfter: Double?
  /// The limit on requests.
  package var requests: Window?
  /// The limit on tokens; of several, the one of which least is left.
  package var tokens: Window?

  private static let namePrefixes = ["retry-after", "x-ratelimit-", "anthropic-ratelimit-"].map {
    Array($0.utf8)
  }

  /// Reads the header fields.
  ///
  /// - Parameters:
  ///   - headers: the fields.
  ///   - unixTime: the seconds since 1970, for fields that name a point in time.
  package init(headers: HTTPResponseHeaders, unixTime: Double) {
    guard headers.hasName(startingWithAnyOf: Self.namePrefixes) else { return }
    if let text = headers["retry-after-ms"], let number = Double(text), number >= 0 {
      retryAfter = number / 1000
    } else if let text = headers["retry-after"] {
      retryAfter = TimeText.seconds(in: text, unixTime: unixTime)
    }
    let prefixes = ["x-ratelimit-", "anthropic-ratelimit-"]
    for prefix in prefixes {
      requests = requests ?? Self.window(headers, prefix, "requests", unixTime)
      for kind in ["tokens", "input-tokens", "output-tokens"] {
        guard let window = Self.window(headers, prefix, kind, unixTime) else { continue }
        if tokens.map({ window.remaining < $0.remaining }) ?? true { tokens = window }
      }
    }
  }

  private static func window(
    _ headers: HTTPResponseHeaders, _ prefix: String, _ kind: String, _ unixTime: Double
  ) -> Window? {
    // OpenAI: x-ratelimit-remaining-requests; Anthropic: anthropic-ratelimit-requests-remaining.
    let isOpenAI = prefix.hasPrefix("x-")
    let value = { (what: String) in
      headers[isOpenAI ? prefix + what + "-" + kind : prefix + kind + "-" + what]
    }
    guard let remaining = value("remaining").flatMap(Double.init), remaining.isFinite,
      let reset = value("reset").flatMap({ TimeText.seconds(in: $0, unixTime: unixTime) })
    else { return nil }
    let limit = value("limit").flatMap(Double.init).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    return Window(limit: limit, remaining: max(0, remaining), reset: reset)
  }
}
