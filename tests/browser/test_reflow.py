"""Zoomed in, in large letters, in forced colours, from the right: nothing is cut or hidden."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import pages_of
from tests.browser.conftest import Site, answer_everything
from tests.browser.geometry import faults, open_everything
from tests.effort import first_of
from tests.web.diarist import CALM

pytestmark = pytest.mark.browser

#: 1280 by 1024 at 400 %: what WCAG 1.4.10 asks to work without scrolling sideways.
ZOOMED = {"width": 320, "height": 256}
PHONE = {"width": 320, "height": 720}

FROM_THE_RIGHT = "addEventListener('DOMContentLoaded', () => document.documentElement.dir = 'rtl')"
LARGEST = """addEventListener('DOMContentLoaded', () =>
  document.documentElement.classList.add('text-largest', 'more-contrast'))"""

#: Whether what has the focus can be seen: in the window, and under nothing else.
FOCUS_IS_SEEN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e.matches('main')) return true;
  // A radio button or tick lies invisibly in its label, which shows the focus.
  const shown = e.matches('.opt input') ? e.nextElementSibling : e;
  return [...shown.getClientRects()].some(box => {
    const x = Math.max(0, Math.min(innerWidth - 1, (box.left + box.right) / 2));
    const middle = (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2;
    const top = document.elementFromPoint(x, Math.min(innerHeight - 1, middle));
    return top && (shown.contains(top) || top.contains(shown) || e === top);
  });
}"""


def show(tab: Page, address: str) -> None:
    """The page with everything on it that can be opened."""
    tab.goto(address)
    if tab.locator("form.day").count():
        answer_everything(tab)
    open_everything(tab)


#: How the browser is set, what is done to each page, and the windows it is looked at in.
WAYS = {
    "largest letters, dark": ({"color_scheme": "dark"}, LARGEST, [PHONE, ZOOMED]),
    "zoomed to 400 %": ({}, "", [ZOOMED]),
    "forced colours": ({"forced_colors": "active"}, "", [PHONE]),
    "from the right": ({}, FROM_THE_RIGHT, [PHONE, {"width": 1280, "height": 800}]),
}


def test_day_is_logged_in_largest_letters_by_keyboard_without_a_script(chromium, site: Site, nora):
    """The hardest way there is: old eyes, no mouse, an old phone, another language."""
    nora.send("settings", zone="Europe/London", text_size="largest", language="es")
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    tab = site.sign_in(context, "nora")
    skip = tab.locator(".skip").bounding_box()
    assert skip["y"] + skip["height"] <= 0, "the way around the bar shows only with the focus"
    tab.keyboard.press("Tab")
    assert tab.locator(".skip").bounding_box()["y"] >= 0
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    for answer in ("walking-2", "mobility-1", "axial_pain-3", "limb_pain-0", "numbness-0"):
        tab.locator(f"#{answer}").focus()
        tab.keyboard.press("Space")
    tab.locator("#signs-none").focus()
    tab.keyboard.press("Space")
    assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    tab.locator("#save").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/saved")
    assert nora.entry(nora.today).walking == 2
    assert nora.entry(nora.today).axial_pain == 3
    tab.go_back()  # The form shows what stands: what is changed now is a correction.
    tab.locator("#axial_pain-10").focus()
    tab.keyboard.press("Space")
    tab.locator("#save").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/advice")
    assert nora.entry(nora.today).axial_pain == 10
    assert nora.version(nora.today) == 2
    context.close()


@pytest.mark.parametrize("way", first_of(*WAYS))
def test_every_page_of_the_patient_can_be_read(chromium, site: Site, nora_today, way):
    options, script, windows = WAYS[way]
    context = chromium.new_context(viewport=windows[0], **options)
    if script:
        context.add_init_script(script)
    tab = site.sign_in(context, "nora")
    found = []
    for address in [*pages_of(site, "patient", **nora_today), f"{site.address}/help"]:
        show(tab, address)
        for window in windows:
            tab.set_viewport_size(window)
            found += [f"{address} at {window['width']}: {fault}" for fault in faults(tab)]
    assert "\n".join(found) == ""
    context.close()


def test_the_focus_is_never_hidden_at_400_percent(chromium, site: Site, nora_today):
    """WCAG 2.4.11: in a window of 256 pixels' height, where a fixed bar would cover half."""
    context = chromium.new_context(viewport=ZOOMED)
    tab = site.sign_in(context, "nora")
    hidden = []
    for address in pages_of(site, "patient", **nora_today):
        tab.goto(address)
        for _press in range(25):
            tab.keyboard.press("Tab")
            if not tab.evaluate(FOCUS_IS_SEEN):
                what = tab.evaluate("document.activeElement.outerHTML.slice(0, 120)")
                hidden.append(f"{address}: {what}")
    assert "\n".join(hidden) == ""
    context.close()


def test_a_number_in_a_sentence_is_as_large_as_a_button_for_a_finger(chromium, site: Site, nora):
    """At night the number of the advice line is the one to press, and the fingers may be numb."""
    nora.log(nora.today, **CALM | {"signs": "some", "line": "calf"})
    tab = site.sign_in(chromium.new_context(viewport=PHONE), "nora")
    for path in (nora.path(f"day/{nora.today}/advice"), "/help"):
        tab.goto(f"{site.address}{path}")
        sizes = tab.evaluate("""[...document.querySelectorAll('main a[href^="tel:"]')].map(one => {
            const box = one.getBoundingClientRect(); return Math.min(box.width, box.height); })""")
        assert min(sizes) >= 44, path
    tab.context.close()


def test_the_days_of_the_week_do_not_touch_on_a_phone_at_200_percent(chromium, site: Site, nora):
    tab = site.sign_in(chromium.new_context(viewport={"width": 195, "height": 422}), "nora")
    tab.goto(site.address + nora.path())
    boxes = [one.bounding_box() for one in tab.locator(".week .dotd").all()]
    assert len(boxes) == 7
    for left, right in pairwise(boxes):
        assert left["x"] + left["width"] <= right["x"]
