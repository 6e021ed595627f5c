"""Makes a byte-pair tokenizer with LLaMA's settings and 32,000 tokens: FOLDER."""
import json
import os
import sys

import sentencepiece

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True

from measuring import texts  # noqa: E402


def main(folder):
    os.makedirs(folder, exist_ok=True)
    writer = texts.Writer(5)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(writer.text(40, 60) for _ in range(40_000)),
        model_prefix=os.path.join(folder, "tokenizer"), vocab_size=32_000, model_type="bpe",
        byte_fallback=True, split_digits=True, normalization_rule_name="identity",
        remove_extra_whitespaces=False, minloglevel=2)
    # The last file: it says that the others are complete.
    with open(os.path.join(folder, "tokenizer_config.json"), "w") as file:
        json.dump({
            "tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "add_eos_token": False,
            "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}, file)


main(*sys.argv[1:])
