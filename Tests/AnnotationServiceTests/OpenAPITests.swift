import HTTPServer
import JSON
import JSONSchemas
import Testing

@testable import AnnotationService

@Test func describesEveryRouteAndNoOther() throws {
  let routes = try TestService().service.routes
  var described: Set<String> = []
  for path in try Description.document.get()["paths"]?.object?.members ?? [] {
    for operation in path.value.object?.members ?? [] {
      described.insert("\(operation.key.uppercased()) \(path.key)")
    }
  }
  #expect(described == Set(routes.map { "\($0.method) \($0.path)" }))
  #expect(described.count == routes.count)
}

@Test func describesStatusesFieldsAndRights() throws {
  for route in try TestService().service.routes {
    let place = Comment(rawValue: "\(route.method) \(route.path)")
    let operation = try #require(try Description.operation(route.method, route.path), place)
    let statuses = operation["responses"]?.object?.members.compactMap { Int($0.key) } ?? []
    #expect(Set(statuses) == route.statuses, place)
    for status in statuses {
      #expect(try Description.response(operation, status)?["description"] != nil, place)
    }
    let parameters = operation["parameters"]?.array ?? []
    let query = parameters.filter { $0["in"]?.string == "query" }.compactMap { $0["name"]?.string }
    #expect(query == route.query, place)
    let inPath = parameters.filter { $0["in"]?.string == "path" }.compactMap { $0["name"]?.string }
    #expect(
      inPath
        == route.segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) },
      place)
    let security = operation["security"]?.array?.first?.object?.members.map(\.key) ?? []
    let expected =
      (route.access == .anyone ? [] : ["session"]) + (route.needsCSRFToken ? ["csrf"] : [])
    #expect(security == expected, place)
    try compareBodies(route, operation)
  }
}

private func compareBodies(_ route: Route, _ operation: JSONValue) throws {
  let place = Comment(rawValue: "\(route.method) \(route.path)")
  let body = operation["requestBody"]?["content"]?["application/json"]?["schema"]
  let name = body?["$ref"]?.string?.split(separator: "/").last.map { String($0) } ?? ""
  let schema = try Description.document.get()["components"]?["schemas"]?[name]
  switch route.body {
  case .none: #expect(operation["requestBody"] == nil, place)
  case .anyObject:
    #expect(schema?["type"]?.string == "object", place)
    #expect(schema?["properties"] == nil, place)
  case .fields(let fields):
    #expect(schema?["additionalProperties"]?.bool == false, place)
    #expect(schema?["properties"]?.object?.members.map(\.key) == fields.map(\.name), place)
    let required = schema?["required"]?.array?.compactMap(\.string)
    #expect(required == fields.filter(\.isRequired).map(\.name), place)
  }
}

