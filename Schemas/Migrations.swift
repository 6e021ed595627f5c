/// One change of the store's tables, applied once and in order.
public struct Migration: Sendable {
  /// The name it is recorded by.
  public let name: String
  /// The statements.
  public let sql: String

  /// All migrations, oldest first. Append only: a released migration never changes.
  public static let all: [Migration] = [
    Migration(name: "m0001_initial", sql: text(PackageResources.m0001_initial_sql)),
    Migration(name: "m0002_annotation", sql: text(PackageResources.m0002_annotation_sql)),
  ]

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
