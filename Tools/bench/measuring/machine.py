"""The machine and the versions that figures belong to."""
import os
import platform
import subprocess
from importlib import metadata

from measuring import paths


def describe():
    """What a reader needs to know of the machine, in the order to print it."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo")
         if line.startswith("model name")), platform.machine())
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo"))
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**20, 1),
        "load_at_start": [round(value, 2) for value in os.getloadavg()],
        "kernel": f"{platform.system()} {platform.release()}",
    }


def versions():
    """Versions of the program, of the peers and of what runs them."""
    found = {
        "mixinstruct": _first_line([paths.PROGRAM, "--version"]).removeprefix("mixinstruct "),
        "commit": _first_line(
            ["git", "-C", paths.ROOT, "describe", "--always", "--dirty", "--abbrev=10"]),
        "python": platform.python_version(),
        "sqlite in python": __import__("sqlite3").sqlite_version,
        "nginx": _first_line([paths.nginx(), "-v"]).rpartition("/")[2],
        "libcurl": _first_line([paths.LOOP, "--version"]),
    }
    names = []
    for requirements in ("requirements.txt", "requirements-models.txt"):
        if requirements == "requirements.txt" or os.path.exists(paths.MODEL_PEERS):
            with open(os.path.join(paths.BENCH, requirements)) as file:
                names += [line.split("==")[0] for line in file if "==" in line]
    for name in names:
        found[name] = metadata.version(name)
    return found


def _lines(path):
    with open(path) as file:
        return file.readlines()


def _first_line(command):
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.splitlines()[0] if done.stdout else "unknown"
