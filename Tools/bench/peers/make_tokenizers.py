"""Trains a tokenizer of a kind and writes it as Hugging Face folders are: KIND FOLDER."""
import os
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import sentencepiece  # noqa: E402
import transformers  # noqa: E402
from tokenizers import BertWordPieceTokenizer, ByteLevelBPETokenizer  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True

from measuring import texts  # noqa: E402

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
# Model file, class, and settings of SentencePiece's trainer.
SENTENCEPIECE = {
    "t5": ("spiece.model", "T5TokenizerFast", dict(
        model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)),
    "deberta": ("spm.model", "DebertaV2TokenizerFast", dict(
        model_type="unigram", pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]",
        bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]")),
    "llama": ("tokenizer.model", "LlamaTokenizerFast", dict(
        model_type="bpe", byte_fallback=True, split_digits=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False)),
}


def main(kind, folder):
    os.makedirs(folder, exist_ok=True)
    writer = texts.Writer(5)
    sentences = (writer.text(40, 60) for _ in range(40_000))
    if kind == "bert":
        tokenizer = BertWordPieceTokenizer()
        tokenizer.train_from_iterator(sentences, vocab_size=30_522, show_progress=False)
        tokenizer.save_model(folder)
        fast = transformers.BertTokenizerFast.from_pretrained(folder)
    elif kind == "roberta":
        tokenizer = ByteLevelBPETokenizer()
        tokenizer.train_from_iterator(
            sentences, vocab_size=50_265, special_tokens=SPECIAL, show_progress=False)
        tokenizer.save_model(folder)
        fast = transformers.RobertaTokenizerFast.from_pretrained(folder)
    else:
        name, tokenizer_class, settings = SENTENCEPIECE[kind]
        prefix = os.path.join(folder, "model")
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=sentences, model_prefix=prefix, vocab_size=32_000, minloglevel=2,
            hard_vocab_limit=False, **settings)
        os.rename(prefix + ".model", os.path.join(folder, name))
        os.remove(prefix + ".vocab")
        fast = getattr(transformers, tokenizer_class).from_pretrained(folder)
    fast.save_pretrained(folder)
    # The last file: it says that the others are complete.
    open(os.path.join(folder, "complete"), "w").close()


main(*sys.argv[1:])
