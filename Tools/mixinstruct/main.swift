import JSON
import DatasetStore
import Pipeline
let a = CommandLine.arguments
if a[1] == "import" {
  let store = try Store(path: a[2], access: .create, verb: "import")
  print(try ImportStage().run([a[3]], into: store, StageContext(verb: "import")).json.json())
} else {
  let store = try Store(path: a[2], access: .read)
  print(try MixInstructExport().run(to: a[3], from: store, StageContext(verb: "export")).json.json())
}
