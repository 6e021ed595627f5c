"""Makes texts and records of a fixed seed: word frequencies as in a language, words of syllables.

A small or closed vocabulary would flatter whoever keeps what it has seen, so there are 40,000 words,
of which the frequent ones are English, and about one word in forty is made up on the spot.
"""
import itertools
import json
import random

FREQUENT = (
    "the of and to in is that for with as on are this be at by an or from it has was not which have "
    "can will more their its also been other one about these than when into they some time up only "
    "would may such new first two any like should people how many most over use each make after "
    "years working used out could world well part where between while both being life because "
    "system ways through different information however state long data number question answers"
).split()
ONSETS = "b br c ch cl d dr f fl g gl gr h j k l m n p pl pr qu r s sc sh sl sp st t th tr v w".split()
VOWELS = "a e i o u ai ea ee ie oa ou".split()
ENDS = ["", "", "n", "r", "s", "t", "l", "ck", "m", "nd", "st"]
SUFFIXES = ["", "", "", "s", "ed", "ing", "er", "ly", "ness", "ation", "able", "al"]
METRICS = [
    "logprobs", "rougeL", "rouge2", "rougeLsum", "rouge1", "bleu", "bertscore", "bleurt", "bartscore"]


class Writer:
    """Writes texts; the same seed gives the same texts."""

    def __init__(self, seed, allowed=lambda word: True):
        self.random = random.Random(seed)
        made = {word: None for word in FREQUENT}
        # The words are the same for every seed.
        words = random.Random(7)
        while len(made) < 40_000:
            made[_word(words)] = None
        self.allowed = allowed
        self.words = [word for word in made if allowed(word)]
        # Zipf's law with Mandelbrot's offset.
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def text(self, low, high):
        """Sentences of so many words in all; some texts have lines, numbers and quotes."""
        return self._sentences(
            self.random.choices(
                self.words, cum_weights=self.weights, k=self.random.randint(low, high)))

    def variation(self, text, kept=0.4):
        """Another text that shares some words with the given one, in their order."""
        words = text.split()
        fresh = iter(self.random.choices(self.words, cum_weights=self.weights, k=len(words)))
        chosen = [
            word.strip('.,"').lower() if self.random.random() < kept else next(fresh)
            for word in words]
        return self._sentences(chosen[: self.random.randint(len(chosen) * 3 // 4, len(chosen))])

    def _sentences(self, words):
        parts, place = [], 0
        while place < len(words):
            size = self.random.randint(5, 19)
            sentence = words[place:place + size]
            place += size
            if self.random.random() < 0.3:
                fresh = _word(self.random)
                sentence[-1] = fresh if self.allowed(fresh) else sentence[-1]
            sentence[0] = sentence[0].capitalize()
            chance = self.random.random()
            if chance < 0.1:
                sentence.append(str(self.random.randint(2, 2030)))
            elif chance < 0.2:
                sentence[-1] = f'"{sentence[-1]}"'
            elif chance < 0.5:
                sentence[len(sentence) // 2] += ","
            parts.append(" ".join(sentence) + (".\n" if self.random.random() < 0.1 else ". "))
        return "".join(parts).strip()


def _word(generator):
    syllables = [
        generator.choice(ONSETS) + generator.choice(VOWELS) + generator.choice(ENDS)
        for _ in range(generator.choice((1, 1, 2, 2, 3)))]
    return "".join(syllables) + generator.choice(SUFFIXES)


def record(writer, number, candidates=11, scores=True):
    """A MixInstruct record."""
    output = writer.text(40, 60)
    made = {
        "id": f"unified_chip2/{number}", "instruction": "", "input": writer.text(12, 25),
        "output": output, "candidates": []}
    for model in range(candidates):
        candidate = {
            "decoding_method": "top_p_sampling", "model": f"model-{model}",
            "text": writer.text(35, 60)}
        if scores:
            candidate["scores"] = {metric: writer.random.uniform(-4, 1) for metric in METRICS}
        made["candidates"].append(candidate)
    return made


def write_lines(path, objects):
    """Writes objects as JSON Lines; gives the file's size."""
    with open(path, "w") as file:
        for each in objects:
            file.write(json.dumps(each) + "\n")
        return file.tell()
