/// What a person gets next: a task whose answer is wanted, a known one, or one asked before.
package enum TaskMix: Sendable, Equatable {
  /// A task whose answer is wanted.
  case normal
  /// An item whose answer is known.
  case gold
  /// A task that the person has answered.
  case repetition

  /// Draws by the shares of a queue's options.
  ///
  /// - Parameters:
  ///   - options: the shares.
  ///   - generator: where chance comes from.
  /// - Returns: what to try first; where there is none a normal task is given.
  package static func draw(
    _ options: QueueOptions, using generator: inout some RandomNumberGenerator
  ) -> TaskMix {
    guard options.goldShare > 0 || options.repeatShare > 0 else { return .normal }
    let number = Double.random(in: 0..<1, using: &generator)
    if number < options.goldShare { return .gold }
    return number < options.goldShare + options.repeatShare ? .repetition : .normal
  }
}
