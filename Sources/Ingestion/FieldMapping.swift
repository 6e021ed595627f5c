internal import JSON

/// Which field of a record holds what, such as `input=question,output=answer.text`.
package struct FieldMapping: Sendable, Equatable {
  /// What a record is read into.
  package enum Target: String, Sendable, CaseIterable {
    /// The parts of a source record.
    case id, instruction, input, output, category, group
  }

  /// The path of each mapped target.
  private var paths: [Target: String]

  /// The fields that are named like their targets.
  package static let sameNames = FieldMapping(
    paths: Dictionary(
      uniqueKeysWithValues: [Target.id, .instruction, .input, .output, .category].map {
        ($0, $0.rawValue)
      }))

  private init(paths: [Target: String]) { self.paths = paths }

  /// Reads a mapping as it is written on the command line.
  ///
  /// - Parameter text: `target=field` parts separated by commas. A field may be a path with dots
  ///   into nested objects and, by number from 0, into arrays; a key that holds dots itself is found
  ///   first.
  /// - Throws: `malformedMapping`, `unknownTarget`, `repeatedTarget`, `incompleteMapping`.
  package init(_ text: String) throws(IngestionError) {
    paths = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
        throw IngestionError.malformedMapping(part: String(part))
      }
      guard let target = Target(rawValue: String(sides[0])) else {
        throw IngestionError.unknownTarget(String(sides[0]))
      }
      guard paths.updateValue(String(sides[1]), forKey: target) == nil else {
        throw IngestionError.repeatedTarget(target.rawValue)
      }
    }
    if paths[.output] == nil { throw IngestionError.incompleteMapping(missing: "output") }
    if paths[.instruction] == nil && paths[.input] == nil {
      throw IngestionError.incompleteMapping(missing: "instruction or input")
    }
  }

  /// The path of a target; `nil` when it is not mapped.
  func path(_ target: Target) -> String? { paths[target] }

  /// The top-level fields that the mapping reads from, as a whole or in part.
  func usesTopLevelField(_ name: String) -> Bool {
    paths.values.contains { path in
      let field = path.utf8
      return field.elementsEqual(name.utf8)
        || (field.starts(with: name.utf8)
          && field.dropFirst(name.utf8.count).first == UInt8(ascii: "."))
    }
  }

  /// Finds the value at a path.
  ///
  /// - Parameters:
  ///   - path: keys and positions joined by dots.
  ///   - element: the record.
  /// - Returns: the value; `nil` when there is none.
  static func value(at path: Substring.UTF8View, in element: JSONElement) -> JSONElement? {
    var whole: JSONElement?
    element.forEachMember { key, value in
      if unsafe key.withStringBytes({ unsafe $0.elementsEqual(path) }) == true { whole = value }
    }
    if let whole { return whole }
    guard let dot = path.firstIndex(of: UInt8(ascii: ".")) else {
      return position(path, in: element)
    }
    let head = path[..<dot]
    let rest = path[path.index(after: dot)...]
    var next: JSONElement?
    element.forEachMember { key, value in
      if unsafe key.withStringBytes({ unsafe $0.elementsEqual(head) }) == true { next = value }
    }
    return (next ?? position(head, in: element)).flatMap { value(at: rest, in: $0) }
  }

  private static func position(_ digits: Substring.UTF8View, in element: JSONElement)
    -> JSONElement?
  {
    guard element.kind == .array, let wanted = Int(String(Substring(digits))), wanted >= 0 else {
      return nil
    }
    var found: JSONElement?
    var position = 0
    element.forEachElement { value in
      if position == wanted { found = value }
      position += 1
    }
    return found
  }
}
