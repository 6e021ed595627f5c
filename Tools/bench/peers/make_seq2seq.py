"""Makes a T5 of a true shape with random weights and a tokenizer of numbered words: NAME LAYERS FOLDER."""
import json
import os
import sys

import torch
from transformers import T5Config, T5ForConditionalGeneration

SHAPES = {
    "t5-large": dict(d_model=1024, d_kv=64, num_heads=16, d_ff=4096, vocab_size=32128),
    "flan-t5-large": dict(
        d_model=1024, d_kv=64, num_heads=16, d_ff=2816, vocab_size=32128,
        feed_forward_proj="gated-gelu"),
}
name, layers, folder = sys.argv[1:]
torch.manual_seed(1)
config = T5Config(**SHAPES[name], num_layers=int(layers), tie_word_embeddings=False, decoder_start_token_id=0)
model = T5ForConditionalGeneration(config)
# Random layers alone write one token again and again: what they give all tokens in common is taken out,
# and with a head of the embeddings in another order a token follows from the last one as well.
order = torch.randperm(config.vocab_size)
with torch.no_grad():
    for key, weight in model.named_parameters():
        if key.endswith("wo.weight"):
            weight.sub_(weight.mean(1, keepdim=True))
    model.shared.weight.mul_(0.5)
    model.lm_head.weight.copy_(model.shared.weight[order])
model.save_pretrained(folder)
# A converter asks for a tokenizer.
words = ["<pad>", "</s>", "<unk>"] + [f"w{i}" for i in range(3, config.vocab_size)]
with open(os.path.join(folder, "tokenizer.json"), "w") as file:
    json.dump({
        "version": "1.0", "added_tokens": [
            {"id": i, "content": words[i], "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True} for i in range(3)],
        "model": {
            "type": "WordLevel", "vocab": {word: i for i, word in enumerate(words)},
            "unk_token": "<unk>"}}, file)
with open(os.path.join(folder, "tokenizer_config.json"), "w") as file:
    json.dump({
        "tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>", "eos_token": "</s>",
        "unk_token": "<unk>"}, file)
