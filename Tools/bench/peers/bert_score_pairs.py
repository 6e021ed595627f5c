"""Computes BERTScore with bert-score: CALLS MODEL LAYER PAIRS CANDIDATES THREADS OUTPUT.

PAIRS has lines {"candidate", "reference"}, CANDIDATES of them for each reference. CALLS is `one`, all pairs
in one call, or `columns`, one call for each place of a candidate among those of its reference, as
LLM-Blender does. Prints the seconds as JSON: the model is loaded in them, once, the libraries are not.
"""
import json
import os
import sys
import time

calls, model, layer, pairs, candidates, threads, output = sys.argv[1:]
os.environ["OMP_NUM_THREADS"] = threads
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
from bert_score import BERTScorer  # noqa: E402

torch.set_num_threads(int(threads))
with open(pairs) as file:
    rows = [json.loads(line) for line in file]

start = time.perf_counter()
scorer = BERTScorer(
    model_type=model, num_layers=int(layer), use_fast_tokenizer=True, device="cpu", batch_size=64)
scores = [None] * len(rows)
count = int(candidates)
for places in [range(len(rows))] if calls == "one" else [
        range(place, len(rows), count) for place in range(count)]:
    _, _, values = scorer.score(
        [rows[place]["candidate"] for place in places], [rows[place]["reference"] for place in places])
    for place, value in zip(places, values.tolist()):
        scores[place] = value
seconds = time.perf_counter() - start
with open(output, "w") as file:
    json.dump(scores, file)
print(json.dumps({"seconds": seconds}))
