import RandomNumbers
import Tensors

/// Numbers from a seed, so that every run of a test sees the same.
struct SeededNumbers: RandomNumberGenerator {
  private var numbers: SplitMix64

  init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

  mutating func next() -> UInt64 { numbers.next() }

  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }

  mutating func matrix(_ rows: Int, _ columns: Int, in range: ClosedRange<Float> = -1...1) -> Matrix
  {
    Matrix(rows: rows, columns: columns, elements: floats(rows * columns, in: range))
  }

  mutating func vector(_ count: Int, in range: ClosedRange<Float> = -1...1) -> Tensor {
    Tensor(shape: [count], elements: floats(count, in: range))
  }
}
