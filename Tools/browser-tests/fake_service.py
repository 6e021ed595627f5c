"""A small service that speaks the contract of the pages, for tests and for working on the pages.

It keeps everything in memory and needs only Python's standard library. Run by itself it prints
links to look at:

    python3 Tools/browser-tests/fake_service.py [--port N] [--base /path]
"""

import argparse
import json
import random
import re
import secrets
import socket
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import samples

PAGES = Path(__file__).resolve().parents[2] / "Sources/AnnotationService/Pages"
UNITS = Path(__file__).resolve().parent / "units"
TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
VERDICTS = ["A is better", "B is better", "Same good", "Same bad"]
SWAPPED = {"A is better": "B is better", "B is better": "A is better"}
REASONS = ["unclear", "offensive", "too_long", "not_my_language", "other"]


class Refused(Exception):
    """An answer other than success."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def stamp(seconds=None):
    """A time as the service writes it."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class FakeService:
    """The service's state and rules; `votes` is the ledger that tests look at."""

    def __init__(self, queues=None, base="", people=("Ann",), figures=True, seed=7):
        self.base = base
        self.lock = threading.RLock()
        self.random = random.Random(seed)
        self.queues, self.tasks = [], []
        self.assignments, self.votes, self.events = [], [], []
        self.people, self.sessions, self.settings = [], {}, {}
        self.adjudications = {}
        self.undone = {}
        self.figures = figures
        self.requests = []
        self.connections = set()
        self.delay = 0
        self.server = None
        for queue in queues or [samples.pair_queue()]:
            self.add_queue(queue)
        self.admin_token = self.add_person("Administrator", role="administrator")["token"]
        self.tokens = {name: self.add_person(name)["token"] for name in people}

    # Setting up

    def add_queue(self, queue):
        row = {**queue, "queue_id": len(self.queues) + 1, "state": queue.get("state", "open")}
        row["qualification_items"] = row.pop("qualification")
        self.queues.append(row)
        for purpose, tasks in (
            ("qualification", row["qualification_items"]), ("normal", row.pop("tasks"))
        ):
            for task in tasks:
                self.tasks.append({
                    "purpose": purpose, **task, "task_id": len(self.tasks) + 1,
                    "queue_id": row["queue_id"],
                })

    def add_person(self, name, role="annotator", quota=None):
        if any(person["name"] == name for person in self.people):
            raise Refused(409, "name_taken", f"There is a person '{name}' already.")
        person = {
            "person_id": len(self.people) + 1, "name": name, "role": role, "quota": quota,
            "state": "active", "token": secrets.token_urlsafe(32),
        }
        self.people.append(person)
        self.record(name, "link_made", {})
        return person

    def record(self, person, action, details):
        self.events.append({
            "event_id": len(self.events) + 1, "at": stamp(), "person": person, "action": action,
            "details": details,
        })

    def start(self, port=0):
        handler = type("Handler", (Handler,), {"service": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def kill(self):
        """Gone, as after a crash; what was stored stays."""
        self.port_before = self.port
        self.stop()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # It had ended by itself.

    def restart(self):
        self.start(self.port_before)

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}{self.base}"

    def link(self, name):
        return f"{self.address}/#{self.tokens[name]}"

    @property
    def admin_link(self):
        return f"{self.address}/admin#{self.admin_token}"

    def standing(self):
        """The votes that were not taken back."""
        return [vote for vote in self.votes if vote["kind"] == "vote" and not vote["undone"]]

    # Sessions

    def sign_in(self, body):
        token = body.get("token")
        person = next((p for p in self.people if p["token"] == token), None)
        if person is None or person["state"] != "active":
            raise Refused(401, "unknown_link", "Nobody is known by this link: ask for a new one.")
        cookie = secrets.token_urlsafe(24)
        self.sessions[cookie] = {"person": person, "csrf": secrets.token_urlsafe(16)}
        self.record(person["name"], "signed_in", {})
        return cookie, self.session_answer(self.sessions[cookie])

    @staticmethod
    def session_answer(session):
        return {
            "role": session["person"]["role"], "name": session["person"]["name"],
            "csrf": session["csrf"], "expires_at": stamp(time.time() + 86400),
        }

    # The annotator

    def queue(self, queue_id):
        for queue in self.queues:
            if queue["queue_id"] == queue_id:
                return queue
        raise Refused(404, "unknown_queue", f"There is no queue {queue_id}.")

    def given(self, person, queue_id):
        return [
            vote for vote in self.standing()
            if vote["person"] == person["name"] and vote["queue_id"] == queue_id
        ]

    def is_live(self, assignment):
        if assignment["state"] == "leased" and assignment["until"] <= time.time():
            assignment["state"] = "expired"
        return assignment["state"] in ("leased", "voted", "skipped")

    def open_tasks(self, person, queue):
        mine = {
            a["task"]["task_id"] for a in self.assignments
            if a["person"] is person and (self.is_live(a) or a["state"] == "skipped")
        }
        qualification = self.qualification(person, queue)
        for task in self.tasks:
            if task["queue_id"] != queue["queue_id"] or task["task_id"] in mine:
                continue
            if task["purpose"] == "qualification":
                if qualification["state"] == "open":
                    yield task
                continue
            if qualification["state"] in ("open", "failed"):
                continue
            taken = sum(
                1 for a in self.assignments
                if a["task"] is task and self.is_live(a) and a["state"] != "skipped"
            )
            if taken < queue["overlap"]:
                yield task

    def qualification(self, person, queue):
        items = queue["qualification_items"]
        if not items:
            return {"state": "none", "done": 0, "total": 0}
        answered = [v for v in self.given(person, queue["queue_id"]) if v["feedback"] is not None]
        right = sum(1 for vote in answered if vote["feedback"]["correct"])
        state = "open"
        if len(answered) == len(items):
            state = "passed" if right >= len(items) * queue.get("pass_mark", 0) else "failed"
        return {"state": state, "done": len(answered), "total": len(items)}

    def me(self, person):
        queues = []
        for queue in self.queues:
            done = len([v for v in self.given(person, queue["queue_id"]) if "skip" not in v["body"]])
            available = 0 if queue["state"] != "open" else len(list(self.open_tasks(person, queue)))
            available += sum(
                1 for a in self.assignments
                if a["person"] is person and a["task"]["queue_id"] == queue["queue_id"]
                and self.is_live(a) and a["state"] == "leased"
            )
            queues.append({
                "queue_id": queue["queue_id"], "name": queue["name"], "kind": queue["kind"],
                "guidelines": queue["guidelines"], "criteria": queue["criteria"], "done": done,
                "quota": queue["quota"], "available": available,
                "qualification": self.qualification(person, queue),
            })
        mine = [vote for vote in self.standing() if vote["person"] == person["name"]]
        times = sorted(vote["body"]["milliseconds"] / 1000 for vote in mine)
        return {
            "name": person["name"], "queues": queues,
            "today": {
                "votes": len(mine), "median_seconds": times[len(times) // 2] if times else None,
            },
            "settings": self.settings.get(person["name"], {}),
        }

    def next_task(self, person, body):
        exclude = body.get("exclude", [])
        queue = self.queue(body.get("queue_id", 1))
        if queue["state"] != "open":
            return {"task": None, "reason": "paused"}
        for assignment in self.assignments:
            if (
                assignment["person"] is person and self.is_live(assignment)
                and assignment["state"] == "leased" and assignment["assignment_id"] not in exclude
                and assignment["task"]["queue_id"] == queue["queue_id"]
            ):
                return {"task": self.shown(assignment), "reason": None}
        done = len([v for v in self.given(person, queue["queue_id"]) if "skip" not in v["body"]])
        if queue["quota"] is not None and done + len(exclude) >= queue["quota"]:
            return {"task": None, "reason": "quota_reached"}
        if self.qualification(person, queue)["state"] == "failed":
            return {"task": None, "reason": "not_qualified"}
        task = next(self.open_tasks(person, queue), None)
        if task is None:
            others = any(
                a["person"] is not person and self.is_live(a) and a["state"] == "leased"
                for a in self.assignments
            )
            return {"task": None, "reason": "waiting" if others else "finished"}
        sides = list(range(len(task["answers"])))
        self.random.shuffle(sides)
        assignment = {
            "assignment_id": len(self.assignments) + 1, "task": task, "person": person,
            "queue": queue, "sides": sides, "state": "leased",
            "until": time.time() + queue["lease_seconds"],
        }
        self.assignments.append(assignment)
        return {"task": self.shown(assignment), "reason": None}

    def shown(self, assignment):
        task, queue = assignment["task"], assignment["queue"]
        return {
            "assignment_id": assignment["assignment_id"], "queue_id": queue["queue_id"],
            "kind": queue["kind"], "lease_expires_at": stamp(assignment["until"]),
            "instruction": task["instruction"], "input": task["input"],
            "answers": [
                {"label": chr(65 + place), "text": task["answers"][side]}
                for place, side in enumerate(assignment["sides"])
            ],
            "criteria": queue["criteria"],
        }

    def assignment(self, person, assignment_id):
        for assignment in self.assignments:
            if assignment["assignment_id"] == assignment_id and assignment["person"] is person:
                return assignment
        raise Refused(404, "unknown_assignment", f"There is no assignment {assignment_id}.")

    def renew(self, person, assignment_id):
        assignment = self.assignment(person, assignment_id)
        if not self.is_live(assignment) or assignment["state"] != "leased":
            raise Refused(410, "lease_lost", "The time for this task was over: take the next one.")
        assignment["until"] = time.time() + assignment["queue"]["lease_seconds"]
        return {"lease_expires_at": stamp(assignment["until"])}

    def vote(self, person, body):
        key = body.get("client_key", "")
        if not re.fullmatch(r"[0-9a-f-]{36}", key):
            raise Refused(422, "invalid_value", "client_key: expected a UUID.")
        for vote in self.votes:
            if vote["person"] == person["name"] and vote["body"].get("client_key") == key:
                return self.receipt(person, vote, repeated=True)
        assignment = self.assignment(person, body.get("assignment_id"))
        if assignment["state"] in ("voted", "skipped"):
            raise Refused(409, "already_voted", "This task has your vote already.")
        if not self.is_live(assignment):
            raise Refused(410, "lease_lost", "The time for this task was over: take the next one.")
        self.check(assignment, body)
        assignment["state"] = "skipped" if "skip" in body else "voted"
        vote = {
            "vote_id": len(self.votes) + 1, "person": person["name"], "kind": "vote", "body": body,
            "queue_id": assignment["queue"]["queue_id"], "assignment": assignment, "at": stamp(),
            "undone": False, "feedback": self.feedback(assignment, body),
        }
        self.votes.append(vote)
        self.record(person["name"], "vote", {"assignment_id": assignment["assignment_id"]})
        return self.receipt(person, vote, repeated=False)

    @staticmethod
    def check(assignment, body):
        kind = assignment["queue"]["kind"]
        labels = sorted(chr(65 + place) for place in range(len(assignment["sides"])))
        if not isinstance(body.get("milliseconds"), int) or body["milliseconds"] < 0:
            raise Refused(422, "invalid_value", "milliseconds: expected a number from 0 up.")
        if len(body.get("note", "")) > 2000:
            raise Refused(422, "invalid_value", "note: expected at most 2,000 characters.")
        if "skip" in body:
            good = body["skip"].get("reason") in REASONS
        elif kind == "pair":
            good = body.get("verdict") in VERDICTS
        elif kind == "rating":
            names = {criterion["name"] for criterion in assignment["queue"]["criteria"]}
            ratings = body.get("ratings", {})
            good = sorted(ratings) == labels and all(
                set(scores) == names and all(score in (1, 2, 3, 4, 5) for score in scores.values())
                for scores in ratings.values()
            )
        else:
            order = body.get("order", [])
            good = sorted(label for tier in order for label in tier) == labels and all(order)
        if not good:
            raise Refused(422, "invalid_value", f"The vote does not answer a task of kind {kind}.")

    @staticmethod
    def feedback(assignment, body):
        task = assignment["task"]
        if task["purpose"] != "qualification" or "skip" in body:
            return None
        expected = task["expected"]
        if assignment["sides"] == [1, 0]:
            expected = SWAPPED.get(expected, expected)
        return {
            "correct": body["verdict"] == expected, "expected": expected,
            "explanation": task["explanation"],
        }

    def receipt(self, person, vote, repeated):
        done = len([v for v in self.given(person, vote["queue_id"]) if "skip" not in v["body"]])
        return {
            "vote_id": vote["vote_id"], "repeated": repeated, "done": done,
            "feedback": vote["feedback"],
        }

    def undo(self, person, body):
        key = body.get("client_key", "")
        if (person["name"], key) in self.undone:
            return {"task": self.shown(self.undone[person["name"], key])}
        mine = [vote for vote in self.standing() if vote["person"] == person["name"]]
        if not mine or mine[-1]["feedback"] is not None:
            raise Refused(409, "nothing_to_undo", "There is no vote that could be taken back.")
        mine[-1]["undone"] = True
        assignment = mine[-1]["assignment"]
        assignment["state"] = "leased"
        assignment["until"] = time.time() + assignment["queue"]["lease_seconds"]
        self.undone[person["name"], key] = assignment
        self.record(person["name"], "undo", {"vote_id": mine[-1]["vote_id"]})
        return {"task": self.shown(assignment)}

    def past_votes(self, person, limit):
        mine = [vote for vote in self.standing() if vote["person"] == person["name"]]
        said = ("verdict", "ratings", "order", "skip", "note")
        return {"votes": [
            {
                "vote_id": vote["vote_id"],
                "assignment_id": vote["assignment"]["assignment_id"],
                "excerpt": vote["assignment"]["task"]["instruction"][:120],
                "created_at": vote["at"],
                **{name: vote["body"][name] for name in said if name in vote["body"]},
            }
            for vote in mine[::-1][:limit]
        ]}

    # The administrator

    def overview(self, queue_id):
        rows = []
        for queue in self.queues:
            if queue_id not in (None, queue["queue_id"]):
                continue
            tasks = [
                task for task in self.tasks
                if task["queue_id"] == queue["queue_id"] and task["purpose"] == "normal"
            ]
            votes = [v for v in self.standing() if v["queue_id"] == queue["queue_id"]]
            judged = [vote for vote in votes if "skip" not in vote["body"]]
            needed = len(tasks) * queue["overlap"]
            now = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
            hours = []
            for back in range(24, -1, -1):
                count = round(18 + 14 * ((back * 7) % 11) / 10) if back % 24 not in (3, 4) else 0
                if self.figures:
                    start = now - timedelta(hours=back)
                    hours.append({"hour": start.strftime("%Y-%m-%dT%H:%M:%SZ"), "votes": count})
            rows.append({
                "queue_id": queue["queue_id"], "name": queue["name"], "kind": queue["kind"],
                "state": queue["state"], "overlap": queue["overlap"], "tasks": len(tasks),
                "votes_needed": needed, "votes": len(judged), "skips": len(votes) - len(judged),
                "leased": sum(
                    1 for a in self.assignments
                    if a["queue"] is queue and self.is_live(a) and a["state"] == "leased"
                ),
                "complete_tasks": sum(
                    1 for task in tasks if sum(
                        1 for vote in judged if vote["assignment"]["task"] is task
                    ) >= queue["overlap"]
                ),
                "conflicts": sum(
                    1 for conflict in self.all_conflicts(queue["queue_id"])
                    if conflict["adjudication"] is None
                ),
                "votes_per_hour": hours,
                "estimated_end": stamp(time.time() + 190_000) if len(judged) < needed else None,
            })
        return {"queues": rows}

    def people_figures(self):
        rows = list(samples.PEOPLE) if self.figures else []
        for person in self.people:
            votes = [vote for vote in self.standing() if vote["person"] == person["name"]]
            skips = [vote for vote in votes if "skip" in vote["body"]]
            times = sorted(vote["body"]["milliseconds"] / 1000 for vote in votes)
            rows.append({
                "person_id": person["person_id"], "name": person["name"], "role": person["role"],
                "state": person["state"], "votes": len(votes) - len(skips), "skips": len(skips),
                "quota": person["quota"],
                "median_seconds": times[len(times) // 2] if times else None,
                "self_consistency": {"same": 0, "total": 0}, "gold": {"correct": 0, "total": 0},
                "side_a_share": None, "agreement_with_others": None,
                "last_vote_at": votes[-1]["at"] if votes else None,
            })
        return {"people": rows}

    def all_conflicts(self, queue_id):
        conflicts = []
        for task in self.tasks:
            if queue_id not in (None, task["queue_id"]) or task["purpose"] != "normal":
                continue
            votes = list(task.get("votes", []))
            for vote in self.standing():
                if vote["assignment"]["task"] is task and "verdict" in vote["body"]:
                    verdict = vote["body"]["verdict"]
                    if vote["assignment"]["sides"] == [1, 0]:
                        verdict = SWAPPED.get(verdict, verdict)
                    votes.append({
                        "person": vote["person"], "verdict": verdict,
                        "note": vote["body"].get("note"), "created_at": vote["at"],
                    })
            if len({vote["verdict"] for vote in votes}) < 2:
                continue
            conflicts.append({
                "task_id": task["task_id"], "instruction": task["instruction"],
                "input": task["input"],
                "answers": [
                    {"label": chr(65 + place), "text": text, "model": f"model-{place + 1}"}
                    for place, text in enumerate(task["answers"])
                ],
                "votes": votes, "adjudication": self.adjudications.get(task["task_id"]),
            })
        return sorted(conflicts, key=lambda conflict: conflict["adjudication"] is not None)

    def adjudicate(self, person, body):
        if body.get("verdict") not in VERDICTS:
            raise Refused(422, "invalid_value", "verdict: expected one of four.")
        key = body.get("client_key", "")
        for vote in self.votes:
            if vote["kind"] == "adjudication" and vote["body"]["client_key"] == key:
                return {"vote_id": vote["vote_id"]}
        self.votes.append({
            "vote_id": len(self.votes) + 1, "kind": "adjudication", "person": person["name"],
            "body": body, "undone": False,
        })
        self.adjudications[body["task_id"]] = {
            "person": person["name"], "verdict": body["verdict"], "note": body.get("note"),
            "created_at": stamp(),
        }
        self.record(person["name"], "adjudication", {
            "task_id": body["task_id"], "verdict": body["verdict"],
        })
        return {"vote_id": len(self.votes)}

    def make_link(self, body):
        name = body.get("name", "")
        if not isinstance(name, str) or not name.strip():
            raise Refused(422, "invalid_value", "name: expected a name.")
        person = self.add_person(name.strip(), quota=body.get("quota"))
        self.tokens[person["name"]] = person["token"]
        return {"person_id": person["person_id"], "link_path": f"/#{person['token']}"}

    def change_person(self, person_id, action):
        person = next((p for p in self.people if p["person_id"] == person_id), None)
        if person is None:
            raise Refused(404, "unknown_person", f"There is no person {person_id}.")
        self.sessions = {c: s for c, s in self.sessions.items() if s["person"] is not person}
        person["token"] = secrets.token_urlsafe(32)
        if action == "revoke":
            person["state"] = "revoked"
            self.record("Administrator", "link_revoked", {"person": person["name"]})
            return None
        person["state"] = "active"
        self.record("Administrator", "link_replaced", {"person": person["name"]})
        return {"link_path": f"/#{person['token']}"}

    def audit(self, before, limit):
        events = [e for e in self.events[::-1] if before is None or e["event_id"] < before]
        return {"events": events[:limit]}


class Handler(BaseHTTPRequestHandler):
    """Requests, as the contract has them."""

    service = None
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.service.connections.add(self.connection)

    def finish(self):
        self.service.connections.discard(self.connection)
        super().finish()

    def log_message(self, *_):
        """Quiet: tests read `service.requests`."""

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def do_PUT(self):
        self.answer("PUT")

    def do_DELETE(self):
        self.answer("DELETE")

    def answer(self, method):
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length) if length else b""
        parts = urlsplit(self.path)
        service = self.service
        service.requests.append((method, self.path, raw))
        if service.delay:
            time.sleep(service.delay)
        try:
            if not parts.path.startswith(service.base + "/"):
                raise Refused(404, "no_such_page", "There is no such page.")
            path = parts.path[len(service.base):]
            if path.startswith("/api/v1/"):
                with service.lock:
                    status, body, cookie = self.api(method, path[len("/api/v1/"):], parts, raw)
                text = b"" if body is None else json.dumps(body).encode()
                self.send(status, "application/json", text, cookie)
            else:
                self.page(path)
        except Refused as refused:
            body = {"error": {"code": refused.code, "message": refused.message}}
            self.send(refused.status, "application/json", json.dumps(body).encode())

    def send(self, status, kind, body, cookie=None):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if cookie is not None:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def page(self, path):
        name = {"/": "index.html", "/admin": "admin.html"}.get(path)
        if name is None and re.fullmatch(r"/assets/[a-z]+\.(css|js|svg|html)", path):
            name = path.removeprefix("/assets/")
        # The unit tests stand beside the scripts that they import.
        files = [folder / name for folder in (PAGES, UNITS)] if name else []
        file = next((file for file in files if file.is_file()), None)
        if file is None:
            raise Refused(404, "no_such_page", "There is no such page.")
        self.send(200, TYPES[file.suffix], file.read_bytes())

    def cookie(self):
        found = re.search(r"mixinstruct_session=([\w-]+)", self.headers.get("Cookie", ""))
        return found[1] if found else None

    def api(self, method, path, parts, raw):
        service = self.service
        origin = self.headers.get("Origin")
        if origin not in (None, f"http://{self.headers['Host']}"):
            raise Refused(403, "wrong_origin", "Requests come from this page only.")
        body = {}
        if raw:
            if self.headers.get_content_type() != "application/json":
                raise Refused(415, "not_json", "Expected JSON.")
            body = json.loads(raw)
        if (method, path) == ("POST", "session"):
            cookie, answer = service.sign_in(body)
            attributes = f"; HttpOnly; SameSite=Strict; Path={service.base}/"
            return 200, answer, f"mixinstruct_session={cookie}{attributes}"
        session = service.sessions.get(self.cookie())
        if session is None:
            raise Refused(401, "not_signed_in", "Open your personal link.")
        if method != "GET" and self.headers.get("X-CSRF-Token") != session["csrf"]:
            raise Refused(403, "wrong_csrf", "The page is out of date: load it again.")
        if (method, path) == ("GET", "session"):
            return 200, service.session_answer(session), None
        if (method, path) == ("DELETE", "session"):
            del service.sessions[self.cookie()]
            return 204, None, None
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        answer = self.annotator(method, path, session["person"], body, query)
        if answer is None:
            if session["person"]["role"] != "administrator":
                raise Refused(403, "administrators_only", "Only administrators may do this.")
            answer = self.administrator(method, path, session["person"], body, query)
        return (204, None, None) if answer == {} and method == "POST" else (200, answer, None)

    def annotator(self, method, path, person, body, query):
        service = self.service
        renew = re.fullmatch(r"tasks/(\d+)/renew", path)
        match method, path:
            case "GET", "me":
                return service.me(person)
            case "PUT", "me/settings":
                service.settings[person["name"]] = body
                return body
            case "POST", "tasks/next":
                return service.next_task(person, body)
            case "POST", "votes":
                return service.vote(person, body)
            case "POST", "votes/undo":
                return service.undo(person, body)
            case "GET", "votes":
                return service.past_votes(person, int(query.get("limit", 20)))
            case "POST", _ if renew:
                return service.renew(person, int(renew[1]))
        return None

    def administrator(self, method, path, person, body, query):
        service = self.service
        queue_id = int(query["queue_id"]) if "queue_id" in query else None
        change = re.fullmatch(r"admin/people/(\d+)/(revoke|link)", path)
        state = re.fullmatch(r"admin/queues/(\d+)/state", path)
        match method, path:
            case "GET", "admin/overview":
                return service.overview(queue_id)
            case "GET", "admin/agreement":
                empty = [{**s, "value": None, "low": None, "high": None}
                         for s in samples.AGREEMENT["statistics"]]
                return samples.AGREEMENT if service.figures else {
                    "items": 0, "raters": 0, "statistics": empty, "pairs": [],
                }
            case "GET", "admin/people":
                return service.people_figures()
            case "POST", "admin/people":
                return service.make_link(body)
            case "GET", "admin/judges":
                return {"judges": samples.JUDGES if service.figures else []}
            case "GET", "admin/conflicts":
                conflicts = service.all_conflicts(queue_id)
                offset, limit = int(query.get("offset", 0)), int(query.get("limit", 20))
                return {
                    "total": len(conflicts), "conflicts": conflicts[offset:offset + limit],
                }
            case "POST", "admin/adjudications":
                return service.adjudicate(person, body)
            case "GET", "admin/audit":
                before = int(query["before"]) if "before" in query else None
                return service.audit(before, int(query.get("limit", 50)))
            case "POST", _ if change:
                return service.change_person(int(change[1]), change[2]) or {}
            case "POST", _ if state:
                service.queue(int(state[1]))["state"] = body["state"]
                service.record(person["name"], "queue_state", {
                    "queue_id": int(state[1]), "state": body["state"],
                })
                return {}
        raise Refused(404, "no_such_page", "There is no such page.")


def demonstration():
    """A service with something of everything."""
    conflicted = samples.pair_tasks(samples.PAIRS[:3], votes=[
        {"person": "Amina", "verdict": "A is better", "note": "B is far too short.",
         "created_at": "2026-03-02T10:12:00Z"},
        {"person": "Björn", "verdict": "B is better", "note": None,
         "created_at": "2026-03-02T11:03:00Z"},
        {"person": "Chen", "verdict": "A is better", "note": None,
         "created_at": "2026-03-02T11:40:00Z"},
    ])
    qualification = samples.pair_tasks(
        samples.PAIRS[4:6], expected="A is better",
        explanation="The first answer **does what was asked** and the other does not.",
    )
    return FakeService([
        samples.pair_queue(tasks=conflicted + samples.pair_tasks()),
        samples.rating_queue(), samples.ranking_queue(),
        samples.pair_queue(name="With a qualification round", qualification=qualification),
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8011)
    parser.add_argument("--base", default="")
    arguments = parser.parse_args()
    service = demonstration()
    service.base = arguments.base
    service.start(arguments.port)
    print(f"annotator      {service.link('Ann')}")
    print(f"administrator  {service.admin_link}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        service.stop()


if __name__ == "__main__":
    main()
