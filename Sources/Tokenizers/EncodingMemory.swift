/// The memory that encoding one text takes; each thread has its own for as long as a call lasts.
struct EncodingMemory: ~Copyable {
  /// Texts on their way through the normalizers.
  var normalized = NormalizedText()
  /// Texts on their way through the pre-tokenizers.
  var preTokenized = PreTokenizedText()
  /// The ids of pieces, and of whole parts of raw texts where these can be told apart.
  var words = WordCache()
  /// What byte-pair models work with.
  var symbols = BPEModel.Symbols()
  /// What Unigram models work with.
  var lattice = UnigramModel.Lattice()

  /// A place for the memory between two calls.
  final class Box {
    /// The memory.
    var memory = EncodingMemory()
    /// The ids of a text, for those who only count or copy them.
    var ids: [TokenID] = []
  }
}

// The pool hands each box to one call at a time.
extension EncodingMemory.Box: @unchecked Sendable {}
