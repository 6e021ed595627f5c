internal import Glibc

/// Why a model's files cannot be used; says which file, what is wrong, and what was expected.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// Neither the path nor a known file in the folder exists.
  case notFound(path: String, expected: [String])
  /// A system call failed with `code`, an `errno`.
  case system(operation: String, path: String, code: Int32)
  /// The file is in a format that is not read.
  case unsupported(path: String, format: String, expected: String)
  /// The file breaks the rules of its format.
  case malformed(path: String, reason: String)
  /// The file breaks the rules of its format in what it says of one tensor.
  case malformedTensor(path: String, tensor: String, reason: String)
  /// The tensors are not those of the architecture.
  case mismatch(path: String, WeightMismatch)
  /// A weight is not a finite number.
  case notFinite(path: String, tensor: String, element: Int, value: Float)
  /// A tensor has elements of another kind than was asked for.
  case elementType(path: String, tensor: String, got: ElementType, expected: String)
  /// A setting of a configuration is missing or wrong.
  case setting(path: String, key: String, got: String, expected: String)

  /// One line for people.
  public var description: String {
    switch self {
    case .notFound(let path, let expected):
      expected.isEmpty
        ? "\(path): no such file or folder"
        : "\(path): no weights here: expected \(expected.joined(separator: ", "))"
    case .system(let operation, let path, let code):
      "\(path): cannot \(operation): \(unsafe String(cString: strerror(code)))"
    case .unsupported(let path, let format, let expected):
      "\(path): this is \(format): expected \(expected)"
    case .malformed(let path, let reason): "\(path): \(reason)"
    case .malformedTensor(let path, let tensor, let reason):
      "\(path): tensor \(Self.quoted(tensor)): \(reason)"
    case .mismatch(let path, let mismatch): "\(path): \(mismatch)"
    case .notFinite(let path, let tensor, let element, let value):
      "\(path): tensor \(Self.quoted(tensor)): element \(element) is \(value): "
        + "expected finite weights; the file is damaged or the training diverged"
    case .elementType(let path, let tensor, let got, let expected):
      "\(path): tensor \(Self.quoted(tensor)) has elements \(got.rawValue): expected \(expected)"
    case .setting(let path, let key, let got, let expected):
      "\(path): \(Self.quoted(key)) is \(got): expected \(expected)"
    }
  }

  /// A name from a file for a message: without control characters, and not longer than a line.
  static func quoted(_ name: String) -> String {
    let visible = name.unicodeScalars.prefix(200).map { scalar in
      scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
    }
    return "'\(visible.joined())\(name.unicodeScalars.count > 200 ? "…" : "")'"
  }
}
