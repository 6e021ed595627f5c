import Tensors

/// Numbers from a seed (SplitMix64), so that every run of a test sees the same.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

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
