"""The administrator's page."""

import re

import samples
from case import Client, Keys, PageTest


def conflicted(count=3):
    """Tasks on which three people said different things; for the fake service."""
    return samples.pair_tasks(samples.PAIRS[:count], votes=[
        {"person": name, "verdict": verdict, "note": note, "created_at": "2026-03-02T10:12:00Z"}
        for name, verdict, note in [
            ("Amina", "A is better", "B is too short."), ("Björn", "B is better", None),
            ("Chen", "A is better", None),
        ]
    ])


class DashboardTests(PageTest):

    def open(self, view="overview"):
        self.browser.open(self.service.admin_link)
        self.browser.one(".view-body .card")
        self.go(view)

    def go(self, view):
        self.browser.click(f".views a[href='#/{view}']")
        self.browser.wait(
            lambda: self.browser.script(
                "return document.querySelector('.views [aria-current]').hash") == f"#/{view}",
            "the view did not change")
        self.browser.one(".view-body .card")

    def disagree(self, pairs=2):
        """Two people who vote on the same tasks, differently; by requests, not by the page."""
        for name, verdict in [("Ann", "A is better"), ("Bo", "Same bad")]:
            client = Client(self.service.link(name))
            for number in range(pairs):
                task = client.post("tasks/next", {})["task"]
                client.post("votes", {
                    "assignment_id": task["assignment_id"], "verdict": verdict,
                    "client_key": f"{number:08x}-0000-4000-8000-{len(name):012x}",
                    "milliseconds": 1500, "note": f"from {name}",
                })

    def test_overview_follows_the_votes(self):
        """New votes appear without a reload; focus and opened parts stay."""
        self.start(samples.pair_queue(overlap=2), people=("Ann", "Bo"))
        self.open()
        self.browser.wait_text(f"0 of {2 * len(samples.PAIRS)} votes")
        self.browser.one("[data-key^=state]").send_keys("")
        focused = self.browser.focused()
        self.disagree()
        self.browser.wait_text(f"4 of {2 * len(samples.PAIRS)} votes", 12)
        self.assertEqual(self.browser.focused(), focused)
        self.assertIn("2", self.browser.text("a[href='#/conflicts'][data-key]"))

    def test_updates_can_be_stopped(self):
        """WCAG 2.2.2: what updates by itself can be paused."""
        self.start(samples.pair_queue(overlap=2), people=("Ann", "Bo"))
        self.open()
        self.browser.click("#live")
        self.browser.wait_text("Updates are paused")
        self.disagree()
        self.browser.wait(lambda: self.waited(7), "time stands still", 10)
        self.assertIn(f"0 of {2 * len(samples.PAIRS)} votes", self.browser.visible_text())
        self.browser.click("#live")
        self.browser.wait_text(f"4 of {2 * len(samples.PAIRS)} votes")

    def waited(self, seconds):
        return self.browser.script(
            "return performance.now() - (window.since ??= performance.now()) > arguments[0]",
            seconds * 1000)

    def test_pausing_a_queue(self):
        self.start(samples.pair_queue())
        self.open()
        self.browser.click("[aria-label='Pause Helpful answers']")
        self.browser.wait_text("Paused")
        answer = Client(self.service.link("Ann")).post("tasks/next", {})
        self.assertEqual((answer["task"], answer["reason"]), (None, "paused"))
        self.browser.wait(lambda: "Resume" in self.browser.focused(), "the focus is lost")
        self.browser.press(Keys.ENTER)
        self.browser.wait_text("Pause")
        self.assertIsNotNone(Client(self.service.link("Ann")).post("tasks/next", {})["task"])
        self.browser.click("[aria-label='Close Helpful answers']")
        self.browser.one("dialog[open]")
        self.assert_accessible()
        self.browser.press(Keys.ENTER)
        self.browser.wait(lambda: not self.browser.all("dialog"), "Cancel is not the first choice")
        self.assertIn("Open", self.browser.text(".badge"))

    def test_making_and_revoking_links(self):
        """A link is shown once, works, and ends at once when it is revoked."""
        self.start(samples.pair_queue(guidelines=""))
        self.open("people")
        browser = self.browser
        browser.click("[data-key=new]")
        browser.one("dialog[open]")
        self.assert_accessible()
        browser.press("Zoë", Keys.TAB, "25", Keys.TAB, "7", Keys.ENTER)
        link = browser.one("#link-text").get_attribute("value")
        self.assert_accessible()
        self.assertRegex(link, rf"^{re.escape(self.service.address)}/#[\w-]{{20,}}$")
        browser.press(Keys.ESCAPE)
        browser.wait_text("Zoë")
        self.assertNotIn(link.split("#")[1], browser.script("return document.body.innerHTML"))
        self.assertEqual(Client(link).get("me")["name"], "Zoë")

        browser.click("[aria-label='New link for Zoë']")
        browser.click("dialog .danger")
        renewed = browser.one("#link-text").get_attribute("value")
        self.assertNotEqual(renewed, link)
        browser.press(Keys.ESCAPE)
        with self.assertRaises(Exception):
            Client(link)
        self.assertEqual(Client(renewed).get("me")["name"], "Zoë")

        browser.wait(lambda: not browser.all("dialog"), "the dialog stayed")
        browser.click("[aria-label='Revoke for Zoë']")
        browser.click("dialog .danger")
        browser.wait_text("Revoked")
        with self.assertRaises(Exception):
            Client(renewed)

    def test_a_taken_name_is_said(self):
        self.start(samples.pair_queue())
        self.open("people")
        self.browser.click("[data-key=new]")
        self.browser.one("#new-name")
        self.browser.press("Ann", Keys.ENTER)
        self.browser.wait(lambda: "Ann" in self.browser.text("#new-error"), "nothing is said")
        self.assert_accessible()

    def test_adjudication_by_keyboard(self):
        """A decision per conflict; decided ones go last; another decision is one more row."""
        self.start(samples.pair_queue(overlap=2, guidelines=""), people=("Ann", "Bo"))
        self.disagree(2)
        self.open("conflicts")
        browser = self.browser
        browser.wait_text("Conflict 1 of 2")
        self.assertIn("from Bo", browser.visible_text())
        self.assert_accessible()
        first = browser.text(".prompt")
        browser.press("1")
        browser.wait(lambda: browser.text(".prompt") != first, "the conflict stayed")
        self.assert_announced("Decided: A is better")
        self.assertIn("Conflict 1 of 2", browser.focused())
        browser.click("#decision-note")
        browser.press("2 is text here")
        browser.click("[data-verdict='Same good']")
        browser.wait_text("Decided")
        browser.wait(lambda: len(browser.all(".standing")) == 1, "no decision is shown")
        self.assert_accessible()
        browser.press("4")
        browser.wait(lambda: "Both bad" in browser.text(".standing"), "not decided anew")

        self.go("audit")
        rows = browser.text(".audit")
        self.assertEqual(len(re.findall("Adjudica", rows)), 3)
        admin = Client(self.service.admin_link)
        conflicts = admin.get("admin/conflicts?limit=10")["conflicts"]
        self.assertEqual(
            [conflict["adjudication"] is None for conflict in conflicts], [False, False])

    def test_models_are_hidden_until_asked_for(self):
        self.start(samples.pair_queue(overlap=2, guidelines=""), people=("Ann", "Bo"))
        self.disagree(1)
        self.open("conflicts")
        self.browser.one(".answer")
        admin = Client(self.service.admin_link)
        models = [a["model"] for a in admin.get("admin/conflicts?limit=1")["conflicts"][0]["answers"]]
        for model in models:
            self.assertNotIn(model, self.browser.visible_text())
        self.browser.click("[data-key=models]")
        for model in models:
            self.assertIn(model, self.browser.visible_text())

    def test_plots_have_words_and_tables(self):
        """Each plot has a description, and its data as a table."""
        self.start_fake(samples.pair_queue(tasks=conflicted()))
        self.open()
        for view, wanted in [
            ("overview", "Votes per hour"), ("agreement", "Krippendorff"), ("people", "Amina"),
            ("judges", "gpt-4"),
        ]:
            self.go(view)
            svg = self.browser.one(".plot svg")
            self.assertEqual(svg.get_attribute("role"), "img")
            self.assertIn(wanted, svg.get_attribute("aria-label"))
            self.assertGreater(svg.size["width"], 200)
            self.browser.click(".plot-data summary")
            self.assertGreater(len(self.browser.all(".plot-data tbody tr")), 1)
            self.assert_accessible()

    def test_figures_are_as_given(self):
        self.start_fake(samples.pair_queue(tasks=conflicted()))
        self.open("agreement")
        self.assertIn("0.61 [0.56, 0.66]", self.browser.text(".plot-stage"))
        self.go("people")
        row = next(r.text for r in self.browser.all(".people tbody tr") if "Dora" in r.text)
        for part in ["131", "6 s", "54 %", "7 of 13", "60 %", "71 %", "58 %", "Expired"]:
            self.assertIn(part, row)
        self.go("judges")
        self.assertIn("Agrees with people on 67 % of 380 pairs, kappa 0.52", self.browser.text("main"))
        self.assertEqual(len(self.browser.all(".confusion")), 2)

    def test_an_empty_service(self):
        """Nothing to show is said in words on every view."""
        self.start(samples.pair_queue(), **({} if self.make_real_service else {"figures": False}))
        self.open()
        for view in ["agreement", "people", "judges", "conflicts", "audit"]:
            self.go(view)
            self.assertTrue(self.browser.text(".view-body").strip())
            self.assert_accessible()

    def test_audit_trail_goes_back(self):
        service = self.start_fake(samples.pair_queue())
        for number in range(120):
            service.record("Ann", "vote" if number % 2 else "undo", {"number": number})
        self.open("audit")
        self.assertEqual(len(self.browser.all(".audit tbody tr")), 50)
        self.browser.click("[data-key=older]")
        self.browser.wait(lambda: len(self.browser.all(".audit tbody tr")) == 100, "no older ones")
        self.assertIn("Show older", self.browser.focused())
        self.browser.click("[data-key=older]")
        self.browser.wait(lambda: not self.browser.all("[data-key=older]"), "there is no end")
        self.browser.one("#action").send_keys("Undo")
        self.browser.wait(
            lambda: {r.text for r in self.browser.all(".audit td:nth-child(3)")} == {"Undo"},
            "the choice of events does nothing")

    def test_an_annotator_is_kept_out(self):
        self.start(samples.pair_queue())
        self.browser.open(self.service.link("Ann").replace("/#", "/admin#"))
        self.browser.wait_text("This page is for the administrator")
        self.assert_accessible()
        self.browser.open(self.service.admin_link.replace("/admin#", "/#"))
        self.browser.wait_text("You are signed in as the administrator")
        self.assert_accessible()

    def test_connection_lost_and_back(self):
        self.start(samples.pair_queue())
        self.open()
        self.browser.offline(True)
        self.browser.wait(lambda: "No connection" in self.browser.text(".freshness"), "unsaid", 12)
        self.browser.offline(False)
        self.browser.wait(
            lambda: self.browser.script(
                "return document.querySelector('.freshness').textContent") == "", "stale", 12)

    def test_phone(self):
        self.browser.reset("phone")
        self.start_fake(samples.pair_queue(tasks=conflicted()))
        self.open()
        for view in ["overview", "agreement", "people", "judges", "conflicts", "audit"]:
            self.go(view)
            self.assert_fits()
            self.assert_accessible()
