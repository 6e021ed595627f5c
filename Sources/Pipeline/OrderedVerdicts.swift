internal import Judging
internal import Records

/// Verdicts on the pairs of one example, before and after both presentation orders are combined.
struct OrderedVerdicts {
  /// A verdict of one judge on two candidates, by their places in the record.
  struct Entry {
    let judge: Int64
    let a: Int
    let b: Int
    let verdict: Verdict
  }

  /// Combines what each judge said of each pair, in the order in which pairs were first judged.
  ///
  /// - Parameters:
  ///   - entries: the verdicts; of several in one order the last counts.
  ///   - orders: the policy.
  /// - Returns: one verdict for each judge and pair that the policy can combine, on the pair in the
  ///   record's order.
  static func combined(_ entries: [Entry], by orders: OrderCombination) -> [Entry] {
    struct Key: Hashable {
      let judge: Int64
      let low: Int
      let high: Int
    }
    var order: [Key] = []
    var given: [Key: Verdict] = [:]
    var exchanged: [Key: Verdict] = [:]
    for entry in entries {
      let key = Key(judge: entry.judge, low: min(entry.a, entry.b), high: max(entry.a, entry.b))
      if given[key] == nil, exchanged[key] == nil { order.append(key) }
      if entry.a == key.low {
        given[key] = entry.verdict
      } else {
        exchanged[key] = entry.verdict.exchanged
      }
    }
    return order.compactMap { key in
      orders.combine(given: given[key], exchanged: exchanged[key]).map {
        Entry(judge: key.judge, a: key.low, b: key.high, verdict: $0.verdict)
      }
    }
  }
}
