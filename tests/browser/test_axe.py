"""No page of the patient's has a violation of WCAG 2.2 A or AA: light and dark, at every width."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import WCAG, Site
from tests.web.diarist import CALM

pytestmark = pytest.mark.browser

#: Widths in CSS pixels: the smallest phone, a phone, a desk. 320 also is 1280 at 400 % zoom.
WIDTHS = (320, 390, 1280)


@pytest.fixture
def pages(site: Site, nora) -> list[str]:
    """Every page of a patient's, with something on it."""
    today = nora.today
    nora.log(today, form=nora.blank(today), **CALM)
    form = nora.blank(today)
    nora.log(today, form=form, signs="some", line="calf", note="since this morning")
    operation = nora.recovery().operations[0]
    tails = (
        "",
        f"day/{today}",
        f"day/{today}/saved",
        f"day/{today}/advice",
        f"day/{today}/weekly",
        f"day/{today}/versions",
        "diary",
        "recovery",
        "report",
        "surgery",
        f"surgery/{operation.public_id}",
        "surgery/new",
        "events",
        "settings",
        "reminders",
        "card",
        "sheet",
        "sheet/type",
        "offline",
    )
    return [f"{site.address}{nora.path(tail)}" for tail in tails]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_violation_on_any_page(chromium, site: Site, pages, theme):
    context = chromium.new_context(color_scheme=theme)
    tab = site.sign_in(context, "nora")
    axe, found = Axe(), []
    for address in pages:
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
    for name in ("signs-some", "axial_pain-9", "limb_pain-9", "numbness-4"):
        tab.locator(f"#{name}").check(force=True)
    for box in tab.locator("input[name=line]").all():
        box.evaluate("one => one.click()")
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
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
