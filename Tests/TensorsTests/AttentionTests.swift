import Testing

@testable import Tensors

extension KernelTests {
  @Suite struct AttentionTests {
    /// Attention of one head of one sequence with a bias for each pair.
    static func naive(
      _ q: Matrix, _ k: Matrix, _ v: Matrix, scale: Double, bias: (Int, Int) -> Double
    ) -> [[Double]] {
      let products = Naive.multiply(q, k, transposesRight: true)
      return products.enumerated().map { i, row in
        let weights = Naive.softmax(row.enumerated().map { scale * $1 + bias(i, $0) })
        return (0..<v.columns).map { c in
          weights.enumerated().reduce(0) { $0 + $1.element * Double(v[$1.offset, c]) }
        }
      }
    }

    static func tolerance(_ precision: Precision) -> Double {
      precision == .float32 ? 3e-6 : 2e-2
    }

    @Test(arguments: [false, true], [Precision.float32, .bfloat16])
    func raggedSelfAttention(_ isCausal: Bool, _ precision: Precision) {
      KernelTests.onAllLevels { compute in
        var numbers = SeededNumbers(seed: 21)
        for (heads, size) in [(1, 64), (3, 20), (2, 7)] {
          let lengths = [1, 70, 0, 17, 4]
          let tokens = lengths.reduce(0, +)
          let width = heads * size
          let all = numbers.matrix(tokens, 3 * width)
          let q = all.columns(0..<width)
          let k = all.columns(width..<2 * width)
          let v = all.columns(2 * width..<3 * width)
          let table = numbers.matrix(heads, 2 * 80)
          for bias in [nil, DistanceBias(table: table, zero: 80)] {
            let output = Matrix(rows: tokens, columns: width)
            let segments = AttentionSegment.selfAttention(lengths: lengths)
            compute.attention(
              queries: q, keys: k, values: v, segments: segments, heads: heads, scale: 0.25,
              bias: bias, isCausal: isCausal, precision: precision, into: output)
            for segment in segments {
              for head in 0..<heads {
                let columns = head * size..<(head + 1) * size
                let expected = Self.naive(
                  q.rows(segment.queries).columns(columns), k.rows(segment.keys).columns(columns),
                  v.rows(segment.keys).columns(columns), scale: 0.25
                ) { i, j in
                  if isCausal && j > i { return -.infinity }
                  return bias == nil ? 0 : Double(table[head, 80 + j - i])
                }
                let part = output.rows(segment.queries).columns(columns)
                #expect(Naive.error(part, expected) < Self.tolerance(precision))
              }
            }
          }
        }
      }
    }

    @Test(arguments: [Precision.float32, .bfloat16])
    func lastQueriesOfACacheAndCrossAttention(_ precision: Precision) {
      KernelTests.onAllLevels { compute in
        var numbers = SeededNumbers(seed: 22)
        let (heads, size) = (2, 16)
        let q = numbers.matrix(5, heads * size)
        let k = numbers.matrix(200, heads * size)
        let v = numbers.matrix(200, heads * size)
        let table = numbers.matrix(heads, 100)
        let segments = [
          AttentionSegment(queries: 0..<1, keys: 0..<37),
          AttentionSegment(queries: 1..<2, keys: 100..<101),
          AttentionSegment(queries: 2..<5, keys: 40..<80),
        ]
        let output = Matrix(rows: 5, columns: heads * size)
        compute.attention(
          queries: q, keys: k, values: v, segments: segments, heads: heads, scale: 1,
          bias: DistanceBias(table: table, zero: 50), isCausal: true, precision: precision,
          into: output)
        for segment in segments {
          let first = segment.keys.count - segment.queries.count
          for head in 0..<heads {
            let columns = head * size..<(head + 1) * size
            let expected = Self.naive(
              q.rows(segment.queries).columns(columns), k.rows(segment.keys).columns(columns),
              v.rows(segment.keys).columns(columns), scale: 1
            ) { i, j in
              j > first + i ? -.infinity : Double(table[head, 50 + j - (first + i)])
            }
            let part = output.rows(segment.queries).columns(columns)
            #expect(Naive.error(part, expected) < Self.tolerance(precision))
          }
        }
      }
    }

