/// How tokens are drawn at random.
public struct SamplingOptions: Sendable, Equatable {
  /// Divides the logits.
  public var temperature: Double
  /// Only this many likely tokens are drawn from; 0 for all.
  public var topK: Int
  /// Only the likeliest tokens that together have this probability are drawn from; 1 for all.
  public var topP: Double
  /// Where the numbers start; each request has its own numbers.
  public var seed: UInt64

  /// Describes how tokens are drawn.
  ///
  /// - Parameters:
  ///   - temperature: divides the logits, greater than 0.
  ///   - topK: only this many likely tokens are drawn from; 0 for all.
  ///   - topP: only the likeliest tokens of this probability are drawn from; 1 for all.
  ///   - seed: where the numbers start.
  public init(temperature: Double = 1, topK: Int = 50, topP: Double = 1, seed: UInt64 = 0) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
  }
}
