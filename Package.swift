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
    .target(
      name: "CSIMDJSON", linkerSettings: [.linkedLibrary("simdjson")]),

    systemLibrary("CNettle", package: "nettle", "nettle-dev"),

    // Layer 1: values and thin wrappers.
    module("JSON", ["CSIMDJSON"]),
    module("Records", ["JSON"]),
    module("Hashing", ["CNettle"]),

    // Layer 4: one stage each.
    module(
      "Judging", ["Hashing", "JSON", "Records"],
      resources: [
        .embedInCode("Prompts/four-choice.txt"), .embedInCode("Prompts/structured-json.txt"),
        .embedInCode("Prompts/verdict.schema.json"),
      ]),

    // Tests.
    tests("JSONTests", ["JSON"]),
    tests("HashingTests", ["Hashing"]),
    tests("JudgingTests", ["Hashing", "JSON", "Judging", "Records"]),
  ],
  cxxLanguageStandard: .cxx17
)
