"""Runs the browser tests; `run` sets up what it needs and starts it."""

import argparse
import sys
import unittest
from pathlib import Path

from browser import Browser
from case import PageTest

FOLDER = Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(prog="Tools/browser-tests/run")
    parser.add_argument("--chromium", required=True)
    parser.add_argument("--chromedriver", required=True)
    parser.add_argument("--axe", required=True)
    parser.add_argument("--binary", type=Path)
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("-k", dest="patterns", action="append", default=None)
    parser.add_argument("--failfast", action="store_true")
    arguments = parser.parse_args()

    make_real_service = None
    if arguments.binary:
        from real_service import RealService

        binary = arguments.binary.resolve()
        make_real_service = lambda queues, **options: RealService(binary, queues, **options)

    loader = unittest.TestLoader()
    if arguments.patterns:
        loader.testNamePatterns = [
            pattern if "*" in pattern else f"*{pattern}*" for pattern in arguments.patterns
        ]
    tests = loader.discover(str(FOLDER), pattern="test_*.py", top_level_dir=str(FOLDER))
    if loader.errors:
        print("\n".join(loader.errors), file=sys.stderr)
        return 1
    if tests.countTestCases() == 0:
        print("no test has such a name", file=sys.stderr)
        return 1
    browser = Browser(arguments.chromium, arguments.chromedriver, arguments.axe)
    try:
        PageTest.on(browser, make_real_service, arguments.results)
        if arguments.screenshots:
            import test_views

            test_views.ViewTests.screenshots = arguments.screenshots
        result = unittest.TextTestRunner(
            stream=sys.stdout, verbosity=2, failfast=arguments.failfast).run(tests)
    finally:
        browser.quit()
    if not result.wasSuccessful():
        print(f"Pictures of what the browser showed last: {arguments.results}")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
