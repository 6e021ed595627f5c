/// Python's `random.Random`, number for number, when it is seeded with an integer.
///
/// Source: CPython 3.11, `Lib/random.py` and `Modules/_randommodule.c`. The same draws come from
/// every CPython since 3.2, `sample` of 3.11 aside: older ones also accepted sets.
public struct PythonRandom: RandomNumberGenerator, Sendable {
  private var generator: MersenneTwister

  /// `random.seed(seed)`.
  ///
  /// - Parameter seed: the seed; Python drops its sign.
  public init(seed: Int) {
    let magnitude = seed.magnitude
    self.init(words: [UInt32(truncatingIfNeeded: magnitude), UInt32(magnitude >> 32)])
  }

  /// `random.seed(int(decimal))`, for seeds of any size.
  ///
  /// - Parameter decimal: decimal digits, with an optional sign; `nil` is returned for other text.
  public init?(decimalSeed decimal: String) {
    var digits = Substring(decimal).utf8
    if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") {
      digits = digits.dropFirst()
    }
    guard !digits.isEmpty else { return nil }
    var words: [UInt32] = []
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      var carry = UInt64(digit - UInt8(ascii: "0"))
      for index in words.indices {
        carry += UInt64(words[index]) * 10
        words[index] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      if carry > 0 { words.append(UInt32(carry)) }
    }
    self.init(words: words)
  }

  private init(words: [UInt32]) {
    var words = words
    while words.last == 0 { words.removeLast() }
    generator = MersenneTwister(key: words)
  }

  /// `random()`: the next number in 0 ..< 1, with 53 random bits.
  ///
  /// - Returns: the number.
  public mutating func random() -> Double {
    let high = Double(generator.nextWord() >> 5)
    let low = Double(generator.nextWord() >> 6)
    return (high * 67_108_864 + low) * (1 / 9_007_199_254_740_992)
  }

  /// `getrandbits(count)` for up to 64 bits.
  ///
  /// - Parameter count: the number of bits, 0...64.
  /// - Returns: a number below 2 to the power of `count`.
  public mutating func randomBits(_ count: Int) -> UInt64 {
    precondition((0...64).contains(count), "\(count) bits asked for, expected 0...64")
    let words = randomWords(bits: count)
    return words.reversed().reduce(0) { $0 << 32 | UInt64($1) }
  }

  /// `getrandbits(bits)` for any number of bits.
  ///
  /// - Parameter bits: the number of bits, not negative.
  /// - Returns: the number's 32-bit words, least significant first.
  public mutating func randomWords(bits: Int) -> [UInt32] {
    precondition(bits >= 0, "\(bits) bits asked for")
    var words: [UInt32] = []
    var remaining = bits
    while remaining > 0 {
      let word = generator.nextWord()
      words.append(remaining < 32 ? word >> UInt32(32 - remaining) : word)
      remaining -= 32
    }
    return words
  }

  /// `randrange(bound)`: a number in 0 ..< `bound`, without bias.
  ///
  /// - Parameter bound: the exclusive upper bound, at least 1.
  /// - Returns: the number.
  public mutating func randomInteger(below bound: Int) -> Int {
    precondition(bound > 0, "the bound is \(bound), expected at least 1")
    let bits = Int.bitWidth - bound.leadingZeroBitCount
    while true {
      let number = bits <= 32 ? randomBits32(bits) : Int(randomBits(bits))
      if number < bound { return number }
    }
  }

  private mutating func randomBits32(_ count: Int) -> Int {
    Int(generator.nextWord() >> UInt32(32 - count))
  }

  /// `shuffle(elements)`.
  ///
  /// - Parameter elements: shuffled in place.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for index in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(index, randomInteger(below: index + 1))
    }
  }

  /// `sample(range(count), k)`: different numbers in 0 ..< `count`, in the order drawn.
  ///
  /// - Parameters:
  ///   - count: the size of the population.
  ///   - size: how many to draw, at most `count`.
  /// - Returns: the numbers.
  public mutating func sample(count: Int, size: Int) -> [Int] {
    precondition(size >= 0 && size <= count, "a sample of \(size) from \(count)")
    // Python compares the sizes of a list and of a set. 3k is never a power of 4, so that its
    // floating-point logarithm rounds up to the same exponent as this loop finds.
    var setSize = 21
    if size > 5 {
      var power = 1
      while power < 3 * size { power *= 4 }
      setSize += power
    }
    if count <= setSize {
      var pool = Array(0..<count)
      return (0..<size).map { index in
        let drawn = randomInteger(below: count - index)
        let value = pool[drawn]
        pool[drawn] = pool[count - index - 1]
        return value
      }
    }
    var selected = Set<Int>()
    return (0..<size).map { _ in
      while true {
        let drawn = randomInteger(below: count)
        if selected.insert(drawn).inserted { return drawn }
      }
    }
  }

  /// `sample(elements, size)`.
  ///
  /// - Parameters:
  ///   - elements: the population.
  ///   - size: how many to draw, at most as many as there are.
  /// - Returns: the chosen elements in the order drawn.
  public mutating func sample<Element>(_ elements: [Element], size: Int) -> [Element] {
    sample(count: elements.count, size: size).map { elements[$0] }
  }

  /// `getrandbits(64)`, for the standard library's random functions.
  ///
  /// - Returns: 64 random bits.
  public mutating func next() -> UInt64 { randomBits(64) }
}
