import CommandLineParsing
import JSON
import Records
import Tokenizers

/// Turns lines of text into token ids, or back.
enum TokenizeVerb: Verb {
  static let definition = CommandDefinition(
    "tokenize", abstract: "Turn lines of text into a model's token ids, or back.",
    discussion: """
      Reads lines {"text": "…"} and writes a line {"ids": […]} for each; with --decode, reads \
      {"ids": […]} and writes {"text": "…"} without special tokens. The ids are those of Hugging \
      Face's fast tokenizers. The folder has a tokenizer.json, or the files of BERT (vocab.txt), \
      RoBERTa, BART, GPT-2 or DeBERTa (vocab.json, merges.txt), or a SentencePiece model.
      """,
    group: "Models",
    options: [
      .value(
        "model", "MODEL", help: "A folder or a pulled model with the tokenizer", short: "m",
        default: .required, completion: .folders),
      .value(
        "max-length", "N", help: "Cut texts to so many ids, special tokens included",
        default: .described("texts are not cut")),
      .flag("no-special-tokens", help: "Put no special tokens around texts"),
      .flag("decode", help: "Turn ids into text"),
    ] + LineFilter.options,
    examples: [
      CommandExample(
        "The ids of the lines of a file.",
        "mixinstruct tokenize --model ./alpaca-native --input texts.jsonl > ids.jsonl"),
      CommandExample(
        "Back to text.",
        "mixinstruct tokenize --decode --model ./alpaca-native --input ids.jsonl"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let maximumLength = try arguments.int("max-length", in: 1...)
    let addsSpecialTokens = !arguments.flag("no-special-tokens")
    let decodes = arguments.flag("decode")
    if decodes, maximumLength != nil || !addsSpecialTokens {
      throw arguments.refusal("--max-length and --no-special-tokens do not go with --decode")
    }
    let tokenizer = try Tokenizer(folder: try arguments.requiredModelFolder("model"))
    if let maximumLength, addsSpecialTokens {
      let added = tokenizer.specialTokenCount()
      guard maximumLength >= added else {
        throw arguments.refusal(
          "--max-length \(maximumLength) leaves no room for the \(added) special tokens")
      }
    }
    try LineFilter.run(arguments, session) { element in
      guard decodes else {
        let ids = try tokenizer.encode(
          LineFilter.text("text", of: element), addingSpecialTokens: addsSpecialTokens,
          maximumLength: maximumLength)
        return ["ids": .array(ids.map { .integer(Int64($0)) })]
      }
      return ["text": .string(try tokenizer.decode(try ids(of: element)))]
    }
  }

  /// The member `ids` of a line.
  private static func ids(of element: JSONElement) throws -> [TokenID] {
    try LineFilter.ids(of: element).map { number in
      guard let id = TokenID(exactly: number) else { throw TokenizerError.invalidID(number) }
      return id
    }
  }
}
