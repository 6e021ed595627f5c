/// Reads the tables: sections with names in brackets, items between white space.
///
/// The tables are written by `Tools/fixtures/unicode.py` from what tokenizers 0.20.3 does with every
/// character: its parts follow different versions of Unicode, and none is the toolchain's.
enum UnicodeTables {
  /// The items of each section.
  private static let sections: [String: [Substring]] = {
    var sections: [String: [Substring]] = [:]
    for table in [classes, normalization, compatibility, graphemes] {
      let text = unsafe UnsafeBufferPointer(
        start: table.utf8Start, count: table.utf8CodeUnitCount)
      read(unsafe String(decoding: text, as: UTF8.self), into: &sections)
    }
    return sections
  }()

  private static func read(_ text: String, into sections: inout [String: [Substring]]) {
    var name = ""
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      if line.first == UInt8(ascii: "[") {
        name = String(Substring(line.dropFirst().dropLast()))
      } else {
        sections[name, default: []] += line.split(separator: UInt8(ascii: " ")).map {
          Substring($0)
        }
      }
    }
  }

  /// Calls `body` with the ranges of a section.
  static func forEachRange(of section: String, _ body: (ClosedRange<Int>) -> Void) {
    for item in sections[section] ?? [] {
      let ends = item.utf8.split(separator: UInt8(ascii: "-")).compactMap { number($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { continue }
      body(first...last)
    }
  }

  /// Calls `body` with the scalars before and after the `=` of each item of a section.
  static func forEachMapping(of section: String, _ body: ([UInt32], [UInt32]) -> Void) {
    for item in sections[section] ?? [] {
      let sides = item.utf8.split(separator: UInt8(ascii: "=")).map { side in
        side.split(separator: UInt8(ascii: "+")).compactMap { number($0).map { UInt32($0) } }
      }
      if sides.count == 2 { body(sides[0], sides[1]) }
    }
  }

  /// Calls `body` with the scalars that are mapped by an offset: `FIRST-LAST/STEP:OFFSET`.
  static func forEachOffset(of section: String, _ body: (Int, Int32) -> Void) {
    for item in sections[section] ?? [] {
      let parts = item.utf8.split(separator: UInt8(ascii: ":"))
      guard parts.count == 2, let offset = Int32(String(Substring(parts[1]))) else { continue }
      let fields = parts[0].split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") }
        .compactMap { number($0) }
      guard fields.count == 3, fields[2] > 0 else { continue }
      for scalar in stride(from: fields[0], through: fields[1], by: fields[2]) {
        body(scalar, offset)
      }
    }
  }

  /// The canonical combining classes that have a section.
  static var combiningClasses: [UInt8] {
    sections.keys.compactMap { $0.hasPrefix("class-") ? UInt8($0.dropFirst(6)) : nil }.sorted()
  }

  private static func number(_ digits: Substring.UTF8View.SubSequence) -> Int? {
    Int(Substring(digits), radix: 16)
  }
}
