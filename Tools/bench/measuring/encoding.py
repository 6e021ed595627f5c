"""What topics that run encoders share: models of true shapes, contenders, and how far results are apart."""
import array
import math
import os

from measuring import child, paths
from measuring.contest import Contender, Turn, say

REFERENCE = "transformers float32"
# How far hidden states may be from the reference's: root of the mean square, relative to theirs.
TOLERANCES = {"float32": 1e-5, "bfloat16": 0.02, "int8": 0.1}

# Work of so many seconds needs no rehearsal.
WARM = 8


def model(name, layers):
    """The folder of a model with random weights, made once."""
    folder = os.path.join(paths.PREPARED, f"{name}-{layers}")
    if not os.path.exists(os.path.join(folder, "model.safetensors")):
        say(f"making {name} of {layers} layers")
        child.run(paths.peer("make_encoder.py") + [name, str(layers), folder])
    return folder


def contender(name, program, asked, count, folder):
    """A program that is asked again and again; it has done short work once before it is measured.

    What it computed the first time is in the file `states` of the contender.
    """
    states = os.path.join(folder, f"states of {name}")

    def run(number):
        answer = program.ask({**asked, "output": states} if number == 0 else asked)
        # Pages, threads and compiled products are made when they are first needed, in part of a second.
        if number == 0 and answer["seconds"] < WARM:
            answer = program.ask(asked)
        return Turn(count, answer["seconds"], answer["peak"])

    made = Contender(name, run)
    made.program, made.states = program, states
    return made


def distances(contenders):
    """How far the hidden states are from the reference's, as a note; fails when that is too far."""
    found = {each.name: states(each) for each in contenders}
    reference, texts = found.pop(REFERENCE), []
    for name, own in found.items():
        distance = math.dist(own, reference) / math.hypot(*reference)
        texts.append(f"{name} {distance:.1e}")
        if not distance <= TOLERANCES[name.split()[-1]]:
            raise child.Failure(f"the states of {name} are {distance:.1e} from the reference's")
    return "distance of the states from the reference's: " + ", ".join(texts)


def states(contender):
    """What a contender computed, all numbers in one array."""
    numbers = array.array("f")
    with open(contender.states, "rb") as file:
        numbers.frombytes(file.read())
    return numbers
