internal import Records

/// Where a reader stands between the elements of an array.
struct ArrayState {
  enum Phase { case first, afterElement, afterComma }

  var phase = Phase.first
  /// White space between the last line feed and here; `nil` when something else stands there too.
  var indentation: Int?
  /// The indentation of elements that begin a line; `nil` while none did.
  var elementIndentation: Int?
  /// Whether a line that begins like an element can also stand inside of one; `nil` until the first
  /// element has been seen whole.
  var nestedLinesLookLikeElements: Bool?
  /// Bytes scanned a second time, bounded so that a hopeless file does not take quadratic time.
  var rescannedBytes = 0
}

extension RecordFileReader {
  private static let rescanLimit = 1 << 30
  private static let notClosed = "the element is not closed before the next one begins"

  /// Goes to the next element, or to the end of the array.
  func advanceElement() throws(RecordFileError) -> Bool {
    while let byte = try nextByte() {
      switch (byte, array.phase) {
      case (UInt8(ascii: "]"), .first), (UInt8(ascii: "]"), .afterElement):
        buffer.drop(1)
        if let byte = try nextByte() {
          throw RecordFileError.garbageAfterArray(file: file, elements: number, found: byte)
        }
        return false
      case (UInt8(ascii: "]"), .afterComma):
        array.phase = .afterElement
        throw RecordFileError.missingElement(file: file, element: number + 1)
      case (UInt8(ascii: ","), .afterElement):
        take(1)
        array.phase = .afterComma
      case (UInt8(ascii: ","), _):
        take(1)
        array.phase = .afterComma
        throw RecordFileError.missingElement(file: file, element: number + 1)
      case (_, .afterElement) where Self.canBeginValue(byte):
        array.phase = .afterComma
        throw RecordFileError.missingComma(file: file, element: number + 1)
      case _ where Self.canBeginValue(byte):
        try readElement(byte)
        return true
      default:
        try passGarbage()
        throw RecordFileError.unexpectedByte(file: file, element: number, found: byte)
      }
    }
    throw RecordFileError.arrayNotClosed(file: file, element: number, inside: false)
  }

  /// Drops white space and gives the byte after it, which stays; `nil` at the end of the file.
  private func nextByte() throws(RecordFileError) -> UInt8? {
    while true {
      while buffer.count > 0 {
        let byte = buffer[0]
        guard Self.isWhiteSpace(byte) else { return byte }
        if byte == UInt8(ascii: "\n") {
          array.indentation = 0
        } else if let indentation = array.indentation {
          array.indentation = indentation + 1
        }
        buffer.drop(1)
      }
      if try !buffer.fill() { return nil }
    }
  }

  /// Drops bytes that are not white space.
  private func take(_ count: Int) {
    buffer.drop(count)
    array.indentation = nil
  }

  private func passGarbage() throws(RecordFileError) {
    while let byte = try nextByte() {
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || Self.canBeginValue(byte) {
        return
      }
      take(1)
    }
  }

  /// Letters and digits begin a literal or a number, or a word that the parser will refuse.
  private static func canBeginValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "-"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  private func readElement(_ first: UInt8) throws(RecordFileError) {
    number += 1
    if array.elementIndentation == nil, first == UInt8(ascii: "{") {
      array.elementIndentation = array.indentation
    }
    array.indentation = nil
    var scanner = ElementScanner()
    var scanned = 0
    while true {
      switch unsafe scanner.scan(buffer.bytes, from: scanned, to: buffer.count) {
      case .ended(let length):
        if length > recordLimit { throw passLargeElement(length) }
        recordOffset = 0
        recordLength = length
        consumed = length
        array.phase = .afterElement
        checkNestedLines(length)
        return
      case .broken(let reason): throw try recover(reason)
      case .needsMore: break
      }
      scanned = buffer.count
      if scanned > recordLimit { throw try recoverFromLargeElement(scanner) }
      if try !buffer.fill() {
        let error = recoverFromUnclosedElement()
        throw error ?? .arrayNotClosed(file: file, element: number, inside: true)
      }
    }
  }

  // MARK: Recovery

