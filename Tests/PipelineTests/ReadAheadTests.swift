import Synchronization
import Testing

@testable import Pipeline

private struct Flaw: Error, Equatable {}

@Test func valuesComeInOrderAndEnd() throws {
  let values = ReadAhead<Int>(capacity: 2) { give in
    for value in 0..<1000 where !give(value) { return }
  }
  var taken: [Int] = []
  while let value = try values.next() { taken.append(value) }
  #expect(taken == Array(0..<1000))
}

@Test func anErrorComesAfterTheValuesBeforeIt() throws {
  let values = ReadAhead<Int>(capacity: 4) { give in
    _ = give(1)
    throw Flaw()
  }
  #expect(try values.next() == 1)
  #expect(throws: Flaw()) { try values.next() }
}

@Test func fewValuesAreMadeAheadAndNoneOnceNobodyWantsThem() throws {
  let made = Shared(Atomic(0))
  let ended = Shared(Atomic(false))
  var values: ReadAhead<Int>? = ReadAhead<Int>(capacity: 3) { give in
    while give(made.value.wrappingAdd(1, ordering: .relaxed).oldValue) {}
    ended.value.store(true, ordering: .releasing)
  }
  #expect(try values?.next() == 0)
  // One taken, three waiting, and one in the maker's hands.
  #expect(made.value.load(ordering: .relaxed) <= 5)
  values = nil
  while !ended.value.load(ordering: .acquiring) {}
  #expect(made.value.load(ordering: .relaxed) <= 6)
}

@Test func waitingIsGivenUpWhenCancelled() throws {
  let release = Shared(Atomic(false))
  let values = ReadAhead<Int>(capacity: 1) { _ in
    while !release.value.load(ordering: .acquiring) {}
  }
  #expect(try values.next { true } == nil)
  release.value.store(true, ordering: .releasing)
}

/// An atomic that closures of several threads share.
private final class Shared<Value: ~Copyable & Sendable>: Sendable {
  let value: Value

  init(_ value: consuming Value) { self.value = value }
}