    @Test func theOutputMayBeTheQueries() {
      KernelTests.onAllLevels { compute in
        var numbers = SeededNumbers(seed: 25)
        let q = numbers.matrix(203, 48)
        let k = numbers.matrix(203, 48)
        let v = numbers.matrix(203, 48)
        let positions = DisentangledPositions(
          keys: numbers.matrix(8, 48), queries: numbers.matrix(8, 48),
          keyIndex: RelativeIndex(reach: 200) { min(max($0 + 4, 0), 7) },
          queryIndex: RelativeIndex(reach: 200) { min(max($0 + 4, 0), 7) })
        let segments = AttentionSegment.selfAttention(lengths: [3, 200])
        let output = Matrix(rows: 203, columns: 48)
        let inPlace = Matrix(rows: 203, columns: 48)
        for precision in [Precision.float32, .bfloat16] {
          compute.attention(
            queries: q, keys: k, values: v, segments: segments, heads: 3, scale: 0.4,
            isCausal: true, precision: precision, into: output)
          compute.copy(q, into: inPlace)
          compute.attention(
            queries: inPlace, keys: k, values: v, segments: segments, heads: 3, scale: 0.4,
            isCausal: true, precision: precision, into: inPlace)
          #expect(inPlace.elements == output.elements)
          compute.disentangledAttention(
            queries: q, keys: k, values: v, lengths: [3, 200], heads: 3, scale: 0.4,
            positions: positions, precision: precision, into: output)
          compute.copy(q, into: inPlace)
          compute.disentangledAttention(
            queries: inPlace, keys: k, values: v, lengths: [3, 200], heads: 3, scale: 0.4,
            positions: positions, precision: precision, into: inPlace)
          #expect(inPlace.elements == output.elements)
        }
      }
    }

    @Test func aCacheOfHalfTheMemory() {
      KernelTests.onAllLevels { compute in
        var numbers = SeededNumbers(seed: 24)
        for (heads, size) in [(2, 64), (1, 80), (3, 7)] {
          let width = heads * size
          let q = numbers.matrix(12, width)
          let k = BFloat16Matrix(rows: 90, columns: width + 6).columns(2..<width + 2)
          let v = BFloat16Matrix(rows: 90, columns: width)
          compute.convert(numbers.matrix(90, width), into: k)
          compute.convert(numbers.matrix(90, width), into: v)
          // What the cache holds, exactly.
          let wideKeys = Matrix(rows: 90, columns: width)
          let wideValues = Matrix(rows: 90, columns: width)
          compute.convert(k, into: wideKeys)
          compute.convert(v, into: wideValues)
          let segments = [
            AttentionSegment(queries: 0..<1, keys: 0..<50),
            AttentionSegment(queries: 1..<4, keys: 20..<70),
            AttentionSegment(queries: 4..<4, keys: 0..<90),
            AttentionSegment(queries: 4..<11, keys: 3..<40),
            AttentionSegment(queries: 11..<12, keys: 7..<7),
          ]
          let output = Matrix(rows: 12, columns: width)
          let expected = Matrix(rows: 12, columns: width)
          output.fill(9)
          let bias = DistanceBias(table: numbers.matrix(heads, 200), zero: 100)
          compute.attention(
            queries: q, keys: k, values: v, segments: segments, heads: heads, scale: 0.3,
            bias: bias, isCausal: true, into: output)
          compute.attention(
            queries: q, keys: wideKeys, values: wideValues, segments: segments, heads: heads,
            scale: 0.3, bias: bias, isCausal: true, into: expected)
          // A few queries are handled in float32; many of them in bfloat16.
          #expect(Naive.error(output.rows(0..<4), Naive.rows(expected.rows(0..<4))) < 1e-6)
          #expect(Naive.error(output, Naive.rows(expected)) < 2e-2)
          #expect(output.rows(11..<12).all { $0 == 0 })
        }
      }
    }

