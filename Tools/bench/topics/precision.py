"""What lower precisions change: hidden states of each kind of encoder, and results of a real model on texts."""
import gzip
import json
import os
import random

from measuring import answering, child, encoding, paths
from measuring.contest import Contest

# Kinds of encoders by their true shapes.
SHAPES = [
    ("bert-base", 12), ("roberta-large", 24), ("deberta-large", 24), ("deberta-v3-large", 24),
    ("deberta-v2-xlarge", 24), ("rembert", 32),
]
LENGTHS = [20, 61, 130, 256, 400]
# The recorded models of the tests: small, some with settings that published models do not have.
RECORDED = [
    "bert", "roberta", "deberta-v1", "deberta-v3", "deberta-v2-xlarge", "deberta-v2-abspos"]
FIXTURES = os.path.join(paths.ROOT, "Tests", "PretrainedModelsTests", "Fixtures")
PRECISIONS = ("float32", "bfloat16", "int8")
# all-MiniLM-L6-v2 was trained on so many tokens.
TOKENS = 256
RECORDS = 300
# The least that each precision must keep of what 32-bit floats give: the cosine of a text's vectors, the
# share of questions with the same nearest answer, the mean rank correlation of candidates.
LIMITS = {
    "float32": (0.999999, 1, 0.99999), "bfloat16": (0.9998, 0.97, 0.99), "int8": (0.98, 0.9, 0.95)}


def contests(settings, folder):
    models = [
        (f"{name}, recorded model", lambda name=name: os.path.join(FIXTURES, name, "model"), 240,
         [2, 9, 17, 30, 45]) for name in RECORDED]
    for name, layers in SHAPES:
        layers = max(1, round(layers * min(1, settings.scale)))
        models.append((
            f"{name}'s shape, random weights",
            lambda name=name, layers=layers: encoding.model(name, layers), 30_000, LENGTHS))
    for title, model, words, lengths in models:
        chosen = random.Random(title)
        ids = [[chosen.randrange(5, words) for _ in range(count)] for count in lengths]
        yield from _contest(
            f"precision: {title}", model, ids, folder, len(ids), {},
            lambda turns: [encoding.distances(turns)])
    records = _records(settings.records, max(10, int(RECORDS * settings.scale)))
    texts, places = _texts(records)
    # Neighbours are of about one length, so that the reference's padding costs little.
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    ids = _ids([texts[number] for number in order], folder)
    yield from _contest(
        "precision: all-MiniLM-L6-v2, texts", lambda: paths.MINILM, ids, folder, 16, {"pooled": True},
        lambda turns: _agreement(turns, records, places, order))


def _contest(title, model, ids, folder, batch, options, check):
    """One contest of the reference and three precisions; ends their processes."""
    path = os.path.join(folder, "sequences.json")
    with open(path, "w") as file:
        json.dump(ids, file)
    asked = {"sequences": path, "batch": batch, **options}

    def contender(name, command):
        return encoding.contender(name, answering.Program(command), asked, len(ids), folder)

    # The model is made when it is first needed.
    turns = [contender(f"mixinstruct {precision}", lambda precision=precision: [
        paths.ENCODER_BENCH, model(), "--precision", precision]) for precision in PRECISIONS]
    turns.append(contender(encoding.REFERENCE, lambda: paths.peer("encoder_peer.py") + [
        encoding.REFERENCE.replace(" ", "-"), model(), str(os.cpu_count()), paths.PREPARED]))
    try:
        yield Contest(title, "texts", turns, check=lambda: check(turns))
    finally:
        for each in turns:
            each.program.close()


def _records(path, limit):
    """Questions with their answers, and, in files that have them, candidates and ratings by people."""
    if path:
        opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
        with opened as file:
            return [json.loads(line) for line, _ in zip(file, range(limit))]
    sources, records = os.path.join(paths.ROOT, "Data", "sources"), []
    with open(os.path.join(sources, "alpaca_gpt4.json")) as file:
        records += json.load(file)
    with open(os.path.join(sources, "dolly.jsonl")) as file:
        for line in file:
            try:
                found = json.loads(line)
                records.append({
                    "instruction": found["instruction"], "input": found["context"],
                    "output": found["response"]})
            except (ValueError, KeyError):
                # Some lines are damaged on purpose.
                pass
    records = [each for each in records if all(
        isinstance(each.get(key), str) for key in ("instruction", "input", "output"))]
    return records[:limit]