/// Bodies that the schema and the service must take or refuse alike.
private let bodies: [(path: String, schema: String, body: String)] = {
  let vote = #""assignment_id":1,"client_key":"01234567-89ab-4cde-8f01-000000000001""#
  let votes = [
    #"{\#(vote),"milliseconds":1,"verdict":"A is better"}"#,
    #"{\#(vote),"milliseconds":1.0,"verdict":"Same bad","note":null,"skip":null}"#,
    #"{\#(vote),"milliseconds":1.5,"verdict":"Same bad"}"#,
    #"{\#(vote),"milliseconds":-1,"verdict":"Same bad"}"#,
    #"{\#(vote),"milliseconds":604800001,"verdict":"Same bad"}"#,
    #"{\#(vote),"milliseconds":1}"#, #"{\#(vote),"milliseconds":1,"verdict":"C is better"}"#,
    #"{\#(vote),"milliseconds":1,"verdict":"Same bad","skip":{"reason":"other"}}"#,
    #"{\#(vote),"milliseconds":1,"skip":{"reason":"other"}}"#,
    #"{\#(vote),"milliseconds":1,"skip":{"reason":"lazy"}}"#,
    #"{\#(vote),"milliseconds":1,"skip":{"reason":"other","more":1}}"#,
    #"{\#(vote),"milliseconds":1,"skip":"other"}"#,
    #"{\#(vote),"milliseconds":1,"ratings":{"A":{"help":5},"B":{"help":1}}}"#,
    #"{\#(vote),"milliseconds":1,"ratings":{"A":{"help":6}}}"#,
    #"{\#(vote),"milliseconds":1,"ratings":{"a":{"help":5}}}"#,
    #"{\#(vote),"milliseconds":1,"ratings":{"A":{}}}"#,
    #"{\#(vote),"milliseconds":1,"ratings":{}}"#,
    #"{\#(vote),"milliseconds":1,"order":[["B"],["A","C"]]}"#,
    #"{\#(vote),"milliseconds":1,"order":[["B"],[]]}"#, #"{\#(vote),"milliseconds":1,"order":[]}"#,
    #"{\#(vote),"milliseconds":1,"order":["A"]}"#,
    #"{\#(vote),"milliseconds":1,"order":[["A123"]]}"#,
    #"{\#(vote),"verdict":"A is better"}"#, #"{"verdict":"A is better","milliseconds":1}"#,
    #"{\#(vote),"milliseconds":1,"verdict":"A is better","person_id":2}"#,
    #"{\#(vote),"milliseconds":1,"verdict":"A is better","note":"\#(String(repeating: "é", count: 2000))"}"#,
    #"{\#(vote),"milliseconds":1,"verdict":"A is better","note":"\#(String(repeating: "é", count: 2001))"}"#,
    #"{"assignment_id":0,"client_key":"01234567-89ab-4cde-8f01-000000000001","milliseconds":1,"verdict":"A is better"}"#,
    #"{"assignment_id":1,"client_key":"01234567-89ab-4cde-8f01-00000000000","milliseconds":1,"verdict":"A is better"}"#,
    #"{"assignment_id":1,"client_key":"01234567+89ab-4cde-8f01-000000000001","milliseconds":1,"verdict":"A is better"}"#,
    "[]", "null", "1",
  ]
  let tasks = [
    "{}", #"{"queue_id":1}"#, #"{"queue_id":null,"exclude":null}"#, #"{"queue_id":0}"#,
    #"{"queue_id":"1"}"#, #"{"exclude":[1,2]}"#, #"{"exclude":[0]}"#, #"{"exclude":1}"#,
    #"{"exclude":[\#((1...100).map { String($0) }.joined(separator: ","))]}"#,
    #"{"exclude":[\#((1...101).map { String($0) }.joined(separator: ","))]}"#, #"{"queue":1}"#,
  ]
  let people = [
    #"{"name":"x"}"#, #"{"name":""}"#, "{}", #"{"name":1}"#, #"{"name":"y","quota":0}"#,
    #"{"name":"z","quota":-1}"#, #"{"name":"z","quota":null,"expires_in_days":36500}"#,
    #"{"name":"a","expires_in_days":0}"#, #"{"name":"a","role":"administrator"}"#,
    #"{"name":"\#(String(repeating: "n", count: 101))"}"#,
  ]
  return votes.map { ("/api/v1/votes", "Vote", $0) }
    + tasks.map { ("/api/v1/tasks/next", "NextTaskRequest", $0) }
    + people.map { ("/api/v1/admin/people", "NewPerson", $0) }
}()

@Test func takesAndRefusesBodiesAsDescribed() throws {
  for (path, name, body) in bodies {
    let client = try TestService().client(TestService.root)
    client.send("POST", "/api/v1/tasks/next", [:])
    let schema = try Description.schema(["$ref": .string("#/$defs/\(name)")])
    let isDescribed = schema.findings(in: try JSONValue(json: body)).isEmpty
    let response = client.send("POST", path, text: body)
    // The store's own reasons are not the description's.
    let isTaken = response.code != "wrong_field"
    #expect(isTaken == isDescribed, "\(body): \(response.status) \(response.text)")
  }
}
