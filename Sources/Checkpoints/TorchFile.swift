/// Reads what a PyTorch file (`torch.save` since PyTorch 1.6) says of its tensors.
///
/// The file is a zip archive of a pickle, `data.pkl`, and one member for each storage,
/// `data/<key>`. Source: PyTorch 2, torch/serialization.py, caffe2/serialize/inline_container.cc.
enum TorchFile {
  /// The tensors of a file, in the order of the pickle.
  ///
  /// - Parameter file: the file.
  /// - Returns: the tensors.
  /// - Throws: ``CheckpointError``.
  static func entries(of file: MappedFile) throws(CheckpointError) -> [CheckpointEntry] {
    try refuseOtherFormats(file)
    let directory = try ZipDirectory(file)
    guard let pickle = directory.members.first(where: { $0.name.hasSuffix("/data.pkl") }) else {
      throw .malformed(
        path: file.path,
        reason: "the archive has no member 'data.pkl': torch.save wrote no such file")
    }
    let folder = String(pickle.name.dropLast("data.pkl".count))
    var members: [String: ZipDirectory.Member] = [:]
    for member in directory.members where member.name.hasPrefix(folder) {
      members[String(member.name.dropFirst(folder.count))] = member
    }
    if let order = members["byteorder"], order.bytes.count < 16 {
      let text = String(decoding: try file.read(order.bytes), as: UTF8.self)
      guard text == "little" else {
        throw .unsupported(
          path: file.path, format: "a file with byte order \(CheckpointError.quoted(text))",
          expected: "'little'")
      }
    }
    guard pickle.bytes.count <= PickleReader.sizeLimit else {
      throw .malformed(
        path: file.path,
        reason:
          "data.pkl has \(pickle.bytes.count) bytes: expected at most \(PickleReader.sizeLimit)")
    }
    let bytes = try file.read(pickle.bytes)
    let checksum = CRC32.checksum(bytes)
    guard checksum == pickle.checksum else {
      throw .malformed(path: file.path, reason: "data.pkl is damaged: its CRC-32 is wrong")
    }
    return try entries(of: bytes, storages: members, file: file)
  }

  private static func refuseOtherFormats(_ file: MappedFile) throws(CheckpointError) {
    let start = try file.read(0..<min(file.byteCount, 16))
    if start.starts(with: [0x50, 0x4b]) { return }
    let expected = "a zip archive, as torch.save writes since PyTorch 1.6, or model.safetensors"
    // PROTO 2, LONG1 of ten bytes: the magic number of the format before 1.6.
    let format =
      start.starts(with: [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46])
      ? "PyTorch's format before 1.6"
      : start.first == 0x80 ? "a bare pickle" : "no PyTorch file"
    throw .unsupported(path: file.path, format: format, expected: expected)
  }

  private static func entries(
    of pickle: [UInt8], storages: [String: ZipDirectory.Member], file: MappedFile
  ) throws(CheckpointError) -> [CheckpointEntry] {
    var reader = PickleReader(pickle)
    let items: [(name: String, tensor: PickleReader.Tensor)]
    do throws(PickleError) {
      let root = try reader.run()
      items = try reader.tensors(of: root)
    } catch {
      let place = error.position.map { " at byte \($0)" } ?? ""
      throw .malformed(path: file.path, reason: "data.pkl\(place): \(error.reason)")
    }
    var entries: [CheckpointEntry] = []
    entries.reserveCapacity(items.count)
    for (name, tensor) in items {
      func wrong(_ reason: String) -> CheckpointError {
        .malformedTensor(path: file.path, tensor: name, reason: reason)
      }
      let storage = tensor.storage
      let key = "data/" + reader.text(storage.key)
      guard let member = storages[key] else {
        throw wrong("its storage \(CheckpointError.quoted(key)) is missing in the archive")
      }
      let (byteCount, overflow) = storage.count.multipliedReportingOverflow(
        by: storage.elementType.byteCount)
      guard !overflow, byteCount == member.bytes.count else {
        throw wrong(
          """
          its storage should have \(storage.count) elements of \(storage.elementType.rawValue), \
          but has \(member.bytes.count) bytes
          """)
      }
      guard let count = CheckpointEntry.elementCount(tensor.shape), count <= storage.count else {
        throw wrong("shape \(tensor.shape) has more elements than its storage, \(storage.count)")
      }
      guard tensor.offset >= 0, tensor.strides.allSatisfy({ $0 >= 0 }),
        let last = lastElement(tensor), count == 0 || last < storage.count
      else {
        throw wrong(
          """
          offset \(tensor.offset), shape \(tensor.shape), strides \(tensor.strides): expected \
          elements within its storage of \(storage.count)
          """)
      }
      entries.append(
        CheckpointEntry(
          name: name, elementType: storage.elementType, shape: tensor.shape, count: count,
          file: file,
          byteOffset: member.bytes.lowerBound
            + (count == 0 ? 0 : tensor.offset * storage.elementType.byteCount),
          strides: isContiguous(tensor) ? nil : tensor.strides))
    }
    return entries
  }

  /// The place of the last element in the storage; nil when it is no number of a machine.
  private static func lastElement(_ tensor: PickleReader.Tensor) -> Int? {
    var last = tensor.offset
    for (length, stride) in zip(tensor.shape, tensor.strides) where length > 1 {
      let (product, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
      let (sum, carry) = last.addingReportingOverflow(product)
      guard !overflow, !carry else { return nil }
      last = sum
    }
    return last
  }

  private static func isContiguous(_ tensor: PickleReader.Tensor) -> Bool {
    var expected = 1
    for (length, stride) in zip(tensor.shape, tensor.strides).reversed() where length != 1 {
      if stride != expected { return false }
      expected *= length
    }
    return true
  }
}

extension PickleReader {
  /// The named tensors of a state: those of a dictionary, or of its `state_dict`.
  func tensors(of root: Reference) throws(PickleError) -> [(name: String, tensor: Tensor)] {
    guard case .dictionary(let items) = nodes[Int(root)] else {
      throw PickleError(reason: "it holds no dictionary of tensors")
    }
    // Trainers wrap the state: {"state_dict": {…}, "epoch": 3}.
    for index in stride(from: 0, to: items.count, by: 2)
    where text(items[index]) == "state_dict" {
      guard case .dictionary = nodes[Int(items[index + 1])], items[index + 1] != root else {
        throw PickleError(reason: "'state_dict' holds no dictionary of tensors")
      }
      return try namedTensors(of: items[index + 1])
    }
    return try namedTensors(of: root)
  }

  private func namedTensors(
    of reference: Reference
  ) throws(PickleError) -> [(name: String, tensor: Tensor)] {
    guard case .dictionary(let items) = nodes[Int(reference)] else { return [] }
    var result: [(name: String, tensor: Tensor)] = []
    var names: Set<[UInt8]> = []
    for index in stride(from: 0, to: items.count, by: 2) {
      guard let name = text(items[index]) else {
        throw PickleError(reason: "a key of the state is no text, or too long")
      }
      guard names.insert(Array(name.utf8)).inserted else {
        throw PickleError(reason: "the state names \(CheckpointError.quoted(name)) twice")
      }
      guard case .tensor(let tensor) = nodes[Int(items[index + 1])] else {
        throw PickleError(
          reason: "the state's entry \(CheckpointError.quoted(name)) is no tensor")
      }
      result.append((name, tensor))
    }
    return result
  }
}
