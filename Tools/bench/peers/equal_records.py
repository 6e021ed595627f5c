"""Fails unless two files hold equal records in the same order: ONE OTHER.

JSON Lines, or a JSON array with an element on each line.
"""
import itertools
import json
import sys

import orjson


def records(path):
    with open(path, "rb") as file:
        for line in file:
            line = line.strip().rstrip(b",")
            if line not in (b"[", b"]", b""):
                yield orjson.loads(line)


def main(one, other):
    count = 0
    for left, right in itertools.zip_longest(records(one), records(other)):
        if left != right:
            sys.exit(f"record {count + 1} differs:\n{str(left)[:500]}\n{str(right)[:500]}")
        count += 1
    print(json.dumps({"records": count}))


main(*sys.argv[1:])
