"""Makes a PairRanker in the hub's layout with random weights: LAYERS TOKENIZER FOLDER.

The encoder has DeBERTa-v3-large's shape, the tokenizer is that of a folder with PairRanker's markers added.
"""
import json
import os
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from transformers import AutoTokenizer, DebertaV2Config, DebertaV2Model  # noqa: E402

MARKERS = ["<|source|>", "<|candidate1|>", "<|candidate2|>", "<|candidate|>"]
layers, tokenizer_folder, folder = sys.argv[1:]
torch.manual_seed(1)
tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
tokenizer.add_tokens(MARKERS)
hidden = 1024
config = DebertaV2Config(
    hidden_size=hidden, num_attention_heads=16, intermediate_size=4096, num_hidden_layers=int(layers),
    vocab_size=128100, max_position_embeddings=512, type_vocab_size=0, relative_attention=True,
    position_buckets=256, norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type=["p2c", "c2p"],
    position_biased_input=False)
weights = {f"pretrained_model.{name}": tensor.contiguous()
           for name, tensor in DebertaV2Model(config).state_dict().items() if "position_ids" not in name}
for name, inputs, outputs in (("head_layer.1", 2 * hidden, hidden), ("head_layer.4", hidden, 1)):
    layer = torch.nn.Linear(inputs, outputs)
    weights[f"{name}.weight"], weights[f"{name}.bias"] = layer.weight.data, layer.bias.data
os.makedirs(folder, exist_ok=True)
tokenizer.save_pretrained(folder)
settings = config.to_dict()
settings.update(
    architectures=["DebertaV2PairRM"], n_tasks=1, source_prefix_id=tokenizer.convert_tokens_to_ids(MARKERS[0]),
    cand1_prefix_id=tokenizer.convert_tokens_to_ids(MARKERS[1]),
    cand2_prefix_id=tokenizer.convert_tokens_to_ids(MARKERS[2]), sep_token_id=tokenizer.sep_token_id)
with open(os.path.join(folder, "config.json"), "w") as file:
    json.dump(settings, file)
# The last file: it says that the others are complete.
save_file(weights, os.path.join(folder, "model.safetensors"))
