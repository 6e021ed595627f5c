package import Records

/// Who put which item into which category, and how far the raters agree; ratings may be missing.
///
/// Everything is counted over items and the ratings they have, so all coefficients take time in
/// proportion to the ratings (Cohen's kappa: to the pairs of ratings of one item).
package struct RatingTable: Sendable {
  /// The number of categories, whether they were given or not.
  package let categories: Int

  struct Rating: Sendable {
    let item: Int
    let rater: Int
    var category: Int
  }

  private struct Place: Hashable {
    let item: Int64
    let rater: Int64
  }

  private var ratingAt: [Place: Int] = [:]
  private var itemNumbers: [Int64: Int] = [:]
  private var raterNumbers: [Int64: Int] = [:]
  private(set) var raterIDs: [Int64] = []
  private(set) var ratings: [Rating] = []
  /// How often each category was given, [items, categories].
  private(set) var counts: [Int] = []
  /// The number of ratings of each item, at least 1.
  private(set) var ratingCounts: [Int] = []

  /// A table without ratings.
  ///
  /// - Parameter categories: the number of categories that could be given.
  package init(categories: Int) {
    precondition(categories > 0, "\(categories) categories, expected at least 1")
    self.categories = categories
  }

  /// The number of items with a rating.
  package var items: Int { ratingCounts.count }

  /// The number of raters.
  package var raters: Int { raterIDs.count }

  /// The number of items with two ratings or more, which alone can show agreement.
  package var comparedItems: Int { ratingCounts.count { $0 > 1 } }

  /// Adds a rating; a second one by the same rater on the same item takes the first one's place.
  ///
  /// - Parameters:
  ///   - item: what was rated.
  ///   - rater: who rated it.
  ///   - category: the category, from 0.
  package mutating func add(item: Int64, rater: Int64, category: Int) {
    precondition(
      category >= 0 && category < categories, "category \(category) of \(categories)")
    let place = Place(item: item, rater: rater)
    if let known = ratingAt[place] {
      let start = ratings[known].item * categories
      counts[start + ratings[known].category] -= 1
      counts[start + category] += 1
      ratings[known].category = category
      return
    }
    let itemNumber = itemNumbers[item] ?? ratingCounts.count
    if itemNumber == ratingCounts.count {
      itemNumbers[item] = itemNumber
      ratingCounts.append(0)
      counts.append(contentsOf: repeatElement(0, count: categories))
    }
    let raterNumber = raterNumbers[rater] ?? raterIDs.count
    if raterNumber == raterIDs.count {
      raterNumbers[rater] = raterNumber
      raterIDs.append(rater)
    }
    ratingAt[place] = ratings.count
    ratings.append(Rating(item: itemNumber, rater: raterNumber, category: category))
    counts[itemNumber * categories + category] += 1
    ratingCounts[itemNumber] += 1
  }

  /// Adds a verdict, with the four verdicts as categories.
  package mutating func add(item: Int64, rater: Int64, verdict: Verdict) {
    add(item: item, rater: rater, category: verdict.category)
  }

  /// The sum of the distances of all ordered pairs of one item's ratings.
  func disagreement(ofItem item: Int, _ distances: [Double]) -> Double {
    let start = item * categories
    var sum = 0.0
    for first in 0..<categories where counts[start + first] > 0 {
      for second in 0..<first where counts[start + second] > 0 {
        sum +=
          2 * distances[first * categories + second] * Double(counts[start + first])
          * Double(counts[start + second])
      }
    }
    return sum
  }
}
