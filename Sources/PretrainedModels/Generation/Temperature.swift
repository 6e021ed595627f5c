/// Divides logits: below 1 likely tokens become likelier, above 1 unlikely ones do.
///
/// Source: transformers/generation/logits_process.py@v4.46.3, `TemperatureLogitsWarper`.
public struct Temperature: LogitsProcessor {
  /// The divisor.
  public let temperature: Float

  /// Makes a processor.
  ///
  /// - Parameter temperature: the divisor, greater than 0.
  public init(_ temperature: Float) {
    precondition(temperature > 0, "a temperature of \(temperature)")
    self.temperature = temperature
  }

  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    for index in scores.indices { scores[index] /= temperature }
  }
}
