/// PyTorch's generator on the CPU after `torch.manual_seed`.
///
/// Source: PyTorch 2.13, `aten/src/ATen/native/TensorFactories.cpp`, `randperm_cpu`.
public struct TorchRandom: Sendable {
  private var generator: MersenneTwister

  /// `torch.manual_seed(seed)`.
  ///
  /// - Parameter seed: the seed, of which PyTorch's engine takes the low 32 bits.
  public init(seed: Int) {
    generator = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
  }

  /// `torch.randperm(count)`.
  ///
  /// - Parameter count: how many numbers.
  /// - Returns: the numbers 0 ..< `count` in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var numbers = Array(0..<count)
    for index in 0..<max(0, count - 1) {
      numbers.swapAt(index, index + Int(generator.nextWord()) % (count - index))
    }
    return numbers
  }
}
