"""Runs a process and measures it: wall time, processor time and peak resident memory."""
import json
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass


class Failure(Exception):
    """A process that was measured went wrong."""


@dataclass
class Outcome:
    """What a process took, and what it printed."""
    seconds: float
    processor_seconds: float
    peak_bytes: int
    output: str

    def json(self):
        """The one JSON object that a peer prints."""
        return json.loads(self.output)


def run(command, statuses=(0,), cpus=None):
    """Runs a command to its end.

    A process starts as a copy of this one, so the peak cannot be below this process's own
    (`floor`): the benchmarks keep their data in files.
    """
    before = os.sched_getaffinity(0)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        if cpus:
            os.sched_setaffinity(0, cpus)
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        os.sched_setaffinity(0, before)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in statuses:
            raise Failure(
                f"{' '.join(command)}\nended with {process.returncode}:\n"
                + errors.read()[-2000:].decode(errors="replace"))
        return Outcome(
            seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024,
            output.read().decode(errors="replace"))


def floor():
    """The peak memory of this process: less than that cannot be seen of a child."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
