extension PickleReader {
  /// Runs one opcode.
  ///
  /// - Returns: the result, at the end.
  mutating func step() throws(PickleError) -> Reference? {
    let opcode = try bytes[take(1).lowerBound]
    switch opcode {
    case 0x80:  // PROTO
      let version = try number(1)
      guard version <= 5 else { throw PickleError(reason: "protocol \(version) is not known") }
    case 0x95: _ = try take(8)  // FRAME
    case 0x2e: return try finish()  // STOP
    case 0x28: marks.append(stack.count)  // MARK
    case 0x30: _ = try pop()  // POP
    case 0x31: _ = try popToMark()  // POP_MARK
    case 0x4e: stack.append(0)  // NONE
    case 0x89: stack.append(1)  // NEWFALSE
    case 0x88: stack.append(2)  // NEWTRUE
    case 0x4b: push(.integer(try number(1)))  // BININT1
    case 0x4d: push(.integer(try number(2)))  // BININT2
    case 0x4a:  // BININT
      push(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
    case 0x8a: push(.integer(try long()))  // LONG1
    case 0x47:  // BINFLOAT
      let bits = bytes[try take(8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      push(.float(Double(bitPattern: bits)))
    case 0x58: push(.string(try text(length: 4)))  // BINUNICODE
    case 0x8c: push(.string(try text(length: 1)))  // SHORT_BINUNICODE
    case 0x8d: push(.string(try text(length: 8)))  // BINUNICODE8
    case 0x7d: push(.dictionary([]))  // EMPTY_DICT
    case 0x5d: push(.list([]))  // EMPTY_LIST
    case 0x29: stack.append(3)  // EMPTY_TUPLE
    case 0x85: try tuple(1)  // TUPLE1
    case 0x86: try tuple(2)  // TUPLE2
    case 0x87: try tuple(3)  // TUPLE3
    case 0x74: push(.tuple(try popToMark()))  // TUPLE
    case 0x61: try append([pop()])  // APPEND
    case 0x65: try append(popToMark())  // APPENDS
    case 0x73:  // SETITEM
      let value = try pop()
      try setItems([pop(), value])
    case 0x75: try setItems(popToMark())  // SETITEMS
    case 0x71: try remember(number(1))  // BINPUT
    case 0x72: try remember(number(4))  // LONG_BINPUT
    case 0x94: try remember(memo.count)  // MEMOIZE
    case 0x68: try recall(number(1))  // BINGET
    case 0x6a: try recall(number(4))  // LONG_BINGET
    case 0x63:  // GLOBAL
      let module = try line()
      try push(.name(name(module, line())))
    case 0x93: try stackGlobal()  // STACK_GLOBAL
    case 0x51: try persistentLoad()  // BINPERSID
    case 0x52: try reduce()  // REDUCE
    case 0x62: try build()  // BUILD
    default:
      throw PickleError(
        reason: "opcode 0x\(String(opcode, radix: 16)) is none that a state of tensors needs")
    }
    return nil
  }

  private mutating func finish() throws(PickleError) -> Reference {
    let result = try pop()
    guard stack.isEmpty, marks.isEmpty else {
      throw PickleError(reason: "it ends with \(stack.count) values left over")
    }
    return result
  }

  /// A little-endian integer in two's complement; those of more than 64 bits occur only in attacks.
  private mutating func long() throws(PickleError) -> Int {
    let length = try number(1)
    guard length <= 8 else { throw PickleError(reason: "an integer of \(length) bytes") }
    let range = try take(length)
    guard length > 0 else { return 0 }
    let value = bytes[range].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let unused = UInt64(64 - 8 * length)
    return Int(Int64(bitPattern: value << unused) >> Int64(unused))
  }

  private mutating func text(length: Int) throws(PickleError) -> Range<Int> {
    try take(number(length))
  }

  private mutating func tuple(_ count: Int) throws(PickleError) {
    var values: [Reference] = []
    for _ in 0..<count { values.append(try pop()) }
    push(.tuple(values.reversed()))
  }

  private func top() throws(PickleError) -> Int {
    guard stack.count > (marks.last ?? 0), let top = stack.last else {
      throw PickleError(reason: "an opcode takes a value that is not there")
    }
    return Int(top)
  }

  private mutating func append(_ values: [Reference]) throws(PickleError) {
    let target = try top()
    guard case .list(var list) = nodes[target] else {
      throw PickleError(reason: "a value is appended to something that is no list")
    }
    // Out of the node first: otherwise each append would copy the list.
    nodes[target] = .none
    list.append(contentsOf: values)
    nodes[target] = .list(list)
  }

  private mutating func setItems(_ values: [Reference]) throws(PickleError) {
    let target = try top()
    guard values.count % 2 == 0 else { throw PickleError(reason: "a key has no value") }
    guard case .dictionary(var items) = nodes[target] else {
      throw PickleError(reason: "an item is set in something that is no dictionary")
    }
    nodes[target] = .none
    items.append(contentsOf: values)
    nodes[target] = .dictionary(items)
  }

  private mutating func remember(_ index: Int) throws(PickleError) {
    memo[index] = try Reference(top())
  }

  private mutating func recall(_ index: Int) throws(PickleError) {
    guard let value = memo[index] else {
      throw PickleError(reason: "value \(index) is recalled, which was not kept")
    }
    stack.append(value)
  }

  private func name(_ module: String, _ name: String) throws(PickleError) -> Name {
    switch (module, name) {
    case ("collections", "OrderedDict"): return .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): return .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): return .rebuildParameter
    case ("torch", "Size"): return .size
    default:
      if module == "torch", let type = ElementType(torchStorage: name) { return .storage(type) }
      let full = CheckpointError.quoted("\(module).\(name)")
      throw PickleError(reason: "it names \(full), which is no part of a state of tensors")
    }
  }

  private mutating func stackGlobal() throws(PickleError) {
    let (second, first) = try (pop(), pop())
    guard let name = text(second), let module = text(first) else {
      throw PickleError(reason: "a name is no text")
    }
    push(.name(try self.name(module, name)))
  }

  /// The storage of `('storage', torch.FloatStorage, key, device, elements)`.
  private mutating func persistentLoad() throws(PickleError) {
    let id = try pop()
    guard case .tuple(let parts) = nodes[Int(id)], parts.count == 5, text(parts[0]) == "storage",
      case .name(.storage(let type)) = nodes[Int(parts[1])], let key = textRange(parts[2]),
      textRange(parts[3]) != nil, case .integer(let count) = nodes[Int(parts[4])], count >= 0
    else { throw PickleError(reason: "a storage is not described as PyTorch does") }
    push(.storage(Storage(key: key, elementType: type, count: count)))
  }

  private mutating func reduce() throws(PickleError) {
    let (arguments, callee) = try (pop(), pop())
    guard case .name(let name) = nodes[Int(callee)],
      case .tuple(let values) = nodes[Int(arguments)]
    else { throw PickleError(reason: "something that is no known name is called") }
    switch name {
    case .orderedDictionary:
      guard values.isEmpty else { throw PickleError(reason: "an ordered dictionary of arguments") }
      push(.dictionary([]))
    case .size:
      guard values.count == 1 else { throw PickleError(reason: "a size is not one tuple") }
      stack.append(values[0])
    case .rebuildTensor: push(.tensor(try tensor(values)))
    case .rebuildParameter:
      guard let value = values.first, case .tensor = nodes[Int(value)] else {
        throw PickleError(reason: "a parameter is no tensor")
      }
      stack.append(value)
    case .storage: throw PickleError(reason: "a storage is made by a call")
    }
  }

  private func tensor(_ values: [Reference]) throws(PickleError) -> Tensor {
    guard values.count >= 4, case .storage(let storage) = nodes[Int(values[0])],
      case .integer(let offset) = nodes[Int(values[1])], let shape = integers(values[2]),
      let strides = integers(values[3]), shape.count == strides.count
    else { throw PickleError(reason: "a tensor is not described as PyTorch does") }
    guard shape.count <= Self.axisLimit else {
      throw PickleError(
        reason: "a tensor of \(shape.count) axes: expected at most \(Self.axisLimit)")
    }
    return Tensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  private func integers(_ reference: Reference) -> [Int]? {
    guard case .tuple(let items) = nodes[Int(reference)] else { return nil }
    // Longer ones are refused by their number of axes; they need not be copied for that.
    if items.count > Self.axisLimit { return [Int](repeating: 1, count: Self.axisLimit + 1) }
    var values: [Int] = []
    for item in items {
      guard case .integer(let value) = nodes[Int(item)] else { return nil }
      values.append(value)
    }
    return values
  }

  /// Sets the attributes of an object. Only the state's own `_metadata` occurs; it is not needed.
  private mutating func build() throws(PickleError) {
    _ = try pop()
    guard case .dictionary = nodes[try top()] else {
      throw PickleError(reason: "attributes are set on something that is no dictionary")
    }
  }
}
