"""Texts to token ids, on one core, for five kinds of models, with identical ids."""
import json
import os

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn, say

KINDS = [
    ("bert", "BERT's WordPiece"), ("roberta", "RoBERTa's byte-level BPE"),
    ("t5", "T5's Unigram"), ("deberta", "DeBERTa-v3's Unigram"),
    ("llama", "LLaMA's BPE with byte fallback"),
]


def contests(settings, folder):
    path = settings.texts or _made_texts(settings, folder)
    with open(path) as file:
        total = sum(1 for _ in file)
    sample = min(total, max(100, int(4000 * settings.scale)))
    core = {min(os.sched_getaffinity(0))}
    for kind, title in KINDS:
        model = _made_model(kind)
        ours = os.path.join(folder, "ours.jsonl")
        theirs = os.path.join(folder, "theirs.jsonl")

        def product(_):
            done = child.run(
                [paths.PROGRAM, "tokenize", "--no-special-tokens", "--model", model,
                 "--input", path, "--output", ours], cpus=core)
            return Turn(total, done.seconds, done.peak_bytes)

        def peer(function):
            def run(_):
                done = child.run(
                    paths.peer("tokenizer_loop.py")
                    + [function, model, path, str(sample), theirs], cpus=core)
                return Turn(sample, done.json()["seconds"], done.peak_bytes)

            return run

        yield Contest(
            f"tokenizing: {title}", "texts",
            [Contender("mixinstruct", product), Contender("encode_batch", peer("encode_batch")),
             Contender("encode", peer("encode"))],
            [Goal("ratio", 1, "encode_batch"), Goal("ratio", 1, "encode")],
            check=lambda: _equal(ours, theirs, sample))


def _made_texts(settings, folder):
    path = os.path.join(folder, "texts.jsonl")
    writer = texts.Writer(11)
    count = max(200, int(20_000 * settings.scale))
    texts.write_lines(path, ({"text": writer.text(40, 200)} for _ in range(count)))
    return path


def _made_model(kind):
    """A tokenizer of this kind and of about the usual size, made once."""
    folder = os.path.join(paths.PREPARED, "tokenizers", kind)
    if not os.path.exists(os.path.join(folder, "complete")):
        say(f"tokenizing: making a tokenizer of {kind}'s kind")
        child.run(paths.peer("make_tokenizers.py") + [kind, folder])
    return folder


def _equal(ours, theirs, sample):
    with open(ours) as mine, open(theirs) as other:
        number = 0
        for number, (left, right) in enumerate(zip(mine, other), 1):
            if json.loads(left) != json.loads(right):
                raise child.Failure(f"text {number} has other ids")
    if number != sample:
        raise child.Failure(f"{number} texts were compared instead of {sample}")
    return [f"the ids of {sample:,} texts are equal"]
