import JSON

/// The endpoints and models that a run may use, as read from `models.json`.
///
/// `Schemas/models.schema.json` describes the file.
package struct ModelCatalog: Sendable, Equatable {
  /// The endpoints in order.
  package let endpoints: [EndpointConfiguration]
  /// The models in order.
  package let models: [ModelConfiguration]

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - json: the bytes of the file.
  ///   - file: the file's name, for errors.
  ///   - readTemplate: gives the text of a template file; `nil` when it cannot be read.
  /// - Throws: ``ConfigurationError`` that names the place.
  package init(
    json: some Collection<UInt8>, file: String,
    readTemplate: (String) -> String? = { _ in nil }
  ) throws(ConfigurationError) {
    let value: JSONValue
    do { value = try JSONParser().value(of: json) } catch {
      throw ConfigurationError(file: file, path: "", got: "\(error)", expected: "a JSON object")
    }
    do throws(ConfigurationError) {
      try self.init(value, readTemplate)
    } catch {
      var error = error
      error.file = file
      throw error
    }
  }

  /// The catalogue of models at one address that share everything but their names.
  ///
  /// - Parameters:
  ///   - url: the address as people write it.
  ///   - names: the models' names, as stored and as sent.
  ///   - api: the wire format.
  ///   - parameters: the decoding parameters.
  ///   - template: the template of text completions.
  ///   - system: the system prompt.
  ///   - price: what tokens cost.
  /// - Throws: ``ConfigurationError``.
  package init(
    url: String, models names: [String], api: EndpointAPI = .openAIChat,
    parameters: DecodingParameters = DecodingParameters(), template: PromptTemplate? = nil,
    system: String? = nil, price: TokenPrice? = nil
  ) throws(ConfigurationError) {
    let endpoint = try EndpointConfiguration(name: "endpoint", url: url, api: api)
    var models: [ModelConfiguration] = []
    for name in names {
      models.append(
        try ModelConfiguration(
          name: name, endpoint: endpoint, template: template, system: system,
          parameters: parameters, price: price))
    }
    self.init(endpoints: [endpoint], models: models)
  }

  /// The model of this stored name.
  ///
  /// - Parameter name: the name.
  /// - Returns: the model.
  /// - Throws: ``ConfigurationError`` with the nearest name.
  package func model(_ name: String) throws(ConfigurationError) -> ModelConfiguration {
    let found = models.first { ConfigurationObject.same($0.name, name) }
    guard let found else {
      throw Self.unknown("model", name, models.map(\.name), path: "models")
    }
    return found
  }

  private static func unknown(
    _ what: String, _ name: String, _ names: [String], path: String
  ) -> ConfigurationError {
    let hint = SpellingSuggestion.closest(to: name, in: names)
    return ConfigurationError(
      path: path, got: "the unknown \(what) \"\(name)\"",
      expected: hint.map { "\"\($0)\"" }
        ?? (names.isEmpty ? "one that is listed" : "one of \(names.joined(separator: ", "))"))
  }

  private init(
    _ value: JSONValue, _ readTemplate: (String) -> String?
  ) throws(ConfigurationError) {
    let root = try ConfigurationObject(value, path: "", keys: ["$schema", "endpoints", "models"])
    var endpoints: [EndpointConfiguration] = []
    for (index, element) in (try root.array("endpoints") ?? []).enumerated() {
      let endpoint = try EndpointConfiguration(element, path: "endpoints[\(index)]")
      if endpoints.contains(where: { ConfigurationObject.same($0.name, endpoint.name) }) {
        throw ConfigurationError(
          path: "endpoints[\(index)].name", got: "\"\(endpoint.name)\" a second time",
          expected: "a name of its own")
      }
      endpoints.append(endpoint)
    }
    var models: [ModelConfiguration] = []
    for (index, element) in (try root.array("models") ?? []).enumerated() {
      let model = try Self.model(element, "models[\(index)]", endpoints, readTemplate)
      if models.contains(where: { ConfigurationObject.same($0.name, model.name) }) {
        throw ConfigurationError(
          path: "models[\(index)].name", got: "\"\(model.name)\" a second time",
          expected: "a name of its own")
      }
      models.append(model)
    }
    self.endpoints = endpoints
    self.models = models
  }

  private static func model(
    _ value: JSONValue, _ path: String, _ endpoints: [EndpointConfiguration],
    _ readTemplate: (String) -> String?
  ) throws(ConfigurationError) -> ModelConfiguration {
    let object = try ConfigurationObject(
      value, path: path,
      keys: [
        "name", "model", "endpoint", "prompt_template", "system", "parameters", "decoding_method",
        "price",
      ])
    let name = try object.requiredName("endpoint")
    let place = object.place("endpoint")
    guard let endpoint = endpoints.first(where: { ConfigurationObject.same($0.name, name) }) else {
      throw unknown("endpoint", name, endpoints.map(\.name), path: place)
    }
    let parameters = try object.value("parameters").map { value throws(ConfigurationError) in
      try DecodingParameters(value, path: object.place("parameters"))
    }
    let template = try object.string("prompt_template").map {
      name throws(ConfigurationError) in
      do throws(ConfigurationError) {
        return try PromptTemplate(named: name, readFile: readTemplate)
      } catch {
        throw object.failure("prompt_template", error.got, error.expected)
      }
    }
    let stored = try object.requiredName("name")
    let sent = try object.string("model")
    let system = try object.string("system")
    let method = try object.string("decoding_method")
    let price = try Self.price(object)
    do throws(ConfigurationError) {
      return try ModelConfiguration(
        name: stored, model: sent, endpoint: endpoint, template: template, system: system,
        parameters: parameters ?? DecodingParameters(), decodingMethod: method, price: price)
    } catch {
      throw object.failure(error.path, error.got, error.expected)
    }
  }

  private static func price(
    _ object: ConfigurationObject
  ) throws(ConfigurationError) -> TokenPrice? {
    let keys = ["input_per_million", "output_per_million"]
    guard let price = try object.object("price", keys: keys) else { return nil }
    let range = 0...Double.infinity
    guard let input = try price.number(keys[0], in: range) else {
      throw price.failure(keys[0], "nothing", "US dollars")
    }
    guard let output = try price.number(keys[1], in: range) else {
      throw price.failure(keys[1], "nothing", "US dollars")
    }
    return TokenPrice(inputPerMillion: input, outputPerMillion: output)
  }
}

