"""A T5 of a true shape with random weights writes texts, against transformers and CTranslate2."""
import json
import os
import random
import statistics

from measuring import answering, child, paths
from measuring.contest import Contender, Contest, Goal, Turn, say

MODEL, LAYERS, HIDDEN, INTERMEDIATE, VOCABULARY = "t5-large", 24, 1024, 4096, 32128
SOURCE, NEW, THREADS = 512, 128, 2
BYTES = {"float32": 4, "bfloat16": 2, "int8": 1}
# The precisions of each library, the first one the reference of ids, and what must hold for every number
# of sources: the precision of ours, that of the library, how many times.
PEERS = {
    "transformers": (["float32", "bfloat16"], [
        ("float32", "float32", 2), ("bfloat16", "float32", 3.5), ("int8", "float32", 5)]),
    "ctranslate2": (["float32", "int8"], [("float32", "float32", 1.1), ("int8", "int8", 1.5)]),
}


def contests(settings, folder):
    layers = max(1, round(LAYERS * min(1, settings.scale)))
    model, programs = _model(layers), {}
    try:
        for library, count in ((library, count) for library in PEERS for count in (1, 8)):
            precisions, limits = PEERS[library]
            goals = [
                Goal("ratio", limit, f"{library} {theirs}", f"mixinstruct {own}")
                for own, theirs, limit in limits]
            sequences = os.path.join(folder, f"sources-{count}.json")
            chosen = random.Random(count)
            with open(sequences, "w") as file:
                json.dump([
                    [chosen.randrange(100, VOCABULARY - 100) for _ in range(SOURCE - 1)] + [1]
                    for _ in range(count)], file)
            asked = {"sequences": sequences, "new": NEW}
            turns = [
                _contender(name, programs.setdefault(name, answering.Program(command)), asked, count)
                for name, command in _commands(model, library, precisions)]
            title = f"generation: {MODEL}, {count} x {SOURCE} tokens in, {NEW} out, against {library}"
            yield Contest(
                title, "tokens", turns, goals,
                check=lambda: _notes(turns, f"{library} {precisions[0]}", count, layers))
    finally:
        for program in programs.values():
            program.close()


def _commands(model, library, precisions):
    for precision in BYTES:
        yield f"mixinstruct {precision}", [
            paths.GENERATION_BENCH, model, "--precision", precision, "--threads", str(THREADS)]
    for precision in precisions:
        yield f"{library} {precision}", paths.peer("generation_peer.py") + [
            f"{library}-{precision}", model, str(THREADS), paths.PREPARED]


def _model(layers):
    """The model's folder, made once."""
    folder = os.path.join(paths.PREPARED, f"{MODEL}-{layers}")
    if not os.path.exists(os.path.join(folder, "tokenizer_config.json")):
        say(f"generation: making {MODEL} of {layers} layers")
        child.run(paths.peer("make_seq2seq.py") + [MODEL, str(layers), folder])
    return folder


def _contender(name, program, asked, count):
    def run(number):
        if number == 0:
            # Pages, threads and compiled products are made when they are first needed.
            made.first = program.ask({**asked, "new": 1})["seconds"]
        answer = program.ask(asked)
        made.ids = answer["ids"]
        return Turn(count * NEW, answer["seconds"], answer["peak"])

    made = Contender(name, run)
    made.program = program
    return made


def _notes(contenders, reference, count, layers):
    """Compares the ids with the reference's, and says how fast memory was read."""
    found = {each.name: each.ids for each in contenders}
    for name, ids in found.items():
        if [len(row) for row in ids] != [NEW] * count:
            raise child.Failure(f"{name} wrote {[len(row) for row in ids]} tokens, not {NEW}")
    right = found.pop(reference)
    if found["mixinstruct float32"] != right:
        raise child.Failure(f"the ids of mixinstruct float32 are not those of {reference}")
    rates = []
    for each in contenders:
        # Reading the source and writing one token is not what reads weights again and again.
        seconds = statistics.median(turn.seconds for turn in each.turns) - each.first
        rate = 1e-9 * (NEW - 1) * _bytes(each.name.split()[-1], count, layers) / seconds
        rates.append(f"{each.name} {rate:.1f} (first token after {each.first:.2f} s)")
    peak = child.run([paths.BANDWIDTH, str(THREADS)]).output.strip()
    return [
        f"tokens before the first that is not that of {reference}: " + ", ".join(
            f"{name} {_agreement(ids, right)}" for name, ids in found.items()),
        f"GB/s of weights, keys and values that the decoder reads: {', '.join(rates)}; "
        f"the machine's peak: {peak}"]


def _agreement(ids, reference):
    """How many tokens are the same up to the first difference, of how many."""
    same = 0
    for row, right in zip(ids, reference):
        same += next((i for i, pair in enumerate(zip(row, right)) if pair[0] != pair[1]), len(right))
    return f"{same} of {sum(map(len, reference))}"


def _bytes(precision, count, layers):
    """What one step must read: the decoder's weights, those of the output, all keys and values of sources.

    Keys and values are counted in the width that mixinstruct stores them in: 16 bits below float32.
    """
    # Six projections of a layer are read in each step; two were read once, for the source.
    weights = layers * (6 * HIDDEN * HIDDEN + 2 * HIDDEN * INTERMEDIATE) + HIDDEN * VOCABULARY
    values = count * layers * 2 * HIDDEN * (SOURCE + NEW // 2)
    return weights * BYTES[precision] + values * max(2, BYTES[precision])
