"""No page of the patient's has a violation of WCAG 2.2 A or AA: light and dark, at every width."""

import pytest

from tests.browser.addresses import pages_of
from tests.browser.barriers import COLOURS, WCAG, barriers, too_wide
from tests.browser.conftest import Site, answer_everything, follow
from tests.browser.geometry import open_everything

pytestmark = pytest.mark.browser

#: Widths in CSS pixels: the smallest phone, which also is 1280 at 400 % zoom, and a desk.
WIDTHS = (320, 1280)


def test_no_violation_on_any_page(chromium, site: Site, nora_today):
    context = chromium.new_context(color_scheme="light")
    tab = site.sign_in(context, "nora")
    found = []
    for address in pages_of(site, "patient", **nora_today):
        tab.goto(address)
        open_everything(tab)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            for theme, rules in (("light", WCAG), ("dark", COLOURS)):
                tab.emulate_media(color_scheme=theme)
                name = address.split("/", 5)[-1]
                found += [(name, theme, width, *one) for one in barriers(tab, rules)]
            assert too_wide(tab) == 0, (address, width)
            tab.emulate_media(color_scheme="light")
    assert found == []
    context.close()


def test_form_with_everything_open_has_no_violation(chromium, site: Site, nora):
    """Every follow-up shown and an error on top: the fullest page there is."""
    context = chromium.new_context(viewport={"width": 320, "height": 900})
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    follow(tab.locator("form.day button[type=submit]"))
    assert tab.locator("#errors").is_visible()
    answer_everything(tab)
    assert barriers(tab) == []
    assert too_wide(tab) == 0
    small = tab.evaluate(
        """() => [...document.querySelectorAll('form.day .opt, form.day .btn')]
              .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)
              .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
    context.close()
