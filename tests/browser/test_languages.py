"""Other languages and the other reading direction, in a real browser at the width of a phone."""

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 720}

#: What a script that is written from right to left would set on the page.
FROM_THE_RIGHT = "addEventListener('DOMContentLoaded', () => document.documentElement.dir = 'rtl')"


def is_as_wide_as_the_phone(tab: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def middle(tab: Page, selector: str) -> float:
    box = tab.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["x"] + box["width"] / 2


def patient_pages(site, login: str) -> list[str]:
    own = f"/p/{getattr(site.clinic, login).public_id}"
    names = ("", "diary", "recovery", "settings", "report", "surgery", "card", "reminders")
    return ["/help", *(f"{own}/{name}" for name in names)]


@pytest.mark.parametrize("locale", ["es-MX", "zh-TW"])
def test_longer_and_other_words_fit_a_phone(site, chromium: Browser, locale):
    context = chromium.new_context(locale=locale, viewport=PHONE)
    tab = site.sign_in(context, "alice")
    assert tab.locator("html").get_attribute("lang") == ("es" if "es" in locale else "zh-Hant")
    for path in patient_pages(site, "alice"):
        tab.goto(site.address + path)
        assert is_as_wide_as_the_phone(tab), path
    context.close()


def test_reading_from_the_right_keeps_the_layout(site, chromium: Browser):
    context = chromium.new_context(viewport=PHONE)
    context.add_init_script(FROM_THE_RIGHT)
    tab = site.sign_in(context, "alice")
    for path in patient_pages(site, "alice"):
        tab.goto(site.address + path)
        assert tab.locator("html").get_attribute("dir") == "rtl"
        assert is_as_wide_as_the_phone(tab), path
    context.close()


def test_body_picture_keeps_its_sides_when_read_from_the_right(site, chromium: Browser):
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
