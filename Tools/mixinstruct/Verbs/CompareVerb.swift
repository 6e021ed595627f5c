import CommandLineParsing
import JSON
import ProcessSignals
import RecordFiles
import Records
import Reranking

/// Compares two candidates with a trained ranker, line by line.
enum CompareVerb: Verb {
  static let definition = CommandDefinition(
    "compare", abstract: "Compare two candidates with a trained ranker.",
    discussion: """
      Reads lines {"instruction", "input", "candidate_a", "candidate_b"} and writes a line \
      {"logit"} for each: above 0, A is better. Two conversations of the same user are compared \
      with {"conversation_a", "conversation_b"}, lists of {"role", "content"} of user and \
      assistant by turns. A ranker that scores candidates by themselves gives the difference of \
      both scores.
      """,
    group: "Judging",
    options: [
      .value(
        "orders", "WHICH",
        help:
          "In which orders a pair is read: A first ('given'), B first ('exchanged'), or the mean of 'both'. The logit is always about A",
        default: .value("given"), allowed: PairOrders.allCases.map(\.rawValue)),
      .value(
        "batch-size", "N",
        help:
          "How many lines are compared together; in the collator's form the longest source among them decides how candidates are cut",
        default: .value("8")),
    ] + RankerArguments.options + LineFilter.options,
    examples: [
      CommandExample(
        "Pairs of a file.",
        "mixinstruct compare --ranker llm-blender/PairRM-hf --input candidates.jsonl > logits.jsonl"
      ),
      CommandExample(
        "In both orders.",
        "mixinstruct compare --ranker llm-blender/PairRM-hf --orders both --input candidates.jsonl"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let folder = try RankerArguments.folder(arguments)
    let orders = PairOrders(rawValue: try arguments.requiredString("orders")) ?? .given
    if !folder.kind.isPairwise {
      try LineFilter.refuse(
        ["orders"], of: arguments, "is for rankers that compare pairs")
    }
    let loaded = try RankerArguments.load(folder, arguments)
    let input = try arguments.requiredString("input")
    try LineFilter.runBatches(
      arguments, session, size: try arguments.requiredInt("batch-size", in: 1...4096),
      read: pair
    ) { inputs in
      func stop() throws {
        if session.interrupt.isRaised { throw RecordFileError.stopped(file: input) }
      }
      switch loaded.ranker {
      case .pairwise(let ranker):
        let prepared = try ranker.prepare(inputs)
        let requests = inputs.indices.flatMap { number in
          orders.pairs.map {
            PairRanker.Request(input: number, first: $0.first, second: $0.second)
          }
        }
        let logits = try ranker.scores(of: requests, in: prepared) { _ in try stop() }
          .map(\.logit)
        let count = orders.pairs.count
        return inputs.indices.map { number in
          let own = Array(logits[number * count..<(number + 1) * count])
          return ["logit": .double(Double(orders.logit(own)))]
        }
      case .pointwise(let scorer):
        return try scorer.scores(of: inputs, observe: stop).map {
          ["logit": .double(Double($0[0] - $0[1]))]
        }
      }
    }
  }

  /// The input of a line.
  private static func pair(_ element: JSONElement) throws -> RankingInput {
    guard element.kind == .object else {
      throw RecordError.wrongKind(
        field: "the line", found: element.kindName, expected: "an object")
    }
    if element["conversation_a"] != nil || element["conversation_b"] != nil {
      return try Conversation.input(
        conversation("conversation_a", of: element), conversation("conversation_b", of: element))
    }
    // A record may have only one of the two.
    let parts = try ["instruction", "input"].compactMap { name -> String? in
      guard let value = element.value.object?[name], !value.isNull else { return nil }
      guard let text = value.string else {
        throw RecordError.wrongKind(field: name, found: value.kindName, expected: "a string")
      }
      return text
    }
    guard !parts.isEmpty else {
      throw RecordError.missingField("instruction", expected: "a string, or one in input")
    }
    return RankingInput(
      source: parts.joined(),
      candidates: [
        try LineFilter.text("candidate_a", of: element),
        try LineFilter.text("candidate_b", of: element),
      ])
  }

  private static func conversation(
    _ name: StaticString, of element: JSONElement
  ) throws -> Conversation {
    guard let value = element[name] else {
      throw RecordError.missingField("\(name)", expected: "a list of turns")
    }
    guard value.kind == .array else {
      throw RecordError.wrongKind(
        field: "\(name)", found: value.kindName, expected: "a list of turns")
    }
    var turns: [Conversation.Turn] = []
    try value.forEachElement { turn in
      turns.append(
        .init(
          role: try LineFilter.text("role", of: turn),
          content: try LineFilter.text("content", of: turn)))
    }
    return Conversation(turns)
  }
}
