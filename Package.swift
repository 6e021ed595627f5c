// swift-tools-version: 6.2
// Targets are listed by layer; imports go strictly down. README.md, "Architecture", has the map.
import PackageDescription

/// Every Swift target: Swift 6 mode, memory-safety checks, warnings are errors, explicit imports.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A system library behind a module map.
func systemLibrary(_ name: String, package: String, _ debianPackage: String) -> Target {
  .systemLibrary(name: name, pkgConfig: package, providers: [.apt([debianPackage])])
}

/// A library module in `Sources/<name>`.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// A test target in `Tests/<name>`; `Fixtures` beside its sources is read by path, not bundled.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: [], swiftSettings: strict)
}

let package = Package(
  name: "mixinstruct",
  targets: [
    // Layer 0: C libraries.
    systemLibrary("CSQLite", package: "sqlite3", "libsqlite3-dev"),
    systemLibrary("CCurl", package: "libcurl", "libcurl4-openssl-dev"),
    systemLibrary("CMicroHTTPD", package: "libmicrohttpd", "libmicrohttpd-dev"),
    .target(
      name: "CSIMDJSON", linkerSettings: [.linkedLibrary("simdjson")]),

    // Layer 1: values and thin wrappers.
    module("JSON", ["CSIMDJSON"]),
    module("Records", ["JSON"]),

    // Layer 2: transfers.
    module("HTTPClient", ["CCurl"]),
    module("HTTPServer", ["CMicroHTTPD"]),

    // Layer 3: services over transfers.
    module(
      "ModelEndpoints", ["HTTPClient", "JSON"], resources: [.embedInCode("PromptTemplates")]),

    // Tests.
    tests("JSONTests", ["JSON"]),
    tests("HTTPClientTests", ["HTTPClient", "HTTPServer", "LoopbackServer"]),
    tests("HTTPServerTests", ["HTTPClient", "HTTPServer"]),
    tests("ModelEndpointsTests", ["HTTPClient", "JSON", "LoopbackServer", "ModelEndpoints"]),
    .target(
      name: "LoopbackServer", path: "Tests/Support/LoopbackServer", swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)
