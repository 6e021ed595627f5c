/// Divides sequences into batches of a bounded number of tokens, the longest sequences first.
///
/// A batch of sequences of similar length keeps all threads busy to the end of each attention layer,
/// and the first batch needs the most memory: later ones find it in the workspace.
struct BatchPlan {
  /// The numbers of the sequences of each batch.
  let batches: [[Int]]

  /// Divides sequences.
  ///
  /// - Parameters:
  ///   - lengths: the tokens of each sequence.
  ///   - tokenBudget: the most tokens of a batch; a longer sequence has a batch of its own.
  init(lengths: [Int], tokenBudget: Int) {
    let order = lengths.indices.sorted {
      (lengths[$1], $0) < (lengths[$0], $1)
    }
    var batches: [[Int]] = []
    var tokens = 0
    for index in order {
      if let last = batches.indices.last, tokens + lengths[index] <= tokenBudget {
        batches[last].append(index)
        tokens += lengths[index]
      } else {
        batches.append([index])
        tokens = lengths[index]
      }
    }
    self.batches = batches
  }
}
