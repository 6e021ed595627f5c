// swift-tools-version: 6.2
// Targets are listed by layer; imports go strictly down. README.md, "Architecture", has the map.
import Foundation
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
func systemLibrary(_ name: String, package: String?, _ debianPackage: String) -> Target {
  .systemLibrary(name: name, pkgConfig: package, providers: [.apt([debianPackage])])
}

/// A library module in `Sources/<name>`.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil,
  exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude, resources: resources,
    swiftSettings: strict)
}

/// A test target in `Tests/<name>`; `Fixtures` beside its sources is read by path, not bundled.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  let fixtures = "\(Context.packageDirectory)/Tests/\(name)/Fixtures"
  return .testTarget(
    name: name, dependencies: dependencies,
    exclude: FileManager.default.fileExists(atPath: fixtures) ? ["Fixtures"] : [],
    swiftSettings: strict)
}

let package = Package(
  name: "mixinstruct",
  targets: [
    // Layer 0: C libraries.
    systemLibrary("CCurl", package: "libcurl", "libcurl4-openssl-dev"),
    .systemLibrary(name: "CLinuxEvents"),
    systemLibrary("CMicroHTTPD", package: "libmicrohttpd", "libmicrohttpd-dev"),
    systemLibrary("CNettle", package: "nettle", "nettle-dev"),
    systemLibrary("COneDNN", package: nil, "libdnnl-dev"),
    systemLibrary("COpenBLAS", package: "openblas", "libopenblas-dev"),
    systemLibrary("COniguruma", package: "oniguruma", "libonig-dev"),
    systemLibrary("CSQLite", package: "sqlite3", "libsqlite3-dev"),
    systemLibrary("CXXHash", package: "libxxhash", "libxxhash-dev"),
    systemLibrary("CZlib", package: "zlib", "zlib1g-dev"),
    systemLibrary("CZstandard", package: "libzstd", "libzstd-dev"),
    .target(
      name: "CSIMDJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    // Debug builds too: element-wise kernels without optimisation make tests take minutes.
    .target(
      name: "CVectorKernels",
      cSettings: [.unsafeFlags(["-O3"], .when(configuration: .debug)), .unsafeFlags(["-Wall"])]),

    // Layer 1: values and thin wrappers.
    module("JSON", ["CSIMDJSON"]),
    module("JSONSchemas", ["JSON"]),
    module("Records", ["JSON"]),
    module("RecordFiles", ["CXXHash", "CZlib", "CZstandard", "JSON", "Records"]),
    module("Hashing", ["CNettle"]),
    module("RandomNumbers"),
    module("SQLite", ["CSQLite"]),
    .target(
      name: "Schemas", path: "Schemas",
      exclude: [
        "annotation.openapi.json", "label-studio.config.xml", "models.schema.json",
        "recipe.schema.json", "verdict.schema.json",
      ],
      sources: ["Migrations.swift", "RecordSchema.swift"],
      resources: [
        .embedInCode("migrations/m0001_initial.sql"),
        .embedInCode("migrations/m0002_annotation.sql"), .embedInCode("mixinstruct.schema.json"),
      ], swiftSettings: strict),
    .target(
      name: "BundledRecipes", path: "Data/recipes", sources: ["BundledRecipe.swift"],
      resources: [.embedInCode("clean.json"), .embedInCode("reference.json")],
      swiftSettings: strict),
    .target(
      name: "BundledRanker", path: "Data/ranker", exclude: ["README.md"],
      sources: ["BundledRanker.swift"], resources: [.embedInCode("default.json")],
      swiftSettings: strict),
    module("TerminalOutput"),
    module("Tensors", ["COneDNN", "COpenBLAS", "CVectorKernels"]),
    module("ProcessSignals"),
    module("CommandLineParsing", ["TerminalOutput"]),

    // Layer 2: tokens and transfers.
    module("Tokenizers", ["COniguruma", "JSON"]),
    module("Checkpoints", ["JSON", "Tensors"]),
    module("HTTPClient", ["CCurl", "CLinuxEvents"]),
    module("HTTPServer", ["CMicroHTTPD"]),

    // Layer 3: what is kept, and whom we ask.
    module(
      "PretrainedModels", ["Checkpoints", "JSON", "RandomNumbers", "Tensors"],
      exclude: ["README.md"]),
    module("DatasetStore", ["JSON", "Records", "Schemas", "SQLite"]),
    module("ModelHub", ["Checkpoints", "HTTPClient", "Hashing", "JSON"]),
    module(
      "ModelEndpoints", ["HTTPClient", "JSON", "RandomNumbers"],
      resources: [.embedInCode("PromptTemplates")]),

    // Layer 4: one stage each; they never import one another.
    module("Ingestion", ["JSON", "Records"]),
    module(
      "Mixing",
      ["BundledRecipes", "JSON", "RandomNumbers", "RecordFiles", "Records", "Tokenizers"]),
    module("Metrics"),
    module(
      "NeuralMetrics",
      ["Checkpoints", "PretrainedModels", "RecordFiles", "Tensors", "Tokenizers"]),
    module(
      "Reranking",
      [
        "BundledRanker", "Checkpoints", "JSON", "PretrainedModels", "Records", "Tensors",
        "Tokenizers",
      ]),
    module(
      "Fusion", ["Checkpoints", "JSON", "PretrainedModels", "Records", "Tensors", "Tokenizers"]),
    module(
      "Judging", ["Hashing", "JSON", "Records"],
      resources: [
        .embedInCode("Prompts/four-choice.txt"), .embedInCode("Prompts/structured-json.txt"),
        .embedInCode("Prompts/verdict.schema.json"),
      ]),
    module("VerdictImport", ["JSON", "Records"]),
    module("Annotation", ["JSON", "Records"]),
    module("Exporting", ["Hashing", "JSON", "Records"]),
    module("Evaluation", ["JSON", "RandomNumbers", "Records", "TerminalOutput"]),

    // Layer 5: stages over the store, and the service for people who annotate.
    module(
      "AnnotationService", ["Annotation", "HTTPServer", "Hashing", "JSON", "Records"],
      resources: [.embedInCode("Pages")]),
    module(
      "Pipeline",
      [
        "Annotation", "Checkpoints", "DatasetStore", "Evaluation", "Exporting", "Fusion",
        "HTTPClient", "HTTPServer", "Hashing", "Ingestion", "JSON", "JSONSchemas", "Judging",
        "Metrics", "Mixing", "ModelEndpoints", "NeuralMetrics", "PretrainedModels", "RecordFiles",
        "Records", "Reranking", "SQLite", "Schemas", "Tensors", "TerminalOutput", "Tokenizers",
        "VerdictImport",
      ]),

    // Layer 6: the command line.
    .executableTarget(
      name: "mixinstruct",
      dependencies: [
        "Annotation", "AnnotationService", "Checkpoints", "CommandLineParsing", "DatasetStore",
        "Evaluation", "Exporting", "Fusion", "HTTPServer", "Ingestion", "JSON", "Judging",
        "Metrics", "Mixing", "ModelEndpoints", "ModelHub", "NeuralMetrics", "Pipeline",
        "PretrainedModels", "ProcessSignals", "RecordFiles", "Records", "Reranking", "SQLite",
        "Tensors", "TerminalOutput", "Tokenizers", "VerdictImport",
      ],
      path: "Tools/mixinstruct", swiftSettings: strict),
    // For measuring; not part of the product.
    .target(
      name: "ModelProcess", dependencies: ["JSON", "PretrainedModels", "Tensors"],
      path: "Tools/bench/model-process", swiftSettings: strict),
    .executableTarget(
      name: "encoder-bench",
      dependencies: ["JSON", "ModelProcess", "PretrainedModels", "Tensors"],
      path: "Tools/bench/encoder-bench", swiftSettings: strict),
    .executableTarget(
      name: "generation-bench",
      dependencies: ["JSON", "ModelProcess", "PretrainedModels", "Tensors"],
      path: "Tools/bench/generation-bench", swiftSettings: strict),
    .executableTarget(
      name: "kernels", dependencies: ["Tensors"], path: "Tools/bench/kernels",
      swiftSettings: strict),

    // Tests.
    .target(
      name: "LoopbackServer", path: "Tests/Support/LoopbackServer", swiftSettings: strict),
    .target(
      name: "LoopbackHub", dependencies: ["Hashing", "JSON", "LoopbackServer"],
      path: "Tests/Support/LoopbackHub", swiftSettings: strict),
    .target(name: "RawHTTP", path: "Tests/Support/RawHTTP", swiftSettings: strict),
    tests(
      "AnnotationServiceTests",
      [
        "Annotation", "AnnotationService", "HTTPServer", "Hashing", "JSON", "JSONSchemas",
        "RawHTTP", "Records",
      ]),
    tests(
      "CommandLineTests",
      [
        "Checkpoints", "CommandLineParsing", "JSON", "LoopbackHub", "LoopbackServer",
        "ModelEndpoints", "ProcessSignals", "RandomNumbers", "RawHTTP", "SQLite", "Tensors",
        "mixinstruct",
      ]),
    tests("AnnotationTests", ["Annotation", "JSON", "RandomNumbers", "Records"]),
    tests("CheckpointsTests", ["Checkpoints", "JSON", "RandomNumbers", "Tensors"]),
    tests("CommandLineParsingTests", ["CommandLineParsing", "TerminalOutput"]),
    tests("DatasetStoreTests", ["DatasetStore", "JSON", "Records", "SQLite"]),
    tests("EvaluationTests", ["Evaluation", "JSON", "Records"]),
    tests("ExportingTests", ["Exporting", "Hashing", "JSON", "Records", "VerdictImport"]),
    tests("FusionTests", ["Fusion", "JSON", "Records", "Tokenizers"]),
    tests("HTTPClientTests", ["HTTPClient", "HTTPServer", "LoopbackServer"]),
    tests("HTTPServerTests", ["HTTPClient", "HTTPServer", "RawHTTP"]),
    tests("HashingTests", ["Hashing"]),
    tests("IngestionTests", ["Ingestion", "JSON", "RecordFiles", "Records"]),
    tests("JSONSchemasTests", ["JSON", "JSONSchemas"]),
    tests("JSONTests", ["JSON", "RandomNumbers"]),
    tests("JudgingTests", ["JSON", "Judging", "RandomNumbers", "Records"]),
    tests("MetricsTests", ["JSON", "Metrics"]),
    tests(
      "MixingTests",
      ["BundledRecipes", "JSON", "Mixing", "RandomNumbers", "Records", "Tokenizers"]),
    tests(
      "ModelHubTests",
      [
        "Checkpoints", "HTTPClient", "Hashing", "JSON", "LoopbackHub", "LoopbackServer",
        "ModelHub", "Tensors",
      ]),
    tests("NeuralMetricsTests", ["JSON", "NeuralMetrics", "Tensors", "Tokenizers"]),
    tests(
      "ModelEndpointsTests",
      ["HTTPClient", "JSON", "LoopbackServer", "ModelEndpoints", "RandomNumbers"]),
    tests(
      "PretrainedModelsTests",
      ["Checkpoints", "JSON", "PretrainedModels", "RandomNumbers", "Tensors", "Tokenizers"]),
    tests(
      "PipelineTests",
      [
        "Annotation", "DatasetStore", "JSON", "ModelEndpoints", "NeuralMetrics", "Pipeline",
        "RandomNumbers", "Records", "SQLite",
      ]),
    tests("ProcessSignalsTests", ["ProcessSignals"]),
    tests("RandomNumbersTests", ["JSON", "RandomNumbers"]),
    tests("RecordFilesTests", ["JSON", "RecordFiles", "Records"]),
    tests("RecordsTests", ["JSON", "Records"]),
    tests(
      "RerankingTests",
      [
        "BundledRanker", "JSON", "PretrainedModels", "RandomNumbers", "Records", "Reranking",
        "Tensors",
      ]),
    tests("SQLiteTests", ["SQLite"]),
    tests("TensorsTests", ["CVectorKernels", "RandomNumbers", "Tensors"]),
    tests("TerminalOutputTests", ["TerminalOutput"]),
    tests("TokenizersTests", ["JSON", "RandomNumbers", "Tokenizers"]),
    tests("VerdictImportTests", ["JSON", "Records", "VerdictImport"]),
  ],
  cxxLanguageStandard: .cxx17
)
