internal import Hashing
internal import JSON
internal import Records

extension Exporter {
  /// The text between prompt and answer where both are one string.
  static let implicitSeparator = "\n\n"

  /// The record of a pair; `nil` when the format cannot hold it, which is tallied.
  func record(
    of pair: PreferencePair, in example: Example, _ tally: inout LossTally
  ) -> JSONObject? {
    let prompt = example.prompt
    let chosen = example.candidates[pair.chosen].text
    let rejected = example.candidates[pair.rejected].text
    switch format {
    case .trlImplicit:
      let start = prompt.isEmpty ? "" : prompt + Self.implicitSeparator
      return ["chosen": .string(start + chosen), "rejected": .string(start + rejected)]
    case .trlConversational:
      return [
        "prompt": [Chat.user(prompt)], "chosen": [Chat.assistant(chosen)],
        "rejected": [Chat.assistant(rejected)],
      ]
    case .trlImplicitConversational:
      return [
        "chosen": Chat.conversation(prompt, chosen),
        "rejected": Chat.conversation(prompt, rejected),
      ]
    case .ultraFeedbackH4, .ultraFeedbackArgilla, .ultraFeedbackDistilabel:
      if Self.number(pair.scoreChosen).isNull || Self.number(pair.scoreRejected).isNull {
        tally[.missingRating] += 1
      }
      return ultraFeedback(pair, in: example)
    case .hh:
      let markers = ["\n\nHuman:", "\n\nAssistant:"]
      // A text that ends or begins with part of a marker counts too: it is looked for in context.
      let transcripts = [chosen, rejected].map { HHTranscript.text(prompt: prompt, answer: $0) }
      guard transcripts.allSatisfy({ HHTranscript.markerCount(in: $0, markers) == 2 }) else {
        tally[.turnMarker] += 1
        return nil
      }
      return ["chosen": .string(transcripts[0]), "rejected": .string(transcripts[1])]
    default:
      return [
        "prompt": .string(prompt), "chosen": .string(chosen), "rejected": .string(rejected),
      ]
    }
  }

  private func ultraFeedback(_ pair: PreferencePair, in example: Example) -> JSONObject {
    let prompt = example.prompt
    let (chosen, rejected) = (example.candidates[pair.chosen], example.candidates[pair.rejected])
    let (high, low) = (Self.number(pair.scoreChosen), Self.number(pair.scoreRejected))
    switch format {
    case .ultraFeedbackH4:
      let conversation = Chat.contentFirst(prompt, chosen.text)
      return [
        "prompt": .string(prompt), "prompt_id": .string(SHA256.hexadecimal(of: prompt)),
        "chosen": conversation, "rejected": Chat.contentFirst(prompt, rejected.text),
        "messages": conversation, "score_chosen": high, "score_rejected": low,
      ]
    default:
      let joint = format == .ultraFeedbackArgilla ? "-" : "_"
      var record: JSONObject = [
        "source": .string(example.collection), "prompt": .string(prompt),
      ]
      for (side, candidate, score) in [("chosen", chosen, high), ("rejected", rejected, low)] {
        record[side] = Chat.contentFirst(prompt, candidate.text)
        record[side + joint + "rating"] = score
        record[side + joint + "model"] = .string(candidate.model)
      }
      return record
    }
  }

  private static func number(_ score: Double?) -> JSONValue {
    score.map { $0.isFinite ? .double($0) : .null } ?? .null
  }

  /// One labelled completion for each candidate that takes part in a pair, in the record's order.
  func labels(
    of pairs: [PreferencePair], in example: Example, _ tally: inout LossTally
  ) -> (records: [JSONObject], places: Set<Int>) {
    let chosen = Set(pairs.map(\.chosen))
    let rejected = Set(pairs.map(\.rejected))
    tally[.conflictingLabels] += chosen.intersection(rejected).count
    let places = chosen.symmetricDifference(rejected)
    let records = places.sorted().map { index -> JSONObject in
      [
        "prompt": .string(example.prompt), "completion": .string(example.candidates[index].text),
        "label": .bool(chosen.contains(index)),
      ]
    }
    return (records, places)
  }
}

/// Transcripts of Anthropic's HH files.
enum HHTranscript {
  static func text(prompt: String, answer: String) -> String {
    "\n\nHuman: \(prompt)\n\nAssistant: \(answer)"
  }

  /// How many turn markers a transcript holds; of one exchange there are two.
  static func markerCount(in transcript: String, _ markers: [String]) -> Int {
    let bytes = Array(transcript.utf8)
    return bytes.indices.count { place in
      bytes[place] == UInt8(ascii: "\n")
        && markers.contains { bytes[place...].starts(with: $0.utf8) }
    }
  }
}
