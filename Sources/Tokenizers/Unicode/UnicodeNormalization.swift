/// Unicode's four normalisation forms.
///
/// Source: Unicode Standard Annex 15. The tables stop at Unicode 12, as those of tokenizers 0.20.3
/// do: characters that came later are left as they are.
struct UnicodeNormalization: Sendable, Equatable {
  /// Whether characters that compose are composed.
  let composes: Bool
  /// Whether compatible characters are replaced as well.
  let isCompatible: Bool

  private struct Item {
    var scalar: UInt32
    let combiningClass: UInt8
  }

  /// Puts decomposed characters together again, one after the other.
  private struct Composer {
    private var starter: UInt32?
    private var marks: [UInt32] = []
    private var lastClass: UInt8?

    mutating func add(_ item: Item, _ tables: NormalizationTables, to result: inout ByteBuffer) {
      guard let current = starter else {
        if item.combiningClass == 0 {
          starter = item.scalar
        } else {
          result.append(scalar: item.scalar)
        }
        return
      }
      let isBlocked = lastClass.map { $0 >= item.combiningClass } ?? false
      if !isBlocked, let composed = tables.compose(current, item.scalar) {
        starter = composed
      } else if item.combiningClass == 0 {
        flush(to: &result)
        starter = item.scalar
      } else {
        marks.append(item.scalar)
        lastClass = item.combiningClass
      }
    }

    mutating func flush(to result: inout ByteBuffer) {
      if let starter { result.append(scalar: starter) }
      for mark in marks { result.append(scalar: mark) }
      starter = nil
      marks.removeAll(keepingCapacity: true)
      lastClass = nil
    }
  }

  /// Appends the normalised text.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - result: receives the text.
  func append(_ text: ByteView, to result: inout ByteBuffer) {
    let tables = NormalizationTables.shared
    var pending: [Item] = []
    var composer = Composer()
    func flush(_ result: inout ByteBuffer) {
      Self.sort(&pending)
      for item in pending {
        if composes {
          composer.add(item, tables, to: &result)
        } else {
          result.append(scalar: item.scalar)
        }
      }
      pending.removeAll(keepingCapacity: true)
    }
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        if !pending.isEmpty { flush(&result) }
        // ASCII is a starter that no other starter composes with; marks after it may.
        if composes { composer.flush(to: &result) }
        if index + 1 == text.count || text[index + 1] < 0x80 {
          result.append(byte)
        } else {
          pending.append(Item(scalar: UInt32(byte), combiningClass: 0))
        }
        index += 1
        continue
      }
      let (scalar, length) = text.scalar(at: index)
      index += length
      tables.decompose(scalar, compatible: isCompatible) { part in
        let combiningClass = tables.combiningClass[part]
        if combiningClass == 0, !pending.isEmpty { flush(&result) }
        pending.append(Item(scalar: part, combiningClass: combiningClass))
      }
    }
    flush(&result)
    composer.flush(to: &result)
  }

  private static func sort(_ items: inout [Item]) {
    // Runs are short: insertion keeps the order of equal classes.
    guard items.count > 2 || (items.first?.combiningClass ?? 0) != 0 else { return }
    if items.count > 64 {
      let ordered = items.enumerated().sorted {
        ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
      }
      items = ordered.map(\.element)
      return
    }
    for index in items.indices.dropFirst() {
      let item = items[index]
      var place = index
      while place > 0, items[place - 1].combiningClass > item.combiningClass {
        items[place] = items[place - 1]
        place -= 1
      }
      items[place] = item
    }
  }
}
