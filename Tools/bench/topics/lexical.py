"""ROUGE with stemming, sentence BLEU and chrF, on one core, with identical results."""
import json
import os

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn

# Metrics, peer, the peer's pairs of a round, goal, and how far results may differ.
WORK = [
    ("ROUGE-1/2/L/Lsum with stemming", "rouge1,rouge2,rougeL,rougeLsum", "rouge-score", 330, 100, 1e-9),
    ("sentence BLEU", "bleu", "sacrebleu", 3300, 20, 1e-7),
    ("sentence chrF", "chrf", "sacrebleu", 1650, 20, 1e-9),
]
CANDIDATES = 11


def contests(settings, folder):
    path = os.path.join(folder, "pairs.jsonl")
    references = max(30, int(10_000 * settings.scale))
    writer = texts.Writer(1)
    texts.write_lines(path, _pairs(writer, references))
    pairs = references * CANDIDATES
    core = {min(os.sched_getaffinity(0))}
    for title, metrics, package, sample, goal, tolerance in WORK:
        sample = min(sample, pairs)
        ours = os.path.join(folder, "ours.jsonl")
        theirs = os.path.join(folder, "theirs.jsonl")

        def product(_):
            done = child.run(
                [paths.PROGRAM, "metrics", "--metrics", metrics, "--input", path, "--output", ours],
                cpus=core)
            return Turn(pairs, done.seconds, done.peak_bytes)

        def peer(_):
            done = child.run(
                paths.peer("lexical_scores.py") + [metrics, path, str(sample), theirs], cpus=core)
            return Turn(sample, done.json()["seconds"], done.peak_bytes)

        yield Contest(
            f"lexical: {title}", "pairs", [Contender("mixinstruct", product), Contender(package, peer)],
            [Goal("ratio", goal, package)], check=lambda: _equal(ours, theirs, sample, tolerance))


def _pairs(writer, references):
    for _ in range(references):
        reference = writer.text(45, 90)
        for _ in range(CANDIDATES):
            yield {"candidate": writer.variation(reference), "reference": reference}


def _equal(ours, theirs, sample, tolerance):
    """Compares the scores of the peer's pairs, number by number."""
    greatest = 0.0
    with open(ours) as mine, open(theirs) as other:
        for number, (left, right) in enumerate(zip(mine, other), 1):
            left, right = dict(_numbers(json.loads(left))), dict(_numbers(json.loads(right)))
            if left.keys() != right.keys():
                raise child.Failure(f"pair {number} has other scores: {left} and {right}")
            greatest = max([greatest] + [abs(left[name] - right[name]) for name in left])
        if number != sample:
            raise child.Failure(f"{number} pairs were compared instead of {sample}")
    if not greatest <= tolerance:
        raise child.Failure(f"scores differ by {greatest}, and by {tolerance} at most was expected")
    return [f"results of {sample:,} pairs are equal within {tolerance:g} (they differ by {greatest:.1e})"]


def _numbers(scores):
    for name, value in scores.items():
        if isinstance(value, dict):
            for part, number in value.items():
                yield f"{name}.{part}", number
        else:
            yield name, value