    @Test func conversionsRoundToEven() {
      KernelTests.onAllLevels { compute in
        // Halfway cases, infinities, NaN, the largest float.
        let bits: [UInt32] = [
          0x3f80_8000, 0x3f81_8000, 0x3f80_8001, 0x3f80_7fff, 0x8000_0000, 0x7f80_0000,
          0xff80_0000, 0x7f80_0001, 0x7f7f_ffff, 0x0080_0000, 0x4049_0fdb,
        ]
        let rounded: [UInt32] = [
          0x3f80, 0x3f82, 0x3f81, 0x3f80, 0x8000, 0x7f80, 0xff80, 0x7fc0, 0x7f80, 0x0080, 0x4049,
        ]
        let floats = Matrix(
          rows: 1, columns: bits.count, elements: bits.map { Float(bitPattern: $0) })
        let half = BFloat16Matrix(rows: 1, columns: bits.count)
        let copy = BFloat16Matrix(rows: 1, columns: bits.count)
        let back = Matrix(rows: 1, columns: bits.count)
        compute.convert(floats, into: half)
        compute.copy(half, into: copy)
        compute.convert(copy, into: back)
        #expect(back.elements.map { $0.bitPattern >> 16 } == rounded)
      }
    }

    @Test(arguments: [Precision.float32, .bfloat16])
    func disentangledAttentionAddsItsTerms(_ precision: Precision) {
      KernelTests.onAllLevels { compute in
        var numbers = SeededNumbers(seed: 23)
        let lengths = [3, 131, 1, 64]
        let tokens = lengths.reduce(0, +)
        for (heads, size) in [(2, 7), (1, 36)] {
          let width = heads * size
          let q = numbers.matrix(tokens, width)
          let k = numbers.matrix(tokens, width)
          let v = numbers.matrix(tokens, width)
          let span = 24
          let positionKeys = numbers.matrix(2 * span, width)
          let positionQueries = numbers.matrix(2 * span, width)
          // Exact near 0, then one row for several distances, then clamped: as with logarithmic buckets.
          func row(_ distance: Int) -> Int {
            let far = abs(distance) <= 12 ? abs(distance) : 12 + (abs(distance) - 12) / 5
            return min(max((distance < 0 ? -far : far) + span, 0), 2 * span - 1)
          }
          // An index without order, for the other term.
          func mixed(_ distance: Int) -> Int { abs(distance &* 7919) % (2 * span) }
          let index = RelativeIndex(reach: 131, row)
          let mixedIndex = RelativeIndex(reach: 256, mixed)
          for (useKeys, useQueries, isMixed) in [
            (true, true, false), (true, false, false), (false, true, false), (false, false, false),
            (true, true, true),
          ] {
            let output = Matrix(rows: tokens, columns: width)
            compute.disentangledAttention(
              queries: q, keys: k, values: v, lengths: lengths, heads: heads, scale: 0.15,
              positions: DisentangledPositions(
                keys: useKeys ? positionKeys : nil, queries: useQueries ? positionQueries : nil,
                keyIndex: isMixed ? mixedIndex : index, queryIndex: index),
              precision: precision, into: output)
            for segment in AttentionSegment.selfAttention(lengths: lengths) {
              for head in 0..<heads {
                let columns = head * size..<(head + 1) * size
                let own = (
                  q.rows(segment.queries).columns(columns), k.rows(segment.keys).columns(columns)
                )
                let c2p = Naive.multiply(
                  own.0, positionKeys.columns(columns), transposesRight: true)
                let p2c = Naive.multiply(
                  own.1, positionQueries.columns(columns), transposesRight: true)
                let expected = Self.naive(
                  own.0, own.1, v.rows(segment.keys).columns(columns), scale: 0.15
                ) { i, j in
                  let keyRow = isMixed ? mixed(i - j) : row(i - j)
                  return 0.15
                    * ((useKeys ? c2p[i][keyRow] : 0) + (useQueries ? p2c[j][row(i - j)] : 0))
                }
                let part = output.rows(segment.queries).columns(columns)
                #expect(Naive.error(part, expected) < Self.tolerance(precision))
              }
            }
          }
        }
      }
    }
  }
}
