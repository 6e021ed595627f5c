"""MixInstruct's recipe in Python, as its authors describe it:
SOURCES TOKENIZER LIMIT SPLITS OUTPUT.

Texts are tokenized by the sentencepiece library itself, which is faster than the tokenizer class
around it that the authors used. OUTPUT receives the identifiers of each split.
"""
import collections
import json
import os
import random
import sys
import time

import sentencepiece

BANNED = [
    "i'm sorry", "i'am here", "i'am ready", "sure", "okay", "ok", "yes", "no", "yeah", "nope", "yep",
    "yup", "no problem", "no worries", "how can i", "of course"]


def lines(folder, name):
    with open(os.path.join(folder, name + ".jsonl")) as file:
        for line in file:
            yield json.loads(line)


def gpt4all(folder):
    counts = collections.Counter()
    for row in lines(folder, "gpt4all"):
        source = row["source"]
        if source in ("laion/unified_chip2", "unified_chip2"):
            yield f"{source}/{counts[source]}", "", row["prompt"], row["response"]
            counts[source] += 1


def dolly(folder):
    counts = collections.Counter()
    for row in lines(folder, "dolly"):
        category = row["category"]
        yield (f"dolly_15k/{category}/{counts[category]}", row["instruction"], row["context"],
               row["response"])
        counts[category] += 1


def alpaca(folder):
    for number, row in enumerate(lines(folder, "alpaca_gpt4")):
        yield f"itwgpt4/{number}", row["instruction"], row["input"], row["output"]


def sharegpt(folder):
    for row in lines(folder, "sharegpt"):
        turns = row["conversations"]
        roles = [turn["from"] for turn in turns[:3]]
        if roles[:2] == ["human", "gpt"]:
            used = ["", turns[0]["value"], turns[1]["value"]]
        elif len(roles) == 3 and roles[0] in ("gpt", "system") and roles[1:] == ["human", "gpt"]:
            used = [turn["value"] for turn in turns[:3]]
        else:
            continue
        lowered = used[2].lower()
        if not any(word in lowered for word in BANNED):
            yield f"sharegpt/{row['id']}", *used


def main(folder, tokenizer, limit, splits, output):
    limit, splits = int(limit), json.loads(splits)
    model = sentencepiece.SentencePieceProcessor(
        model_file=os.path.join(tokenizer, "tokenizer.model"))

    def length(text):
        # The token before every text counts.
        return len(model.encode(text)) + 1

    start = time.perf_counter()
    records = []
    for source in (gpt4all, dolly, alpaca, sharegpt):
        found = list(source(folder))
        random.seed(42)
        random.shuffle(found)
        records += found
    records = list(dict.fromkeys(records))
    records = [record for record in records if 10 < length(record[3]) < limit]
    records = [record for record in records if 5 <= length(record[1] + record[2]) < limit]
    random.seed(42)
    random.shuffle(records)
    selected, place = {}, 0
    for split in ("dev", "test", "train"):
        selected[split] = [record[0] for record in records[place:place + splits[split]]]
        place += splits[split]
    seconds = time.perf_counter() - start
    with open(output, "w") as file:
        json.dump(selected, file)
    print(json.dumps({"seconds": seconds}))


main(*sys.argv[1:])
