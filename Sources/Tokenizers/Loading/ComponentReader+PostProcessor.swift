internal import JSON

extension ComponentReader {
  /// Reads a post-processor.
  func postProcessor() throws(TokenizerError) -> PostProcessor {
    switch try type {
    case "ByteLevel": return PostProcessor()
    case "BertProcessing":
      return .bert(cls: try pairID("cls"), sep: try pairID("sep"))
    case "RobertaProcessing":
      return .roberta(cls: try pairID("cls"), sep: try pairID("sep"))
    case "TemplateProcessing":
      let special = try specialTokens()
      return PostProcessor(
        single: try template("single", special, isPair: false),
        pair: try template("pair", special, isPair: true))
    case "Sequence":
      // Steps that add nothing leave the texts as they are for the one that does.
      var result = PostProcessor()
      for element in try elements("processors") {
        let step = try element.postProcessor()
        if step == PostProcessor() { continue }
        guard result == PostProcessor() else {
          throw unsupported(
            "a second step that adds tokens",
            expected: "one TemplateProcessing, BertProcessing or RobertaProcessing")
        }
        result = step
      }
      return result
    case let type:
      throw unsupported(
        "type \(type)",
        expected: "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or Sequence")
    }
  }

  /// The id of `["[CLS]", 101]`.
  private func pairID(_ key: String) throws(TokenizerError) -> TokenID {
    guard let pair = value[key]?.array, pair.count == 2, let id = Self.id(pair[1]) else {
      throw failure("lacks '\(key)', expected a token and its id")
    }
    return id
  }

  private func specialTokens() throws(TokenizerError) -> [[UInt8]: [TokenID]] {
    let tokens = try component("special_tokens")
    guard let members = tokens.value.object?.members else {
      throw tokens.failure("is \(tokens.value.kindName), expected an object")
    }
    var result: [[UInt8]: [TokenID]] = [:]
    for member in members {
      guard let ids = member.value["ids"]?.array?.map(Self.id) else {
        throw tokens.failure("has no 'ids' for \(member.key)")
      }
      let known = ids.compactMap { $0 }
      guard known.count == ids.count else {
        throw tokens.failure("has 'ids' for \(member.key) that are no token ids")
      }
      result[Array(member.key.utf8)] = known
    }
    return result
  }

  private func template(
    _ key: String, _ special: [[UInt8]: [TokenID]], isPair: Bool
  ) throws(TokenizerError) -> [PostProcessor.Piece] {
    var pieces: [PostProcessor.Piece] = []
    for element in try elements(key) {
      if element.has("Sequence") {
        let text = try element.component("Sequence")
        let typeID = try text.id("type_id")
        switch try text.string("id") {
        case "A": pieces.append(.first(typeID: typeID))
        case "B" where isPair: pieces.append(.second(typeID: typeID))
        case let id:
          throw text.failure("is of text \(id), expected \(isPair ? "A or B" : "A")")
        }
      } else if element.has("SpecialToken") {
        let token = try element.component("SpecialToken")
        let name = try token.string("id")
        guard let ids = special[Array(name.utf8)] else {
          throw token.failure("names \(name), which 'special_tokens' does not have")
        }
        pieces.append(.special(ids, typeID: try token.id("type_id")))
      } else {
        throw element.failure("is \(element.value.json()), expected a Sequence or a SpecialToken")
      }
    }
    return pieces
  }
}
