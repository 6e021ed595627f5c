import Checkpoints
import JSON
import PretrainedModels
import Tensors
import Testing

@Suite struct EncoderTests {
  static let pool = ThreadPool(count: 2)

  /// Every layer of every recorded batch, computed as one ragged batch.
  @Test(arguments: Fixture.encoders)
  func hiddenStatesAreThoseOfTheReference(_ fixture: Fixture) throws {
    let encoder = try EncoderLoader.load(fixture.model, for: Compute(pool: Self.pool))
    let expected = try fixture.expected
    for recorded in try fixture.batches {
      try encoder.shape.check(recorded.sequences)
      let batch = TokenBatch(recorded.sequences)
      var errors: [Float] = []
      var failure: (any Error)?
      try encoder.withHiddenStates(
        of: batch,
        observe: { layer, hidden in
          let name = "\(recorded.name).hidden_states.\(layer)"
          guard expected[name] != nil else { return }
          do {
            errors.append(
              Fixture.difference(
                hidden, batch, try expected.tensor(name), paddedLength: recorded.paddedLength))
          } catch { failure = error }
        }
      ) { hidden in
        do {
          errors.append(
            Fixture.difference(
              hidden, batch, try expected.tensor("\(recorded.name).last_hidden_state"),
              paddedLength: recorded.paddedLength))
        } catch { failure = error }
      }
      #expect(failure == nil)
      // Only the first batch has its layers recorded.
      #expect(errors.count == (recorded.name == "b0" ? encoder.shape.layerCount + 2 : 1))
      #expect(errors.allSatisfy { $0 < 1e-4 }, "\(recorded.name): \(errors)")
    }
  }

  /// A model that is loaded in part has the states that the whole one has between its layers.
  @Test(arguments: Fixture.encoders)
  func firstLayersAreEnoughForTheirStates(_ fixture: Fixture) throws {
    let compute = Compute(pool: Self.pool)
    let whole = try EncoderLoader.load(fixture.model, for: compute)
    let batch = TokenBatch(try #require(try fixture.batches.first).sequences)
    for count in 0...whole.shape.layerCount + 1 {
      let part = try EncoderLoader.load(fixture.model, layers: count, for: compute)
      let last = min(count, whole.shape.layerCount)
      #expect(part.shape.layerCount == last)
      let expected = try whole.withHiddenStates(of: batch, layers: last) { $0.elements }
      #expect(try part.withHiddenStates(of: batch) { $0.elements } == expected)
    }
  }
}
