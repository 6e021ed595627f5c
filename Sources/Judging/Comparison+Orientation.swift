package import Records

extension Comparison {
  /// Maps a verdict on the candidates as shown to one on the canonical pair.
  ///
  /// - Parameter shown: what the judge said of the candidates it saw as A and B.
  /// - Returns: the same verdict on the pair in the record's order.
  package func canonical(_ shown: Verdict) -> Verdict {
    order == .given ? shown : shown.exchanged
  }

  /// Maps a verdict on the canonical pair to one on the candidates as shown.
  ///
  /// - Parameter canonical: a verdict on the pair in the record's order.
  /// - Returns: the verdict that a judge of this question would have to give.
  package func shown(_ canonical: Verdict) -> Verdict {
    order == .given ? canonical : canonical.exchanged
  }
}
