"""Encoders of true shapes with random weights, in three precisions, against transformers and ONNX Runtime."""
import array
import json
import math
import os
import random

from measuring import answering, child, paths
from measuring.contest import Contender, Contest, Goal, Turn, say

HIDDEN, INTERMEDIATE, LAYERS = 1024, 4096, 24
REFERENCE = "transformers float32"
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
# How far hidden states may be from the reference's: root of the mean square, relative to theirs.
TOLERANCES = {"float32": 1e-5, "bfloat16": 0.02, "int8": 0.1}


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
                    paths.ENCODER_BENCH, _model(model, layers), "--precision", precision]))
                judged.append(Goal("ratio", goal, REFERENCE, name))
                if number == 0:
                    # The first work: later the process has seen longer batches.
                    size = os.path.getsize(os.path.join(_model(model, layers), "model.safetensors"))
                    judged.append(Goal("peak", MEMORY * size * BYTES[precision] / 4, contender=name))
            for name in [REFERENCE] + ["onnxruntime float32", "onnxruntime int8"] * bool(graph_goals):
                contenders.append((name, paths.peer("encoder_peer.py") + [
                    name.replace(" ", "-"), _model(model, layers), str(os.cpu_count()), paths.PREPARED]))
            for precision, goal in zip(PRECISIONS, graph_goals or ()):
                if goal:
                    judged.append(Goal(
                        "ratio", goal, f"onnxruntime {precision}", f"mixinstruct {precision}"))
            asked = {"sequences": sequences, "batch": batch}
            turns = [
                _contender(name, programs.setdefault(" ".join(command), answering.Program(command)),
                           asked, len(lengths))
                for name, command in contenders]
            yield Contest(
                f"encoders: {model}, {title}", "sequences", turns, judged,
                check=lambda: _notes(turns, asked, folder, lengths, model, layers))
    finally:
        for program in programs.values():
            program.close()


def _model(name, layers):
    """A model's folder, made once."""
    folder = os.path.join(paths.PREPARED, f"{name}-{layers}")
    if not os.path.exists(os.path.join(folder, "model.safetensors")):
        say(f"encoders: making {name} of {layers} layers")
        child.run(paths.peer("make_encoder.py") + [name, str(layers), folder])
    return folder


def _contender(name, program, asked, count):
    def run(number):
        if number == 0:
            # Pages, threads and compiled products are made when they are first needed.
            program.ask(asked)
        answer = program.ask(asked)
        return Turn(count, answer["seconds"], answer["peak"])

    made = Contender(name, run)
    made.program = program
    return made


def _notes(contenders, asked, folder, lengths, model, layers):
    """Compares the hidden states with the reference's, and says how fast the processor worked."""
    work = _operations(lengths, model, layers)
    notes = [f"{work / 1e9:,.0f} GFLOP; GFLOP/s: " + ", ".join(
        f"{each.name} {work / 1e9 * each.rate / len(lengths):,.0f}" for each in contenders)]
    states = {each.name: _states(each.program, asked, folder) for each in contenders}
    reference, distances = states[REFERENCE], []
    for name, found in states.items():
        if name == REFERENCE:
            continue
        distance = math.dist(found, reference) / math.hypot(*reference)
        distances.append(f"{name} {distance:.1e}")
        if not distance <= TOLERANCES[name.split()[-1]]:
            raise child.Failure(f"the states of {name} are {distance:.1e} from the reference's")
    return notes + ["distance of the states from the reference's: " + ", ".join(distances)]


def _operations(lengths, model, layers):
    """The operations that the results need: positions that depend on weights alone are not counted."""
    products = 4 if model.startswith("deberta") else 2
    return layers * sum(
        2 * n * (4 * HIDDEN * HIDDEN + 2 * HIDDEN * INTERMEDIATE) + products * 2 * n * n * HIDDEN
        for n in lengths)


def _states(program, asked, folder):
    path = os.path.join(folder, "states")
    program.ask({**asked, "output": path})
    states = array.array("f")
    with open(path, "rb") as file:
        states.frombytes(file.read())
    os.remove(path)
    return states
