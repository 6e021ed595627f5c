"""Encodes texts with Hugging Face's tokenizers on one thread: FUNCTION MODEL TEXTS COUNT OUTPUT."""
import json
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from tokenizers import Tokenizer  # noqa: E402


def main(function, model, path, count, output):
    tokenizer = Tokenizer.from_file(os.path.join(model, "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    with open(path) as file:
        texts = [json.loads(line)["text"] for line, _ in zip(file, range(int(count)))]
    start = time.perf_counter()
    if function == "encode_batch":
        encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    else:
        encodings = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
    seconds = time.perf_counter() - start
    with open(output, "w") as file:
        file.writelines(json.dumps({"ids": each.ids}) + "\n" for each in encodings)
    print(json.dumps({"seconds": seconds}))


main(*sys.argv[1:])
