/// Why a pickle is not read.
struct PickleError: Error {
  var reason: String
  /// The byte at which the opcode begins.
  var position: Int?

  init(reason: String, position: Int? = nil) {
    self.reason = reason
    self.position = position
  }
}
