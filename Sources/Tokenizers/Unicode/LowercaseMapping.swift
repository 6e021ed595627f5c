/// Lower case of single characters, without regard to what stands around them.
struct LowercaseMapping: Sendable {
  /// The mapping.
  static let shared = LowercaseMapping()

  private let offsets: TwoStageTable<Int32>
  private let special: [UInt32: [UInt32]]

  private init() {
    offsets = TwoStageTable(common: 0) { flat in
      UnicodeTables.forEachOffset(of: "lowercase") { flat[$0] = $1 }
    }
    var special: [UInt32: [UInt32]] = [:]
    UnicodeTables.forEachMapping(of: "lowercase-special") { special[$0[0]] = $1 }
    self.special = special
  }

  /// Appends the lower case of a character that is not ASCII.
  @inline(__always) func append(_ scalar: UInt32, to buffer: inout ByteBuffer) {
    let offset = offsets[scalar]
    if offset != 0 {
      buffer.append(scalar: UInt32(truncatingIfNeeded: Int32(truncatingIfNeeded: scalar) + offset))
    } else if scalar == 0x130, let scalars = special[scalar] {
      for scalar in scalars { buffer.append(scalar: scalar) }
    } else {
      buffer.append(scalar: scalar)
    }
  }
}
