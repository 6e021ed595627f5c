"""Import and export of MixInstruct JSON Lines, against Python programs that keep the same facts."""
import os
import shutil

from measuring import child, paths, texts
from measuring.contest import Contender, Contest, Goal, Turn

RECORDS = 20_000


def contests(settings, folder):
    count = max(50, int(RECORDS * settings.scale))
    path = os.path.join(folder, "records.jsonl")
    writer = texts.Writer(1)
    size = texts.write_lines(path, (texts.record(writer, number) for number in range(count)))
    stores, exports = _Files(folder, "in", ".db"), _Files(folder, "out", ".jsonl")

    def peer(name, script, *words):
        """A peer's script: its own seconds, which leave out that Python starts."""
        def run(_):
            done = child.run(paths.peer(script) + [*words, *run.paths(name)])
            return Turn(count, done.json()["seconds"], done.peak_bytes)
        return run

    def importer(name, script, *words):
        run = peer(name, script, *words)
        run.paths = lambda name: [path, stores.fresh(name)]
        return Contender(name, run)

    def exporter(name, of, script, *words):
        run = peer(name, script, *words)
        run.paths = lambda name: [stores.path(of), exports.fresh(name)]
        return Contender(name, run)

    def product_import(_):
        done = child.run([paths.PROGRAM, "import", "--store", stores.fresh("mixinstruct"), path])
        return Turn(count, done.seconds, done.peak_bytes)

    def product_export(_):
        done = child.run([
            paths.PROGRAM, "export", "--store", stores.path("mixinstruct"),
            "--output", exports.fresh("mixinstruct")])
        return Turn(count, done.seconds, done.peak_bytes)

    what = f"{size / 1e6:.0f} MB, {count:,} records of {len(texts.METRICS)} scores x 11 candidates"
    yield Contest(
        f"files: import of {what}", "records",
        [Contender("mixinstruct", product_import),
         importer("json + sqlite3", "table_import.py", "json", "rows"),
         importer("json + sqlite3, scores as JSON", "table_import.py", "json", "objects"),
         importer("orjson + sqlite3", "table_import.py", "orjson", "rows"),
         importer("DuckDB", "duckdb_files.py", "import")],
        [Goal("ratio", 3, "json + sqlite3"), Goal("peak", 200e6)],
        check=lambda: [
            "json + sqlite3 keeps a row for each score, mixinstruct a JSON object for each candidate;",
            "DuckDB keeps nested columns, without a row for each candidate."])
    yield Contest(
        f"files: export of {what}", "records",
        [Contender("mixinstruct", product_export),
         exporter("sqlite3 + json", "json + sqlite3", "table_export.py", "json"),
         exporter("sqlite3 + orjson", "json + sqlite3", "table_export.py", "orjson"),
         exporter("DuckDB", "DuckDB", "duckdb_files.py", "export")],
        [Goal("ratio", 3, "sqlite3 + json"), Goal("peak", 200e6)],
        check=lambda: [
            equal_records(path, exports.path(name), name)
            for name in ("mixinstruct", "sqlite3 + json")])


def equal_records(original, copy, name):
    """A note that a file came back with equal records; fails when it did not."""
    done = child.run(paths.peer("equal_records.py") + [original, copy])
    return f"{name}: {done.json()['records']:,} records came back equal"


class _Files:
    """One file for each contender; a fresh one has no remains of the last round."""

    def __init__(self, folder, prefix, suffix):
        self.folder, self.prefix, self.suffix = folder, prefix, suffix

    def path(self, name):
        plain = "".join(letter if letter.isalnum() else "_" for letter in name)
        return os.path.join(self.folder, f"{self.prefix}-{plain}", f"file{self.suffix}")

    def fresh(self, name):
        path = self.path(name)
        shutil.rmtree(os.path.dirname(path), ignore_errors=True)
        os.mkdir(os.path.dirname(path))
        return path
