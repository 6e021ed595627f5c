/// A collection of instructions that a mix draws from.
///
/// Raw values are the names on the command line and in recipes; other names stand for collections
/// read through a field mapping.
public struct Source: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The name.
  public let rawValue: String

  /// A source of any name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// GPT4All prompt generations, of which the LAION chip2 rows are used.
  public static let gpt4All = Source(rawValue: "gpt4all")
  /// Databricks Dolly 15k.
  public static let dolly = Source(rawValue: "dolly")
  /// Alpaca instructions answered by GPT-4.
  public static let alpacaGPT4 = Source(rawValue: "alpaca-gpt4")
  /// ShareGPT conversations, cleaned and split.
  public static let shareGPT = Source(rawValue: "sharegpt")

  /// The four of the reference recipe, in its order.
  public static let reference: [Source] = [.gpt4All, .dolly, .alpacaGPT4, .shareGPT]

  /// The name.
  public var description: String { rawValue }
}
