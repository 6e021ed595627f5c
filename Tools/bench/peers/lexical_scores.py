"""Scores pairs with rouge-score or sacreBLEU: METRICS PAIRS COUNT OUTPUT."""
import json
import sys
import time


def scorer(metrics):
    names = metrics.split(",")
    if names[0].startswith("rouge"):
        from rouge_score.rouge_scorer import RougeScorer

        rouge = RougeScorer(names, use_stemmer=True)

        def score(candidate, reference):
            return {
                name: {"precision": each.precision, "recall": each.recall, "f": each.fmeasure}
                for name, each in rouge.score(reference, candidate).items()}
    else:
        import sacrebleu

        function = {"bleu": sacrebleu.sentence_bleu, "chrf": sacrebleu.sentence_chrf}[metrics]

        def score(candidate, reference):
            return {metrics: function(candidate, [reference]).score}
    return score


def main(metrics, path, count, output):
    score = scorer(metrics)
    with open(path) as file:
        pairs = [json.loads(line) for line, _ in zip(file, range(int(count)))]
    start = time.perf_counter()
    scores = [score(pair["candidate"], pair["reference"]) for pair in pairs]
    seconds = time.perf_counter() - start
    with open(output, "w") as file:
        file.writelines(json.dumps(each) + "\n" for each in scores)
    print(json.dumps({"seconds": seconds}))


main(*sys.argv[1:])
