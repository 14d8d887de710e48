"""A day is logged: by thumb, by keyboard alone, without a script; nothing typed is lost."""

from datetime import date

import pytest

from tests.browser.conftest import Site, follow
from tests.web.diarist import Diarist

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
#: What a person without trouble taps, in order: the button on home, six answers, save.
TAPS = (
    "text=Add today’s entry",
    ".opt:has(#walking-2)",
    ".opt:has(#mobility-1)",
    ".opt:has(#axial_pain-3)",
    ".opt:has(#limb_pain-0)",
    ".opt:has(#numbness-0)",
    ".opt:has(#signs-none)",
    "form.day button[type=submit]",
)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_normal_day_takes_eight_taps_from_home(chromium, site: Site, nora: Diarist, script):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script, has_touch=True)
    tab = site.sign_in(context, "nora")
    assert len(TAPS) <= 8
    for target in TAPS:
        tab.locator(target).first.tap()
    tab.wait_for_url("**/saved")
    assert tab.locator("h1").inner_text() == "Saved. Thank you."
    assert nora.entry(nora.today).axial_pain == 3
    context.close()


def test_whole_flow_by_keyboard_alone(chromium, site: Site, nora: Diarist):
    context = chromium.new_context(viewport=PHONE)
    tab = site.sign_in(context, "nora")
    press_until(tab, "main a.btn", "Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/day/*")
    for field in ("walking", "mobility", "axial_pain", "limb_pain", "numbness", "signs"):
        press_until(tab, f"input[name={field}]", "Tab")
        tab.keyboard.press("Space")
        if field == "walking":
            tab.keyboard.press("ArrowDown")
    press_until(tab, "form.day button[type=submit]", "Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/saved")
    entry = nora.entry(nora.today)
    assert (entry.walking, entry.mobility, entry.signs) == (1, 0, frozenset())
    context.close()


def press_until(tab, selector: str, key: str, at_most: int = 80) -> None:
    """Presses a key until a control that matches has the focus."""
    for _press in range(at_most):
        tab.keyboard.press(key)
        if tab.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"{selector} was never reached")


@pytest.mark.parametrize("width", [375, 1280])
def test_the_body_picture_has_a_left_and_a_right_half(chromium, site: Site, nora: Diarist, width):
    """On a phone and on a desk: all left tiles stand under each other, the right ones beside."""
    context = chromium.new_context(viewport={"width": width, "height": 812})
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    tab.locator("#numbness-2").check(force=True)
    edges = {
        side: {round(tile.bounding_box()["x"]) for tile in tab.locator(f".legs .{side}").all()}
        for side in ("l", "r")
    }
    assert len(edges["l"]) == len(edges["r"]) == 1
    assert min(edges["l"]) < min(edges["r"])
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_sign_and_follow_up_stays_within_its_tile(chromium, site: Site, nora: Diarist, width):
    context = chromium.new_context(viewport={"width": width, "height": 812})
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    tab.locator("#signs-some").check(force=True)
    for line in tab.locator("[name=line]").all():
        line.check(force=True)
    spilling = tab.eval_on_selector_all(
        "#signs label", "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.htmlFor)"
    )
    assert spilling == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_emergency_number_appears_at_once_on_the_form(chromium, site: Site, nora, script):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    call = tab.locator("form.day .now a[href='tel:999']")
    assert not call.is_visible()
    tab.locator("#signs-some").check(force=True)
    tab.locator("#line-saddle").check(force=True)
    assert call.is_visible()
    box = call.bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]
    context.close()


def test_follow_ups_open_beside_their_answers(chromium, site: Site, nora):
    context = chromium.new_context(viewport=PHONE)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    follow_ups = {
        "#axial_pain-9": "#stays-axial_pain-yes",
        "#limb_pain-2": "#limb_pain_side-both",
        "#numbness-1": "#zone-left_foot",
        "#numbness-4": "#recheck-none",
        "#signs-some": "#line-weakness",
        "#line-weakness": "#follow-weakness-paralysis",
    }
    for answer, follow_up in follow_ups.items():
        assert not tab.locator(follow_up).is_visible(), follow_up
        tab.locator(answer).check(force=True)
        assert tab.locator(follow_up).is_visible(), follow_up
    context.close()


def test_no_after_a_tick_clears_the_tick(chromium, site: Site, nora):
    """With the script a change of mind is one press; without it the form asks again."""
    context = chromium.new_context(viewport=PHONE)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    for answer in ("#signs-some", "#line-saddle", "#signs-none"):
        tab.locator(answer).check(force=True)
    tab.locator("form.day button[type=submit]").click()
    tab.wait_for_url("**/saved")
    assert nora.entry(nora.today).signs == frozenset()
    context.close()


def test_second_press_takes_an_answer_back(chromium, site: Site, nora):
    context = chromium.new_context(viewport=PHONE)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    tab.locator(".opt:has(#walking-2)").click()
    assert tab.locator("#walking-2").is_checked()
    tab.locator(".opt:has(#walking-2)").click()
    assert not tab.locator("#walking-2").is_checked()
    context.close()


def test_back_brings_the_typed_answers_back(chromium, site: Site, nora):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    tab.locator("#walking-3").check(force=True)
    follow(tab.locator("text=Get help now"))
    tab.go_back()
    assert tab.locator("#walking-3").is_checked()
    context.close()


def test_error_summary_has_the_focus_and_leads_to_the_question(chromium, site: Site, nora):
    context = chromium.new_context(viewport=PHONE)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    tab.locator("#walking-3").check(force=True)
    follow(tab.locator("form.day button[type=submit]"))
    assert tab.evaluate("document.activeElement.id") == "errors"
    tab.locator("#errors a").click()
    assert tab.url.endswith("#signs-none")
    assert tab.locator("#walking-3").is_checked()
    context.close()


def test_day_is_the_patients_own(chromium, site: Site, nora):
    context = chromium.new_context(viewport=PHONE, timezone_id="Pacific/Kiritimati")
    tab = site.sign_in(context, "nora")
    follow(tab.locator("text=Add today’s entry").first)
    day = date.fromisoformat(tab.url.rsplit("/", 1)[1])
    assert abs((day - nora.today).days) <= 1
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_typed_fever_asks_on(chromium, site: Site, nora: Diarist, script):
    """The question stands under the temperature from 38 °C on, and not below or twice."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script, has_touch=True)
    tab = site.sign_in(context, "nora")
    tab.locator("text=Add today’s entry").first.tap()
    tab.locator("#more summary").tap()
    asked = tab.locator("#follow-temperature")
    for typed, is_asked in (
        ("", False),
        ("37.9", False),
        ("38", True),
        ("39,6", True),
        ("41", True),
        ("３８", True),
        ("038.5", True),
    ):
        tab.locator("#temperature_c").fill(typed)
        assert asked.is_visible() is is_asked, typed
    tab.locator(".opt:has(#signs-some)").tap()
    tab.locator(".opt:has(#line-fever)").tap()
    assert not asked.is_visible()
    context.close()
