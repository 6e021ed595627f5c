"""MixInstruct JSON Lines into SQLite tables: json|orjson rows|objects RECORDS DATABASE.

Scores are rows of their own, or one JSON object for each candidate, as mixinstruct keeps them.
"""
import importlib
import json
import sqlite3
import sys
import time

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE examples (
  example_id INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, instruction TEXT NOT NULL,
  input TEXT NOT NULL, output TEXT NOT NULL);
CREATE TABLE candidates (
  candidate_id INTEGER PRIMARY KEY, example_id INTEGER NOT NULL REFERENCES examples,
  model TEXT NOT NULL, decoding_method TEXT NOT NULL, text TEXT NOT NULL, scores TEXT);
CREATE TABLE scores (
  candidate_id INTEGER NOT NULL REFERENCES candidates, metric TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (candidate_id, metric)) WITHOUT ROWID;
CREATE INDEX candidates_by_example ON candidates (example_id);
"""


def main(parser, form, path, database):
    parser = importlib.import_module(parser)
    loads, dumps, are_rows = parser.loads, parser.dumps, form == "rows"
    start = time.perf_counter()
    connection = sqlite3.connect(database)
    connection.executescript(SCHEMA)
    row = 0
    with connection, open(path, "rb") as file:
        for number, line in enumerate(file):
            record = loads(line)
            connection.execute("INSERT INTO examples VALUES (?, ?, ?, ?, ?)", (
                number, record["id"], record["instruction"], record["input"], record["output"]))
            candidates, scores = [], []
            for candidate in record["candidates"]:
                found = candidate["scores"]
                candidates.append((
                    row, number, candidate["model"], candidate["decoding_method"],
                    candidate["text"], None if are_rows else dumps(found)))
                if are_rows:
                    scores += [(row, metric, value) for metric, value in found.items()]
                row += 1
            connection.executemany("INSERT INTO candidates VALUES (?, ?, ?, ?, ?, ?)", candidates)
            connection.executemany("INSERT INTO scores VALUES (?, ?, ?)", scores)
    connection.close()
    print(json.dumps({"seconds": time.perf_counter() - start}))


main(*sys.argv[1:])
