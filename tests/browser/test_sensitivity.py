"""The two steps of a change of sensitivity in a real browser, and what is seen before it."""

import pytest

from tests.browser.barriers import barriers, too_wide
from tests.browser.conftest import Site, follow
from tests.effort import first_of

pytestmark = pytest.mark.browser

#: Widths in CSS pixels; 320 also is 1280 at 400 % zoom.
WIDTHS = (320, 1280)


def look(tab, found: list) -> None:
    """What axe finds on the page, and whether it is wider than its window."""
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        found += [(tab.url, width, *one) for one in barriers(tab)]
        assert too_wide(tab) == 0, (tab.url, width)


@pytest.mark.parametrize("theme", first_of("light", "dark"))
def test_both_previews_and_the_change(chromium, site: Site, theme):
    context = chromium.new_context(color_scheme=theme)
    tab = site.sign_in(context, "carol")
    found: list = []
    alice = f"/clinic/p/{site.clinic.alice.public_id}/sensitivity"
    for page, setting in (("/clinic/sensitivity", "quiet"), (alice, "sensitive")):
        tab.goto(f"{site.address}{page}")
        tab.locator(f"input[value={setting}]").check(force=True)
        tab.locator("input[name=reason]").fill("too many flags")
        follow(tab.get_by_role("button", name="See what it would mean"))
        assert tab.url.endswith("/preview")
        look(tab, found)
        button = tab.get_by_role("button", name="Change")
        # The decision is inside the first screen; the numbers below it may be longer.
        box = button.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800
        follow(button)
        assert tab.url.endswith(page)
        assert tab.get_by_text("too many flags").count() == 1
        look(tab, found)
    tab.goto(f"{site.address}/clinic/patients")
    assert tab.get_by_text("from standard to quiet").count() == 1
    look(tab, found)
    tab.goto(f"{site.address}/clinic/outcomes")
    look(tab, found)
    assert found == []
    context.close()
