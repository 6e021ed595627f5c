import Checkpoints
import JSON
import PretrainedModels
import Tensors
import Testing

@Suite struct EncoderDecoderTests {
  @Test(arguments: EncoderDecoderFixture.all)
  func statesLogitsAndLossAreThoseOfTheReference(_ item: EncoderDecoderFixture) throws {
    let expected = try item.fixture.expected
    for backend in [Backend.current, .portable] {
      let model = try item.model(backend: backend)
      for batch in try item.batches {
        func recorded(_ name: String) throws -> Tensor {
          try expected.tensor("\(batch.name).\(name)")
        }
        let states = try recorded("encoder_last_hidden_state")
        let logits = try recorded("logits")
        let inputs = TokenBatch(batch.inputs.map { TokenSequence($0) })
        let sources = TokenBatch(batch.sources.map { TokenSequence($0) })
        let error = try model.withStates(sources: sources, inputs: inputs) { encoder, _ in
          Fixture.difference(encoder, sources, states, paddedLength: batch.paddedSource)
        }
        #expect(error < 2e-4, "encoder states of \(batch.name)")
        try model.withLogits(sources: batch.sources, inputs: batch.inputs) { computed in
          let error = Fixture.difference(
            computed, inputs, logits, paddedLength: batch.paddedTarget)
          #expect(error < 2e-4, "logits of \(batch.name)")
        }
        let start = batch.inputs[0][0]
        let values = try model.logProbabilities(
          of: batch.labels, given: batch.sources, start: start)
        let reference = try recorded("label_logprobs").matrix
        for (row, own) in values.enumerated() {
          for (column, value) in own.enumerated() {
            #expect(abs(value - reference[row, column]) < 2e-4)
          }
        }
        let all = values.flatMap { $0 }
        let loss = -all.reduce(0, +) / Float(all.count)
        #expect(abs(loss - (try recorded("loss").elements[0])) < 2e-4)
      }
    }
  }
}
