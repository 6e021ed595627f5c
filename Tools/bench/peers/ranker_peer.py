"""Ranks records by all ordered pairs as the public code does: RANKER THREADS BATCH RECORDS OUTPUT.

Texts are tokenized pair by pair in the hub's form, BATCH pairs are padded to the longest of them, and the
encoder of transformers reads them in 32-bit floats. Writes a matrix of logits for each record to OUTPUT;
prints how many pairs there were and the seconds after the model was loaded.
"""
import json
import os
import sys
import time

folder, threads, batch, records, output = sys.argv[1:]
os.environ["OMP_NUM_THREADS"] = threads
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
from safetensors.torch import load_file  # noqa: E402
from transformers import AutoConfig, AutoTokenizer, DebertaV2Model  # noqa: E402

SOURCE_LIMIT, CANDIDATE_LIMIT = 1224, 412
torch.set_num_threads(int(threads))
tokenizer = AutoTokenizer.from_pretrained(folder)
config = AutoConfig.from_pretrained(folder)
weights = load_file(os.path.join(folder, "model.safetensors"))
prefix = "pretrained_model."
encoder = DebertaV2Model(config).eval()
encoder.load_state_dict({
    name[len(prefix):]: tensor for name, tensor in weights.items() if name.startswith(prefix)})
head = torch.nn.Sequential(
    torch.nn.Linear(2 * config.hidden_size, config.hidden_size), torch.nn.Tanh(),
    torch.nn.Linear(config.hidden_size, 1))
head.load_state_dict({
    f"{place}.{part}": weights[f"head_layer.{number}.{part}"]
    for place, number in ((0, 1), (2, 4)) for part in ("weight", "bias")})


def tokens(source, first, second):
    ids = tokenizer.encode("<|source|>" + source, max_length=SOURCE_LIMIT, truncation=True)
    room = (SOURCE_LIMIT + 2 * CANDIDATE_LIMIT - len(ids)) // 2
    for marker, text in (("<|candidate1|>", first), ("<|candidate2|>", second)):
        ids += tokenizer.encode(marker + text, max_length=room, truncation=True)
    return ids


def logits(pairs):
    rows = [tokens(*pair) for pair in pairs]
    width = max(map(len, rows))
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, :len(row)] = torch.tensor(row)
        mask[number, :len(row)] = 1
    hidden = encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    def states(key):
        return hidden[ids == getattr(config, key)]

    source = states("source_prefix_id")
    left = head(torch.cat([source, states("cand1_prefix_id")], dim=-1))
    right = head(torch.cat([source, states("cand2_prefix_id")], dim=-1))
    return (left - right).mean(dim=-1).tolist()


with open(records) as file:
    examples = [json.loads(line) for line in file]
start = time.perf_counter()
count = 0
with torch.inference_mode(), open(output, "w") as file:
    for example in examples:
        source = example["instruction"] + example["input"]
        texts = [candidate["text"] for candidate in example["candidates"]]
        places = [(i, j) for i in range(len(texts)) for j in range(len(texts)) if i != j]
        matrix = [[0.0] * len(texts) for _ in texts]
        for first in range(0, len(places), int(batch)):
            part = places[first:first + int(batch)]
            for (i, j), logit in zip(part, logits([(source, texts[i], texts[j]) for i, j in part])):
                matrix[i][j] = logit
        count += len(places)
        file.write(json.dumps({"logits": matrix}) + "\n")
print(json.dumps({"pairs": count, "seconds": time.perf_counter() - start}))
