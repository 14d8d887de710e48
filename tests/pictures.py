"""The pictures of the README, taken from the demonstration by a real Chromium.

`python -m tests.pictures` writes them to `docs/pictures/`. The people in them are made up.
"""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from recovery_tracker.demonstration.stories import NAMES
from tests.browser.conftest import follow
from tests.cli.server import Server

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
#: Debian's packages; the one without windows is smaller.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
#: As root in a container, offline, without Chromium's own errands.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = (390, 844), (1280, 800)


def page_of(browser: Browser, link: str, size: tuple[int, int]) -> Page:
    """A page of this size, signed in by a link of the demonstration."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(link)
    with page.expect_navigation(wait_until="networkidle"):
        page.click("main button")
    return page


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Every picture is there, and of this version."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = Server("demo", "--port", 0)
    try:
        patient = server.line_with("patient: ")
        surgeon = server.line_with("surgeon: ")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = page_of(browser, patient, PHONE)
            take(page, "home")
            follow(page.locator("a[href*='/day/']"))
            take(page, "entry")
            page = page_of(browser, surgeon, DESK)
            take(page, "list")
            follow(page.locator(f"text={NAMES[1]}"))
            take(page, "chart")
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
