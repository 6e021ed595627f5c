"""Texts that nobody vouches for: shown, never executed, never followed, never slow."""

import time

import samples
from case import PageTest

OUTSIDE = """
  return performance.getEntriesByType("resource").map((entry) => entry.name)
    .filter((name) => !name.startsWith(location.origin));
"""


class TextTests(PageTest):

    def assert_harmless(self):
        browser = self.browser
        time.sleep(0.3)
        self.assertIsNone(browser.script("return window.broken ?? null"), "a text was executed")
        self.assertEqual(browser.script(OUTSIDE), [])
        self.assertEqual(browser.script("""
          return [...document.querySelectorAll(
            "main :is(script, img, iframe, object, embed, style, link, form:not(.stack), base, video)")]
            .map((node) => node.outerHTML);
        """), [])
        self.assertEqual(browser.script("""
          return [...document.querySelectorAll("*")].flatMap((node) =>
            [...node.attributes].filter(({ name }) => name.startsWith("on") || name === "srcdoc"
              || name === "style").map(({ name }) => node.tagName + " " + name));
        """), [])
        self.assertEqual(browser.script(
            "return [...document.querySelectorAll('.text a')].length"), 0)

    def test_hostile_texts_for_annotators(self):
        """Every field an annotator sees: instruction, input, answers, guidelines, queue, criteria."""
        hostile = samples.HOSTILE
        criteria = [{"name": hostile[:40], "description": hostile}]
        task = [(hostile, hostile, hostile, hostile + " and more")]
        self.start(
            samples.pair_queue(
                name=hostile[:60], guidelines=hostile, tasks=samples.pair_tasks(task * 2)),
            samples.rating_queue(criteria=criteria, tasks=samples.pair_tasks(task)))
        browser = self.browser
        browser.open(self.service.link("Ann"))
        browser.wait_text("Welcome")
        self.assert_harmless()
        browser.click(".queue-list button")
        browser.wait_text("Guidelines")
        self.assert_harmless()
        browser.click("main .primary")
        browser.one(".verdict")
        self.look()
        self.assertIn("<script>window.broken = 1</script>", browser.visible_text())
        self.assert_harmless()
        self.assert_accessible()
        browser.press("d")
        browser.one("mark")
        self.assert_harmless()
        browser.press("d", "f")
        self.assert_harmless()
        browser.press("n")
        browser.script("document.getElementById('note').value = arguments[0]", hostile[:900])
        browser.press("\ue00c")
        self.vote("1")
        self.wait_saved()
        browser.press("r")
        browser.one(".recent")
        self.assert_harmless()
        browser.open(self.service.address + "/")
        browser.click(".queue-list li:last-child button")
        browser.one(".rubric")
        self.assert_harmless()
        self.assert_accessible()

    def test_hostile_feedback(self):
        service = self.start_fake(samples.pair_queue(guidelines="", qualification=samples.pair_tasks(
            samples.PAIRS[:2], expected="A is better", explanation=samples.HOSTILE)))
        self.begin()
        self.browser.press("1")
        self.browser.one("dialog[open]")
        self.assert_harmless()
        self.assertEqual(len(service.standing()), 1)

    def test_hostile_texts_for_the_administrator(self):
        """Names, notes and details come from people as well."""
        hostile = samples.HOSTILE[:90]
        votes = [
            {"person": hostile, "verdict": "A is better", "note": samples.HOSTILE,
             "created_at": "2026-03-02T10:12:00Z"},
            {"person": "Ann", "verdict": "B is better", "note": None,
             "created_at": "2026-03-02T10:13:00Z"},
        ]
        task = [(samples.HOSTILE, samples.HOSTILE, samples.HOSTILE, samples.HOSTILE + "x")]
        service = self.start_fake(
            samples.pair_queue(name=hostile, tasks=samples.pair_tasks(task, votes=votes)))
        service.add_person(hostile)
        service.record(hostile, hostile, {hostile: samples.HOSTILE})
        self.browser.open(service.admin_link)
        self.browser.one(".queue")
        for view in ["overview", "agreement", "people", "judges", "conflicts", "audit"]:
            self.browser.script("location.hash = arguments[0]", f"#/{view}")
            self.browser.one(".view-body .card")
            self.assert_harmless()
            self.assert_accessible()

    def test_huge_and_deep_texts(self):
        """Megabytes and deep nesting are shown within seconds, and the page stays usable."""
        texts = [
            "*a **b " * 20_000, "> " * 50_000 + "x", "- " * 50_000 + "x", "[" * 100_000,
            "`" * 99_999 + " x", "|a" * 30_000 + "|\n" + "|-" * 30_000 + "|\n" + "|b\n" * 500,
            "![" * 50_000, "<" * 100_000, "```\n" * 30_000, "&#" * 50_000, "\n".join(
                "  " * depth + "- x" for depth in range(400)),
            "word " * 200_000, "x" * 1_000_000,
        ]
        queue = samples.pair_queue(
            guidelines="",
            tasks=samples.pair_tasks([("Big.", "", text, text + " y") for text in texts]))
        self.start_fake(queue)
        self.begin()
        for number in range(len(texts)):
            started = time.monotonic()
            self.browser.press("d")
            self.browser.wait(
                lambda: any("in common" in line for line in self.announced()), "no marks", 10)
            self.assertLess(time.monotonic() - started, 5, f"text {number} is slow to compare")
            self.browser.press("d")
            before = self.task_mark()
            started = time.monotonic()
            self.look()
            self.browser.press("1")
            self.browser.wait(lambda: self.task_mark() != before, f"stuck after text {number}", 15)
            self.assertLess(time.monotonic() - started, 6, f"after text {number} it is slow")
            self.assert_fits()
        self.wait_saved()
        self.assertEqual(len(self.standing()), len(texts))

    def test_units(self):
        """The tests of the Markdown reader and of the comparison, run in the browser."""
        service = self.start_fake()
        self.browser.open(service.address + "/assets/units.html")
        self.browser.wait(
            lambda: self.browser.script("return window.unitResults?.isComplete"),
            "the unit tests did not end", 60)
        results = self.browser.script("return window.unitResults")
        self.assertEqual(results["failures"], [])
        self.assertGreater(results["passed"], 60)