def _texts(records):
    """All texts, and where the question, the answer and the candidates of each record are among them."""
    texts, places = [], []
    for record in records:
        own = [" ".join(filter(None, [record["instruction"], record.get("input")])), record["output"]]
        own += [each["text"] for each in record.get("candidates", [])]
        places.append((len(texts), len(texts) + 1, range(len(texts) + 2, len(texts) + len(own))))
        texts += own
    return texts, places


def _ids(texts, folder):
    given, made = os.path.join(folder, "given.jsonl"), os.path.join(folder, "ids.jsonl")
    with open(given, "w") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    child.run([paths.PROGRAM, "tokenize", "--model", paths.MINILM, "--max-length", str(TOKENS),
               "--input", given, "--output", made])
    with open(made) as file:
        return [json.loads(line)["ids"] for line in file]


def _agreement(contenders, records, places, order):
    """What each precision does to vectors, nearest answers and the order of candidates, as notes."""
    import numpy

    vectors = {}
    for each in contenders:
        sorted_ones = numpy.array(encoding.states(each)).reshape(len(order), -1)
        vectors[each.name] = numpy.empty_like(sorted_ones)
        vectors[each.name][order] = sorted_ones
    reference = vectors[encoding.REFERENCE]
    questions = [place[0] for place in places]
    answers = [place[1] for place in places]
    notes = [f"{len(order)} texts of {len(records)} records"]
    for name, own in vectors.items():
        cosines = (own * reference).sum(axis=1)
        facts = [f"cosine with {encoding.REFERENCE} at least {cosines.min():.6f}, mean {cosines.mean():.6f}"]
        nearest = (own[questions] @ own[answers].T).argmax(axis=1)
        wanted = (reference[questions] @ reference[answers].T).argmax(axis=1)
        same = (nearest == wanted).mean()
        right = (nearest == numpy.arange(len(answers))).mean()
        facts.append(f"nearest answer of a question is the same for {same:.1%}, its own for {right:.1%}")
        correlations, best = [1.0], []
        scores = {numbers: own[numbers] @ own[answer] for _, answer, numbers in places if len(numbers) > 1}
        if scores:
            expected = {numbers: reference[numbers] @ reference[answer]
                        for _, answer, numbers in places if len(numbers) > 1}
            correlations = [_rank_correlation(scores[each], expected[each]) for each in scores]
            # Equal texts are equally good: the best is compared by its value for the reference.
            best = [expected[each][scores[each].argmax()] >= expected[each].max() - 1e-6 for each in scores]
            facts.append(
                f"order of candidates by similarity to the answer: Spearman {numpy.mean(correlations):.5f} on "
                f"average, the same best one for {numpy.mean(best):.1%}")
        facts += _rated(records, places, own)
        notes.append(f"{name}: " + "; ".join(facts))
        if name != encoding.REFERENCE:
            limits = LIMITS[name.split()[-1]]
            # With few texts one of them is a large share.
            others = round((1 - same) * len(records))
            if not (cosines.min() >= limits[0] and others <= max(1, (1 - limits[1]) * len(records))
                    and numpy.mean(correlations) >= limits[2]):
                raise child.Failure(f"{notes[-1]}; expected at least {limits}")
    return notes


def _rated(records, places, vectors):
    """How the similarity to the answer goes with the ratings of people, where there are any."""
    similarities, ratings = [], {}
    for record, (_, answer, numbers) in zip(records, places):
        for candidate, number in zip(record.get("candidates", []), numbers):
            rated = {key: value for key, value in (candidate.get("scores") or {}).items()
                     if key.startswith("human_")}
            if rated:
                similarities.append(float(vectors[number] @ vectors[answer]))
                for key, value in rated.items():
                    ratings.setdefault(key, []).append(value)
    return [f"Spearman with {key} {_rank_correlation(similarities, values):.4f}"
            for key, values in ratings.items() if len(values) == len(similarities)]


def _rank_correlation(first, second):
    """Spearman's; equal values share their mean rank."""
    import numpy

    def ranks(values):
        values = numpy.asarray(values, dtype=float)
        _, inverse, counts = numpy.unique(values, return_inverse=True, return_counts=True)
        last = counts.cumsum()
        return (last - (counts - 1) / 2)[inverse]

    first, second = ranks(first), ranks(second)
    if first.std() == 0 or second.std() == 0:
        return 1.0 if (first == second).all() else 0.0
    return float(numpy.corrcoef(first, second)[0, 1])
