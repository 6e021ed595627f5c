/// For some sequences, where the keys and values of their past stand in a ``KeyValueCache``.
public struct CachePlaces: Sendable {
  /// The places of all sequences, one after the other.
  let places: [Int32]
  /// Which places belong to each sequence.
  let ranges: [Range<Int>]
  /// The places were made for caches with this distance between lanes.
  let laneStride: Int

  init(_ histories: [[Int32]], laneStride: Int, positions: Int, lanes: Int) {
    self.laneStride = laneStride
    var places: [Int32] = []
    var ranges: [Range<Int>] = []
    places.reserveCapacity(histories.reduce(0) { $0 + $1.count })
    for history in histories {
      precondition(history.count <= positions, "\(history.count) positions of \(positions)")
      let start = places.count
      for (position, lane) in history.enumerated() {
        precondition(lane >= 0 && lane < lanes, "lane \(lane) of \(lanes)")
        places.append(lane * Int32(laneStride) + Int32(position))
      }
      ranges.append(start..<places.count)
    }
    self.places = places
    self.ranges = ranges
  }
}
