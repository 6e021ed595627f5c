"""Headless Chromium with what the tests ask of it."""

import json
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.chrome.service import Service as Driver

SIZES = {"desktop": (1360, 850), "laptop": (1100, 720), "phone": (390, 844), "small": (320, 640)}
CALM = """
  *, *::before, *::after { transition: none !important; animation: none !important; }
"""


class Browser:
    """One browser for all tests: each test starts without cookies and on an origin of its own."""

    def __init__(self, chromium, chromedriver, axe):
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--force-color-profile=srgb", "--hide-scrollbars=false", "--lang=en-GB",
            "--disable-background-networking", "--disable-component-update", "--no-first-run",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Driver(chromedriver))
        self.driver.set_script_timeout(60)
        self.axe = Path(axe).read_text(encoding="utf-8")

    def quit(self):
        self.driver.quit()

    # The state of the browser

    def reset(self, size="desktop", theme="light", motion="no-preference"):
        """Fresh: no cookies, online, a window of a size, a theme as the system would have it."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.offline(False)
        self.resize(size)
        self.media(theme=theme, motion=motion)
        self.console()

    def resize(self, size):
        width, height = SIZES.get(size, size)
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1,
            "mobile": width < 500,
        })

    def media(self, theme="light", motion="no-preference"):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": motion},
        ]})

    def offline(self, offline):
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        })

    def console(self):
        """What the page complained about since the last call."""
        return [
            entry["message"] for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING")
        ]

    # Looking

    def open(self, address):
        self.driver.get("about:blank")
        self.driver.get(address)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector, timeout=8):
        """The first visible element for a selector, once there is one."""
        return self.wait(
            lambda: next((e for e in self.all(selector) if e.is_displayed()), None),
            f"nothing visible for {selector}", timeout)

    def text(self, selector):
        return self.one(selector).text

    def script(self, code, *arguments):
        return self.driver.execute_script(code, *arguments)

    def wait(self, condition, message, timeout=8):
        """The first true value of a condition."""
        end = time.monotonic() + timeout
        while True:
            try:
                value = condition()
                if value:
                    return value
            except Exception as error:  # An element that was replaced while it was read.
                if "stale" not in str(error).lower() or time.monotonic() > end:
                    raise
            if time.monotonic() > end:
                raise AssertionError(f"{message}; the page shows:\n{self.visible_text()}")
            time.sleep(0.02)

    def wait_text(self, text, timeout=8):
        self.wait(lambda: text in self.visible_text(), f"no text '{text}'", timeout)

    def visible_text(self):
        return self.script("return document.body.innerText")

    def focused(self):
        """The focused element in a few words."""
        return self.script("""
          const node = document.activeElement;
          return `${node.tagName.toLowerCase()}:${(node.getAttribute("aria-label")
            ?? node.textContent).trim().slice(0, 60)}`;
        """)

    # Acting

    def press(self, *keys):
        for key in keys:
            ActionChains(self.driver, duration=0).send_keys(key).perform()

    def chord(self, modifier, key):
        ActionChains(self.driver, duration=0).key_down(modifier).send_keys(key).key_up(
            modifier).perform()

    def click(self, selector):
        self.one(selector).click()

    # Checking

    def violations(self):
        """What axe-core finds against WCAG 2.2 AA and its own good practice."""
        self.script(self.axe)
        result = self.driver.execute_async_script("""
          const done = arguments[arguments.length - 1];
          axe.run(document, {
            resultTypes: ["violations"],
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          }).then(done, (error) => done({ violations: [{ id: String(error), nodes: [] }] }));
        """)
        return [
            f"{found['id']}: {node['html'][:160]} ({node.get('failureSummary', '')})"
            for found in result["violations"] for node in found["nodes"] or [{"html": ""}]
        ]

    def screenshot(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(path))

    def settle(self):
        """Waits until animations are over, so that screenshots and contrasts are of the end."""
        self.driver.execute_async_script("""
          const done = arguments[arguments.length - 1];
          Promise.allSettled(document.getAnimations().map((one) => one.finished))
            .then(() => requestAnimationFrame(() => done()));
        """)


def dumps(value):
    return json.dumps(value, ensure_ascii=False)


__all__ = ["Browser", "Keys", "SIZES", "dumps"]
