internal import Glibc

/// Student's t distribution, for the intervals of means over few items.
enum StudentDistribution {
  /// Half the width of a 95 % interval in standard errors.
  ///
  /// Source: the finite series of the distribution for whole degrees of freedom and its expansion
  /// for many of them, Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 to 26.7.5.
  ///
  /// - Parameter freedom: the degrees of freedom, at least 1.
  /// - Returns: the t that 95 % of the distribution lies within, of either sign.
  static func reach95(freedom: Int) -> Double {
    guard freedom <= 1000 else { return expansion(Double(freedom)) }
    var t = freedom < 3 ? 3 : expansion(Double(freedom))
    let slope = 2 * densityFactor(freedom)
    // The share within ±t is concave in t, so Newton's steps settle from below after the first one.
    for _ in 0..<100 {
      let density =
        slope * pow(1 + t * t / Double(freedom), -Double(freedom + 1) / 2)
      let step = (shareWithin(t, freedom) - 0.95) / density
      t -= step
      if abs(step) <= 1e-15 * t { break }
    }
    return t
  }

  /// The share of the distribution from -t to t; all terms are positive, so none cancel.
  private static func shareWithin(_ t: Double, _ freedom: Int) -> Double {
    let n = Double(freedom)
    let sine = t / (n + t * t).squareRoot()
    let squaredCosine = n / (n + t * t)
    let isOdd = freedom % 2 == 1
    var term = isOdd ? squaredCosine.squareRoot() : 1
    var sum = freedom == 1 ? 0 : term
    for k in stride(from: isOdd ? 3 : 2, through: freedom - 2, by: 2) {
      term *= squaredCosine * Double(k - 1) / Double(k)
      sum += term
    }
    return isOdd ? 2 / Double.pi * (atan2(t, n.squareRoot()) + sine * sum) : sine * sum
  }

  /// The density at 0.
  private static func densityFactor(_ freedom: Int) -> Double {
    let isOdd = freedom % 2 == 1
    // The quotient of the gamma functions of (n + 1) / 2 and n / 2.
    var quotient = isOdd ? 1 / Double.pi.squareRoot() : Double.pi.squareRoot() / 2
    for k in stride(from: isOdd ? 1 : 2, to: freedom, by: 2) {
      quotient *= Double(k + 1) / Double(k)
    }
    return quotient / (Double(freedom) * Double.pi).squareRoot()
  }

  private static func expansion(_ n: Double) -> Double {
    let x = ConfidenceInterval.normalReach95
    let y = x * x
    let first = x * (y + 1) / 4
    let second = x * ((5 * y + 16) * y + 3) / 96
    let third = x * (((3 * y + 19) * y + 17) * y - 15) / 384
    let fourth = x * ((((79 * y + 776) * y + 1482) * y - 1920) * y - 945) / 92160
    return x + (first + (second + (third + fourth / n) / n) / n) / n
  }
}
