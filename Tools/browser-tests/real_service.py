"""The service of a built program, over a store that is made for the test."""

import json
import socket
import subprocess
import tempfile
from pathlib import Path


class RealService:
    """Speaks as `FakeService` does to tests: links, an address, `kill`, `restart`, `stop`."""

    def __init__(self, binary, queues, base="", people=("Ann",)):
        self.binary, self.base = binary, base
        self.folder = tempfile.TemporaryDirectory(prefix="mixinstruct-pages-")
        self.store = Path(self.folder.name) / "store.db"
        self.log = open(Path(self.folder.name) / "log.txt", "w+b")
        self.process = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        try:
            self.fill(queues or [self.default_queue()])
            self.links = {
                row["name"]: row["link"] for row in self.run(
                    "annotate", "people", "add", *people, "--url", self.address)["people"]
            }
            self.admin_link = self.launch()["administrator_link"]
        except BaseException:
            self.stop()
            raise

    @staticmethod
    def default_queue():
        import samples

        return samples.pair_queue()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}{self.base}"

    def link(self, name):
        return self.links[name]

    # Making the store

    def run(self, *arguments):
        done = subprocess.run(
            [self.binary, *arguments, "--store", self.store, "--json"], capture_output=True,
            timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.stderr.decode()}")
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}

    def fill(self, queues):
        records, plans = [], []
        for number, queue in enumerate(queues):
            plan = {"queue": queue, "models": set(), "items": []}
            for kind in ("tasks", "qualification"):
                for task in queue[kind]:
                    record = self.record(f"{number}-{kind[0]}", len(records), task)
                    models = [candidate["model"] for candidate in record["candidates"]]
                    records.append(record)
                    if kind == "tasks":
                        plan["models"].update(models)
                    else:
                        plan["items"].append({
                            "id": record["id"], "model_a": models[0], "model_b": models[1],
                            "verdict": task["expected"], "explanation": task["explanation"],
                        })
            plans.append(plan)
        self.run("import", self.lines("records", records))
        for plan in plans:
            self.make_queue(**plan)

    @staticmethod
    def record(prefix, number, task):
        return {
            "id": f"example-{number}", "instruction": task["instruction"], "input": task["input"],
            "output": "", "candidates": [
                {"model": f"model-{prefix}-{place}", "decoding_method": "top_p", "text": text,
                 "scores": {}}
                for place, text in enumerate(task["answers"], 1)
            ],
        }

    def make_queue(self, queue, models, items):
        # No argument of a command can hold a NUL.
        name = queue["name"].replace("\0", "")
        options = [
            "--kind", queue["kind"], "--overlap", str(queue["overlap"]),
            "--guidelines", self.file("guidelines.md", queue["guidelines"]),
        ]
        for model in sorted(models):
            options += ["--model", model]
        for criterion in queue["criteria"]:
            text = f"{criterion['name']}={criterion['description']}"
            options += ["--criterion", text.replace("\0", "")]
        if queue["quota"] is not None:
            options += ["--quota", str(queue["quota"])]
        if items:
            options += ["--qualification", str(len(items)), "--pass-mark", "0"]
        self.run("annotate", "queue", "make", name, *options)
        if items:
            self.run(
                "annotate", "items", "--queue", name, "--purpose", "qualification",
                self.lines("items", items))
            # It was made paused, since it had no items to begin with.
            self.run("annotate", "queue", "open", name)

    def lines(self, name, rows):
        return self.file(f"{name}.jsonl", "".join(json.dumps(row) + "\n" for row in rows))

    def file(self, name, text):
        path = Path(self.folder.name) / name
        path.write_text(text, encoding="utf-8")
        return path

    # Running

    def launch(self):
        self.process = subprocess.Popen(
            [self.binary, "annotate", "--store", self.store, "--port", str(self.port),
             "--public-url", self.address, "--json"],
            stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise AssertionError(f"the service did not start: {self.log.read().decode()}")
        return json.loads(line)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.launch()

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()
        self.log.close()
        self.folder.cleanup()
