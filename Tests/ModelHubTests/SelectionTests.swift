import ModelHub
import Testing

/// The files of a repository and those that are pulled.
private struct Case: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let paths: [String]
  var shards: [String] = []
  let chosen: [String]
}

private let cases: [Case] = [
  Case(
    testDescription: "one file of weights in all formats",
    paths: [
      ".gitattributes", "README.md", "LICENSE", "config.json", "flax_model.msgpack",
      "model.safetensors", "model.fp16.safetensors", "pytorch_model.bin", "rust_model.ot",
      "tf_model.h5", "tokenizer.json", "tokenizer_config.json", "vocab.txt", "model.onnx",
      "training_args.bin", "optimizer.pt", "coreml/model.mlpackage/Manifest.json",
      "onnx/model.onnx", "onnx/config.json", "runs/events.out.tfevents.1",
    ],
    chosen: [
      "README.md", "LICENSE", "config.json", "model.safetensors", "tokenizer.json",
      "tokenizer_config.json", "vocab.txt",
    ]),
  Case(
    testDescription: "PyTorch's format alone",
    paths: [
      "config.json", "merges.txt", "pytorch_model.bin", "training_args.bin", "vocab.json",
      "tf_model.h5",
    ],
    chosen: ["config.json", "merges.txt", "pytorch_model.bin", "vocab.json"]),
  Case(
    testDescription: "shards in both formats",
    paths: [
      "config.json", "model-1-of-2.safetensors", "model-2-of-2.safetensors",
      "model.safetensors.index.json", "pytorch_model-1-of-1.bin", "pytorch_model.bin.index.json",
      "tokenizer.model",
    ],
    shards: ["model-1-of-2.safetensors", "model-2-of-2.safetensors"],
    chosen: [
      "config.json", "model-1-of-2.safetensors", "model-2-of-2.safetensors",
      "model.safetensors.index.json", "tokenizer.model",
    ]),
  Case(
    testDescription: "shards of PyTorch's format",
    paths: ["pytorch_model-1-of-1.bin", "pytorch_model.bin.index.json", "spiece.model"],
    shards: ["pytorch_model-1-of-1.bin"],
    chosen: ["pytorch_model-1-of-1.bin", "pytorch_model.bin.index.json", "spiece.model"]),
  Case(
    testDescription: "safetensors of another name, such as an adapter",
    paths: ["adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"],
    chosen: ["adapter_config.json", "adapter_model.safetensors"]),
  Case(
    testDescription: "a model of parts in folders",
    paths: [
      "modules.json", "0_Transformer/config.json", "0_Transformer/model.safetensors",
      "1_Pooling/config.json", "2_Dense/config.json", "2_Dense/pytorch_model.bin",
      "onnx/x.safetensors", ".cache/y.json",
    ],
    chosen: [
      "modules.json", "0_Transformer/config.json", "0_Transformer/model.safetensors",
      "1_Pooling/config.json", "2_Dense/config.json",
    ]),
  Case(
    testDescription: "no weights that are read here",
    paths: ["config.json", "tf_model.h5", "model.gguf"], chosen: ["config.json"]),
]

@Test(arguments: cases) private func theUsualChoice(_ item: Case) {
  let selection = FileSelection()
  #expect(selection.choose(from: item.paths, shards: item.shards) == item.chosen)
  #expect((selection.index(among: item.paths) != nil) == !item.shards.isEmpty)
}

@Test func patternsChooseAmongAllFiles() {
  let paths = ["config.json", "a/b.h5", "tf_model.h5", "model.safetensors"]
  #expect(
    FileSelection(included: ["*.h5"]).choose(from: paths) == ["a/b.h5", "tf_model.h5"])
  #expect(
    FileSelection(included: ["*"], excluded: ["a/"]).choose(from: paths)
      == ["config.json", "tf_model.h5", "model.safetensors"])
  #expect(FileSelection(excluded: ["*.safetensors"]).choose(from: paths) == ["config.json"])
  #expect(
    FileSelection(included: ["*.json"]).index(among: ["model.safetensors.index.json"]) == nil)
}
