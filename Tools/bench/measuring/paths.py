"""Where the things are that a benchmark runs."""
import os
import shutil

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(BENCH))
# What Tools/bench/prepare makes.
PREPARED = os.path.join(ROOT, ".build", "bench")
PYTHON = os.path.join(PREPARED, "venv", "bin", "python")
LOOP = os.path.join(PREPARED, "multi_loop")
ANNOTATORS = os.path.join(PREPARED, "annotators")
PROGRAM = os.path.join(ROOT, ".build", "release", "mixinstruct")
ENCODER_BENCH = os.path.join(ROOT, ".build", "release", "encoder-bench")
GENERATION_BENCH = os.path.join(ROOT, ".build", "release", "generation-bench")
# The rates of the processor's arithmetic and of its memory alone, and a model that people use.
PEAK = os.path.join(PREPARED, "peak")
BANDWIDTH = os.path.join(PREPARED, "bandwidth")
MINILM = os.path.join(ROOT, ".build", "models", "all-minilm-l6-v2")
# The peers of topics that run models; they are large, so they are prepared when asked for.
MODEL_PEERS = os.path.join(PREPARED, "venv", "requirements-models.txt")


def peer(name):
    """The command line that starts a peer's script; it leaves no compiled files behind."""
    return [PYTHON, "-B", os.path.join(BENCH, "peers", name)]


def nginx():
    """The web server: the machine's, or the one that was unpacked; None when there is neither."""
    unpacked = os.path.join(PREPARED, "nginx", "usr", "sbin", "nginx")
    for path in (shutil.which("nginx"), "/usr/sbin/nginx", unpacked):
        if path and os.access(path, os.X_OK):
            return path
    return None


def missing(runs_models=False):
    """What is not there yet, by path or name."""
    wanted = [path for path in (PROGRAM, PYTHON, LOOP, ANNOTATORS) if not os.access(path, os.X_OK)]
    if runs_models:
        needed = (ENCODER_BENCH, GENERATION_BENCH, PEAK, BANDWIDTH, MINILM, MODEL_PEERS)
        wanted += [path for path in needed if not os.access(path, os.R_OK)]
    return wanted + ([] if nginx() else ["nginx"])
