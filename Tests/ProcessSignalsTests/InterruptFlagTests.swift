import Glibc
import ProcessSignals
import Testing

private func isReadable(_ descriptor: Int32, withinMilliseconds limit: Int32 = 0) -> Bool {
  var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  return unsafe poll(&request, 1, limit) == 1
}

@Test func aFlagIsRaisedOnceAndWakesAPoll() throws {
  let flag = InterruptFlag()
  let descriptor = try #require(flag.wakeDescriptor)
  #expect(!flag.isRaised)
  #expect(flag.signal == nil)
  #expect(!isReadable(descriptor))
  #expect(!flag.raise(signal: 15))
  #expect(flag.isRaised)
  #expect(flag.signal == 15)
  #expect(flag.exitStatus == 143)
  #expect(isReadable(descriptor))
  #expect(flag.raise(signal: 2))
  #expect(flag.signal == 15)
}

@Test func flagsAreIndependent() {
  let first = InterruptFlag()
  let second = InterruptFlag()
  first.raise()
  #expect(first.exitStatus == 130)
  #expect(!second.isRaised)
}

@Test func aSignalRaisesTheFlagOfTheProcess() throws {
  // SIGUSR1 stands for Ctrl-C, which must go on ending the test run itself.
  try InterruptSignals.install(for: [SIGUSR1])
  #expect(!InterruptFlag.process.isRaised)
  // Threads of the test library block signals, so the whole process is the one to be asked.
  kill(getpid(), SIGUSR1)
  let descriptor = try #require(InterruptFlag.process.wakeDescriptor)
  #expect(isReadable(descriptor, withinMilliseconds: 10_000))
  #expect(InterruptFlag.process.isRaised)
  #expect(InterruptFlag.process.signal == SIGUSR1)
}

@Test func writingToAClosedPipeFails() throws {
  try InterruptSignals.install(for: [])
  var ends: [Int32] = [-1, -1]
  #expect(unsafe pipe(&ends) == 0)
  close(ends[0])
  #expect(unsafe write(ends[1], "x", 1) == -1)
  #expect(errno == EPIPE)
  close(ends[1])
}

@Test func aSignalThatCannotBeHandledIsNamed() {
  let error = #expect(throws: SignalError.self) { try InterruptSignals.install(for: [SIGKILL]) }
  #expect(error?.description == "cannot handle signal 9: Invalid argument")
}

@Test func writingBeyondTheLimitOfFilesFails() throws {
  try InterruptSignals.install(for: [])
  var action = sigaction()
  let isKnown = unsafe sigaction(SIGXFSZ, nil, &action) == 0
  let isIgnored = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  #expect(isKnown && isIgnored)
}