extension ModelCatalog {
  private init(endpoints: [EndpointConfiguration], models: [ModelConfiguration]) {
    self.endpoints = endpoints
    self.models = models
  }

  /// The catalog with only some of its models, in its own order.
  ///
  /// - Parameter names: the models' names.
  /// - Returns: the catalog with the endpoints that these models need.
  /// - Throws: ``ConfigurationError`` for a name that is not in the catalog.
  package func limited(to names: [String]) throws(ConfigurationError) -> ModelCatalog {
    var wanted: [ModelConfiguration] = []
    for name in names { wanted.append(try model(name)) }
    let kept = models.filter { wanted.contains($0) }
    return ModelCatalog(
      endpoints: endpoints.filter { endpoint in kept.contains { $0.endpoint == endpoint.name } },
      models: kept)
  }

  /// The catalog with other settings for all its endpoints.
  ///
  /// - Parameter changes: the settings; at another address the keys and header fields of the
  ///   endpoints are not sent.
  /// - Returns: the catalog.
  /// - Throws: ``ConfigurationError`` for an address that is none.
  package func changed(by changes: EndpointChanges) throws(ConfigurationError) -> ModelCatalog {
    var changed: [EndpointConfiguration] = []
    for endpoint in endpoints { changed.append(try endpoint.changed(by: changes)) }
    return ModelCatalog(endpoints: changed, models: models)
  }
}
