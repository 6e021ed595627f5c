"""JSON Lines into a DuckDB file and back: import RECORDS DATABASE | export DATABASE RECORDS."""
import json
import sys
import time

import duckdb


def main(direction, source, target):
    start = time.perf_counter()
    connection = duckdb.connect(target if direction == "import" else source)
    if direction == "import":
        connection.execute(
            "CREATE TABLE records AS SELECT * FROM read_json(?, format = 'newline_delimited')",
            [source])
    else:
        quoted = target.replace("'", "''")
        connection.execute(f"COPY records TO '{quoted}' (FORMAT json)")
    connection.close()
    print(json.dumps({"seconds": time.perf_counter() - start}))


main(*sys.argv[1:])
