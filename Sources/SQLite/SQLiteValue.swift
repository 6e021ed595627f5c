/// A value bound to a statement.
public enum SQLiteValue: Sendable, ExpressibleByNilLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral
{
  /// NULL.
  case null
  /// INTEGER.
  case integer(Int64)
  /// REAL.
  case real(Double)
  /// TEXT.
  case text(String)
  /// BLOB.
  case blob([UInt8])

  /// NULL.
  public init(nilLiteral: ()) { self = .null }
  /// TEXT.
  public init(stringLiteral value: String) { self = .text(value) }
  /// INTEGER.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// REAL.
  public init(floatLiteral value: Double) { self = .real(value) }

  /// TEXT, or NULL for `nil`.
  public init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  /// INTEGER, or NULL for `nil`.
  public init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
  /// INTEGER, or NULL for `nil`.
  public init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }
  /// REAL, or NULL for `nil`.
  public init(_ real: Double?) { self = real.map { .real($0) } ?? .null }
}
