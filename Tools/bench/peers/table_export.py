"""The tables of table_import.py as MixInstruct JSON Lines: json|orjson DATABASE RECORDS."""
import json
import sqlite3
import sys
import time


def encoder(name):
    if name == "orjson":
        import orjson

        return orjson.dumps
    return lambda record: json.dumps(record).encode()


def main(name, database, path):
    dumps = encoder(name)
    start = time.perf_counter()
    connection = sqlite3.connect(database)
    with open(path, "wb") as file:
        for number, *fields in connection.execute("SELECT * FROM examples ORDER BY example_id"):
            candidates = {}
            # One query for all scores of a record is faster than one for each candidate.
            for row, model, method, text, metric, value in connection.execute(
                    "SELECT c.candidate_id, model, decoding_method, text, metric, value "
                    "FROM candidates c LEFT JOIN scores s USING (candidate_id) "
                    "WHERE example_id = ? ORDER BY c.candidate_id", (number,)):
                candidate = candidates.get(row)
                if candidate is None:
                    candidate = candidates[row] = {
                        "decoding_method": method, "model": model, "text": text, "scores": {}}
                candidate["scores"][metric] = value
            record = dict(zip(("id", "instruction", "input", "output"), fields))
            record["candidates"] = list(candidates.values())
            file.write(dumps(record) + b"\n")
    print(json.dumps({"seconds": time.perf_counter() - start}))


main(*sys.argv[1:])
