"""A normal day takes under a minute at human pace: each tap is made, its time is counted.

Nobody waits in this test. The run finds out what has to be read, tapped, swiped and pressed on the
real pages; the seconds for each come from people:

- reading 150 words a minute, and of a form that is known only a quarter is read again (interface
  plan, 3.4: an older adult after a week);
- a tap takes 0.95 s (adults of 67 to 81 years; Sultana and Moffatt 2019);
- a key takes 0.28 s and a decision 1.35 s (keystroke-level model; Card, Moran and Newell 1980);
- a swipe takes 1 s and brings on three quarters of a screen; a page is there after 1.4 s (the
  measured prototype on slow 4G). The first is our default.
"""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.test_log_a_day import PHONE, TAPS
from tests.web.diarist import Diarist

pytestmark = pytest.mark.browser

WORD, READ_AGAIN = 60 / 150, 1 / 4
TAP, KEY, DECISION, SWIPE, LOAD = 0.95, 0.28, 1.35, 1.0, 1.4
#: The bar, in seconds, and how much a normal day by thumb must stay under it.
A_MINUTE, TO_SPARE = 60, 2

#: Words a person can see between the last place and this one, in the order of the page; the numbers
#: on the keys are none.
WORDS_UP_TO = """([target, last]) => {
  const goal = document.querySelector(target), from = last && document.querySelector(last);
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walk.nextNode()) {
    const text = walk.currentNode, box = text.parentElement.getBoundingClientRect();
    const hidden = box.width < 2 || box.height < 2 || !text.parentElement.checkVisibility();
    const after = goal.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
    const before = from && !(from.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (!hidden && !before && (!after || goal.contains(text))) {
      words += (text.textContent.match(/\\p{L}\\S*/gu) || []).length;
    }
  }
  return words;
}"""


@dataclass
class Run:
    """One person's way through the pages, with what it takes."""

    tab: Page
    #: The share of the words that is read.
    reads: float = READ_AGAIN
    words: float = 0
    taps: int = 0
    keys: int = 0
    swipes: int = 0
    decisions: int = 0
    loads: int = 0
    _last: str | None = field(default=None)

    @property
    def seconds(self) -> float:
        """Everything together."""
        acts = self.taps * TAP + self.keys * KEY + self.swipes * SWIPE
        thinks = self.words * self.reads * WORD + self.decisions * DECISION
        return acts + thinks + self.loads * LOAD

    def read_up_to(self, target: str) -> None:
        """The words up to a place are read, and what is not on the screen is swiped to."""
        self.words += self.tab.evaluate(WORDS_UP_TO, [target, self._last])
        self._last = target
        place = self.tab.locator(target).first.bounding_box()
        height = self.tab.viewport_size["height"]
        while place["y"] < 0 or place["y"] + place["height"] > height * 0.85:
            before = place["y"]
            self.tab.mouse.wheel(0, height * 0.75 if before > 0 else -height * 0.75)
            self.tab.wait_for_timeout(150)
            place = self.tab.locator(target).first.bounding_box()
            if place["y"] == before:
                break  # The bar at the foot does not move, and a page ends.
            self.swipes += 1

    def opened(self) -> None:
        """Another page is there."""
        self.loads += 1
        self._last = None


def tap_target(selector: str) -> str:
    """The same target for the page's own selector engine."""
    names = {"text=Add today’s entry": "main a.btn.block[href*='/day/']"}
    return names.get(selector, selector)


def test_normal_day_from_home_to_saved_is_under_a_minute(chromium, site: Site, nora: Diarist):
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    run = Run(site.sign_in(context, "nora"))
    for place, selector in enumerate(TAPS):
        target = tap_target(selector)
        run.read_up_to(target)
        run.tab.locator(target).first.tap()
        run.taps += 1
        run.decisions += 0 < place < len(TAPS) - 1
        if place == 0:
            run.tab.wait_for_url("**/day/*")
            run.opened()
    run.tab.wait_for_url("**/saved")
    run.opened()
    assert nora.entry(nora.today) is not None
    assert run.taps <= 8
    assert run.seconds < A_MINUTE - TO_SPARE
    context.close()


def test_normal_day_by_keyboard_alone_is_under_a_minute(chromium, site: Site, nora: Diarist):
    context = chromium.new_context(viewport=PHONE)
    run = Run(site.sign_in(context, "nora"))

    def press(key: str) -> None:
        run.tab.keyboard.press(key)
        run.keys += 1

    def tab_to(selector: str) -> None:
        for _press in range(80):
            press("Tab")
            if run.tab.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        pytest.fail(f"{selector} was never reached")

    tab_to("main a.btn.block[href*='/day/']")
    press("Enter")
    run.tab.wait_for_url("**/day/*")
    run.opened()
    for key in ("walking", "mobility", "axial_pain", "limb_pain", "numbness", "signs"):
        tab_to(f"input[name={key}]")
        press("Space")
        if key in ("walking", "axial_pain"):
            press("ArrowDown")
        run.decisions += 1
    run.words = run.tab.evaluate(WORDS_UP_TO, ["#save", None])
    tab_to("#save")
    press("Enter")
    run.tab.wait_for_url("**/saved")
    run.opened()
    assert nora.entry(nora.today).axial_pain == 1
    assert run.taps == 0
    assert run.seconds < A_MINUTE
    context.close()
