import Foundation
import Tensors

/// Times the kernels of `Tensors` on this machine.
///
/// usage: kernels [--threads N] [--rounds N] [FILTER]
///
/// Prints, for each piece of work whose name contains FILTER, the best and the median of the rounds
/// and the rate of the best: on a shared machine the best is nearest to what the code can do. With
/// one thread the times are those of the processor, which other programs disturb least.
@main
struct KernelBenchmark {
  let compute: Compute
  let rounds: Int
  let filter: String
  private var numbers = SeededFloats()

  static func main() {
    var threads = ThreadPool.processorCount
    var rounds = 9
    var filter = ""
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--threads": threads = arguments.popFirst().flatMap { Int($0) } ?? threads
      case "--rounds": rounds = arguments.popFirst().flatMap { Int($0) } ?? rounds
      default: filter = argument
      }
    }
    let compute = Compute(pool: ThreadPool(count: max(1, threads)))
    print("\(compute.backend.description); \(compute.pool.count) threads, \(rounds) rounds")
    var benchmark = KernelBenchmark(compute: compute, rounds: max(1, rounds), filter: filter)
    benchmark.linearLayers()
    benchmark.packing()
    benchmark.decoding()
    benchmark.products()
    benchmark.attention()
    benchmark.layer()
    benchmark.elementWise()
  }

  init(compute: Compute, rounds: Int, filter: String) {
    self.compute = compute
    self.rounds = rounds
    self.filter = filter
  }

  /// Whether to run work of a name, or prepare works whose names begin with it.
  private func wants(_ name: String) -> Bool {
    filter.isEmpty || name.contains(filter) || filter.hasPrefix(name)
  }

  /// Times `body`; `amount` is in billions of operations or bytes.
  private func time(_ name: String, _ amount: Double, _ unit: String, _ body: () -> Void) {
    guard wants(name) else { return }
    body()
    var seconds: [Double] = []
    // Short work is repeated within a round, so that the clock's steps do not matter.
    var repeats = 1
    let once = measure(body)
    if once < 0.002 { repeats = max(1, min(200, Int(0.004 / max(once, 1e-7)))) }
    for _ in 0..<rounds {
      seconds.append(measure { for _ in 0..<repeats { body() } } / Double(repeats))
    }
    seconds.sort()
    let best = seconds[0]
    let median = seconds[seconds.count / 2]
    let padded = name.padding(toLength: 44, withPad: " ", startingAt: 0)
    print(
      padded,
      String(
        format: "%10.1f us best %10.1f us median %8.1f %@", best * 1e6, median * 1e6, amount / best,
        unit))
  }

  private func measure(_ body: () -> Void) -> Double {
    guard compute.pool.count == 1 else { return ContinuousClock().measure(body) / .seconds(1) }
    let start = clock()
    body()
    return Double(clock() - start) / Double(CLOCKS_PER_SEC)
  }

  private mutating func linearLayers() {
    let shapes = [
      (512, 1024, 1024), (512, 3072, 1024), (512, 4096, 1024), (512, 1024, 4096),
      (4096, 1024, 1024), (128, 1024, 1024), (64, 1024, 1024), (32, 1024, 1024), (16, 1024, 1024),
      (128, 1024, 4096), (8, 1024, 1024), (8, 4096, 1024), (8, 1024, 4096), (1, 2048, 2048),
      (1, 4096, 1024), (1, 1024, 1024), (1, 64, 64),
      (513, 1024, 1024), (509, 1024, 1024),
    ]
    for (tokens, outputs, inputs) in shapes {
      for precision in Precision.allCases {
        let name = "linear \(tokens)x\(outputs)x\(inputs) \(precision)"
        guard wants(name) else { continue }
        let layer = Linear(
          weight: numbers.matrix(outputs, inputs), bias: numbers.tensor(outputs),
          precision: precision, for: compute)
        let input = numbers.matrix(tokens, inputs)
        let output = Matrix(rows: tokens, columns: outputs)
        let amount = 2e-9 * Double(tokens * outputs * inputs)
        time(name, amount, "GFLOP/s") { compute.linear(layer, input, into: output) }
        if outputs == 4096 && tokens > 1 {
          time(name + " gelu", amount, "GFLOP/s") {
            compute.linear(layer, input, into: output, activation: .gelu)
          }
        }
      }
    }
  }

  private mutating func packing() {
    for precision in Precision.allCases {
      let name = "pack 4096x1024 \(precision)"
      guard wants(name) else { continue }
      let weight = numbers.matrix(4096, 1024)
      time(name, 1e-9 * 4096 * 1024 * 4, "GB/s of floats") {
        _ = Linear(weight: weight, precision: precision, for: compute)
      }
    }
  }

  /// Layers one after another that together do not fit in a cache, as in decoding.
  private mutating func decoding() {
    for tokens in [1, 8] {
      for precision in Precision.allCases {
        let name = "decode \(tokens) through 24 layers \(precision)"
        guard wants(name) else { continue }
        let weight = numbers.matrix(1024, 1024)
        let layers = (0..<96).map { _ in Linear(weight: weight, precision: precision, for: compute)
        }
        let input = numbers.matrix(tokens, 1024)
        let output = Matrix(rows: tokens, columns: 1024)
        let bytes = layers.reduce(0) { $0 + $1.byteCount }
        time(name, 1e-9 * Double(bytes), "GB/s") {
          for layer in layers { compute.linear(layer, input, into: output) }
        }
      }
    }
  }

  private mutating func products() {
    for (m, n, k) in [(512, 1024, 1024), (2048, 1024, 1024), (64, 512, 64)] {
      for (left, right) in [(false, false), (false, true), (true, false)] {
        let name = "multiply \(m)x\(n)x\(k) \(left ? "T" : "N")\(right ? "T" : "N")"
        guard wants(name) else { continue }
        let a = left ? numbers.matrix(k, m) : numbers.matrix(m, k)
        let b = right ? numbers.matrix(n, k) : numbers.matrix(k, n)
        let c = Matrix(rows: m, columns: n)
        time(name, 2e-9 * Double(m * n * k), "GFLOP/s") {
          compute.multiply(a, transposesLeft: left, b, transposesRight: right, into: c)
        }
      }
    }
  }

  private mutating func attention() {
    let heads = 16
    let size = 64
    for (tokens, count) in [(512, 1), (128, 1), (128, 8), (37, 20)] {
      let rows = tokens * count
      let lengths = [Int](repeating: tokens, count: count)
      let all = numbers.matrix(rows, 3 * heads * size)
      let width = heads * size
      let (q, k, v) = (
        all.columns(0..<width), all.columns(width..<2 * width), all.columns(2 * width..<3 * width)
      )
      let output = Matrix(rows: rows, columns: width)
      let product = 2e-9 * Double(count * heads * tokens * tokens * size)
      let positions = 512
      let index = RelativeIndex(reach: 512) { Self.bucket($0) + 256 }
      let terms = DisentangledPositions(
        keys: numbers.matrix(positions, width), queries: numbers.matrix(positions, width),
        keyIndex: index, queryIndex: index)
      for precision in [Precision.float32, .bfloat16] {
        time("attention \(count)x\(tokens) \(precision)", 2 * product, "GFLOP/s") {
          compute.attention(
            queries: q, keys: k, values: v,
            segments: AttentionSegment.selfAttention(lengths: lengths),
            heads: heads, scale: 0.125, precision: precision, into: output)
        }
        let useful = 2 * product + 4e-9 * Double(count * heads * tokens * positions * size)
        time("disentangled \(count)x\(tokens) \(precision)", useful, "GFLOP/s") {
          compute.disentangledAttention(
            queries: q, keys: k, values: v, lengths: lengths, heads: heads, scale: 0.07,
            positions: terms, precision: precision, into: output)
        }
      }
    }
    // One step of decoding: 8 sequences with caches of 600 keys.
    let cache = numbers.matrix(8 * 600, heads * size)
    let asked = numbers.matrix(8, heads * size)
    let answer = Matrix(rows: 8, columns: heads * size)
    let segments = (0..<8).map {
      AttentionSegment(queries: $0..<$0 + 1, keys: $0 * 600..<($0 + 1) * 600)
    }
    let half = BFloat16Matrix(rows: 8 * 600, columns: heads * size)
    compute.convert(cache, into: half)
    time("attention decode 8x600 bfloat16", 2e-9 * Double(2 * 8 * 600 * heads * size), "GB/s") {
      compute.attention(
        queries: asked, keys: half, values: half, segments: segments, heads: heads, scale: 1,
        into: answer)
    }
    time("attention decode 8x600 float32", 4e-9 * Double(2 * 8 * 600 * heads * size), "GB/s") {
      compute.attention(
        queries: asked, keys: cache, values: cache, segments: segments, heads: heads, scale: 1,
        into: answer)
    }
  }

  /// A whole layer of DeBERTa-v3-large.
  private mutating func layer() {
    let (hidden, inner, heads) = (1024, 4096, 16)
    let index = RelativeIndex(reach: 512) { Self.bucket($0) + 256 }
    for precision in Precision.allCases {
      guard wants("layer \(precision)") else { continue }
      let qkv = Linear(
        weight: numbers.matrix(3 * hidden, hidden), bias: numbers.tensor(3 * hidden),
        precision: precision, for: compute)
      let out = Linear(
        weight: numbers.matrix(hidden, hidden), bias: numbers.tensor(hidden), precision: precision,
        for: compute)
      let up = Linear(
        weight: numbers.matrix(inner, hidden), bias: numbers.tensor(inner), precision: precision,
        for: compute)
      let down = Linear(
        weight: numbers.matrix(hidden, inner), bias: numbers.tensor(hidden), precision: precision,
        for: compute)
      let norm = numbers.tensor(hidden)
      let terms = DisentangledPositions(
        keys: numbers.matrix(512, hidden), queries: numbers.matrix(512, hidden), keyIndex: index,
        queryIndex: index, heads: heads, precision: precision, for: compute)
      for (tokens, count) in [(512, 1), (128, 1), (128, 8)] {
        let rows = tokens * count
        let state = numbers.matrix(rows, hidden)
        let next = Matrix(rows: rows, columns: hidden)
        let lengths = [Int](repeating: tokens, count: count)
        let linear = 2e-9 * Double(rows * hidden * (4 * hidden + 2 * inner))
        let scores = 8e-9 * Double(count * tokens * tokens * hidden)
        time("layer \(precision) \(count)x\(tokens)", linear + scores, "GFLOP/s") {
          let workspace = compute.workspace
          workspace.scope {
            let projected = workspace.matrix(rows: rows, columns: 3 * hidden)
            let mixed = workspace.matrix(rows: rows, columns: hidden)
            compute.linear(qkv, state, into: projected)
            compute.disentangledAttention(
              queries: projected.columns(0..<hidden), keys: projected.columns(hidden..<2 * hidden),
              values: projected.columns(2 * hidden..<3 * hidden), lengths: lengths, heads: heads,
              scale: 0.07, positions: terms, precision: precision, into: mixed)
            compute.linear(out, mixed, into: next, adding: state)
            compute.layerNorm(next, weight: norm, bias: norm, epsilon: 1e-7, into: next)
            let wide = workspace.matrix(rows: rows, columns: inner)
            compute.linear(up, next, into: wide, activation: .gelu)
            compute.linear(down, wide, into: mixed, adding: next)
            compute.layerNorm(mixed, weight: norm, bias: norm, epsilon: 1e-7, into: next)
          }
        }
      }
    }
  }

  /// DeBERTa-v3's buckets of 256 for distances of up to 512.
  private static func bucket(_ distance: Int) -> Int {
    let size = abs(distance)
    if size < 128 { return distance }
    let far = (log(Double(size) / 128) / log(511.0 / 128) * 127).rounded(.up)
    return (distance < 0 ? -1 : 1) * (128 + Int(far))
  }

  private mutating func elementWise() {
    let (rows, columns) = (512, 4096)
    let input = numbers.matrix(rows, columns)
    let other = numbers.matrix(rows, columns)
    let output = Matrix(rows: rows, columns: columns)
    let weight = numbers.tensor(columns)
    let elements = 1e-9 * Double(rows * columns)
    for activation in Activation.allCases {
      time("\(activation) \(rows)x\(columns)", elements, "G elements/s") {
        compute.apply(activation, to: input, into: output)
      }
    }
    time("layer norm \(rows)x\(columns)", elements, "G elements/s") {
      compute.layerNorm(
        input, adding: other, weight: weight, bias: weight, epsilon: 1e-7, into: output)
    }
    time("RMS norm \(rows)x\(columns)", elements, "G elements/s") {
      compute.rmsNorm(input, weight: weight, epsilon: 1e-6, into: output)
    }
    time("softmax \(rows)x\(columns)", elements, "G elements/s") {
      compute.softmax(output, scale: 0.5)
    }
    time("log-softmax \(rows)x\(columns)", elements, "G elements/s") {
      compute.logSoftmax(input, into: output)
    }
    time("add \(rows)x\(columns)", elements, "G elements/s") {
      compute.add(input, other, into: output)
    }
    let turned = Matrix(rows: columns, columns: rows)
    time("transpose \(rows)x\(columns)", elements, "G elements/s") {
      compute.transpose(input, into: turned)
    }
    time("hand-over of 2 empty jobs", 1e-9, "G/s") { compute.pool.run(jobs: 2) { _, _ in } }
  }
}

/// Floats in -1...1 from a fixed seed.
struct SeededFloats {
  private var state: UInt64 = 1

  private mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
  }

  mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in next() })
  }

  mutating func tensor(_ count: Int) -> Tensor {
    Tensor(shape: [count], elements: (0..<count).map { _ in next() })
  }
}
