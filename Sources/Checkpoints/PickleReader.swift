/// Runs the opcodes of a pickle that hold the state of a PyTorch model, and no others.
///
/// Nothing is imported or called: the few names that a state of tensors needs are known here, every
/// other one is an error. Values are numbers of nodes in one list, so that neither a cycle nor deep
/// nesting can do harm, and every opcode makes at most one node.
///
/// Source: CPython 3.11, Lib/pickletools.py (opcodes); PyTorch 2, torch/_utils.py
/// (`_rebuild_tensor_v2`), torch/serialization.py (`persistent_load`).
struct PickleReader {
  /// The number of a node.
  typealias Reference = Int32

  /// What a name of a module stands for.
  enum Name: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case storage(ElementType)
    case size
  }

  /// Where the elements of a tensor are.
  struct Storage: Equatable {
    /// UTF-8 text in the pickle.
    var key: Range<Int>
    var elementType: ElementType
    var count: Int
  }

  /// A tensor: elements of a storage, from an offset, with a stride for each axis.
  struct Tensor: Equatable {
    var storage: Storage
    var offset: Int
    var shape: [Int]
    var strides: [Int]
  }

  /// A value. Containers hold the numbers of their elements.
  enum Node {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    /// UTF-8 text in the pickle.
    case string(Range<Int>)
    case tuple([Reference])
    case list([Reference])
    /// Keys and values in turn.
    case dictionary([Reference])
    case name(Name)
    case storage(Storage)
    case tensor(Tensor)
  }

  /// The largest pickle read; a model of ten thousand tensors has 2 MB.
  static let sizeLimit = 16 << 20

  /// The longest text that is looked at; names of tensors have a hundred bytes.
  static let textLimit = 4096
  /// The most axes of a tensor.
  static let axisLimit = 8

  let bytes: [UInt8]
  var position = 0
  var nodes: [Node] = [.none, .bool(false), .bool(true), .tuple([])]
  var stack: [Reference] = []
  var marks: [Int] = []
  var memo: [Int: Reference] = [:]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value that the pickle makes.
  ///
  /// - Returns: the number of its node.
  /// - Throws: ``PickleError``.
  mutating func run() throws(PickleError) -> Reference {
    while true {
      let start = position
      do throws(PickleError) {
        if let result = try step() { return result }
      } catch {
        throw PickleError(reason: error.reason, position: error.position ?? start)
      }
    }
  }

  /// The text of a node, or nil when it is none or too long.
  func text(_ reference: Reference) -> String? {
    textRange(reference).map(text)
  }

  /// Where the text of a node is, or nil when it is none or too long.
  ///
  /// Ranges, not texts, are kept in nodes: an opcode of two bytes can name a long text once more.
  func textRange(_ reference: Reference) -> Range<Int>? {
    guard case .string(let range) = nodes[Int(reference)], range.count <= Self.textLimit else {
      return nil
    }
    return range
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  mutating func push(_ node: Node) {
    stack.append(Reference(nodes.count))
    nodes.append(node)
  }

  mutating func pop() throws(PickleError) -> Reference {
    // A mark hides what is below it.
    guard stack.count > (marks.last ?? 0), let top = stack.popLast() else {
      throw PickleError(reason: "an opcode takes a value that is not there")
    }
    return top
  }

  mutating func popToMark() throws(PickleError) -> [Reference] {
    guard let mark = marks.popLast() else {
      throw PickleError(reason: "an opcode looks for a mark that is not there")
    }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  mutating func take(_ count: Int) throws(PickleError) -> Range<Int> {
    guard count >= 0, count <= bytes.count - position else {
      throw PickleError(reason: "it ends inside an opcode")
    }
    defer { position += count }
    return position..<position + count
  }

  mutating func number(_ length: Int) throws(PickleError) -> Int {
    let range = try take(length)
    let value = bytes[range].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard value <= Int.max else { throw PickleError(reason: "a length of \(value)") }
    return Int(value)
  }

  /// The bytes to the end of a line, without it.
  mutating func line() throws(PickleError) -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0a) else {
      throw PickleError(reason: "it ends inside a name")
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}
