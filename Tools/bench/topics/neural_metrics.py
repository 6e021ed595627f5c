"""BERTScore at RoBERTa-large's shape with random weights, 11 candidates for each reference."""
import json
import os
import shutil

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn, say

LAYERS, LAYER = 24, 17
CANDIDATES = 11
RECORDS = 10
PRECISIONS = ("float32", "bfloat16", "int8")
ONE, COLUMNS = "bert-score, one call", "bert-score, a call for each model"
# Of our precisions against bert-score as LLM-Blender calls it, and with everything in one call; both
# sides load their model.
GOALS = {"float32": (2, 2), "bfloat16": (4, None), "int8": (6, None)}
# How far scores may be from bert-score's, whose padding takes part in the search.
TOLERANCES = {"float32": 1e-4, "bfloat16": 0.01, "int8": 0.05}


def contests(settings, folder):
    model = _model(max(1, round(LAYERS * min(1, settings.scale))))
    layer = min(LAYER, json.load(open(os.path.join(model, "config.json")))["num_hidden_layers"])
    path = os.path.join(folder, "neural-pairs.jsonl")
    records = max(2, round(RECORDS * settings.scale))
    texts.write_lines(path, _pairs(texts.Writer(3), records))
    pairs, threads = records * CANDIDATES, str(os.cpu_count())
    results = {}

    def product(precision):
        name = f"mixinstruct {precision}"
        results[name] = os.path.join(folder, f"{precision}.jsonl")

        def run(_):
            done = child.run([
                paths.PROGRAM, "metrics", "--metrics", "bertscore", "--bertscore-model", model,
                "--bertscore-layer", str(layer), "--precision", precision, "--threads", threads,
                "--input", path, "--output", results[name]])
            return Turn(pairs, done.seconds, done.peak_bytes)
        return Contender(name, run)

    def peer(name, calls):
        results[name] = os.path.join(folder, f"{calls}.json")

        def run(_):
            done = child.run(paths.peer("bert_score_pairs.py") + [
                calls, model, str(layer), path, str(CANDIDATES), threads, results[name]])
            return Turn(pairs, done.json()["seconds"], done.peak_bytes)
        return Contender(name, run)

    goals = []
    for precision, limits in GOALS.items():
        for against, limit in zip((COLUMNS, ONE), limits):
            if limit:
                goals.append(Goal("ratio", limit, against, f"mixinstruct {precision}"))
    yield Contest(
        f"neural metrics: BERTScore, RoBERTa-large's shape, layer {layer}, {records} records of "
        f"{CANDIDATES} candidates", "pairs",
        [product(precision) for precision in PRECISIONS] + [peer(ONE, "one"), peer(COLUMNS, "columns")],
        goals, check=lambda: _distances(results))


def _pairs(writer, records):
    for _ in range(records):
        reference = writer.text(25, 90)
        for _ in range(CANDIDATES):
            yield {"candidate": writer.variation(reference), "reference": reference}


def _model(layers):
    """A model's folder with a tokenizer, made once."""
    folder = os.path.join(paths.PREPARED, f"roberta-large-{layers}-scoring")
    if not os.path.exists(os.path.join(folder, "complete")):
        say(f"neural metrics: making RoBERTa-large of {layers} layers")
        child.run(paths.peer("make_encoder.py") + ["roberta-large", str(layers), folder])
        tokenizer = os.path.join(paths.PREPARED, "tokenizer-scoring")
        child.run(paths.peer("make_tokenizers.py") + ["roberta", tokenizer])
        for name in os.listdir(tokenizer):
            if name != "complete":
                shutil.copy(os.path.join(tokenizer, name), folder)
        # Random models have no limit of the tokenizer's; RoBERTa has 512.
        path = os.path.join(folder, "tokenizer_config.json")
        with open(path) as file:
            configuration = json.load(file)
        configuration["model_max_length"] = 512
        with open(path, "w") as file:
            json.dump(configuration, file)
        open(os.path.join(folder, "complete"), "w").close()
    return folder


def _distances(results):
    """Compares the scores with bert-score's."""
    scores = {}
    for name, path in results.items():
        with open(path) as file:
            scores[name] = json.load(file) if path.endswith(".json") else [
                json.loads(line)["bertscore"]["f"] for line in file]
    notes = []
    for precision in PRECISIONS:
        found = scores[f"mixinstruct {precision}"]
        distance = max(abs(ours - theirs) for ours, theirs in zip(found, scores[ONE], strict=True))
        notes.append(f"{precision} {distance:.1e}")
        if not distance <= TOLERANCES[precision]:
            raise child.Failure(f"the scores in {precision} are {distance:.1e} from bert-score's")
    return ["largest distance of F from bert-score's: " + ", ".join(notes)]
