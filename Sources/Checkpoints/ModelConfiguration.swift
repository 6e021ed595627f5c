internal import Foundation
public import JSON

/// The settings of a model, such as those of `config.json`, read with errors that name them.
public struct ModelConfiguration: Sendable {
  /// The file.
  public let path: String
  /// All settings.
  public let settings: JSONObject
  /// What stands before a key in messages, for settings inside settings.
  private let prefix: String
  private static let sizeLimit = 64 << 20

  /// Reads a file of settings.
  ///
  /// - Parameter path: a JSON object.
  /// - Throws: ``CheckpointError``: `notFound`, `system`, `malformed`.
  public init(path: String) throws(CheckpointError) {
    let file = try MappedFile(path: path)
    guard file.byteCount <= Self.sizeLimit else {
      throw .malformed(
        path: path,
        reason: "\(file.byteCount) bytes of settings: expected at most \(Self.sizeLimit)")
    }
    let value: JSONValue
    do {
      value = try JSONParser().value(of: file.read(0..<file.byteCount))
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw .malformed(path: path, reason: "\(error)")
    }
    guard let settings = value.object else {
      throw .malformed(path: path, reason: "the file holds \(value.kindName): expected an object")
    }
    self.init(path: path, settings: settings)
  }

  /// Takes settings from memory.
  ///
  /// - Parameters:
  ///   - path: the file that they come from, for messages.
  ///   - settings: the settings.
  public init(path: String, settings: JSONObject) {
    self.init(path: path, settings: settings, prefix: "")
  }

  private init(path: String, settings: JSONObject, prefix: String) {
    self.path = path
    self.settings = settings
    self.prefix = prefix
  }

  /// Whether a setting is there and not null.
  ///
  /// - Parameter key: its key.
  /// - Returns: whether it has a value.
  public func contains(_ key: String) -> Bool { value(key) != nil }

  /// The error for a setting.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - expected: what it should be.
  /// - Returns: an error that says what it is.
  public func wrong(_ key: String, expected: String) -> CheckpointError {
    let got: String =
      switch settings[key] {
      case nil: "missing"
      case .string(let text): CheckpointError.quoted(text)
      case .object(let object): "an object of \(object.count) settings"
      case .array(let array): "an array of \(array.count)"
      case .some(let value): value.json()
      }
    return .setting(path: path, key: prefix + key, got: got, expected: expected)
  }

  /// An integer.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - range: what it may be; lengths by default.
  ///   - fallback: its value where it is missing or null; nil when it must be there.
  /// - Returns: the setting.
  /// - Throws: ``CheckpointError/setting(path:key:got:expected:)``.
  public func int(
    _ key: String, in range: ClosedRange<Int> = 1...1 << 30, default fallback: Int? = nil
  ) throws(CheckpointError) -> Int {
    guard let value = value(key) else {
      guard let fallback else { throw wrong(key, expected: Self.text(range)) }
      return fallback
    }
    guard let number = value.int, range.contains(number) else {
      throw wrong(key, expected: Self.text(range))
    }
    return number
  }

  /// A number.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - range: what it may be.
  ///   - fallback: its value where it is missing or null; nil when it must be there.
  /// - Returns: the setting.
  /// - Throws: ``CheckpointError/setting(path:key:got:expected:)``.
  public func double(
    _ key: String, in range: ClosedRange<Double> = -1e300...1e300, default fallback: Double? = nil
  ) throws(CheckpointError) -> Double {
    let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    guard let value = value(key) else {
      guard let fallback else { throw wrong(key, expected: expected) }
      return fallback
    }
    guard let number = value.number, range.contains(number) else {
      throw wrong(key, expected: expected)
    }
    return number
  }

  /// A truth value.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - fallback: its value where it is missing or null; nil when it must be there.
  /// - Returns: the setting.
  /// - Throws: ``CheckpointError/setting(path:key:got:expected:)``.
  public func bool(_ key: String, default fallback: Bool? = nil) throws(CheckpointError) -> Bool {
    guard let value = value(key) else {
      guard let fallback else { throw wrong(key, expected: "true or false") }
      return fallback
    }
    guard let truth = value.bool else { throw wrong(key, expected: "true or false") }
    return truth
  }

  /// A text.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - fallback: its value where it is missing or null; nil when it must be there.
  /// - Returns: the setting.
  /// - Throws: ``CheckpointError/setting(path:key:got:expected:)``.
  public func string(
    _ key: String, default fallback: String? = nil
  ) throws(CheckpointError) -> String {
    guard let value = value(key) else {
      guard let fallback else { throw wrong(key, expected: "a string") }
      return fallback
    }
    guard let text = value.string else { throw wrong(key, expected: "a string") }
    return text
  }

  /// A choice among known texts.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - choices: what each text stands for, in the order of messages.
  ///   - fallback: its value where it is missing or null; nil when it must be there.
  /// - Returns: what the text stands for.
  /// - Throws: ``CheckpointError/setting(path:key:got:expected:)``.
  public func choice<Value>(
    _ key: String, of choices: KeyValuePairs<String, Value>, default fallback: Value? = nil
  ) throws(CheckpointError) -> Value {
    let expected = choices.map { "'\($0.key)'" }.joined(separator: ", ")
    guard let value = value(key) else {
      guard let fallback else { throw wrong(key, expected: expected) }
      return fallback
    }
    guard let text = value.string, let choice = choices.first(where: { $0.key == text }) else {
      throw wrong(key, expected: expected)
    }
    return choice.value
  }

  /// A list of texts.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - fallback: its value where it is missing or null; nil when it must be there.
  /// - Returns: the setting.
  /// - Throws: ``CheckpointError/setting(path:key:got:expected:)``.
  public func strings(
    _ key: String, default fallback: [String]? = nil
  ) throws(CheckpointError) -> [String] {
    guard let value = value(key) else {
      guard let fallback else { throw wrong(key, expected: "a list of strings") }
      return fallback
    }
    var texts: [String] = []
    for item in value.array ?? [] {
      guard let text = item.string else { throw wrong(key, expected: "a list of strings") }
      texts.append(text)
    }
    guard value.array != nil else { throw wrong(key, expected: "a list of strings") }
    return texts
  }

  /// Settings inside a setting.
  ///
  /// - Parameter key: its key.
  /// - Returns: the settings; messages name them with the key before theirs.
  /// - Throws: ``CheckpointError/setting(path:key:got:expected:)``.
  public func nested(_ key: String) throws(CheckpointError) -> ModelConfiguration {
    ModelConfiguration(path: path, settings: try object(key), prefix: "\(prefix)\(key).")
  }

  /// An object.
  ///
  /// - Parameter key: its key.
  /// - Returns: the setting.
  /// - Throws: ``CheckpointError/setting(path:key:got:expected:)``.
  public func object(_ key: String) throws(CheckpointError) -> JSONObject {
    guard let object = settings[key]?.object else { throw wrong(key, expected: "an object") }
    return object
  }

  private func value(_ key: String) -> JSONValue? {
    guard let value = settings[key], !value.isNull else { return nil }
    return value
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    "an integer from \(range.lowerBound) to \(range.upperBound)"
  }
}
