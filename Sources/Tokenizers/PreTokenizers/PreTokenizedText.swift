/// A text cut into pieces, with memory that is used again.
struct PreTokenizedText: ~Copyable {
  /// A part of a text that a pattern fits or does not fit.
  struct Part {
    var start: Int
    var end: Int
    let isMatch: Bool
  }

  /// What becomes of the parts that a pattern fits.
  enum Behavior: String, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"
  }

  /// The bytes that the pieces lie in.
  private(set) var current = ByteBuffer()
  /// The pieces in order; none is empty.
  private(set) var pieces: [Range<Int>] = []
  /// How many of the first bytes come from the first character of the original text.
  private(set) var head = 0
  private var spare = ByteBuffer()
  private var sparePieces: [Range<Int>] = []
  private var parts: [Part] = []

  /// The number of bytes of the text that was given.
  private(set) var originalCount = 0

  /// Starts with a text as the one piece.
  mutating func set(_ text: ByteView, head: Int) {
    originalCount = text.count
    current.removeAll()
    current.append(text)
    self.head = head
    pieces.removeAll(keepingCapacity: true)
    if !text.isEmpty { pieces.append(0..<text.count) }
  }

  /// Cuts every piece.
  ///
  /// - Parameters:
  ///   - behavior: what becomes of the matches.
  ///   - isInverted: whether the parts between the matches count as matches instead.
  ///   - find: receives a piece and adds its parts from start to end, without gaps.
  /// - Throws: what `find` throws.
  mutating func split<Failure>(
    _ behavior: Behavior, inverted isInverted: Bool = false,
    _ find: (ByteView, inout [Part]) throws(Failure) -> Void
  ) throws(Failure) {
    sparePieces.removeAll(keepingCapacity: true)
    for piece in pieces {
      parts.removeAll(keepingCapacity: true)
      try find(current.view[piece], &parts)
      appendPieces(behavior, isInverted, offset: piece.lowerBound)
    }
    swap(&pieces, &sparePieces)
  }

  private mutating func appendPieces(_ behavior: Behavior, _ isInverted: Bool, offset: Int) {
    func emit(_ start: Int, _ end: Int, _ pieces: inout [Range<Int>]) {
      if start < end { pieces.append((offset + start)..<(offset + end)) }
    }
    switch behavior {
    case .removed:
      for part in parts where part.isMatch == isInverted {
        emit(part.start, part.end, &sparePieces)
      }
    case .isolated:
      for part in parts { emit(part.start, part.end, &sparePieces) }
    case .contiguous, .mergedWithPrevious:
      var index = 0
      var wasMatch = false
      while index < parts.count {
        let start = parts[index].start
        var end = parts[index].end
        wasMatch = parts[index].isMatch != isInverted
        index += 1
        while index < parts.count {
          let isMatch = parts[index].isMatch != isInverted
          let joins = behavior == .contiguous ? isMatch == wasMatch : isMatch && !wasMatch
          guard joins else { break }
          end = parts[index].end
          wasMatch = isMatch
          index += 1
        }
        emit(start, end, &sparePieces)
      }
    case .mergedWithNext:
      let first = sparePieces.count
      var index = parts.count - 1
      while index >= 0 {
        var start = parts[index].start
        let end = parts[index].end
        var wasMatch = parts[index].isMatch != isInverted
        index -= 1
        while index >= 0 {
          let isMatch = parts[index].isMatch != isInverted
          guard isMatch && !wasMatch else { break }
          start = parts[index].start
          wasMatch = isMatch
          index -= 1
        }
        emit(start, end, &sparePieces)
      }
      sparePieces[first...].reverse()
    }
  }

  /// Cuts every piece at characters of a kind.
  mutating func splitScalars(
    _ behavior: Behavior, _ isMatch: (UInt32) -> Bool
  ) {
    split(behavior) { piece, parts in
      var last = 0
      var index = 0
      while index < piece.count {
        let (scalar, length) = piece.scalar(at: index)
        if isMatch(scalar) {
          if last < index { parts.append(Part(start: last, end: index, isMatch: false)) }
          last = index + length
          parts.append(Part(start: index, end: last, isMatch: true))
        }
        index += length
      }
      if last < piece.count { parts.append(Part(start: last, end: piece.count, isMatch: false)) }
    }
  }

  /// Writes every piece anew.
  ///
  /// - Parameter body: receives a piece, how many of its first bytes come from the first character
  ///   of the original text, and the buffer to append to; returns that number for what it appended.
  mutating func rewrite(_ body: (ByteView, Int, inout ByteBuffer) -> Int) {
    spare.removeAll()
    sparePieces.removeAll(keepingCapacity: true)
    var newHead = 0
    for piece in pieces {
      let start = spare.count
      let pieceHead = max(0, min(head, piece.upperBound) - piece.lowerBound)
      let kept = body(current.view[piece], pieceHead, &spare)
      if kept > 0 { newHead = start + kept }
      if spare.count > start { sparePieces.append(start..<spare.count) }
    }
    head = newHead
    swap(&current, &spare)
    swap(&pieces, &sparePieces)
  }
}
