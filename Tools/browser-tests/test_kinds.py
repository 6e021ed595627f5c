"""Ratings and orders."""

import samples
from browser import Keys
from case import PageTest
from selenium.webdriver.common.action_chains import ActionChains


class RatingTests(PageTest):

    def test_by_digits(self):
        """A digit rates the marked row and moves on; the last step is one to send."""
        self.start(samples.rating_queue(tasks=samples.pair_tasks(samples.PAIRS[:2])))
        self.begin(selector=".rubric")
        self.assert_accessible()
        browser = self.browser
        browser.press(Keys.ENTER)
        self.assert_announced("Not everything is rated")
        for digit in "12345":
            browser.press(digit)
        self.assertIn("5 of 6 rated", browser.text(".question"))
        self.assert_announced("Next: answer B, clarity")
        browser.press(Keys.BACKSPACE, "4", "3")
        self.assertIn("All rated", browser.text(".question"))
        self.vote(Keys.ENTER)
        self.wait_saved()
        [vote] = self.standing()
        names = [criterion["name"] for criterion in samples.CRITERIA]
        self.assertEqual(vote["ratings"], {
            "A": dict(zip(names, [1, 2, 3])), "B": dict(zip(names, [4, 4, 3])),
        })

    def test_by_mouse_and_arrows(self):
        """Rows are ordinary groups of radio buttons."""
        self.start(samples.rating_queue())
        self.begin(selector=".rubric")
        browser = self.browser
        for row in browser.all(".rubric-row"):
            row.find_elements("css selector", ".score")[1].click()
        browser.press(Keys.ARROW_RIGHT)
        before = self.task_mark()
        browser.click(".bar .primary")
        browser.wait(lambda: self.task_mark() != before, "the task stayed")
        self.wait_saved()
        [vote] = self.standing()
        scores = [score for row in vote["ratings"].values() for score in row.values()]
        self.assertEqual(sorted(scores), [2, 2, 2, 2, 2, 3])

    def test_phone(self):
        self.browser.reset("phone")
        self.start(samples.rating_queue())
        self.begin(selector=".rubric")
        self.assert_fits()
        self.assert_accessible()


class RankingTests(PageTest):

    def order(self):
        return self.browser.script("""
          return [...document.querySelectorAll(".order-item")].map((item) =>
            (item.classList.contains("tied") ? "=" : "") + item.dataset.label);
        """)

    def test_by_keys(self):
        """Answers are placed best first; = joins the next to the last place; the rest share one."""
        self.start(samples.ranking_queue())
        self.begin(selector=".place-button")
        self.assert_accessible()
        browser = self.browser
        browser.press(Keys.ENTER)
        self.assert_announced("Place at least the best")
        browser.press("3", "1", "=", "4")
        self.assertEqual(self.order(), ["C", "A", "=D"])
        self.assert_announced("Answer D is shared 2nd")
        self.assert_accessible()
        browser.press(Keys.BACKSPACE)
        self.assertEqual(self.order(), ["C", "A"])
        self.vote(Keys.ENTER)
        self.wait_saved()
        [vote] = self.standing()
        self.assertEqual([sorted(tier) for tier in vote["order"]], [["C"], ["A"], ["B", "D"]])

    def test_best_of_n(self):
        """One key and one to send."""
        self.start(samples.ranking_queue())
        self.begin(selector=".place-button")
        self.browser.press("2")
        self.vote(Keys.ENTER)
        self.wait_saved()
        [vote] = self.standing()
        self.assertEqual([sorted(tier) for tier in vote["order"]], [["B"], ["A", "C", "D"]])

    def test_moving_by_arrows(self):
        self.start(samples.ranking_queue())
        self.begin(selector=".place-button")
        browser = self.browser
        browser.press("1", "2", "3", "4")
        self.assertEqual(self.order(), ["A", "B", "C", "D"])
        browser.one("[data-label=D] .order-name").click()
        browser.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
        self.assertEqual(self.order(), ["A", "D", "B", "C"])
        self.assertIn("Answer D, 2nd", browser.focused())
        browser.press("=")
        self.assertEqual(self.order(), ["A", "=D", "B", "C"])
        browser.press(Keys.ARROW_RIGHT)
        self.assertEqual(self.order(), ["A", "D", "B", "C"])
        browser.press(Keys.DELETE)
        self.assertEqual(self.order(), ["A", "B", "C"])

    def test_by_buttons_and_dragging(self):
        """Whatever dragging does, single presses do as well (WCAG 2.5.7)."""
        self.start(samples.ranking_queue())
        self.begin(selector=".place-button")
        browser = self.browser
        for button in browser.all(".place-button"):
            button.click()
        self.assertEqual(self.order(), ["A", "B", "C", "D"])
        browser.click("[aria-label='Move C earlier']")
        self.assertEqual(self.order(), ["A", "C", "B", "D"])
        browser.click("[aria-label^='Tie B']")
        self.assertEqual(self.order(), ["A", "C", "=B", "D"])
        browser.click("[aria-label^='Tie B']")
        source = browser.one("[data-label=D] .order-name")
        target = browser.one("[data-label=A]")
        ActionChains(browser.driver, duration=50).move_to_element(source).click_and_hold() \
            .move_to_element_with_offset(target, -int(target.size["width"] / 2) + 4, 0) \
            .release().perform()
        self.assertEqual(self.order(), ["D", "A", "C", "B"])
        before = self.task_mark()
        browser.click(".bar .primary")
        browser.wait(lambda: self.task_mark() != before, "the task stayed")
        self.wait_saved()
        self.assertEqual(self.standing()[0]["order"], [["D"], ["A"], ["C"], ["B"]])

    def test_phone(self):
        self.browser.reset("phone")
        self.start(samples.ranking_queue())
        self.begin(selector=".place-button")
        self.browser.click(".place-button")
        self.assert_fits()
        self.assert_accessible()
