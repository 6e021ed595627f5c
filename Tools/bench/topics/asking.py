"""Collecting answers and verdicts from a web server that answers at once, 64 requests at a time."""
import json
import os
import shutil
import sqlite3

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn, say
from measuring.webserver import WebServer

CONCURRENCY = 64
REPLY_BYTES = 981
CANDIDATES = 11
# Each pair is shown in both orders.
VERDICTS = CANDIDATES * (CANDIDATES - 1)
# What the peers ask of the same server; the slower ones a part of the requests.
PEERS = [("openai", "openai_client.py", 20, 30), ("aiohttp", "aiohttp_client.py", 4, 2)]
LOOP = "libcurl multi in C"


def contests(settings, folder):
    requests = max(10 * VERDICTS, int(settings.requests * settings.scale))
    answers = {
        "/collect/v1/chat/completions": _reply(texts.Writer(8).text(90, 90)[:500]),
        "/judge/v1/chat/completions": _reply("1"),
    }
    with WebServer(os.path.join(folder, "nginx"), answers) as server:
        for verb, count in (("collect", requests), ("judge", requests // VERDICTS * VERDICTS)):
            yield _contest(verb, count, server.address + "/" + verb + "/v1", folder)


def _contest(verb, count, endpoint, folder):
    say(f"asking: preparing {verb}")
    prepared, store = os.path.join(folder, verb + "-prepared.db"), os.path.join(folder, "store.db")
    bodies = os.path.join(folder, verb + "-bodies.jsonl")
    _prepare(verb, count, prepared, folder)
    # The peers send what mixinstruct sends: some of its requests are recorded.
    _record(verb, prepared, endpoint, bodies, folder)

    def product(_):
        _copy(prepared, store)
        done = child.run(_command(verb, store, endpoint) + ["--json"])
        _expect_journal(store, count)
        return Turn(count, done.seconds, done.peak_bytes)

    def peer(script, share):
        def run(_):
            part = max(CONCURRENCY, count // share)
            done = child.run(
                paths.peer(script) + [endpoint, bodies, str(CONCURRENCY), str(part)])
            return Turn(part, done.json()["seconds"], done.peak_bytes)
        return run

    def loop(_):
        done = child.run([
            paths.LOOP, endpoint + "/chat/completions", bodies, str(CONCURRENCY), str(count)])
        return Turn(count, done.json()["seconds"], done.peak_bytes)

    size = os.path.getsize(bodies) / _lines(bodies)
    return Contest(
        f"asking: {verb}, {CONCURRENCY} at a time, {REPLY_BYTES} B replies, {size:,.0f} B requests",
        "requests",
        [Contender("mixinstruct", product)]
        + [Contender(name, peer(script, share)) for name, script, share, _ in PEERS]
        + [Contender(LOOP, loop)],
        [Goal("ratio", goal, name) for name, _, _, goal in PEERS] + [Goal("ratio", 1 / 3, LOOP)],
        check=lambda: [
            f"every round left {count:,} answers in the journal, each with its "
            + ("candidate" if verb == "collect" else "verdict")])


def _command(verb, store, endpoint):
    return [
        paths.PROGRAM, verb, "--store", store, "--endpoint", endpoint, "--model", "m",
        "--concurrency", str(CONCURRENCY)]


def _prepare(verb, count, store, folder):
    """A store that lacks as many answers, or verdicts, as are to be asked for."""
    writer = texts.Writer(6)
    examples = count if verb == "collect" else count // VERDICTS
    candidates = 0 if verb == "collect" else CANDIDATES
    path = os.path.join(folder, "examples.jsonl")
    texts.write_lines(
        path, (texts.record(writer, number, candidates, scores=False) for number in range(examples)))
    child.run([paths.PROGRAM, "import", "--store", store, path])


def _record(verb, prepared, endpoint, bodies, folder):
    store, recording = os.path.join(folder, "recorded.db"), os.path.join(folder, "recording.jsonl")
    _copy(prepared, store)
    if os.path.exists(recording):
        os.remove(recording)
    child.run(
        _command(verb, store, endpoint) + ["--max-requests", "1000", "--record", recording])
    with open(recording) as file:
        texts.write_lines(bodies, (json.loads(line)["request"] for line in file))


def _expect_journal(store, count):
    """Fails unless every request was answered and has led to a candidate or verdict."""
    connection = sqlite3.connect(store)
    answered, used = connection.execute(
        "SELECT (SELECT count(*) FROM requests WHERE state = 'answered'), "
        "(SELECT count(*) FROM candidates WHERE request_id IS NOT NULL) "
        "+ (SELECT count(*) FROM verdicts WHERE request_id IS NOT NULL AND verdict IS NOT NULL)"
    ).fetchone()
    connection.close()
    if (answered, used) != (count, count):
        raise child.Failure(f"of {count} requests {answered} were answered and {used} were used")


def _copy(prepared, store):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(store + suffix):
            os.remove(store + suffix)
    shutil.copyfile(prepared, store)


def _reply(text):
    """A chat completion of the size that is asked for."""
    reply = {
        "id": "chatcmpl-0123456789abcdef", "object": "chat.completion", "created": 1700000000,
        "model": "m", "system_fingerprint": "",
        "choices": [{
            "index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 40, "completion_tokens": 90, "total_tokens": 130}}
    reply["system_fingerprint"] = "f" * (REPLY_BYTES - len(json.dumps(reply)))
    # nginx takes a dollar sign for a variable.
    return json.dumps(reply).replace("$", "")


def _lines(path):
    with open(path) as file:
        return sum(1 for _ in file)
