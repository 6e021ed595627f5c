"""The annotator's path through a queue of pairs."""

import time

import samples
from case import Client, Keys, PageTest, urllib


class AnnotatorTests(PageTest):

    def test_whole_path_by_keyboard(self):
        """From the link to the end without a mouse: guidelines, verdicts, note, skip, undo."""
        self.start(samples.pair_queue(tasks=samples.pair_tasks(samples.PAIRS[:5])))
        browser = self.browser
        browser.open(self.service.link("Ann"))
        browser.wait_text("How to judge")
        self.assertNotIn("#", browser.driver.current_url, "the token is still in the address bar")
        self.assertEqual(browser.focused(), "h1:Guidelines")
        self.tab_to("I have read them")
        browser.press(Keys.ENTER)
        browser.one(".verdict")
        self.look()
        self.assertIn("h1:Compare two answers", browser.focused())

        self.vote("1")
        self.assert_announced("A is better")
        self.assertIn("h1:Compare two answers", browser.focused())
        self.vote("2")

        browser.press("n")
        self.assertTrue(browser.focused().startswith("textarea"))
        browser.press("1 is not a verdict here")
        browser.press(Keys.ESCAPE)
        self.assertIn("h1:Compare two answers", browser.focused())
        self.vote("3")

        browser.press("s")
        browser.one("dialog[open]")
        self.vote("2")

        self.vote("4")
        self.wait_saved()
        browser.wait_text("All done")
        self.assertEqual([self.words(vote) for vote in self.standing()], [
            "A is better", "B is better", "Same good", "offensive", "Same bad",
        ])
        self.assertEqual(self.standing()[2].get("note"), "1 is not a verdict here")

        self.vote("u")
        browser.wait_text("You had voted: Both bad")
        self.vote("2")
        self.wait_saved()
        self.assertEqual([self.words(vote) for vote in self.standing()], [
            "A is better", "B is better", "Same good", "offensive", "B is better",
        ])

    @staticmethod
    def words(vote):
        """A vote as its verdict or its reason."""
        skip = vote.get("skip") or vote.get("skip_reason")
        return vote.get("verdict") or (skip["reason"] if isinstance(skip, dict) else skip)

    def tab_to(self, name, most=40):
        for _ in range(most):
            if name in self.browser.focused():
                return
            self.browser.press(Keys.TAB)
        self.fail(f"Tab does not reach '{name}'")

    def test_focus_order(self):
        """Tab goes through the task as it is read: question, answers, verdicts, actions, head."""
        self.start(samples.pair_queue())
        self.begin()
        stops = []
        for _ in range(13):
            self.browser.press(Keys.TAB)
            stops.append(self.browser.focused().split(":", 1)[1])
        wanted = [
            "Differences", "Scroll together", "Formatted", "What was asked", "Text of answer A",
            "Text of answer B", "A is better", "B is better", "Both good", "Both bad", "Note",
            "Skip", "Undo",
        ]
        for stop, name in zip(stops, wanted, strict=True):
            self.assertTrue(stop.startswith(name), stops)

    def test_what_a_screen_reader_gets(self):
        """Roles and names of the accessibility tree, as assistive technology sees them."""
        self.start(samples.pair_queue())
        self.begin()
        tree = self.browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        have = {
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in tree if not node.get("ignored") and "role" in node
        }
        for wanted in [
            ("main", ""), ("banner", ""), ("navigation", "Menu"),
            ("heading", "Compare two answers (1 of 8)"), ("heading", "Instruction"),
            ("heading", "Answer A"),
            ("heading", "Answer B"), ("region", "Text of answer A"), ("region", "Text of answer B"),
            ("group", "Which answer is better?"), ("button", "A is better"),
            ("button", "B is better"), ("button", "Both good"), ("button", "Both bad"),
            ("button", "Skip"), ("progressbar", "Progress"),
        ]:
            self.assertIn(wanted, have)

    def test_undo_gives_the_task_back(self):
        """The task that is taken back is the one that was judged, and the other one comes after."""
        self.start(samples.pair_queue())
        self.begin()
        first = self.browser.text(".prompt")
        self.vote("1")
        second = self.browser.text(".prompt")
        self.wait_saved()
        self.vote("u")
        self.assertEqual(self.browser.text(".prompt"), first)
        self.assertEqual(len(self.standing()), 0)
        self.vote("2")
        self.assertEqual(self.browser.text(".prompt"), second)
        self.wait_saved()
        self.assertEqual([vote["verdict"] for vote in self.standing()], ["B is better"])

    def test_nothing_to_undo(self):
        self.start(samples.pair_queue())
        self.begin()
        self.browser.press("u")
        self.assert_announced("no vote to take back")

    def test_a_held_key_votes_once(self):
        """A key that repeats, or is hit again at once, does not judge tasks that nobody saw."""
        self.start(samples.pair_queue())
        self.begin()
        self.browser.script("""
          const press = (repeat) => document.activeElement.dispatchEvent(new KeyboardEvent(
            "keydown", { key: "1", code: "Digit1", bubbles: true, cancelable: true, repeat }));
          press(false);
          for (let time = 0; time < 20; time += 1) setTimeout(() => press(true), time * 40);
          for (let time = 0; time < 5; time += 1) setTimeout(() => press(false), time * 20);
        """)
        time.sleep(1)
        self.wait_saved()
        self.look()
        self.assertEqual(len(self.standing()), 1)

    def test_keys_can_be_changed_and_are_shown(self):
        """A changed key is shown on its button, works, stays, and swaps with its owner."""
        self.start(samples.pair_queue())
        self.begin()
        browser = self.browser
        browser.press("?")
        browser.one("dialog[open]")
        self.assert_accessible()
        browser.click("[data-command=first]")
        browser.press("x")
        self.assert_announced("X.")
        browser.click("[data-command=second]")
        browser.press("3")
        self.assert_announced("has now 2")
        browser.press(Keys.ESCAPE)
        browser.wait(lambda: not browser.all("dialog"), "the dialog stayed")
        caps = [key.text for key in browser.all(".verdict kbd")]
        self.assertEqual(caps, ["X", "3", "2", "4"])
        browser.open(self.service.address + "/")
        browser.one(".verdict")
        self.look()
        self.assertEqual([key.text for key in browser.all(".verdict kbd")], ["X", "3", "2", "4"])
        self.vote("x")
        self.wait_saved()
        self.vote("3")
        self.wait_saved()
        self.assertEqual([v["verdict"] for v in self.standing()], ["A is better", "B is better"])
        browser.press("1")
        self.look()
        self.assertEqual(len(self.standing()), 2)

    def test_keys_can_be_turned_off(self):
        """WCAG 2.1.4: single keys can be turned off; buttons still work, and keys are not shown."""
        self.start(samples.pair_queue())
        self.begin()
        browser = self.browser
        browser.press("?")
        browser.click(".choice input")
        browser.press(Keys.ESCAPE)
        browser.wait(lambda: not browser.all("dialog"), "the dialog stayed")
        self.assertEqual(browser.all(".verdict kbd"), [])
        browser.press("1")
        self.look()
        self.assertEqual(len(self.standing()), 0)
        browser.click("[data-verdict='B is better']")
        self.wait_saved()
        self.assertEqual([vote["verdict"] for vote in self.standing()], ["B is better"])

    def test_digits_that_need_the_shift_key(self):
        """On a French keyboard the key of 1 gives an ampersand: it votes all the same."""
        self.start(samples.pair_queue())
        self.begin()
        self.browser.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {
            "type": "keyDown", "key": "&", "code": "Digit1", "text": "&",
        })
        self.wait_saved()
        self.browser.wait(lambda: len(self.standing()) == 1, "no vote")
        self.assertEqual(self.standing()[0]["verdict"], "A is better")

    def test_skip_with_reason_and_note(self):
        self.start(samples.pair_queue())
        self.begin()
        browser = self.browser
        browser.press("s")
        browser.one("dialog[open]")
        self.assert_accessible()
        browser.press(Keys.ESCAPE)
        browser.wait(lambda: not browser.all("dialog"), "the dialog stayed")
        self.assertEqual(len(self.standing()), 0)
        browser.press("s")
        browser.click("#skip-note")
        browser.press("123 is text here")
        before = self.task_mark()
        browser.click("[data-reason=other]")
        browser.wait(lambda: self.task_mark() != before, "the task stayed")
        self.wait_saved()
        [vote] = self.standing()
        self.assertEqual((self.words(vote), vote["note"]), ("other", "123 is text here"))

    def test_progress_and_pace(self):
        self.start(samples.pair_queue(tasks=samples.pair_tasks(samples.PAIRS[:4])))
        self.begin()
        self.assertIn("0 of 4", self.browser.text("#progress"))
        self.vote("1")
        self.vote("1")
        self.wait_saved()
        self.browser.wait(
            lambda: "2 of 4" in self.browser.text("#progress"), "progress does not count")
        self.assertIn("2 today", self.browser.text("#progress"))
        self.assertIn("each", self.browser.text("#progress"))
        self.assertTrue(self.browser.driver.title.startswith("2 of 4"))
        self.vote("u")
        self.assertIn("1 of 4", self.browser.text("#progress"))

    def test_guidelines_are_read_once(self):
        self.start(samples.pair_queue())
        self.begin()
        self.browser.open(self.service.address + "/")
        self.browser.one(".verdict")
        self.browser.press("g")
        self.assertIn("How to judge", self.browser.text("dialog[open]"))
        self.assert_accessible()

    def test_changed_guidelines_are_shown_again(self):
        service = self.start_fake(samples.pair_queue())
        self.begin()
        service.queues[0]["guidelines"] = "# New rules"
        self.browser.open(service.address + "/")
        self.browser.wait_text("New rules")

    def test_recent_votes(self):
        self.start(samples.pair_queue())
        self.begin()
        self.vote("1")
        self.vote("4")
        self.wait_saved()
        self.browser.press("r")
        self.browser.wait_text("Both bad")
        rows = [row.text for row in self.browser.all(".recent-verdict")]
        self.assertEqual(rows, ["Both bad", "A is better"])
        self.assert_accessible()

    def test_answers_scroll_in_step(self):
        short = samples.LONG[: len(samples.LONG) // 2]
        self.start(samples.pair_queue(tasks=samples.pair_tasks(
            [("Compare.", "", samples.LONG, short), ("Again.", "", samples.LONG, short)])))
        self.begin()
        shares = """
          return [...document.querySelectorAll(".answer-body")].map(
            (pane) => pane.scrollTop / (pane.scrollHeight - pane.clientHeight));
        """
        self.browser.script("document.querySelectorAll('.answer-body')[0].scrollTop = 700")
        self.browser.wait(lambda: self.browser.script(shares)[1] > 0.05, "the other pane stayed")
        first, second = self.browser.script(shares)
        self.assertAlmostEqual(first, second, delta=0.02)
        self.browser.script("document.querySelectorAll('.answer-body')[1].scrollTop = 100")
        self.browser.wait(lambda: self.browser.script(shares)[0] < first - 0.02, "no step back")
        self.browser.press("j")
        self.browser.wait(lambda: self.browser.script(shares)[0] > 0.1, "the key does not scroll")
        self.browser.press("t")
        self.browser.wait(
            lambda: self.browser.script("""
              const pane = document.querySelectorAll(".answer-body")[0];
              const still = pane.scrollTop === window.before;
              window.before = pane.scrollTop;
              return still;
            """), "still scrolling")
        second = self.browser.script(shares)[1]
        self.browser.script("document.querySelectorAll('.answer-body')[0].scrollTop = 0")
        self.browser.wait(lambda: self.browser.script(shares)[0] == 0, "no scrolling")
        self.assertAlmostEqual(self.browser.script(shares)[1], second, delta=0.001)

    def test_differences_are_marked_on_request(self):
        self.start(samples.pair_queue(tasks=samples.pair_tasks(samples.PAIRS[1:2])))
        self.begin()
        self.assertEqual(self.browser.all("mark"), [])
        self.browser.press("d")
        marked = sorted(mark.text for mark in self.browser.all("mark"))
        self.assertIn("eleven", marked)
        self.assertIn("many", marked)
        self.assert_announced("in common")
        self.assert_accessible()
        self.browser.press("d")
        self.assertEqual(self.browser.all("mark"), [])

    def test_text_as_written(self):
        self.start(samples.pair_queue(tasks=samples.pair_tasks(samples.PAIRS[2:3])))
        self.begin()
        self.assertIn("Advantages", [h.text for h in self.browser.all(".answer-body h3")])
        self.browser.press("f")
        self.browser.wait_text("## Advantages")
        self.browser.press("f")
        self.browser.wait(lambda: "## Adv" not in self.browser.visible_text(), "stayed raw")

    def test_phone(self):
        """At 390 and 320 pixels: stacked, no scrolling sideways, verdicts in reach, large targets."""
        for size in ["phone", "small"]:
            with self.subTest(size=size):
                self.browser.reset(size)
                if self.service is None:
                    self.start(samples.pair_queue())
                self.begin()
                self.assert_fits()
                first, second = (pane.rect for pane in self.browser.all(".answer"))
                self.assertGreaterEqual(second["y"], first["y"] + first["height"])
                self.assertEqual(first["x"], second["x"])
                height = self.browser.script("return window.innerHeight")
                for button in self.browser.all(".verdict"):
                    box = self.browser.script(
                        "const box = arguments[0].getBoundingClientRect();"
                        "return [box.top, box.bottom, box.height, box.width];", button)
                    self.assertGreaterEqual(box[0], 0)
                    self.assertLessEqual(box[1], height)
                    self.assertGreaterEqual(min(box[2], box[3]), 44)
                self.assert_accessible()
                self.browser.click(".menu-button")
                self.browser.one("dialog[open]")
                self.assert_accessible()
                self.assert_fits()
                self.browser.press(Keys.ESCAPE)

    def test_large_text(self):
        """At 200 % and 400 % of a small laptop the page reflows (WCAG 1.4.10)."""
        self.start(samples.pair_queue())
        for size in [(640, 400), (320, 256)]:
            self.browser.resize(size)
            self.begin()
            self.assert_fits()
            self.assert_accessible()

    def test_dark_and_light(self):
        self.start(samples.pair_queue())
        self.browser.media(theme="dark")
        self.begin()
        ground = "return getComputedStyle(document.body).backgroundColor"
        dark = self.browser.script(ground)
        self.assert_accessible()
        self.browser.media(theme="light")
        light = self.browser.script(ground)
        self.assertNotEqual(dark, light)
        self.assert_accessible()
        self.browser.press("?")
        self.browser.click("dialog input[value=dark]")
        self.browser.press(Keys.ESCAPE)
        self.assertEqual(self.browser.script(ground), dark)
        self.browser.open(self.service.address + "/")
        self.browser.one(".verdict")
        self.assertEqual(self.browser.script(ground), dark)

    def test_reduced_motion(self):
        self.start(samples.pair_queue())
        self.begin()
        self.browser.media(motion="reduce")
        self.browser.press("s")
        self.browser.one("dialog[open]")
        self.assertEqual(self.browser.script("return document.getAnimations().length"), 0)

    def test_qualification_with_feedback(self):
        """Each vote of the round is answered before the next task is shown."""
        items = samples.pair_tasks(
            samples.PAIRS[4:6], expected="A is better", explanation="Because it is **shorter**.")
        self.start(samples.pair_queue(qualification=items))
        self.browser.open(self.service.link("Ann"))
        self.browser.wait_text("qualification round")
        self.browser.click("button.primary")
        self.browser.one(".verdict")
        self.look()
        for number in range(2):
            self.browser.press("1")
            text = self.browser.text("dialog[open]")
            self.assertRegex(text, "As expected|We expected something else")
            self.assertIn("Because it is shorter.", text)
            if number == 0:
                self.assert_accessible()
            before = self.task_mark()
            self.browser.press(Keys.ENTER)
            self.browser.wait(lambda: self.task_mark() != before, "the task stayed")
            self.look()
        self.assert_announced("passed the qualification round")
        self.browser.one(".verdict")

    def test_a_qualification_that_was_not_passed(self):
        """Said without a way to vote; what was answered there cannot be taken back."""
        items = [
            {**task, "answers": [task["answers"][0]] * 2} for task in samples.pair_tasks(
                samples.PAIRS[:2], expected="Same good", explanation="They are the same.")
        ]
        self.start_fake(samples.pair_queue(guidelines="", qualification=items, pass_mark=0.5))
        self.begin()
        for _ in range(2):
            self.browser.press("1")
            self.assertIn("Both good", self.browser.text("dialog[open]"))
            self.browser.press(Keys.ENTER)
            self.browser.wait(lambda: not self.browser.all("dialog"), "the dialog stayed")
            self.look()
        self.browser.wait_text("The qualification round was not passed")
        self.assertNotIn("Undo", self.browser.text("main"))
        self.assert_accessible()

    def test_settings_follow_the_person(self):
        """On another machine, which has kept nothing, the keys are as they were chosen."""
        self.start(samples.pair_queue())
        self.begin()
        self.browser.press("?")
        self.browser.click("[data-command=first]")
        self.browser.press("x", Keys.ESCAPE)
        self.browser.wait(
            lambda: Client(self.service.link("Ann")).get("me")["settings"].get(
                "keys", {}).get("first") == "x", "the key is not kept by the service")
        self.browser.script("localStorage.clear()")
        self.browser.open(self.service.address + "/")
        self.browser.one(".verdict")
        self.assertEqual(self.browser.all(".verdict kbd")[0].text, "X")

    def test_next_task_is_there_before_the_vote(self):
        """The next task is shown at once, also while the service takes its time."""
        service = self.start_fake(samples.pair_queue())
        self.begin()
        self.browser.wait(
            lambda: sum(path.endswith("tasks/next") for _, path, _ in service.requests) == 2,
            "nothing is fetched ahead")
        service.delay = 3
        before = self.task_mark()
        self.browser.press("1")
        self.browser.wait(lambda: self.task_mark() != before, "waits for the network", 1)
        service.delay = 0
        self.wait_saved()

    def test_leases_are_renewed(self):
        service = self.start_fake(samples.pair_queue(lease_seconds=4))
        self.begin()
        self.browser.wait(
            lambda: sum(path.endswith("/renew") for _, path, _ in service.requests) >= 3,
            "leases are not renewed", 12)
        self.assertTrue(all(service.is_live(a) for a in service.assignments))
        self.vote("1")
        self.wait_saved()
        self.assertEqual(len(service.standing()), 1)

    def test_a_lost_lease_is_said(self):
        service = self.start_fake(samples.pair_queue(lease_seconds=4))
        self.begin()
        with service.lock:
            service.assignments[0]["state"] = "expired"
        self.browser.wait_text("went back to the queue")
        self.assert_accessible()
        self.browser.click("button.primary")
        self.browser.one(".verdict")

    def test_a_refused_vote_is_said(self):
        service = self.start_fake(samples.pair_queue())
        self.begin()
        with service.lock:
            service.assignments[0]["state"] = "expired"
        self.vote("1")
        self.assertIn("was not taken", self.browser.text(".banner"))
        self.assert_accessible()
        self.browser.click(".banner button")
        self.assertEqual(self.browser.all(".banner"), [])

    def test_paused_queue(self):
        self.start(samples.pair_queue())
        admin = Client(self.service.admin_link)
        queue = admin.get("admin/overview")["queues"][0]["queue_id"]
        self.begin()
        admin.post(f"admin/queues/{queue}/state", {"state": "paused"})
        self.browser.open(self.service.address + "/")
        self.browser.wait_text("This queue is paused")
        self.assert_accessible()

    def test_wrong_and_revoked_links(self):
        self.start(samples.pair_queue())
        self.browser.open(f"{self.service.address}/#{'x' * 43}")
        self.browser.wait_text("Open your personal link")
        self.assertIn("ask for a new one", self.browser.text(".notice"))
        self.assert_accessible()
        self.browser.click("#link")
        self.browser.press("no link", Keys.ENTER)
        self.assertIn("no personal link", self.browser.text(".error"))
        self.browser.script("document.getElementById('link').value = arguments[0]",
                            self.service.link("Ann"))
        self.browser.press(Keys.ENTER)
        self.browser.wait_text("Guidelines")

        admin = Client(self.service.admin_link)
        [ann] = [p for p in admin.get("admin/people")["people"] if p["name"] == "Ann"]
        admin.post(f"admin/people/{ann['person_id']}/revoke", {})
        self.browser.open(self.service.link("Ann"))
        self.browser.wait_text("Open your personal link")
        with self.assertRaises(urllib.error.HTTPError):
            Client(self.service.link("Ann"))

    def test_below_a_base_path(self):
        """Behind a proxy that gives the service a folder of its own."""
        self.start(samples.pair_queue(), base="/labels/one")
        self.begin()
        self.vote("1")
        self.wait_saved()
        self.assertIn("/labels/one/", self.browser.driver.current_url)
        self.assertEqual(len(self.standing()), 1)
        self.browser.open(self.service.admin_link)
        self.browser.one(".queue")

    def test_several_queues(self):
        self.start(samples.pair_queue(guidelines=""), samples.rating_queue())
        self.browser.open(self.service.link("Ann"))
        self.browser.wait_text("Welcome, Ann")
        self.assert_accessible()
        self.assertEqual(len(self.browser.all(".queue-list li")), 2)
        self.browser.click("[aria-label='Open Rate answers']")
        self.browser.one(".rubric")
