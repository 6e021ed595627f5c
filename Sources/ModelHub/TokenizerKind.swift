internal import JSON

/// Tells which kind of tokenizer a model's folder has.
enum TokenizerKind {
  private static let sizeLimit = 1 << 28

  /// The kind for people, or nil when there is no tokenizer.
  static func name(in folder: String) throws(HubError) -> String? {
    func has(_ name: String) -> Bool { FileSystem.status("\(folder)/\(name)")?.isRegular == true }
    if let bytes = try FileSystem.contents("\(folder)/tokenizer.json", limit: sizeLimit) {
      return fastName(bytes) ?? "tokenizer.json of an unknown kind"
    }
    let sentencePiece = ["spiece.model", "spm.model", "sentencepiece.bpe.model", "tokenizer.model"]
    if let name = sentencePiece.first(where: has) { return "SentencePiece (\(name))" }
    if has("vocab.json") && has("merges.txt") { return "byte-level BPE (vocab.json, merges.txt)" }
    if has("vocab.txt") { return "WordPiece (vocab.txt)" }
    return nil
  }

  /// The model's type; files of before tokenizers 0.9 show it by what they have alone.
  private static func type(of model: JSONElement) -> String? {
    if let type = model["type"]?.string { return type }
    if model["merges"] != nil { return "BPE" }
    switch model["vocab"]?.kind {
    case .array?: return "Unigram"
    case .object?:
      return model["max_input_chars_per_word"] == nil ? "WordLevel" : "WordPiece"
    default: return nil
    }
  }

  private static func fastName(_ bytes: [UInt8]) -> String? {
    let kind = try? JSONParser().parse(bytes) { root -> String? in
      guard let model = root["model"], let type = type(of: model) else { return nil }
      guard type == "BPE" else { return type }
      if root["model"]?["byte_fallback"]?.bool == true { return "BPE with byte fallback" }
      let parts = [root["pre_tokenizer"], root["decoder"]].compactMap { $0?.value.json() }
      return parts.contains { $0.contains("\"ByteLevel\"") } ? "byte-level BPE" : "BPE"
    }
    return kind.flatMap { $0 }.map { "\($0) (tokenizer.json)" }
  }
}