  /// An array laid out in lines, each element beginning one at the same indentation, can be taken
  /// up again after a broken element: JSON strings hold no line feeds, so such a line is no text.
  private var isLaidOutInLines: Bool {
    guard let indentation = array.elementIndentation else { return false }
    if let ambiguous = array.nestedLinesLookLikeElements { return !ambiguous }
    // The first element itself is broken. Unindented text of several lines per element could be
    // `indent=0`, where nested objects look like elements.
    return indentation > 0 || (buffer.count > 1 && !Self.isWhiteSpace(buffer[1]))
  }

  /// Looks once, at the first whole element, for lines inside of it that look like an element.
  private func checkNestedLines(_ length: Int) {
    guard array.nestedLinesLookLikeElements == nil, array.elementIndentation != nil else { return }
    array.nestedLinesLookLikeElements = beginningOfElement(from: 0, to: length).found != nil
  }

  /// The offset of the first byte of a line that begins like an element.
  ///
  /// - Returns: the offset, or where to search again when there are more bytes.
  private func beginningOfElement(from start: Int, to end: Int) -> (found: Int?, next: Int) {
    guard let indentation = array.elementIndentation else { return (nil, end) }
    var offset = start
    while let lineFeed = buffer.lineFeed(from: offset), lineFeed < end {
      var place = lineFeed + 1
      while place < end, buffer[place] == 0x20 || buffer[place] == 0x09 { place += 1 }
      if place == end { return (nil, lineFeed) }
      if place - lineFeed - 1 == indentation, buffer[place] == UInt8(ascii: "{") {
        return (place, place)
      }
      offset = place
    }
    return (nil, end)
  }

  /// Goes to the next line that begins like an element, reading on as far as needed.
  private func recover(_ reason: String) throws(RecordFileError) -> RecordFileError {
    guard isLaidOutInLines else {
      return .lostInArray(file: file, element: number, reason: reason)
    }
    var offset = 0
    var last: UInt8 = 0
    while true {
      let search = beginningOfElement(from: offset, to: buffer.count)
      if let found = search.found {
        resume(at: found)
        return .brokenElement(file: file, element: number, reason: reason)
      }
      for place in offset..<search.next where !Self.isWhiteSpace(buffer[place]) {
        last = buffer[place]
      }
      buffer.drop(search.next)
      offset = 0
      if try !buffer.fill() { break }
    }
    for place in 0..<buffer.count where !Self.isWhiteSpace(buffer[place]) { last = buffer[place] }
    buffer.drop(buffer.count)
    // The broken element was the last one when the file still ends like an array.
    guard last == UInt8(ascii: "]") else {
      return .arrayNotClosed(file: file, element: number, inside: true)
    }
    isFinished = true
    return .brokenElement(file: file, element: number, reason: reason)
  }

  /// At the end of the file inside an element: the element may have swallowed the ones after it.
  private func recoverFromUnclosedElement() -> RecordFileError? {
    guard isLaidOutInLines, array.rescannedBytes < Self.rescanLimit,
      let found = beginningOfElement(from: 0, to: buffer.count).found
    else { return nil }
    array.rescannedBytes += buffer.count
    resume(at: found)
    return .brokenElement(file: file, element: number, reason: Self.notClosed)
  }

  private func recoverFromLargeElement(
    _ scanner: ElementScanner
  ) throws(RecordFileError) -> RecordFileError {
    if let error = recoverFromUnclosedElement() { return error }
    var scanner = scanner
    while true {
      buffer.drop(buffer.count)
      if try !buffer.fill() {
        return .arrayNotClosed(file: file, element: number, inside: true)
      }
      switch unsafe scanner.scan(buffer.bytes, from: 0, to: buffer.count) {
      case .needsMore: continue
      case .ended(let length): return passLargeElement(length)
      case .broken(let reason): return try recover(reason)
      }
    }
  }

  private func passLargeElement(_ rest: Int) -> RecordFileError {
    buffer.drop(rest)
    array.phase = .afterElement
    return .recordTooLarge(file: file, location: .element(number), limit: recordLimit)
  }

  private func resume(at offset: Int) {
    buffer.drop(offset)
    array.indentation = array.elementIndentation
    array.phase = .afterComma
  }
}
