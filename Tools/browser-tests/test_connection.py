"""What a bad connection does to votes: nothing is lost and nothing counts twice."""

import samples
from case import PageTest
from proxy import LossyProxy


class ConnectionTests(PageTest):

    def test_a_vote_without_connection_is_sent_once(self):
        self.start(samples.pair_queue())
        self.begin()
        self.browser.wait(lambda: self.ahead(), "nothing is fetched ahead")
        self.browser.offline(True)
        self.vote("1")
        self.browser.wait_text("1 vote kept here")
        self.assert_announced("No connection")
        self.assert_accessible()
        self.assertEqual(len(self.standing()), 0)
        self.browser.offline(False)
        self.wait_saved()
        self.assertEqual([vote["verdict"] for vote in self.standing()], ["A is better"])
        self.assert_announced("connection is back")

    def ahead(self):
        """Whether the page has asked for a second task."""
        return self.browser.script("""
          return performance.getEntriesByType("resource")
            .filter(({ name, responseStatus }) => name.endsWith("tasks/next") && responseStatus === 200)
            .length >= 2;
        """)

    def test_all_tasks_used_up_without_connection(self):
        """Beyond the task ahead the page waits, and goes on by itself."""
        self.start(samples.pair_queue())
        self.begin()
        self.browser.wait(lambda: self.ahead(), "nothing is fetched ahead")
        self.browser.offline(True)
        self.vote("1")
        self.vote("2")
        self.browser.wait_text("The next task cannot be fetched")
        self.assert_accessible()
        self.browser.offline(False)
        self.browser.one(".verdict", 15)
        self.wait_saved()
        self.assertEqual([v["verdict"] for v in self.standing()], ["A is better", "B is better"])

    def open_through_proxy(self):
        """Opens the page at a proxy that can lose answers, up to the first task."""
        proxy = LossyProxy(self.service.port)
        self.addCleanup(proxy.stop)
        self.browser.open(
            self.service.link("Ann").replace(f":{self.service.port}/", f":{proxy.port}/"))
        self.browser.wait_text("Guidelines")
        self.browser.click("button.primary")
        self.browser.one(".verdict")
        self.look()
        return proxy

    def test_a_lost_answer_does_not_double_the_vote(self):
        """The service stored the vote and its answer was lost: it is sent again under its key."""
        self.start(samples.pair_queue())
        proxy = self.open_through_proxy()
        proxy.lose = "/votes"
        self.vote("1")
        self.browser.wait(lambda: proxy.lost >= 2, "the vote was not sent again", 20)
        self.browser.wait(lambda: len(self.standing()) == 1, "the vote did not arrive")
        proxy.lose = None
        self.wait_saved()
        self.assertEqual([vote["verdict"] for vote in self.standing()], ["A is better"])
        self.vote("2")
        self.wait_saved()
        self.assertEqual([v["verdict"] for v in self.standing()], ["A is better", "B is better"])

    def test_a_lost_answer_to_undo_takes_back_one_vote(self):
        self.start(samples.pair_queue())
        proxy = self.open_through_proxy()
        self.vote("1")
        self.vote("2")
        self.wait_saved()
        proxy.lose = "/votes/undo"
        self.browser.press("u")
        self.assert_announced("Not taken back")
        proxy.lose = None
        self.vote("u")
        self.browser.wait_text("You had voted: B is better")
        self.assertEqual([vote["verdict"] for vote in self.standing()], ["A is better"])

    def test_a_closed_page_keeps_its_votes(self):
        """Votes that were not sent are sent when the page is opened again."""
        self.start(samples.pair_queue())
        self.begin()
        self.browser.offline(True)
        self.vote("1")
        self.browser.wait_text("kept here")
        self.browser.driver.get("about:blank")
        self.browser.offline(False)
        self.browser.open(self.service.address + "/")
        self.browser.one(".verdict")
        self.wait_saved()
        self.assertEqual([vote["verdict"] for vote in self.standing()], ["A is better"])

    def test_a_restarted_service(self):
        """The service is killed and comes back: the vote arrives, once."""
        self.start(samples.pair_queue())
        self.begin()
        self.vote("1")
        self.wait_saved()
        self.service.kill()
        self.vote("2")
        self.browser.wait_text("kept here")
        self.service.restart()
        self.browser.wait(
            lambda: self.browser.script(
                "return document.getElementById('connection').dataset.state === 'saved'"),
            "not sent again", 40)
        self.assertEqual([v["verdict"] for v in self.standing()], ["A is better", "B is better"])

    def test_undo_of_a_vote_that_was_never_sent(self):
        self.start(samples.pair_queue())
        self.begin()
        self.browser.wait(lambda: self.ahead(), "nothing is fetched ahead")
        self.browser.offline(True)
        self.vote("1")
        self.browser.wait_text("1 vote kept here")
        first = self.browser.text(".prompt")
        self.vote("2")
        self.browser.wait_text("2 votes kept here")
        # The second waits behind the first and was never on its way.
        self.vote("u")
        self.assertEqual(self.browser.text(".prompt"), first)
        self.browser.wait_text("1 vote kept here")
        self.vote("4")
        self.browser.offline(False)
        self.wait_saved()
        self.assertEqual([v["verdict"] for v in self.standing()], ["A is better", "Same bad"])

    def test_a_session_that_ended_keeps_votes(self):
        service = self.start_fake(samples.pair_queue())
        self.begin()
        service.sessions.clear()
        self.browser.press("1")
        self.browser.wait_text("Your session has ended")
        self.assert_accessible()
        self.assertEqual(service.standing(), [])
        self.browser.open(service.link("Ann"))
        self.browser.one(".verdict")
        self.wait_saved()
        self.assertEqual([v["body"]["verdict"] for v in service.standing()], ["A is better"])

    def test_a_changed_csrf_token(self):
        """The token may change under a page that stays open: it is fetched again."""
        service = self.start_fake(samples.pair_queue())
        self.begin()
        for session in service.sessions.values():
            session["csrf"] = "another"
        self.vote("1")
        self.wait_saved()
        self.assertEqual(len(service.standing()), 1)

    def test_a_service_out_of_reach_at_the_start(self):
        self.start(samples.pair_queue())
        self.begin()
        # The page itself is there; what it asks for is not.
        self.browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/api/v1/*"]})
        self.addCleanup(
            self.browser.driver.execute_cdp_cmd, "Network.setBlockedURLs", {"urls": []})
        self.browser.open(self.service.address + "/")
        self.browser.wait_text("The service cannot be reached")
        self.assert_accessible()
        self.browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
        self.browser.click("button.primary")
        self.browser.one(".verdict")
