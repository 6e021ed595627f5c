internal import JSON

/// Reads what a safetensors file says of its tensors, and checks all of it.
///
/// Source: https://github.com/huggingface/safetensors, "Format": 8 bytes of header length, a JSON
/// object, and the elements, without gaps or overlaps, to the end of the file.
enum SafetensorsFile {
  /// The longest header that the format allows.
  static let headerLimit = 100_000_000

  /// The tensors of a file, in the order of their elements.
  ///
  /// - Parameter file: the file.
  /// - Returns: the tensors.
  /// - Throws: ``CheckpointError``.
  static func entries(of file: MappedFile) throws(CheckpointError) -> [CheckpointEntry] {
    guard file.byteCount >= 8 else {
      throw .malformed(
        path: file.path,
        reason: "the file has \(file.byteCount) bytes: expected at least 8 for a header's length")
    }
    let length = try file.read(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= headerLimit else {
      throw .malformed(
        path: file.path,
        reason: "the header's length is \(length): expected at most \(headerLimit)")
    }
    guard Int(length) <= file.byteCount - 8 else {
      throw .malformed(
        path: file.path,
        reason:
          "the header should have \(length) bytes, but \(file.byteCount - 8) follow: the file is cut"
      )
    }
    let start = 8 + Int(length)
    let header = try file.read(8..<start)
    guard header.first == UInt8(ascii: "{") else {
      throw .malformed(path: file.path, reason: "the header does not begin with '{'")
    }
    var descriptions = try parse(header, path: file.path)
    descriptions.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    return try locate(descriptions, in: file, start: start)
  }

  private struct Description {
    var name: String
    var type: String
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  private static func parse(
    _ header: [UInt8], path: String
  ) throws(CheckpointError) -> [Description] {
    let result: Result<[Description], CheckpointError>
    do {
      result = try JSONParser().parse(header) { root in
        Result { () throws(CheckpointError) in try descriptions(root, path: path) }
      }
    } catch {
      throw .malformed(path: path, reason: "the header: \(error)")
    }
    return try result.get()
  }

  private static func descriptions(
    _ root: JSONElement, path: String
  ) throws(CheckpointError) -> [Description] {
    guard root.kind == .object else {
      throw .malformed(path: path, reason: "the header is \(root.kindName): expected an object")
    }
    var descriptions: [Description] = []
    var names: Set<[UInt8]> = []
    var failure: CheckpointError?
    root.forEachMember { key, value in
      guard failure == nil, let name = key.string else { return }
      // Strings compare by canonical equivalence in Swift, names by bytes.
      guard names.insert(Array(name.utf8)).inserted else {
        failure = .malformedTensor(
          path: path, tensor: name, reason: "the header names it twice")
        return
      }
      if name == "__metadata__" { return }
      do throws(CheckpointError) {
        descriptions.append(try description(value, name: name, path: path))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return descriptions
  }

  private static func description(
    _ value: JSONElement, name: String, path: String
  ) throws(CheckpointError) -> Description {
    func wrong(_ reason: String) -> CheckpointError {
      .malformedTensor(path: path, tensor: name, reason: reason)
    }
    guard value.kind == .object else {
      throw wrong("its description is \(value.kindName): expected an object")
    }
    guard let type = value["dtype"]?.string else { throw wrong("'dtype' is missing or no string") }
    guard let shape = integers(value["shape"]) else {
      throw wrong("'shape' is missing or no array of lengths")
    }
    guard let offsets = integers(value["data_offsets"]), offsets.count == 2 else {
      throw wrong("'data_offsets' is missing or not two positions")
    }
    return Description(
      name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// The non-negative integers of an array; nil for anything else.
  private static func integers(_ element: JSONElement?) -> [Int]? {
    guard let element, element.kind == .array else { return nil }
    var values: [Int]? = []
    element.forEachElement { item in
      let value = item.kind == .integer ? item.value.int : nil
      if let value, value >= 0 { values?.append(value) } else { values = nil }
    }
    return values
  }

  private static func locate(
    _ descriptions: [Description], in file: MappedFile, start: Int
  ) throws(CheckpointError) -> [CheckpointEntry] {
    let available = file.byteCount - start
    var position = 0
    var entries: [CheckpointEntry] = []
    entries.reserveCapacity(descriptions.count)
    for item in descriptions {
      func wrong(_ reason: String) -> CheckpointError {
        .malformedTensor(path: file.path, tensor: item.name, reason: reason)
      }
      guard let type = ElementType(rawValue: item.type) else {
        let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        throw wrong(
          "elements \(CheckpointError.quoted(item.type)) are not known: expected \(known)")
      }
      guard let count = CheckpointEntry.elementCount(item.shape) else {
        throw wrong("shape \(item.shape) is too large")
      }
      guard item.begin <= item.end, item.end <= available else {
        throw wrong(
          "bytes \(item.begin) to \(item.end): expected a range within the \(available) of the file"
        )
      }
      guard item.end - item.begin == count * type.byteCount else {
        throw wrong(
          """
          \(item.end - item.begin) bytes: expected \(count * type.byteCount) for shape \
          \(item.shape) of \(type.rawValue)
          """)
      }
      guard item.begin == position else {
        throw wrong(
          item.begin < position
            ? "its bytes begin at \(item.begin), inside another tensor's, which end at \(position)"
            : "its bytes begin at \(item.begin): expected \(position), without a gap")
      }
      position = item.end
      entries.append(
        CheckpointEntry(
          name: item.name, elementType: type, shape: item.shape, count: count, file: file,
          byteOffset: start + item.begin, strides: nil))
    }
    guard position == available else {
      throw .malformed(
        path: file.path,
        reason: "the tensors end at byte \(position) of \(available): expected nothing after them")
    }
    return entries
  }
}
