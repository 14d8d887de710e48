"""One question at a time: the same form, turned leaf by leaf; and browsers that know less."""

import pytest

from tests.browser.conftest import Site, follow
from tests.browser.test_log_a_day import PHONE
from tests.web.diarist import Diarist

pytestmark = pytest.mark.browser

QUESTIONS = ("walking", "mobility", "axial_pain", "limb_pain", "numbness", "signs")
ANSWERS = ("walking-2", "mobility-1", "axial_pain-3", "limb_pain-0", "numbness-0", "signs-none")


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def form(request, chromium, site: Site, nora: Diarist):
    """Today's form on a phone, one question at a time as the patient has set it."""
    nora.send("settings", zone="Europe/London", entry="one")
    context = chromium.new_context(viewport=PHONE, java_script_enabled=request.param)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    yield tab
    context.close()


def shown(tab) -> list[str]:
    """The questions a person can see."""
    return [key for key in QUESTIONS if tab.locator(f"fieldset#{key}").is_visible()]


def turn(tab, word: str = "Next") -> None:
    tab.locator(".turn a:visible", has_text=word).click()


def test_each_question_stands_alone_and_the_day_is_saved_once(form, nora: Diarist):
    for place, (question, answer) in enumerate(zip(QUESTIONS, ANSWERS, strict=True), 1):
        assert shown(form) == [question]
        assert form.get_by_text(f"Question {place} of 6").is_visible()
        assert form.locator("#save").is_visible() == (question == "signs")
        form.locator(f"#{answer}").check(force=True)
        if question != "signs":
            turn(form)
    follow(form.locator("#save"))
    assert form.url.endswith("/saved")
    entry = nora.entry(nora.today)
    assert (entry.walking, entry.axial_pain, entry.signs) == (2, 3, frozenset())
    assert nora.version(nora.today) == 1


def test_back_and_forward_and_a_look_at_the_help_keep_leaf_and_answers(form):
    form.locator("#walking-2").check(force=True)
    turn(form)
    form.locator("#mobility-3").check(force=True)
    form.go_back()
    assert shown(form) == ["walking"]
    assert form.locator("#walking-2").is_checked()
    form.go_forward()
    assert shown(form) == ["mobility"]
    follow(form.locator("text=Get help now"))
    form.go_back()
    assert shown(form) == ["mobility"]
    assert form.locator("#mobility-3").is_checked()
    turn(form, "Back")
    assert form.locator("#walking-2").is_checked()


def test_emergency_answer_shows_number_and_save_on_its_own_leaf(form, nora: Diarist):
    for _leaf in range(4):
        turn(form)
    form.locator("#numbness-4").check(force=True)
    assert not form.locator("#save").is_visible()
    form.locator("#recheck-saddle_numbness").check(force=True)
    assert form.locator(".save .now a[href='tel:999']").is_visible()
    turn(form)
    form.locator("#signs-some").check(force=True)
    follow(form.locator("#save"))
    assert form.url.endswith("/advice")
    assert "saddle_numbness" in nora.entry(nora.today).signs


def test_emergency_answer_saved_too_early_comes_back_with_the_number_first(form, nora: Diarist):
    for _leaf in range(4):
        turn(form)
    form.locator("#numbness-4").check(force=True)
    form.locator("#recheck-saddle_numbness").check(force=True)
    follow(form.locator("#save"))
    assert form.locator("#errors").is_visible()
    assert form.locator("a[href='tel:999']").first.is_visible()
    assert form.locator(".care.e ~ #errors").is_visible()
    focus = "document.activeElement.getAttribute('aria-labelledby')"
    assert form.evaluate(focus) == "now-title"
    assert shown(form) == ["signs"]
    assert form.locator("#recheck-saddle_numbness").is_checked()


def test_other_way_is_one_press_and_keeps_what_was_typed(form):
    form.locator("#walking-2").check(force=True)
    turn(form)
    form.locator("#one").uncheck()
    assert shown(form) == list(QUESTIONS)
    assert form.locator("#walking-2").is_checked()
    form.locator("#one").check()
    assert shown(form) == ["mobility"]


