import AnnotationService
import Foundation
import HTTPServer
import JSON
import JSONSchemas
import Testing

/// `Schemas/annotation.openapi.json`.
enum Description {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  static let repository = folder.deletingLastPathComponent().deletingLastPathComponent()

  static let document: Result<JSONValue, any Error> = Result {
    let text = try String(
      contentsOf: repository.appending(path: "Schemas/annotation.openapi.json"), encoding: .utf8)
    return try JSONValue(json: text.replacing("#/components/schemas/", with: "#/$defs/"))
  }

  /// A schema that may name the document's others.
  static func schema(_ schema: JSONValue) throws -> JSONSchema {
    let definitions = try document.get()["components"]?["schemas"] ?? .null
    return try JSONSchema(["$defs": definitions, "allOf": [schema]])
  }

  /// The description of what answers a method and a path, such as one of a router's templates.
  static func operation(_ method: String, _ path: String) throws -> JSONValue? {
    try document.get()["paths"]?[path]?[method.lowercased()]
  }

  /// One answer of an operation, with references followed.
  static func response(_ operation: JSONValue, _ status: Int) throws -> JSONValue? {
    let response = operation["responses"]?[String(status)]
    guard let reference = response?["$ref"]?.string else { return response }
    let name = String(reference.split(separator: "/").last ?? "")
    return try document.get()["components"]?["responses"]?[name]
  }

  /// What is wrong with an answer by the description; empty when nothing is.
  static func findings(
    _ method: String, _ template: String, _ response: HTTPServerResponse
  ) throws -> [String] {
    let place = "\(method) \(template) \(response.status)"
    guard let operation = try operation(method, template) else { return ["\(place): no operation"] }
    guard let described = try Self.response(operation, response.status) else {
      return ["\(place): the status is not described"]
    }
    let type = response.headers.first { $0.name == "Content-Type" }?.value
    guard let content = described["content"]?.object else {
      return response.body.isEmpty && type == nil ? [] : ["\(place): a body is not described"]
    }
    guard let type,
      let media = content.members.first(where: { type.hasPrefix($0.key) })?.value["schema"]
    else { return ["\(place): the type \(type ?? "-") is not described"] }
    guard type.hasPrefix("application/json") else { return [] }
    let value = try JSONParser().value(of: response.body)
    return try schema(media).findings(in: value).map { "\(place): \($0)" }
  }
}
