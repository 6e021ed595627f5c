"""Every view in both themes on a desk and on a phone: accessible, and pictured to look at."""

import re

import samples
from case import PageTest
from fake_service import PAGES, demonstration


class ViewTests(PageTest):

    screenshots = None

    def each_look(self, name):
        for size in ["desktop", "phone"]:
            for theme in ["light", "dark"]:
                self.browser.resize(size)
                self.browser.media(theme=theme)
                self.browser.settle()
                with self.subTest(view=name, size=size, theme=theme):
                    self.assertEqual(self.browser.violations(), [])
                    self.assert_fits()
                if self.screenshots:
                    self.browser.screenshot(self.screenshots / f"{name}-{size}-{theme}.png")
        self.browser.resize("desktop")
        self.browser.media()

    def test_scripts_are_fetched_together(self):
        """Each page names all scripts it needs, so that none waits for one that imports it."""
        for page, entry in [("index.html", "annotator.js"), ("admin.html", "admin.js")]:
            needed, left = set(), [entry]
            while left:
                name = left.pop()
                text = (PAGES / name).read_text(encoding="utf-8")
                found = set(re.findall(r'from "\./(\w+\.js)"', text)) - needed
                needed |= found
                left += found
            named = re.findall(
                r'"modulepreload" href="assets/(\w+\.js)"',
                (PAGES / page).read_text(encoding="utf-8"))
            self.assertEqual(sorted(needed), named, page)

    def test_annotator(self):
        self.start_fake(samples.pair_queue(tasks=samples.pair_tasks(samples.PAIRS[:4])))
        browser = self.browser
        browser.open(self.service.address + "/")
        browser.one("#link")
        self.each_look("sign-in")
        browser.open(self.service.link("Ann"))
        browser.wait_text("How to judge")
        self.each_look("guidelines")
        browser.click("main .primary")
        browser.one(".verdict")
        self.look()
        self.each_look("pair-code")
        self.vote("1")
        browser.press("d")
        self.each_look("pair-differences")
        browser.press("n")
        browser.press("B leaves out the year.")
        self.each_look("pair-note")
        browser.press("\ue00c", "s")
        browser.one("dialog[open]")
        self.each_look("skip")
        browser.press("\ue00c", "?")
        browser.one("dialog[open]")
        self.each_look("keys")
        browser.press("\ue00c")
        self.vote("2")
        self.each_look("pair-lists")
        self.vote("2")
        self.each_look("pair-table")
        browser.press("r")
        browser.one(".recent")
        self.each_look("recent")
        browser.press("\ue00c")
        self.vote("2")
        self.wait_saved()
        self.each_look("finished")

    def test_other_kinds(self):
        self.start_fake(
            samples.rating_queue(), samples.ranking_queue(), samples.pair_queue(
                name="With a qualification round", guidelines="", tasks=samples.pair_tasks(),
                qualification=samples.pair_tasks(
                    samples.PAIRS[4:6], expected="A is better",
                    explanation="The first answer **does what was asked**.")))
        browser = self.browser
        browser.open(self.service.link("Ann"))
        browser.wait_text("Welcome")
        self.each_look("queues")
        browser.click("[aria-label='Open Rate answers']")
        browser.one(".rubric")
        self.look()
        browser.press("4", "5")
        self.each_look("rating")
        browser.open(self.service.address + "/")
        browser.click("[aria-label='Open Order answers']")
        browser.one(".place-button")
        self.look()
        browser.press("3", "1", "=", "2")
        self.each_look("ranking")
        browser.open(self.service.address + "/")
        browser.click("[aria-label='Open With a qualification round']")
        browser.one(".verdict")
        self.look()
        browser.press("1")
        browser.one("dialog[open]")
        self.each_look("feedback")

    def test_dashboard(self):
        if self.make_real_service:
            self.skipTest("shows made-up figures: only against the fake one")
        self.service = demonstration().start()
        browser = self.browser
        browser.open(self.service.admin_link)
        for view in ["overview", "agreement", "people", "judges", "conflicts", "audit"]:
            browser.script("location.hash = arguments[0]", f"#/{view}")
            browser.one(".view-body .card")
            self.each_look(f"dashboard-{view}")
