internal import Synchronization

/// Memory for packed weights, handed out in pieces of large blocks.
///
/// Weights are read front to back in every call. In blocks of many huge pages the processor finds
/// their addresses without walking its page tables, which costs a sixth of the rate otherwise.
final class WeightMemory: Sendable {
  private struct State {
    var block: AlignedMemory?
    var used = 0
  }

  /// Large enough for huge pages, small against a model.
  private static let blockByteCount = 32 << 20

  private let state = Mutex(State())

  /// A piece that lives as long as the block is referenced.
  func take(byteCount: Int) -> (memory: AlignedMemory, offset: Int) {
    let size = (byteCount + 63) & ~63
    return state.withLock { state in
      if let block = state.block, state.used + size <= block.byteCount {
        defer { state.used += size }
        return (block, state.used)
      }
      let block = AlignedMemory(byteCount: max(size, Self.blockByteCount))
      state.block = block
      state.used = size
      return (block, 0)
    }
  }
}
