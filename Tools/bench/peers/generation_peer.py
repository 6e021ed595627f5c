"""Generates with transformers or CTranslate2: KIND MODEL THREADS FOLDER.

KIND is transformers-float32, transformers-bfloat16, ctranslate2-float32 or ctranslate2-int8; FOLDER
keeps the converted model. Prints one line when the model is loaded, then answers each line of
standard input, a JSON object with `sequences` (a file with a JSON array of arrays of token ids) and
`new` (how many tokens are written for each), with the seconds it took and the ids after the start token.
"""
import json
import os
import sys

import model_loop

kind, model_folder, threads, folder = sys.argv[1:]
os.environ["OMP_NUM_THREADS"] = threads
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
library, precision = kind.split("-")


def with_transformers():
    import torch
    from transformers import T5ForConditionalGeneration

    torch.set_num_threads(int(threads))
    model = T5ForConditionalGeneration.from_pretrained(
        model_folder, torch_dtype=getattr(torch, precision)).eval()

    def run(sequences, new):
        ids = torch.tensor(sequences)
        with torch.inference_mode():
            return model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False, num_beams=1,
                min_new_tokens=new, max_new_tokens=new)[:, 1:].tolist()
    return run


def with_ctranslate2():
    import ctranslate2

    converted = os.path.join(folder, os.path.basename(os.path.normpath(model_folder)) + "-ctranslate2")
    if not os.path.exists(os.path.join(converted, "model.bin")):
        from ctranslate2.converters import TransformersConverter

        class Converter(TransformersConverter):
            def load_model(self, model_class, name, **settings):
                # transformers 4 has another name for it.
                settings["torch_dtype"] = settings.pop("dtype", None)
                return super().load_model(model_class, name, **settings)

        Converter(model_folder).convert(converted, force=True)
    translator = ctranslate2.Translator(
        converted, device="cpu", compute_type=precision, inter_threads=1, intra_threads=int(threads))
    with open(os.path.join(model_folder, "tokenizer.json")) as file:
        numbers = json.load(file)["model"]["vocab"]
    words = sorted(numbers, key=numbers.get)

    def run(sequences, new):
        results = translator.translate_batch(
            [[words[i] for i in each] for each in sequences], beam_size=1, max_input_length=0,
            min_decoding_length=new, max_decoding_length=new, max_batch_size=len(sequences))
        return [[numbers[word] for word in each.hypotheses[0]] for each in results]
    return run


def answer(run, request, sequences):
    watch = model_loop.Stopwatch()
    ids = run(sequences, request["new"])
    return {**watch.facts(), "ids": ids}


model_loop.serve(with_transformers if library == "transformers" else with_ctranslate2, answer)
