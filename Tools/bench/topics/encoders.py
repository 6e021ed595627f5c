"""Encoders of true shapes with random weights, in three precisions, against transformers and ONNX Runtime."""
import json
import os
import random

from measuring import answering, child, encoding, paths
from measuring.contest import Contest, Goal

HIDDEN, INTERMEDIATE, LAYERS = 1024, 4096, 24
# The tokens of 24 pairs of answers to questions of AlpacaEval, each with its question.
PAIRS = [
    184, 119, 411, 287, 636, 422, 383, 503, 612, 354, 153, 105, 299, 181, 336, 402, 594, 240, 353, 292,
    480, 65, 272, 413]
# What is computed, the lengths, how many the peers compute together, and the goals of each precision
# against the reference and against ONNX Runtime.
WORK = [
    ("deberta-v3-large", "1 pair of 512 tokens", [512], 1, (1.9, 3.5, 6), (1.1, None, 2)),
    ("deberta-v3-large", "8 pairs of 512 tokens", [512] * 8, 8, (1.5, 3, 4.5), None),
    ("deberta-v3-large", "1 pair of 128 tokens", [128], 1, (1.6, 3, 5), None),
    ("deberta-v3-large", "8 pairs of 128 tokens", [128] * 8, 8, (1, 1.8, 3), None),
    ("deberta-v3-large", "24 pairs of 65 to 636 tokens", PAIRS, 8, (2, 4, 6), None),
    ("roberta-large", "32 texts of 128 tokens", [128] * 32, 32, (1.1, 2.3, 4), None),
]
PRECISIONS = ("float32", "bfloat16", "int8")
BYTES = {"float32": 4, "bfloat16": 2, "int8": 1}
# The most memory of a process, relative to the weights' size at its precision.
MEMORY = 1.3
# The most that memory may grow between a process's first and last turns at the same work.
GROWTH = 1.02


def contests(settings, folder):
    layers = max(1, round(LAYERS * min(1, settings.scale)))
    programs = {}
    try:
        for number, (model, title, lengths, batch, goals, graph_goals) in enumerate(WORK):
            sequences = os.path.join(folder, f"sequences-{number}.json")
            chosen = random.Random(number)
            with open(sequences, "w") as file:
                json.dump([[chosen.randrange(5, 50_000) for _ in range(n)] for n in lengths], file)
            contenders, judged = [], []
            for precision, goal in zip(PRECISIONS, goals):
                name = f"mixinstruct {precision}"
                contenders.append((name, [
                    paths.ENCODER_BENCH, encoding.model(model, layers), "--precision", precision]))
                judged.append(Goal("ratio", goal, encoding.REFERENCE, name))
                if number == 0:
                    # The first work: later the process has seen longer batches.
                    size = os.path.getsize(os.path.join(encoding.model(model, layers), "model.safetensors"))
                    judged.append(Goal("peak", MEMORY * size * BYTES[precision] / 4, contender=name))
            for name in [encoding.REFERENCE] + ["onnxruntime float32", "onnxruntime int8"] * bool(graph_goals):
                contenders.append((name, paths.peer("encoder_peer.py") + [
                    name.replace(" ", "-"), encoding.model(model, layers), str(os.cpu_count()),
                    paths.PREPARED]))
            for precision, goal in zip(PRECISIONS, graph_goals or ()):
                if goal:
                    judged.append(Goal(
                        "ratio", goal, f"onnxruntime {precision}", f"mixinstruct {precision}"))
            asked = {"sequences": sequences, "batch": batch}
            turns = [
                encoding.contender(
                    name, programs.setdefault(" ".join(command), answering.Program(command)), asked,
                    len(lengths), folder)
                for name, command in contenders]
            yield Contest(
                f"encoders: {model}, {title}", "sequences", turns, judged,
                check=lambda: _notes(turns, lengths, model, layers))
    finally:
        for program in programs.values():
            program.close()


def _notes(contenders, lengths, model, layers):
    """Compares the hidden states with the reference's, and says how fast the processor worked."""
    work = _operations(lengths, model, layers)
    peak = child.run([paths.PEAK, str(os.cpu_count())]).json()
    notes = [
        f"{work / 1e9:,.0f} GFLOP; GFLOP/s: " + ", ".join(
            f"{each.name} {work / 1e9 * each.rate / len(lengths):,.0f}" for each in contenders)
        + "; the processor's peak at this time: " + ", ".join(
            f"{precision} {rate:,}" for precision, rate in peak.items())]
    ours = [each for each in contenders if each.name.startswith("mixinstruct")]
    size = os.path.getsize(os.path.join(encoding.model(model, layers), "model.safetensors"))
    memory = [
        f"{each.name.split()[-1]} {first:.2f} and {last:.2f}" for each, first, last in _memory(ours, size)]
    notes.append(
        "peak memory after the first and the last turn, in sizes of the weights at the precision: "
        + ", ".join(memory))
    for each, first, last in _memory(ours, size):
        if last > first * GROWTH:
            raise child.Failure(f"the memory of {each.name} grew from {first:.3f} to {last:.3f} weights")
    return notes + [encoding.distances(contenders)]


def _memory(contenders, size):
    """The peak memory of each after its first and its last turn, in sizes of the weights."""
    for each in contenders:
        weights = size * BYTES[each.name.split()[-1]] / 4
        yield each, each.turns[0].peak_bytes / weights, each.turns[-1].peak_bytes / weights


def _operations(lengths, model, layers):
    """The operations that the results need: positions that depend on weights alone are not counted."""
    products = 4 if model.startswith("deberta") else 2
    return layers * sum(
        2 * n * (4 * HIDDEN * HIDDEN + 2 * HIDDEN * INTERMEDIATE) + products * 2 * n * n * HIDDEN
        for n in lengths)
