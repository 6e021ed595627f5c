import Testing

@testable import Tensors

// Attention of few queries against its naive twin, with every form of the kernels.
extension KernelTests {
  static let storedPrecisions: [Precision] = [.float32, .bfloat16]

  static func attentionTolerance(_ precision: Precision) -> Double {
    precision == .float32 ? 2e-5 : 3e-2
  }

  /// softmax(scale * query * keys + bias) * values for one head.
  static func naiveAttention(
    _ query: [Float], keys: [[Float]], values: [[Float]], scale: Float, bias: [Float]? = nil
  ) -> [Double] {
    let scores = keys.enumerated().map { index, key in
      zip(query, key).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } * Double(scale)
        + Double(bias?[index] ?? 0)
    }
    let weights = Naive.softmax(scores)
    return query.indices.map { column in
      zip(weights, values).reduce(0.0) { $0 + $1.0 * Double($1.1[column]) }
    }
  }

  @Test(arguments: storedPrecisions, [(8, 1), (10, 7), (64, 64), (64, 200), (80, 65), (128, 33)])
  func attentionToPackedSequences(_ precision: Precision, _ shape: (size: Int, keys: Int)) {
    Self.onAllLevels { compute in
      var numbers = SeededNumbers(seed: UInt64(shape.keys))
      let heads = 3
      let lengths = [shape.keys, 5, shape.keys + 3]
      let sequences = AttentionSegment.selfAttention(lengths: lengths).map(\.keys)
      let tokens = lengths.reduce(0, +)
      let keys = numbers.matrix(tokens, heads * shape.size + 4).columns(2..<heads * shape.size + 2)
      let values = numbers.matrix(tokens, heads * shape.size)
      let packed = lengths.map {
        PackedKeyValues(
          count: $0, layers: 2, heads: heads, headSize: shape.size, precision: precision,
          for: compute)
      }
      for (layer, part) in [(1, (keys, values)), (0, (values, keys))] {
        PackedKeyValues.pack(
          keys: part.0, values: part.1, sequences: sequences, layer: layer, into: packed,
          on: compute)
      }
      let queries = numbers.matrix(12, heads * shape.size)
      let rows = [0..<1, 1..<5, 5..<12]
      let output = Matrix(rows: 12, columns: heads * shape.size)
      compute.attention(
        queries: queries, packed: packed, layer: 1, rows: rows, scale: 0.4, into: output)
      for (sequence, range) in zip(sequences, rows) {
        for row in range {
          for head in 0..<heads {
            let columns = head * shape.size..<(head + 1) * shape.size
            let expected = Self.naiveAttention(
              Array(Naive.row(queries, row)[columns]),
              keys: sequence.map { Array(Naive.row(keys, $0)[columns]) },
              values: sequence.map { Array(Naive.row(values, $0)[columns]) }, scale: 0.4)
            let got = Naive.row(output, row)[columns]
            for (left, right) in zip(got, expected) {
              #expect(abs(Double(left) - right) < Self.attentionTolerance(packed[0].precision))
            }
          }
        }
      }
    }
  }

  @Test(arguments: storedPrecisions, [8, 10, 64, 72, 128])
  func attentionToASharedPast(_ precision: Precision, _ size: Int) {
    Self.onAllLevels { compute in
      var numbers = SeededNumbers(seed: UInt64(size))
      let (heads, lanes, steps) = (2, 3, 70)
      let cache = KeyValueCache(
        lanes: lanes, layers: 3, heads: heads, headSize: size, precision: precision, for: compute)
      let bias = DistanceBias(table: numbers.matrix(heads, 100), zero: 99)
      // What each lane wrote at each position, and for each sequence where its past is.
      var written: [[(key: [Float], value: [Float])]] = Array(repeating: [], count: lanes)
      var histories: [[Int32]] = Array(repeating: [], count: lanes)
      for step in 0..<steps {
        let parents = (0..<lanes).map { _ in Int.random(in: 0..<lanes, using: &numbers) }
        histories = (0..<lanes).map { histories[parents[$0]] + [Int32($0)] }
        let (keys, values) = (
          numbers.matrix(lanes, heads * size), numbers.matrix(lanes, heads * size)
        )
        cache.reserve(step + 1)
        cache.store(
          keys: values, values: keys, layer: 0, lanes: Array(0..<lanes),
          positions: Array(repeating: step, count: lanes))
        cache.store(
          keys: keys, values: values, layer: 2, lanes: Array(0..<lanes),
          positions: Array(repeating: step, count: lanes))
        for lane in 0..<lanes {
          written[lane].append((Naive.row(keys, lane), Naive.row(values, lane)))
        }
        guard step % 23 == 0 || step == steps - 1 else { continue }
        let queries = numbers.matrix(lanes, heads * size)
        let output = Matrix(rows: lanes, columns: heads * size)
        compute.attention(
          queries: queries, cache: cache, layer: 2, places: cache.places(histories), scale: 0.3,
          bias: bias,
          into: output)
        for row in 0..<lanes {
          for head in 0..<heads {
            let columns = head * size..<(head + 1) * size
            let past = histories[row].enumerated().map { written[Int($1)][$0] }
            let expected = Self.naiveAttention(
              Array(Naive.row(queries, row)[columns]), keys: past.map { Array($0.key[columns]) },
              values: past.map { Array($0.value[columns]) }, scale: 0.3,
              bias: (0...step).map { bias.table[head, 99 - step + $0] })
            for (left, right) in zip(Naive.row(output, row)[columns], expected) {
              #expect(abs(Double(left) - right) < Self.attentionTolerance(cache.precision))
            }
          }
        }
      }
      #expect(cache.capacity == 128)
    }
  }
}
