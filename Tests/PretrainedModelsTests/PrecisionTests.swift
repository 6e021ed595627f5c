import Checkpoints
import PretrainedModels
import Tensors
import Testing

@Suite struct PrecisionTests {
  /// The root of the mean squared difference from the reference, relative to that of the states.
  static func error(_ fixture: Fixture, _ precision: Precision) throws -> Double {
    let encoder = try EncoderLoader.load(
      fixture.model, precision: precision, for: Compute(pool: EncoderTests.pool))
    let expected = try fixture.expected
    var (differences, squares) = (0.0, 0.0)
    for recorded in try fixture.batches {
      let states = try expected.tensor("\(recorded.name).last_hidden_state").matrix
      try encoder.forEachBatch(of: recorded.sequences) { numbers, batch, hidden in
        for (place, number) in numbers.enumerated() {
          for (offset, row) in batch.rows(place).enumerated() {
            for column in 0..<hidden.columns {
              let value = Double(states[number * recorded.paddedLength + offset, column])
              let difference = Double(hidden[row, column]) - value
              differences += difference * difference
              squares += value * value
            }
          }
        }
      }
    }
    return (differences / squares).squareRoot()
  }

  /// The tolerances that README.md of the module states for these models.
  @Test(arguments: Fixture.encoders, [(Precision.bfloat16, 0.02), (.int8, 0.06)])
  func lowerPrecisionsStayNearTheReference(
    _ fixture: Fixture, _ limit: (precision: Precision, error: Double)
  ) throws {
    let error = try Self.error(fixture, limit.precision)
    #expect(error < limit.error)
  }

  /// A machine without the instructions computes in 32-bit floats and gives the reference's numbers.
  @Test(arguments: Fixture.encoders)
  func theSlowestBackendIsExact(_ fixture: Fixture) throws {
    let compute = Compute(pool: EncoderTests.pool, backend: .portable)
    let encoder = try EncoderLoader.load(fixture.model, precision: .int8, for: compute)
    let expected = try fixture.expected
    for recorded in try fixture.batches {
      let states = try expected.tensor("\(recorded.name).last_hidden_state")
      let batch = TokenBatch(recorded.sequences)
      let error = try encoder.withHiddenStates(of: batch) {
        Fixture.difference($0, batch, states, paddedLength: recorded.paddedLength)
      }
      #expect(error < 1e-4)
    }
  }
}
