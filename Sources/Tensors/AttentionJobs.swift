/// The jobs of one attention layer: for each sequence and head, blocks of queries.
struct AttentionJobs: Sendable {
  let segments: [AttentionSegment]
  private let heads: Int
  private let block: Int
  /// The number of the first job of each segment.
  private let starts: [Int]
  /// The number of jobs.
  let count: Int

  init(segments: [AttentionSegment], heads: Int, block: Int) {
    self.segments = segments
    self.heads = heads
    self.block = block
    var starts: [Int] = []
    var count = 0
    for segment in segments {
      starts.append(count)
      count += heads * Self.blocks(segment, block)
    }
    self.starts = starts
    self.count = count
  }

  private static func blocks(_ segment: AttentionSegment, _ block: Int) -> Int {
    segment.queries.isEmpty ? 0 : (segment.queries.count - 1) / block + 1
  }

  subscript(job: Int) -> (segment: Int, head: Int, rows: Range<Int>) {
    // The last segment that begins at or before the job; empty ones share their start.
    var low = 0
    var high = starts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= job { low = middle } else { high = middle - 1 }
    }
    let segment = segments[low]
    let blocks = Self.blocks(segment, block)
    let within = job - starts[low]
    let first = segment.queries.lowerBound + within % blocks * min(block, segment.queries.count)
    return (
      low, within / blocks,
      first..<min(segment.queries.upperBound, first + min(block, segment.queries.count))
    )
  }
}
