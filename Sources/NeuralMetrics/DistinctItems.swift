/// Equal items once each, so that nothing is computed twice.
struct DistinctItems<Item: Hashable> {
  /// The items in the order they came.
  private(set) var items: [Item] = []
  private var places: [Item: Int] = [:]

  /// The place of an item, which is added when it is new.
  mutating func place(of item: Item) -> Int {
    if let place = places[item] { return place }
    places[item] = items.count
    items.append(item)
    return items.count - 1
  }
}
