/// The different texts among some, told apart by their bytes.
struct DistinctTexts {
  /// Each text once, in the order in which they come.
  private(set) var texts: [String] = []
  /// The place among ``texts`` of each one.
  private(set) var places: [Int] = []

  init(_ all: [String]) {
    var known: [[UInt8]: Int] = [:]
    for text in all {
      let key = Array(text.utf8)
      let place = known[key] ?? texts.count
      if place == texts.count {
        known[key] = place
        texts.append(text)
      }
      places.append(place)
    }
  }

  /// Values of the different texts as values of all of them.
  func spread<Value>(_ values: [Value]) -> [Value] { places.map { values[$0] } }
}
