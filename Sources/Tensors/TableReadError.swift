internal import Glibc

/// Why a row of an embedding table could not be read from its file.
public struct TableReadError: Error, Equatable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The system's error number; 0 when the file has become shorter.
  public let code: Int32

  /// One line for people.
  public var description: String {
    code == 0
      ? "\(path): the file became shorter while the model was in use"
      : "\(path): cannot read the embeddings: \(unsafe String(cString: strerror(code)))"
  }
}
