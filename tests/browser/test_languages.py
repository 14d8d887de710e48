"""Other languages and the other reading direction, in a real browser at the width of a phone."""

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import pages_of
from tests.browser.conftest import Chromium, answer_everything
from tests.browser.geometry import faults, open_everything
from tests.web.diarist import CALM

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 720}

#: What a script that is written from right to left would set on the page.
FROM_THE_RIGHT = "addEventListener('DOMContentLoaded', () => document.documentElement.dir = 'rtl')"


def middle(tab: Page, selector: str) -> float:
    box = tab.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["x"] + box["width"] / 2


@pytest.mark.parametrize("locale", ["es-MX", "zh-TW"])
def test_longer_and_other_words_fit_a_phone(site, chromium: Chromium, nora, nora_today, locale):
    context = chromium.new_context(locale=locale, viewport=PHONE)
    tab = site.sign_in(context, "nora")
    assert tab.locator("html").get_attribute("lang") == ("es" if "es" in locale else "zh-Hant")
    found = []
    for address in [*pages_of(site, "patient", **nora_today), f"{site.address}/help"]:
        tab.goto(address)
        open_everything(tab)
        found += [f"{address}: {fault}" for fault in faults(tab)]
    assert "\n".join(found) == ""
    context.close()


def test_very_large_letters_stay_within_their_tiles(site, chromium: Chromium, nora):
    nora.send("settings", zone="Europe/London", text_size="largest", language="es")
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    tab = site.sign_in(context, "nora")
    for tail in (f"day/{nora.today}", "settings"):
        tab.goto(f"{site.address}{nora.path(tail)}")
        if tail != "settings":
            answer_everything(tab)
            tab.locator("#limb_pain_side-left").check(force=True)
        spilling = tab.eval_on_selector_all(
            ".opt label",
            "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.htmlFor)",
        )
        assert spilling == [], tail
    nora.log(nora.today, form=nora.blank(nora.today), **CALM)
    tab.goto(f"{site.address}{nora.path(f'day/{nora.today}/saved')}")
    changes = tab.locator(".sum.answers .act a").all()
    assert changes, "each answer can be changed"
    assert all(change.bounding_box()["height"] < 60 for change in changes), "a word is broken"
    context.close()


def test_body_picture_keeps_its_sides_when_read_from_the_right(site, chromium: Chromium):
    context = chromium.new_context(viewport={"width": 640, "height": 900})
    context.add_init_script(FROM_THE_RIGHT)
    tab = site.sign_in(context, "alice")
    today = site.clinic.clock().date()
    tab.goto(f"{site.address}/p/{site.clinic.alice.public_id}/day/{today}")
    # Words begin at the right; the picture of a left leg stays at the left.
    label = tab.locator("#walking .opt label, label[for='walking-1']").first
    assert label.evaluate("l => getComputedStyle(l).paddingRight") != "14px"
    tab.locator("label[for='numbness-2']").click()
    assert middle(tab, "label[for='zone-left_foot']") < middle(tab, "label[for='zone-right_foot']")
    context.close()
