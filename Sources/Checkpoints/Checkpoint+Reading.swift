public import Tensors

extension Checkpoint {
  /// Reads a tensor of numbers as 32-bit floats.
  ///
  /// Elements of 32-bit floats are used where they are mapped; others are widened into new memory.
  ///
  /// - Parameter name: the tensor's name.
  /// - Returns: the tensor; writing to it does not change the file.
  /// - Throws: ``CheckpointError``: `mismatch` when there is none, `elementType` for integers,
  ///   `notFinite` when an element is infinite or NaN, `system`.
  public func tensor(_ name: String) throws(CheckpointError) -> Tensor {
    let entry = try self.entry(name)
    guard entry.elementType.isFloatingPoint else {
      throw .elementType(
        path: entry.file.path, tensor: name, got: entry.elementType,
        expected: "numbers with a fraction")
    }
    let tensor = Tensor(shape: entry.shape, memory: try entry.floats())
    if !tensor.isFinite {
      let elements = tensor.elements
      let index = elements.firstIndex { !$0.isFinite } ?? 0
      throw .notFinite(
        path: entry.file.path, tensor: name, element: index, value: elements[index])
    }
    return tensor
  }

  /// Opens a matrix of numbers as an embedding table, which reads rows when they are asked for.
  ///
  /// - Parameter name: the tensor's name.
  /// - Returns: the table, which stays in the file where its rows can be used as they are. They are
  ///   not looked through for numbers that are not finite.
  /// - Throws: ``CheckpointError``.
  public func embeddingTable(_ name: String) throws(CheckpointError) -> EmbeddingTable {
    let entry = try self.entry(name)
    guard entry.shape.count == 2 else {
      throw .malformedTensor(
        path: entry.file.path, tensor: name, reason: "shape \(entry.shape): expected two axes")
    }
    let storage: EmbeddingTable.Storage? =
      switch entry.elementType {
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      default: nil
      }
    guard let storage, entry.strides == nil else { return EmbeddingTable(try tensor(name)) }
    return EmbeddingTable(
      rows: entry.shape[0], columns: entry.shape[1], storage: storage,
      bytes: entry.file.bytes(entry.bytes))
  }

  /// Reads a tensor of integers, such as position ids.
  ///
  /// - Parameter name: the tensor's name.
  /// - Returns: the elements, the last axis varying fastest.
  /// - Throws: ``CheckpointError``.
  public func integers(_ name: String) throws(CheckpointError) -> [Int] {
    let entry = try self.entry(name)
    guard !entry.elementType.isFloatingPoint else {
      throw .elementType(
        path: entry.file.path, tensor: name, got: entry.elementType, expected: "integers")
    }
    let memory = try entry.file.map(entry.bytes)
    return try unsafe entry.collect(from: memory) { bytes, index in
      switch entry.elementType {
      case .int64: unsafe Int(bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
      case .int32: unsafe Int(bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self))
      case .int16: unsafe Int(bytes.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self))
      case .int8: unsafe Int(bytes.load(fromByteOffset: index, as: Int8.self))
      default: unsafe Int(bytes.load(fromByteOffset: index, as: UInt8.self))
      }
    }
  }

  private func entry(_ name: String) throws(CheckpointError) -> CheckpointEntry {
    guard let entry = self[name] else {
      throw .mismatch(
        path: path, WeightMismatch(missing: [WeightMismatch.Missing(names: [name], shape: [])]))
    }
    return entry
  }
}

extension CheckpointEntry {
  /// Where the elements that the tensor reaches are in the file.
  var bytes: Range<Int> {
    var elements = count
    if let strides, count > 0 {
      elements = 1 + zip(shape, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
    }
    return byteOffset..<byteOffset + elements * elementType.byteCount
  }

  /// The elements as contiguous 32-bit floats.
  func floats() throws(CheckpointError) -> AlignedMemory {
    let mapped = try file.map(bytes)
    if strides == nil, elementType == .float32, byteOffset % 4 == 0 { return mapped }
    let memory = AlignedMemory(byteCount: count * 4)
    let target = unsafe memory.base.assumingMemoryBound(to: Float.self)
    if strides == nil, byteOffset % elementType.byteCount == 0 {
      switch elementType {
      case .float16:
        unsafe NumberConversion.widen(
          float16: mapped.base.assumingMemoryBound(to: UInt16.self), into: target, count: count)
        return memory
      case .bfloat16:
        unsafe NumberConversion.widen(
          bfloat16: mapped.base.assumingMemoryBound(to: UInt16.self), into: target, count: count)
        return memory
      default: break
      }
    }
    var position = 0
    try forEachPlace { place in
      unsafe target[position] = Self.float(at: place, in: mapped.base, elementType)
      position += 1
    }
    return memory
  }

  private static func float(
    at index: Int, in bytes: UnsafeMutableRawPointer, _ type: ElementType
  ) -> Float {
    switch type {
    case .float64:
      return unsafe Float(bytes.loadUnaligned(fromByteOffset: 8 * index, as: Double.self))
    case .float32: return unsafe bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
    default:
      var half = unsafe bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
      if type == .bfloat16 { return Float(bitPattern: UInt32(half) << 16) }
      var value: Float = 0
      unsafe NumberConversion.widen(float16: &half, into: &value, count: 1)
      return value
    }
  }

  /// One value for each element, the last axis varying fastest.
  func collect<Value>(
    from memory: AlignedMemory, _ element: (UnsafeMutableRawPointer, Int) -> Value
  ) throws(CheckpointError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    try forEachPlace { unsafe values.append(element(memory.base, $0)) }
    return values
  }

  /// Calls `body` with the place of each element, counted in elements from the first one.
  private func forEachPlace(_ body: (Int) -> Void) throws(CheckpointError) {
    guard count > 0 else { return }
    guard let strides else {
      for place in 0..<count { body(place) }
      return
    }
    var indices = [Int](repeating: 0, count: shape.count)
    var place = 0
    for _ in 0..<count {
      body(place)
      var axis = shape.count - 1
      while axis >= 0 {
        indices[axis] += 1
        place += strides[axis]
        if indices[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        indices[axis] = 0
        axis -= 1
      }
    }
  }
}
