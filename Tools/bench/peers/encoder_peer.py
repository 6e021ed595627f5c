"""Runs an encoder for a benchmark in which it takes turns: KIND MODEL THREADS FOLDER.

KIND is transformers-float32, transformers-bfloat16, onnxruntime-float32 or onnxruntime-int8; the graphs of
the latter two are made in FOLDER once. Prints one line when the model is loaded, then answers each line of
standard input, a JSON object with `sequences` (a file with a JSON array of arrays of token ids), `batch`
(how many are computed together, padded to the longest of them) and perhaps `output` (a file for the last
hidden states as 32-bit floats; with `pooled`, for the mean of each sequence's states, of length 1), with the
seconds it took.
"""
import os
import sys

kind, model_folder, threads, folder = sys.argv[1:]
os.environ["OMP_NUM_THREADS"] = threads
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import numpy as np  # noqa: E402
import torch  # noqa: E402
from transformers import AutoModel  # noqa: E402

import model_loop  # noqa: E402

library, precision = kind.split("-")
torch.set_num_threads(int(threads))


def load():
    return AutoModel.from_pretrained(model_folder).eval()


def with_transformers():
    model = load()
    if precision == "bfloat16":
        model = model.to(torch.bfloat16)

    def run(ids, mask):
        with torch.inference_mode():
            states = model(
                input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)).last_hidden_state
            return states.float().numpy()
    return run


def graph():
    """The model as a graph for ONNX Runtime, made once."""
    path = os.path.join(folder, os.path.basename(os.path.normpath(model_folder)) + ".onnx")
    if not os.path.exists(path):
        ids = torch.arange(5, 5 + 2 * 48).reshape(2, 48)
        sizes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
        with torch.inference_mode():
            torch.onnx.export(
                load(), (), path, kwargs={"input_ids": ids, "attention_mask": torch.ones_like(ids)},
                input_names=["input_ids", "attention_mask"], output_names=["states"],
                dynamic_shapes={"input_ids": sizes, "attention_mask": sizes}, dynamo=True,
                external_data=True, verbose=False)
    if precision == "float32":
        return path
    quantised = path.replace(".onnx", "-int8.onnx")
    if not os.path.exists(quantised):
        from onnxruntime.quantization import QuantType, quantize_dynamic
        quantize_dynamic(
            path, quantised, weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm"], use_external_data_format=True)
    return quantised


def with_onnxruntime():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    # Threads that wait must not take the processor from the contender whose turn is next.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(graph(), options, providers=["CPUExecutionProvider"])
    names = {each.name for each in session.get_inputs()}

    def run(ids, mask):
        given = {"input_ids": ids, "attention_mask": mask}
        return session.run(None, {name: given[name] for name in names})[0]
    return run


def answer(run, request, sequences):
    size, states = request.get("batch", 8), []
    watch = model_loop.Stopwatch()
    for first in range(0, len(sequences), size):
        rows = sequences[first:first + size]
        longest = max(map(len, rows))
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, each in enumerate(rows):
            ids[row, :len(each)] = each
            mask[row, :len(each)] = 1
        result = run(ids, mask)
        if request.get("pooled"):
            means = [result[row, :len(each)].mean(axis=0, keepdims=True) for row, each in enumerate(rows)]
            states += [mean / np.linalg.norm(mean) for mean in means]
        elif "output" in request:
            states += [result[row, :len(each)] for row, each in enumerate(rows)]
    facts = watch.facts()
    if "output" in request:
        np.concatenate(states).astype(np.float32).tofile(request["output"])
    return facts


model_loop.serve(with_transformers if library == "transformers" else with_onnxruntime, answer)
