internal import Checkpoints
package import Fusion
package import JSON
package import PretrainedModels
internal import RecordFiles
internal import Tensors

/// Who a fuser is: other weights, settings or parents make another one.
package struct FuserIdentity: Sendable, Equatable {
  /// The name that its answers are kept under.
  package let name: String
  /// Names weights, settings and the choice of parents.
  package let signature: String
  /// How answers are decoded, as candidates say it.
  package let decodingMethod: String
  /// Everything that the name stands for.
  package let details: JSONObject

  /// Reads a fuser's files.
  ///
  /// - Parameters:
  ///   - title: what the user calls it: a folder or the name of a pulled model.
  ///   - name: the name of its answers; `nil` makes one of title and signature.
  ///   - folder: where it is.
  ///   - fuser: the fuser, loaded from there.
  ///   - topCount: how many candidates it reads.
  ///   - order: what was said of the order of the candidates; `nil` when nothing was.
  ///   - isCancelled: asked while reading.
  /// - Throws: `CheckpointError`, `RecordFileError`.
  package init(
    title: String, name: String?, folder: ModelFolder, fuser: GenFuser, topCount: Int,
    order: String?, isCancelled: () -> Bool
  ) throws {
    var hasher = ContentHasher()
    for path in ["\(folder.path)/config.json"] + (try folder.checkpoint().filePaths) {
      hasher.combine(try FileFingerprint(path: path, isCancelled: isCancelled).hash.bytes)
    }
    let files = hasher.finish().description
    let options = fuser.options
    var details: JSONObject = [
      "files": .string(files), "tokenizer": .string(fuser.tokenizerSignature),
      "top_k": .integer(Int64(topCount)), "beams": .integer(Int64(options.beams)),
      "length_penalty": .double(options.lengthPenalty),
      "early_stopping": .bool(options.stopsEarly),
      "no_repeat_ngram": .integer(Int64(options.noRepeatNGram)),
      "repetition_penalty": .double(options.repetitionPenalty),
      "min_new_tokens": .integer(Int64(options.minNewTokens)),
      "max_new_tokens": .integer(Int64(options.maxNewTokens)),
      "max_length": .integer(Int64(fuser.prompt.limit)),
      "candidate_max_length": .integer(Int64(fuser.prompt.candidateLimit)),
      "line_breaks": .string(fuser.prompt.lineBreaks.rawValue),
      "precision": .string(fuser.precision.rawValue),
    ]
    hasher.combine(details.json())
    hasher.combine(order ?? "")
    signature = hasher.finish().description
    let last = title.split(separator: "/").last.map(String.init) ?? title
    details["fuser"] = .string(last)
    details["signature"] = .string(signature)
    self.name = name ?? "\(last)@\(signature.prefix(8))"
    self.details = details
    decodingMethod = options.beams > 1 ? "beam_search" : "greedy"
  }
}