def test_two_tabs_take_nothing_from_each_other(form, site: Site, nora: Diarist):
    other = form.context.new_page()
    other.goto(f"{site.address}{nora.day(nora.today)}#mobility")
    other.locator("#mobility-1").check(force=True)
    other.goto(f"{other.url.split('#')[0]}#signs")
    form.locator("#walking-2").check(force=True)
    form.goto(f"{form.url.split('#')[0]}#signs")
    for tab in (form, other):
        tab.locator("#signs-none").check(force=True)
        tab.locator("#save").click()
        tab.wait_for_url("**/saved")
    entry = nora.entry(nora.today)
    assert (entry.walking, entry.mobility) == (2, 1)


def test_open_sign_is_the_first_leaf(chromium, site: Site, nora: Diarist):
    nora.log(nora.today, form=nora.blank(nora.today), signs="some", line="calf")
    nora.send("settings", zone="Europe/London", entry="one")
    nora.clinic.clock.forward(days=1)
    context = chromium.new_context(viewport=PHONE)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    assert tab.locator(".loop").is_visible()
    assert shown(tab) == []
    turn(tab)
    assert shown(tab) == ["walking"]
    context.close()


def test_enter_on_an_answer_turns_the_leaf(chromium, site: Site, nora: Diarist):
    nora.send("settings", zone="Europe/London", entry="one")
    context = chromium.new_context(viewport=PHONE)
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    tab.locator("#walking-2").focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    assert shown(tab) == ["mobility"]
    assert nora.entry(nora.today) is None
    context.close()


@pytest.fixture
def old_browser(chromium, site: Site, nora: Diarist):
    """A browser that does not know :has() and runs no script."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)

    def without_has(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(":has(", ":not-known("))

    context.route("**/app.css*", without_has)
    yield site.sign_in(context, "nora")
    context.close()


def test_browser_without_has_shows_every_follow_up_and_loses_none(old_browser, site, nora):
    nora.send("settings", zone="Europe/London", entry="one")
    old_browser.goto(f"{site.address}{nora.day(nora.today)}")
    assert shown(old_browser) == list(QUESTIONS)
    assert not old_browser.locator("#one").is_visible()
    for answer in ("stays-axial_pain-yes", "limb_pain_side-left", "zone-left_foot", "recheck-none"):
        assert old_browser.locator(f"#{answer}").is_visible(), answer
    assert old_browser.get_by_text("If it is 1 or more:").is_visible()
    old_browser.locator("#limb_pain_side-left").check(force=True)
    old_browser.locator("#zone-left_foot").check(force=True)
    old_browser.locator("#signs-none").check(force=True)
    follow(old_browser.locator("#save"))
    assert old_browser.url.endswith("/saved")
    entry = nora.entry(nora.today)
    assert entry.limb_pain_side == "left"
    assert entry.numbness_zones == {"left_foot"}


def test_whole_flow_without_a_script(chromium, site: Site, nora: Diarist):
    """A bad day: follow-ups, advice, "I have called", a correction, both versions, the week."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    tab = site.sign_in(context, "nora")
    follow(tab.locator("text=Add today’s entry"))
    for answer in ("axial_pain-9", "stays-axial_pain-no", "limb_pain-4", "limb_pain_side-left"):
        tab.locator(f"#{answer}").check(force=True)
    for answer in ("signs-some", "line-weakness", "sign-weakness-new_weakness"):
        tab.locator(f"#{answer}").check(force=True)
    tab.locator("#follow-weakness-none").check(force=True)
    follow(tab.locator("#save"))
    assert tab.url.endswith("/advice")
    follow(tab.locator("text=I have called"))
    assert tab.get_by_text("You told the diary on").is_visible()
    assert nora.entry(nora.today).signs == {"new_weakness"}
    follow(tab.locator("text=Change today’s entry"))
    for answer in ("signs-some", "line-weakness"):
        assert tab.locator(f"#{answer}").is_checked()
    tab.locator("#line-weakness").uncheck(force=True)
    tab.locator("#sign-weakness-new_weakness").uncheck(force=True)
    tab.locator("#signs-none").check(force=True)
    follow(tab.locator("#save"))
    assert nora.version(nora.today) == 2
    tab.goto(f"{site.address}{nora.path()}")
    follow(tab.locator("text=See both").first)
    assert tab.locator("h2[id^=version-]").count() == 2
    context.close()
