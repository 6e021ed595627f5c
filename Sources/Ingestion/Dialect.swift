package import Records

/// The layouts of raw sources that can be read; raw values are the names on the command line.
package enum Dialect: String, Sendable, CaseIterable {
  /// Alpaca and Alpaca-GPT4: `instruction`, `input`, `output`.
  case alpaca
  /// Databricks Dolly 15k, with its own field names or those of its mirror on the Hub.
  case dolly
  /// GPT4All prompt generations, and LAION's chip2 in the layout of OIG.
  case gpt4All = "gpt4all"
  /// ShareGPT and other lists of conversations.
  case shareGPT = "sharegpt"
  /// Any objects, by a mapping of fields.
  case plain

  /// The source that records belong to unless another name is given; `nil` when one must be.
  package var source: Source? {
    switch self {
    case .alpaca: .alpacaGPT4
    case .dolly: .dolly
    case .gpt4All: .gpt4All
    case .shareGPT: .shareGPT
    case .plain: nil
    }
  }

  /// The SPDX identifier of the licence that the collection was published under; `nil` if unknown.
  package var license: String? {
    switch self {
    case .alpaca: "CC-BY-NC-4.0"
    case .dolly: "CC-BY-SA-3.0"
    case .gpt4All: "Apache-2.0"
    case .shareGPT, .plain: nil
    }
  }

  /// One line that says what the records look like.
  package var summary: String {
    switch self {
    case .alpaca: "{instruction, input, output}: Alpaca, Alpaca-GPT4"
    case .dolly: "{instruction, context, response, category} or its mirror's {…, input, output, …}"
    case .gpt4All: "{prompt, response, source} or OIG's {text, metadata: {source}}"
    case .shareGPT: "{id, conversations: [{from, value}]} and its variants"
    case .plain: "any objects, by --map input=FIELD,output=FIELD and --source NAME"
    }
  }
}
