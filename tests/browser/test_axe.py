"""No page of the patient's has a violation of WCAG 2.2 A or AA: light and dark, at every width."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.addresses import pages_of
from tests.browser.conftest import WCAG, Site, answer_everything

pytestmark = pytest.mark.browser

#: Widths in CSS pixels: the smallest phone, which also is 1280 at 400 % zoom, and a desk.
WIDTHS = (320, 1280)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_violation_on_any_page(chromium, site: Site, nora_today, theme):
    context = chromium.new_context(color_scheme=theme)
    tab = site.sign_in(context, "nora")
    axe, found = Axe(), []
    for address in pages_of(site, "patient", **nora_today):
        tab.goto(address)
        tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            result = axe.run(tab, options={"runOnly": list(WCAG)})
            found += [
                (address.split("/", 5)[-1], theme, width, one["id"], one["nodes"][0]["html"][:160])
                for one in result.response["violations"]
            ]
            wide = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, (address, width, wide)
    assert found == []
    context.close()


def test_form_with_everything_open_has_no_violation(chromium, site: Site, nora):
    """Every follow-up shown and an error on top: the fullest page there is."""
    context = chromium.new_context(viewport={"width": 320, "height": 900})
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    tab.locator("form.day button[type=submit]").click()
    tab.wait_for_selector("#errors")
    answer_everything(tab)
    result = Axe().run(tab, options={"runOnly": list(WCAG)})
    assert [one["id"] for one in result.response["violations"]] == []
    assert tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    small = tab.evaluate(
        """() => [...document.querySelectorAll('form.day .opt, form.day .btn')]
              .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)
              .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
    context.close()
