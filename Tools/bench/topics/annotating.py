"""People who vote at once: 200 of them for a minute on a store with 100,000 examples, undisturbed and with kill -9.

Afterwards the store must have every answered vote exactly once, and no task may have gone to more people
than its overlap.
"""
import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import time

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn

EXAMPLES = 100_000
PEOPLE = 200
SECONDS = 60
OVERLAP = 3
LIMIT = 0.050
# What annotators.c says, by the first character of a vote's key.
VERDICTS = ["A is better", "B is better", "Same good", "Same bad"]
# How people work: some at a pace that no person keeps up for long, some without any pause.
PACES = [("each votes about once a second", 1000), ("nobody waits at all", 0)]


def contests(settings, folder):
    seconds = max(3, SECONDS * min(1, settings.scale))
    store = os.path.join(folder, "prepared.db")
    links = _prepare(store, folder, max(500, int(EXAMPLES * settings.scale)))
    for pace, think in PACES:
        yield _contest(pace, store, links, folder, seconds, think, is_killed=False)
    yield _contest(
        "nobody waits; kill -9 in the middle, and a restart", store, links, folder, seconds, 0,
        is_killed=True)


def _contest(what, prepared, links, folder, seconds, think, is_killed):
    notes = []

    def voting(_):
        store = os.path.join(folder, "store.db")
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(store + suffix):
                os.remove(store + suffix)
        with contextlib.closing(sqlite3.connect(prepared)) as source, \
                contextlib.closing(sqlite3.connect(store)) as copy:
            source.backup(copy)
        log = os.path.join(folder, "answered.tsv")
        found = _run(store, links, log, seconds, think, is_killed)
        notes[:] = _check(store, log, found, is_killed)
        latencies = {
            f"{kind} {share}": found[kind][f"{share}_ms"] / 1e3
            for kind in ("next", "vote") for share in ("p50", "p99")}
        return Turn(found["vote"]["count"], found["seconds"], latencies=latencies)

    goals = [] if is_killed else [
        Goal("latency", LIMIT, measure=f"{kind} p99") for kind in ("next", "vote")]
    return Contest(
        f"annotating: {PEOPLE} people for {seconds:.0f} s, {what}", "votes",
        [Contender("mixinstruct", voting)], goals, check=lambda: notes)


def _prepare(store, folder, examples):
    """A store with a queue of pairs and its people; gives the file of their links' secrets."""
    records = os.path.join(folder, "records.jsonl")
    writer = texts.Writer(9)
    texts.write_lines(
        records, (texts.record(writer, number, 2, scores=False) for number in range(examples)))
    child.run([paths.PROGRAM, "import", "--store", store, records])
    os.remove(records)
    child.run([
        paths.PROGRAM, "annotate", "queue", "make", "pairs", "--store", store, "--overlap", str(OVERLAP),
        "--repeat-share", "0.05"])
    made = child.run([
        paths.PROGRAM, "annotate", "people", "add", "--store", store, "--json",
        *(f"person {number}" for number in range(PEOPLE))])
    links = os.path.join(folder, "links.txt")
    with open(links, "w") as file:
        for person in json.loads(made.output)["people"]:
            file.write(person["link"].split("#")[1] + "\n")
    return links


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _serve(store, port, folder):
    """Starts the service, and gives its process once it answers."""
    errors = open(os.path.join(folder, "service.log"), "a")
    process = subprocess.Popen(
        [paths.PROGRAM, "annotate", "--store", store, "--port", str(port)],
        stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
    for _ in range(600):
        if process.poll() is not None:
            raise child.Failure(f"the service ended with {process.returncode}: see {errors.name}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    process.kill()
    raise child.Failure("the service does not answer")


def _run(store, links, log, seconds, think, is_killed):
    port, folder = _free_port(), os.path.dirname(log)
    service = _serve(store, port, folder)
    try:
        load = subprocess.Popen(
            [paths.ANNOTATORS, "127.0.0.1", str(port), links, str(seconds), str(think), log],
            stdout=subprocess.PIPE, text=True)
        if is_killed:
            # Not at a round time: in the middle of whatever happens then.
            time.sleep(seconds * random.uniform(0.3, 0.6))
            service.send_signal(signal.SIGKILL)
            service.wait()
            service = _serve(store, port, folder)
        output, _ = load.communicate(timeout=seconds + 120)
        if load.returncode != 0:
            raise child.Failure(f"the load ended with {load.returncode}")
        return json.loads(output)
    finally:
        service.terminate()
        service.wait(timeout=60)


def _check(store, log, found, is_killed):
    """Fails unless the store has what was answered, once, and no task has too many people."""
    with open(log) as file:
        answered = [line.rstrip("\n").split("\t") for line in file]
    connection = sqlite3.connect(store)
    ask = lambda query: connection.execute(query).fetchall()  # noqa: E731
    stored = {
        key: (assignment, vote, verdict) for key, assignment, vote, verdict in ask(
            "SELECT client_key, assignment_id, vote_id, verdict FROM annotation_votes "
            "WHERE kind = 'vote'")}
    lost = [key for key, assignment, vote in answered
            if stored.get(key) != (int(assignment), int(vote), VERDICTS[ord(key[0]) & 3])]
    unanswered = len(stored) - len({key for key, _, _ in answered})
    doubled = ask(
        "SELECT assignment_id FROM annotation_votes WHERE kind = 'vote' "
        "GROUP BY assignment_id HAVING count(*) > 1")
    crowded = ask(
        "SELECT a.task_id FROM annotation_assignments a "
        "JOIN annotation_queues q USING (queue_id) WHERE a.state IN ('leased', 'voted') "
        "AND a.repeats IS NULL AND EXISTS (SELECT 1 FROM annotation_tasks t "
        "WHERE t.task_id = a.task_id AND t.purpose = 'normal') GROUP BY a.task_id HAVING count(DISTINCT a.person_id) > q.overlap "
        "OR count(*) > count(DISTINCT a.person_id)")
    damage = [row for row in ask("PRAGMA integrity_check") if row != ("ok",)]
    connection.close()
    bad = {status: count for status, count in found["statuses"].items() if status != "200"}
    # Votes that the service stored and could not answer before it was killed are sent again, and
    # then are answered; without a kill there are none.
    if lost or doubled or crowded or damage or unanswered or (bad and not is_killed):
        raise child.Failure(
            f"{len(lost)} answered votes are not in the store, {unanswered} were never answered, "
            f"{len(doubled)} tasks have two votes of one person, {len(crowded)} have more people "
            f"than {OVERLAP}; statuses besides 200: {bad}; {damage}")
    if is_killed and not found["reconnects"]:
        raise child.Failure("nobody noticed the kill")
    notes = [
        f"{len(answered):,} votes were answered and are in the store once each; no task went to more "
        f"than {OVERLAP} people"]
    for kind, name in (("next", "next task"), ("vote", "vote")):
        facts = found[kind]
        notes.append(
            f"{name}: p50 {facts['p50_ms']:.1f} ms, p99 {facts['p99_ms']:.1f} ms, "
            f"most {facts['max_ms']:.1f} ms, n {facts['count']:,}")
    if is_killed:
        notes.append(
            f"{found['repeated']} votes were stored before the kill and answered after it; the longest "
            f"time without an answer was {found['longest_gap_ms'] / 1e3:.1f} s")
    return notes
