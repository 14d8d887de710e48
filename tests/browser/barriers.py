"""What axe-core finds on a page as it is shown now."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: axe-core's tags for WCAG 2.0 to 2.2, levels A and AA.
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
#: All that can differ between the light and the dark theme, which change colours alone.
COLOURS = ("color-contrast", "link-in-text-block")


def barriers(tab: Page, rules: Sequence[str] = WCAG) -> list[tuple[str, str]]:
    """Rule and first place of each violation of these rules, all of axe's own where none is named.

    The page keeps axe once it has it: to look again at another width costs little.
    """
    # A colour that is still fading into the other scheme is neither.
    tab.emulate_media(reduced_motion="reduce")
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE_SCRIPT)
    # What was found right is half a megabyte that nobody reads.
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = tab.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in found]


def too_wide(tab: Page) -> int:
    """Pixels by which the page is wider than its window; 0 where nothing scrolls sideways."""
    wide: int = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(0, wide)
