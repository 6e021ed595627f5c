internal import Checkpoints
package import PretrainedModels
package import Tensors
package import Tokenizers

/// GenFuser: an encoder-decoder that writes one better answer from the best candidates.
///
/// Belongs to one caller at a time, as its model does.
///
/// Source: Jiang, Ren, Lin, "LLM-Blender", ACL 2023, https://arxiv.org/abs/2306.02561; LLM-Blender
/// `blender/blender.py`, `fuse`. Texts are the same, ids included.
package final class GenFuser {
  /// What became of an input.
  package typealias Outcome = Result<FusedText, FusionError>

  /// How prompts are written and cut.
  package let prompt: FusionPrompt
  /// How answers are generated.
  package let options: GenerationOptions
  /// The precision in which the model computes.
  package let precision: Precision
  /// Names the tokenizer by its content.
  package var tokenizerSignature: String { tokenizer.signature }

  private let tokenizer: Tokenizer
  private let model: any EncoderDecoder
  private let generator: Generator

  /// Loads a fuser.
  ///
  /// - Parameters:
  ///   - folder: the model.
  ///   - tokenizer: its tokenizer.
  ///   - prompt: how prompts are written and cut.
  ///   - options: how answers are generated.
  ///   - batchSize: how many inputs are worked on at the same time.
  ///   - precision: how the weights are packed.
  ///   - compute: where it will run.
  ///   - beforeStep: called before each token of all open sequences; what it throws ends the work.
  /// - Throws: `CheckpointError`, `GenerationError`.
  package init(
    _ folder: ModelFolder, _ tokenizer: Tokenizer, prompt: FusionPrompt,
    options: GenerationOptions, batchSize: Int, precision: Precision, for compute: Compute,
    beforeStep: @escaping () throws -> Void = {}
  ) throws {
    self.prompt = prompt
    self.options = options
    self.tokenizer = tokenizer
    self.precision = compute.backend.precision(for: precision)
    let settings = try GenerationSettings(folder)
    model = try EncoderDecoderLoader.load(folder, precision: precision, for: compute)
    generator = try Generator(
      model, tokens: settings.tokens, options: options,
      limits: Generator.Limits(sequences: batchSize * options.beams), beforeStep: beforeStep)
  }

  /// The tokens that the model reads for an input.
  ///
  /// - Parameter input: the input.
  /// - Returns: the tokens.
  /// - Throws: `TokenizerError`; ``FusionError`` when there is nothing to fuse, or more than the model
  ///   has positions for.
  package func source(of input: FusionInput) throws -> [Int] {
    guard !input.candidates.isEmpty else { throw FusionError.noCandidates }
    let ids = try prompt.ids(of: prompt.text(of: input, tokenizer), tokenizer)
    do throws(ModelInputError) {
      try model.shape.check(sources: [ids])
    } catch {
      throw FusionError.unreadable(error.reason)
    }
    return ids
  }

  /// Adds an input, and generates while more are waiting than can be taken.
  ///
  /// - Parameters:
  ///   - source: the tokens of an input.
  ///   - deliver: receives the outcomes that are ready, in the order of the inputs.
  /// - Throws: `TableReadError` when the file of the embeddings cannot be read; what `deliver` and
  ///   `beforeStep` throw.
  package func submit(_ source: [Int], deliver: (Outcome) throws -> Void) throws {
    try generator.submit(source) { try deliver(outcome($0)) }
  }

  /// Generates until nothing is left.
  ///
  /// - Parameter deliver: receives the outcomes, in the order of the inputs.
  /// - Throws: as ``submit(_:deliver:)``.
  package func finish(deliver: (Outcome) throws -> Void) throws {
    try generator.finish { try deliver(outcome($0)) }
  }

  /// Fuses inputs.
  ///
  /// - Parameter inputs: the inputs.
  /// - Returns: what became of each of them.
  /// - Throws: as ``submit(_:deliver:)``, and `TokenizerError`.
  package func fuse(_ inputs: [FusionInput]) throws -> [Outcome] {
    var sources: [Result<[Int], FusionError>] = []
    for input in inputs {
      do {
        sources.append(.success(try source(of: input)))
      } catch let error as FusionError {
        sources.append(.failure(error))
      }
    }
    var written: [Outcome] = []
    for case .success(let source) in sources { try submit(source) { written.append($0) } }
    try finish { written.append($0) }
    var next = written.makeIterator()
    return sources.map { source in
      if case .failure(let error) = source { return .failure(error) }
      return next.next() ?? .failure(.noSequence)
    }
  }

  private func outcome(_ outcome: Generator.Outcome) -> Outcome {
    switch outcome {
    case .failure(let error): return .failure(.unreadable(error.reason))
    case .success(let sequences):
      guard let best = sequences.first else { return .failure(.noSequence) }
      do throws(TokenizerError) {
        let text = try tokenizer.decode(best.ids.compactMap { TokenID(exactly: $0) })
        return .success(FusedText(text: text, ids: best.ids))
      } catch {
        return .failure(.unreadable("\(error)"))
      }
    }
  }
}
