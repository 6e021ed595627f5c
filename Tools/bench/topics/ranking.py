"""All ordered pairs of records by a PairRanker of PairRM's shape, in three precisions, against transformers."""
import json
import os
import random

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn, say

LAYERS = 24
PEER = "transformers float32, 8 padded"
# The words of questions and answers, as AlpacaEval's records have them.
QUESTIONS, ANSWERS = (8, 60), (12, 190)
GOALS = {"fp32": 2, "bf16": 4, "int8": 6}
# How far logits may be from the reference's, relative to the spread of these: which is small, since random
# weights tell hardly anything apart. In bfloat16 0.24 was measured on 12 pairs.
TOLERANCES = {"fp32": 1e-3, "bf16": 0.3, "int8": 1}


def contests(settings, folder):
    layers = max(1, round(LAYERS * min(1, settings.scale)))
    model = _model(layers)
    records = settings.records or _made_records(settings, folder)
    threads = str(os.cpu_count())
    theirs = os.path.join(folder, "theirs.jsonl")
    contenders = []
    for precision in GOALS:
        ours = os.path.join(folder, f"{precision}.jsonl")
        contenders.append(Contender(f"mixinstruct {precision}", _turn([
            paths.PROGRAM, "rank", "--ranker", model, "--precision", precision, "--threads", threads,
            "--input", records, "--output", ours, "--json"])))
    contenders.append(Contender(PEER, _turn(
        paths.peer("ranker_peer.py") + [model, threads, "8", records, theirs])))
    yield Contest(
        "ranking: PairRM's shape, all ordered pairs", "pairs", contenders,
        [Goal("ratio", goal, PEER, f"mixinstruct {precision}") for precision, goal in GOALS.items()],
        check=lambda: _distances(folder, theirs))


def _turn(command):
    """Each process says how long it took once its model was loaded."""
    def run(_):
        done = child.run(command)
        answer = done.json()
        return Turn(answer["pairs"], answer["seconds"], done.peak_bytes)

    return run


def _model(layers):
    """A ranker's folder, made once."""
    folder = os.path.join(paths.PREPARED, f"pair-ranker-{layers}")
    if not os.path.exists(os.path.join(folder, "model.safetensors")):
        say(f"ranking: making a ranker of {layers} layers")
        tokenizer = os.path.join(paths.PREPARED, "tokenizers", "deberta")
        if not os.path.exists(os.path.join(tokenizer, "complete")):
            child.run(paths.peer("make_tokenizers.py") + ["deberta", tokenizer])
        child.run(paths.peer("make_ranker.py") + [str(layers), tokenizer, folder])
    return folder


def _made_records(settings, folder):
    path = os.path.join(folder, "records.jsonl")
    writer, lengths = texts.Writer(13), random.Random(13)
    count = max(1, round(3 * settings.scale))
    texts.write_lines(path, ({
        "id": str(number), "instruction": "", "input": writer.text(*QUESTIONS),
        "candidates": [
            {"model": f"model-{each}", "text": writer.text(low, low + 8)}
            for each, low in enumerate(lengths.randint(*ANSWERS) for _ in range(5))],
    } for number in range(count)))
    return path


def _logits(path):
    with open(path) as file:
        return [logit for line in file for row in json.loads(line)["logits"] for logit in row]


def _distances(folder, theirs):
    reference = _logits(theirs)
    mean = sum(reference) / len(reference)
    spread = (sum((logit - mean) ** 2 for logit in reference) / len(reference)) ** 0.5
    notes = []
    for precision, tolerance in TOLERANCES.items():
        found = _logits(os.path.join(folder, f"{precision}.jsonl"))
        distance = max(abs(one - other) for one, other in zip(found, reference)) / spread
        notes.append(f"{precision} {distance:.1e}")
        if len(found) != len(reference) or not distance <= tolerance:
            raise child.Failure(f"logits of {precision} are {distance:.1e} spreads from the reference's")
    return ["greatest distance from the reference's logits, in their standard deviations: " + ", ".join(notes)]
