"""What all browser tests share."""

import json
import unittest
import urllib.error
import urllib.request
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from browser import Keys
from fake_service import FakeService


class Client:
    """A person's or the administrator's own requests, besides those of the page."""

    def __init__(self, link):
        parts = urlsplit(link)
        path = parts.path.removesuffix("admin").removesuffix("/")
        self.address = f"{parts.scheme}://{parts.netloc}{path}"
        self.cookie, self.csrf = None, None
        answer, headers = self.send("POST", "session", {"token": parts.fragment})
        self.cookie = SimpleCookie(headers["Set-Cookie"])["mixinstruct_session"].value
        self.csrf = answer["csrf"]

    def send(self, method, path, body=None):
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if self.cookie:
            request.add_header("Cookie", f"mixinstruct_session={self.cookie}")
            request.add_header("X-CSRF-Token", self.csrf)
        with urllib.request.urlopen(request, timeout=20) as response:
            text = response.read()
            return (json.loads(text) if text else None), response.headers

    def get(self, path):
        return self.send("GET", path)[0]

    def post(self, path, body):
        return self.send("POST", path, body)[0]


class PageTest(unittest.TestCase):
    """A test in the browser; `service` is the fake one unless a binary was given."""

    browser = None
    make_real_service = None
    failures_folder = None
    maxDiff = 2000

    @classmethod
    def on(cls, browser, make_real_service, failures_folder):
        """Gives all tests their browser, and the real service when there is one."""
        PageTest.browser = browser
        PageTest.make_real_service = staticmethod(make_real_service) if make_real_service else None
        PageTest.failures_folder = failures_folder

    def setUp(self):
        self.service = None
        self.failed_before = len(self._outcome.result.failures) + len(self._outcome.result.errors)
        self.browser.reset()

    def tearDown(self):
        result = self._outcome.result
        failed = len(result.failures) + len(result.errors) > self.failed_before or any(
            error for _, error in getattr(self._outcome, "errors", []) if error)
        if failed:
            self.browser.screenshot(self.failures_folder / f"{self.id()}.png")
        complaints = [
            line for line in self.browser.console()
            if "Content Security Policy" in line or "Uncaught" in line or "Trusted" in line
            or "Error:" in line
        ]
        self.browser.driver.get("about:blank")
        if self.service is not None:
            self.service.stop()
        self.assertEqual(complaints, [], "the browser complained")

    # Services

    def start_fake(self, *queues, **options):
        """A fake service; for what a real one cannot be told to do."""
        if self.make_real_service:
            self.skipTest("steers the service from inside: only against the fake one")
        self.service = FakeService(list(queues) or None, **options).start()
        return self.service

    def start(self, *queues, **options):
        """The service under test: the real one when a binary was given, else the fake one."""
        if self.make_real_service:
            self.service = self.make_real_service(list(queues), **options)
        else:
            self.service = FakeService(list(queues) or None, **options).start()
        return self.service

    def standing(self, name="Ann"):
        """A person's votes that stand, the latest last, by the service's own account."""
        client = Client(self.service.link(name))
        return client.get("votes?limit=100")["votes"][::-1]

    # Steps that many tests take

    def begin(self, name="Ann", selector=".verdict"):
        """Opens a person's link and goes past the guidelines to the first task."""
        self.browser.open(self.service.link(name))
        self.browser.one("h1")
        if "Guidelines" in self.browser.text("h1"):
            self.browser.click("button.primary")
        self.browser.one(selector)
        self.look()

    def look(self):
        """Waits as long as the page refuses verdicts on a task that has just appeared."""
        self.browser.wait(
            lambda: self.browser.script(
                "return performance.now() - (window.lookedSince ??= performance.now()) > 350 "
                "&& (delete window.lookedSince)"),
            "time stands still")

    def vote(self, *keys):
        """Presses keys and waits until another task, or none, is shown."""
        before = self.task_mark()
        self.browser.press(*keys)
        self.browser.wait(lambda: self.task_mark() != before, "the task stayed")
        self.look()

    def task_mark(self):
        """Something that differs between tasks: nodes are made anew for each."""
        return self.browser.script("""
          const heading = document.querySelector("main h1");
          if (heading) heading.dataset.mark ??= String(performance.now());
          return heading ? heading.textContent + heading.dataset.mark : "";
        """)

    def wait_saved(self):
        self.browser.wait(
            lambda: self.browser.script(
                "return document.getElementById('connection').dataset.state === 'saved'"),
            "votes are not saved", 15)

    def announced(self):
        return self.browser.script("""
          return [...document.querySelectorAll("#announcements p, #alerts p")]
            .map((line) => line.textContent);
        """)

    def assert_announced(self, part):
        self.browser.wait(
            lambda: any(part in line for line in self.announced()),
            f"'{part}' was not announced, but {self.announced()}")

    def assert_accessible(self):
        self.browser.settle()
        self.assertEqual(self.browser.violations(), [])

    def assert_fits(self):
        """Nothing makes the page scroll sideways."""
        wide, window = self.browser.script(
            "return [document.documentElement.scrollWidth, window.innerWidth]")
        self.assertLessEqual(wide, window)


__all__ = ["Client", "FakeService", "Keys", "PageTest", "urllib"]
