"""What on a page cannot be read: text over other text, text cut off, text outside the window."""

from pathlib import Path

from playwright.sync_api import Page

_CHECK = Path(__file__).with_name("geometry.js").read_text("utf-8")


def faults(tab: Page) -> list[str]:
    """One line for each fault of the page as it is shown now; [] where everything can be read."""
    found: list[str] = tab.evaluate(_CHECK)
    return found


def open_everything(tab: Page) -> None:
    """Every part that opens is open."""
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
