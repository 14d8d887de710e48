"""States that only some days show have no violation of WCAG 2.2 A or AA either."""

from datetime import timedelta

import pytest

from tests.browser.barriers import barriers, too_wide
from tests.browser.conftest import Site
from tests.effort import first_of
from tests.web.diarist import CALM, new_diarist

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", first_of("dark", "light"))
def test_no_violation_on_any_leaf_of_one_question_at_a_time(chromium, site: Site, nora, theme):
    nora.send("settings", zone="Europe/London", entry="one")
    context = chromium.new_context(viewport={"width": 320, "height": 700}, color_scheme=theme)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    tab.emulate_media(reduced_motion="reduce")
    for answer in ("", "", "axial_pain-9", "limb_pain-9", "numbness-4", "signs-some"):
        if answer:
            # Pressed where it stands: the page that just turned may still be moving.
            tab.locator(f"#{answer}").evaluate("radio => radio.click()")
        assert barriers(tab) == [], answer
        assert too_wide(tab) == 0
        if answer != "signs-some":
            tab.locator(".next:visible").click()
    context.close()


def test_answer_taken_back_has_no_violation(chromium, site: Site, nora):
    today = nora.today
    nora.log(today, form=nora.blank(today), signs="some", line="saddle")
    nora.log(today, form=nora.blank(today), **CALM)
    context = chromium.new_context(viewport={"width": 320, "height": 700})
    tab = site.sign_in(context, "nora")
    for tail in ("", f"day/{today}/saved"):
        tab.goto(f"{site.address}{nora.path(tail)}")
        tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert tab.get_by_text("You changed a warning answer").is_visible()
        assert barriers(tab) == [], tail
    context.close()


def test_page_after_the_paper_grid_has_no_violation(chromium, site: Site):
    paula = new_diarist(site.clinic, "paula")
    cells = {}
    for back, sign in ((5, "yes"), (4, "no"), (2, "yes")):
        day = paula.today - timedelta(days=back)
        cells |= {f"walking-{day}": "2", f"numbness-{day}": "4", f"signs-{day}": sign}
    context = chromium.new_context(viewport={"width": 320, "height": 700})
    tab = site.sign_in(context, "paula")
    tab.goto(f"{site.address}{paula.path('sheet/type')}")
    row = tab.locator("table.grid tbody th").first.bounding_box()
    assert row["height"] < 80, "the day of a row stands on one line"
    tab.locator(".scroll").evaluate("one => { one.scrollLeft = 300 }")
    assert tab.locator("table.grid tbody th").first.bounding_box()["x"] == row["x"]
    assert tab.evaluate("document.documentElement.scrollWidth") == 320
    paula.send("sheet/type", **cells)
    tab.goto(f"{site.address}{paula.path('sheet/saved')}")
    assert tab.locator(".care").count() >= 1
    assert barriers(tab) == []
    context.close()
