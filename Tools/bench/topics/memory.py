"""Peak memory of import and export with a file of a gigabyte, as lines and as one array."""
import json
import os

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn
from topics.files import equal_records

BYTES = 1_000_000_000
BASE_RECORDS = 2_000


def contests(settings, folder):
    base = os.path.join(folder, "base.jsonl")
    writer = texts.Writer(2)
    texts.write_lines(base, (texts.record(writer, number) for number in range(BASE_RECORDS)))
    for form, name in (("JSON Lines", "records.jsonl"), ("a JSON array", "records.json")):
        path = os.path.join(folder, name)
        count, size = _repeat(base, path, BYTES * settings.scale)
        store, copy = os.path.join(folder, "store.db"), os.path.join(folder, "copy-" + name)

        def importing(_):
            _remove(store, store + "-wal", store + "-shm")
            done = child.run([paths.PROGRAM, "import", "--store", store, path])
            return Turn(count, done.seconds, done.peak_bytes)

        def exporting(_):
            done = child.run([paths.PROGRAM, "export", "--store", store, "--output", copy])
            return Turn(count, done.seconds, done.peak_bytes)

        what = f"{size / 1e6:,.0f} MB as {form}, {count:,} records"
        yield Contest(
            f"memory: import of {what}", "records", [Contender("mixinstruct", importing)],
            [Goal("peak", 200e6)])
        yield Contest(
            f"memory: export of {what}", "records", [Contender("mixinstruct", exporting)],
            [Goal("peak", 200e6)], check=lambda: [equal_records(path, copy, "mixinstruct")])
        _remove(path, copy)


def _repeat(base, path, size):
    """Repeats records with fresh identifiers, in the form that the name tells.

    Gives the number of records and the size of the file.
    """
    is_array, count = path.endswith(".json"), 0
    with open(path, "w") as file:
        if is_array:
            file.write("[\n")
        while file.tell() < size:
            with open(base) as lines:
                for line in lines:
                    # The identifier stands first in a line.
                    rest = line[line.index(", "):].rstrip("\n")
                    separator = ",\n" if is_array and count else ""
                    file.write(separator + '{"id": ' + json.dumps(f"repeated/{count}") + rest)
                    file.write("" if is_array else "\n")
                    count += 1
                    if count % 100 == 0 and file.tell() >= size:
                        break
        if is_array:
            file.write("\n]\n")
        return count, file.tell()


def _remove(*files):
    for path in files:
        if os.path.exists(path):
            os.remove(path)
