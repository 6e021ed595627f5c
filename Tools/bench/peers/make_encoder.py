"""Makes an encoder of a true shape with random weights: NAME LAYERS FOLDER."""
import sys

import torch
from transformers import (
    AutoModel, BertConfig, DebertaConfig, DebertaV2Config, RemBertConfig, RobertaConfig)

LARGE = {
    "hidden_size": 1024, "num_attention_heads": 16, "intermediate_size": 4096}
SHAPES = {
    "deberta-v3-large": lambda layers: DebertaV2Config(
        **LARGE, num_hidden_layers=layers, vocab_size=128100, max_position_embeddings=512,
        type_vocab_size=0, relative_attention=True, position_buckets=256,
        norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type=["p2c", "c2p"],
        position_biased_input=False),
    "roberta-large": lambda layers: RobertaConfig(
        **LARGE, num_hidden_layers=layers, vocab_size=50265, max_position_embeddings=514,
        type_vocab_size=1, layer_norm_eps=1e-5),
    "bert-base": lambda layers: BertConfig(num_hidden_layers=layers),
    "deberta-large": lambda layers: DebertaConfig(
        **LARGE, num_hidden_layers=layers, vocab_size=50265, max_position_embeddings=512,
        type_vocab_size=0, relative_attention=True, pos_att_type=["c2p", "p2c"],
        position_biased_input=False, layer_norm_eps=1e-7),
    "deberta-v2-xlarge": lambda layers: DebertaV2Config(
        hidden_size=1536, num_attention_heads=24, intermediate_size=6144, num_hidden_layers=layers,
        vocab_size=128100, max_position_embeddings=512, type_vocab_size=0, relative_attention=True,
        position_buckets=256, norm_rel_ebd="layer_norm", share_att_key=True,
        pos_att_type=["p2c", "c2p"], position_biased_input=False, conv_kernel_size=3,
        conv_act="gelu"),
    # BLEURT-20's.
    "rembert": lambda layers: RemBertConfig(num_hidden_layers=layers),
}
name, layers, folder = sys.argv[1:]
torch.manual_seed(1)
AutoModel.from_config(SHAPES[name](int(layers))).save_pretrained(folder)
