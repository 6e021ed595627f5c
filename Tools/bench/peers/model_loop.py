"""What peers that run models share: they say when they are loaded, then answer lines, each with its peak memory."""
import json
import resource
import sys
import time


def serve(load, answer):
    """Loads a model with `load`, then gives it and each request of standard input to `answer`."""
    start = time.perf_counter()
    model = load()
    _tell({"load_seconds": time.perf_counter() - start})
    for line in sys.stdin:
        request = json.loads(line)
        with open(request["sequences"]) as file:
            _tell(answer(model, request, json.load(file)))


class Stopwatch:
    """The time since it was made."""

    def __init__(self):
        self._start, self._used = time.perf_counter(), time.process_time()

    def facts(self):
        return {
            "seconds": time.perf_counter() - self._start, "processor_seconds": time.process_time() - self._used}


def _tell(facts):
    facts["peak"] = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps(facts), flush=True)
