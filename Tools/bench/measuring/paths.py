"""Where the things are that a benchmark runs."""
import os
import shutil

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(BENCH))
# What Tools/bench/prepare makes.
PREPARED = os.path.join(ROOT, ".build", "bench")
PYTHON = os.path.join(PREPARED, "venv", "bin", "python")
LOOP = os.path.join(PREPARED, "multi_loop")
PROGRAM = os.path.join(ROOT, ".build", "release", "mixinstruct")


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


def missing():
    """What is not there yet, by path or name."""
    wanted = [path for path in (PROGRAM, PYTHON, LOOP) if not os.access(path, os.X_OK)]
    return wanted + ([] if nginx() else ["nginx"])
