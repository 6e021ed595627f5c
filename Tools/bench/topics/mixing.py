"""The reference recipe over 330,000 records, and a sample of it against a Python program."""
import json
import math
import os
import shutil

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn, say

# How many records each source had when MixInstruct was made.
SIZES = {"gpt4all": 173_734, "dolly": 15_015, "alpaca-gpt4": 52_002, "sharegpt": 92_429}
SPLITS = {"train": 100_000, "dev": 5_000, "test": 5_000}
SAMPLE = 0.03
LIMIT = 1024
BANNED = ("sure", "ok", "yes", "no", "yeah", "yep", "yup", "course", "sorry")
CATEGORIES = ["open_qa", "closed_qa", "summarization", "brainstorming", "creative_writing"]


def contests(settings, folder):
    tokenizer = settings.tokenizer or _made_tokenizer()
    say("mixing: writing the raw files")
    whole = _Sources(os.path.join(folder, "whole"), settings.scale)
    sample = _Sources(os.path.join(folder, "sample"), settings.scale * SAMPLE)
    ingested, store = os.path.join(folder, "ingested.db"), os.path.join(folder, "store.db")

    def ingest(_):
        done = _ingest(whole, ingested)
        return Turn(whole.records, done.seconds, done.peak_bytes)

    def mixing(recipe, *limits):
        def run(_):
            # Each round starts from the same store.
            shutil.copyfile(ingested, store)
            done = _mix(whole, store, recipe, tokenizer, *limits)
            run.summary = json.loads(done.output)
            return Turn(run.summary["read"], done.seconds, done.peak_bytes)
        return run

    size = sum(os.path.getsize(path) for path in whole.files())
    yield Contest(
        f"mixing: ingest of {whole.records:,} raw records, {size / 1e6:,.0f} MB", "records",
        [Contender("mixinstruct", ingest)])
    for recipe, goals in (("reference", [Goal("seconds", 60)]), ("clean", [])):
        run = mixing(recipe)
        yield Contest(
            f"mixing: recipe {recipe}, lengths up to {LIMIT} "
            + ("tokens" if recipe == "reference" else "words"), "records",
            [Contender("mixinstruct", run)], goals,
            check=lambda: [", ".join(f"{value:,} {name}" for name, value in _counts(run.summary))])

    selected = os.path.join(folder, "selected.json")

    def from_files(_):
        ingest, mix = _ingest(sample, store), _mix(sample, store, "reference", tokenizer)
        return Turn(
            sample.records, ingest.seconds + mix.seconds, max(ingest.peak_bytes, mix.peak_bytes))

    def python_recipe(_):
        done = child.run(
            paths.peer("reference_recipe.py")
            + [sample.folder, tokenizer, str(LIMIT), json.dumps(sample.splits), selected])
        return Turn(sample.records, done.json()["seconds"], done.peak_bytes)

    peer = Contender("Python + sentencepiece", python_recipe)
    yield Contest(
        f"mixing: a sample of {sample.records:,} raw records, from files to splits", "records",
        [Contender("mixinstruct", from_files), peer],
        check=lambda: [
            _same_selection(store, selected, folder),
            f"Python would take {whole.records / peer.rate:,.0f} s for {whole.records:,} records "
            "(extrapolated in proportion from the sample, not measured)"])


def _ingest(sources, store):
    for path in (store, store + "-wal", store + "-shm"):
        if os.path.exists(path):
            os.remove(path)
    return child.run([paths.PROGRAM, "ingest", "--store", store, *sources.files()])


def _mix(sources, store, recipe, tokenizer):
    # Nothing is cut before the filters: all records pass through them.
    quotas = [word for source in SIZES for word in ("--quota", f"{source}={sources.records}")]
    splits = [word for name, size in sources.splits.items() for word in (f"--{name}", str(size))]
    limits = ["--max-input", str(LIMIT), "--max-output", str(LIMIT)]
    tokens = ["--tokenizer", tokenizer] if recipe == "reference" else []
    return child.run([
        paths.PROGRAM, "mix", "--store", store, "--recipe", recipe, "--json",
        *tokens, *limits, *quotas, *splits])


def _counts(summary):
    return [(name, value) for name, value in summary.items() if type(value) is int]


def _same_selection(store, selected, folder):
    """A note that both chose the same records in the same order; fails when they did not."""
    with open(selected) as file:
        expected = json.load(file)
    for split, identifiers in expected.items():
        path = os.path.join(folder, "split.jsonl")
        child.run([
            paths.PROGRAM, "export", "--store", store, "--split", split, "--output", path])
        with open(path) as file:
            found = [json.loads(line)["id"] for line in file]
        if found != identifiers:
            raise child.Failure(f"the {split} part differs from that of the Python recipe")
    sizes = ", ".join(f"{len(identifiers):,} {split}" for split, identifiers in expected.items())
    return f"both selected the same records in the same order: {sizes}"


class _Sources:
    """The raw files of the four sources, in their own formats."""

    def __init__(self, folder, scale):
        self.folder = folder
        self.splits = {name: max(3, int(size * scale)) for name, size in SPLITS.items()}
        self.records = 0
        os.mkdir(folder)
        self.writer = texts.Writer(3)
        self.accepted = texts.Writer(4, lambda word: not any(ban in word for ban in BANNED))
        for source, size in SIZES.items():
            count = max(20, int(size * scale))
            make = getattr(self, "_" + source.replace("-", "_"))
            texts.write_lines(self._path(source), (make(number) for number in range(count)))
            self.records += count

    def files(self):
        return [self._path(source) for source in SIZES]

    def _path(self, source):
        return os.path.join(self.folder, source.replace("-", "_") + ".jsonl")

    def _answer(self, writer=None):
        writer = writer or self.writer
        words = min(1400, max(3, int(writer.random.lognormvariate(math.log(60), 0.9))))
        return writer.text(words, words)

    def _question(self):
        words = min(1400, max(2, int(self.writer.random.lognormvariate(math.log(16), 0.8))))
        return self.writer.text(words, words)

    def _gpt4all(self, number):
        source = "laion/unified_chip2" if number % 3 == 0 else "unified_chip2"
        if number % 50 == 49:
            source = "forum"
        return {"prompt": self._question(), "response": self._answer(), "source": source}

    def _dolly(self, number):
        return {
            "instruction": self._question(), "context": self._answer() if number % 3 == 0 else "",
            "response": self._answer(), "category": CATEGORIES[number % len(CATEGORIES)]}

    def _alpaca_gpt4(self, number):
        return {
            "instruction": self._question(), "input": self._question() if number % 3 == 0 else "",
            "output": self._answer()}

    def _sharegpt(self, number):
        # Few answers hold a banned word: those of the published mix had passed that filter.
        writer = self.writer if number % 20 == 19 else self.accepted
        turns = [
            {"from": "human", "value": self._question()},
            {"from": "gpt", "value": self._answer(writer)}]
        if number % 10 == 5:
            turns.insert(0, {"from": "system", "value": self._question()})
        if number % 30 == 7:
            turns = turns[:1]
        return {"id": f"s{number // 2}_{number % 2}", "conversations": turns}


def _made_tokenizer():
    """A tokenizer of LLaMA's kind and size, made once."""
    folder = os.path.join(paths.PREPARED, "tokenizer")
    if not os.path.exists(os.path.join(folder, "tokenizer_config.json")):
        say("mixing: making a tokenizer of 32,000 tokens")
        child.run(paths.peer("make_tokenizer.py") + [folder])
    return folder
