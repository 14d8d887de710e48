"""A form that came signed out: the advice for what was ticked, before and after the password."""

import pytest

from tests.web.conftest import PASSWORD, Clinic
from tests.web.diarist import CALM, Diarist, new_diarist
from tests.web.page import Page

SADDLE = {**CALM, "signs": "some", "line": "saddle", "sign-saddle": "saddle_numbness"}
EMERGENCY = "Go to a hospital emergency department now"
TOLD = "Numbness, or a changed feeling, around"


@pytest.fixture
def nora(clinic: Clinic) -> Diarist:
    nora = new_diarist(clinic, days_ago=20)
    nora.history_of(10)
    return nora


def _signed_out(nora: Diarist, **answers: str) -> Page:
    form = nora.blank()
    nora.browser.client.delete_cookie(nora.clinic.app.config["SESSION_COOKIE_NAME"])
    answer = nora.log(form=form, **answers)
    assert answer.status_code == 401
    return Page(answer.text)


def _sign_in(nora: Diarist, page: Page, password: str, login: str = "nora") -> Page:
    form = page.form("/account/sign-in")
    typed = {**form.hidden(), "email": login, "password": password}
    answer = nora.browser.client.post(form.action, data=typed, follow_redirects=True)
    return Page(answer.text)


def test_the_advice_stands_before_the_password_and_after_a_wrong_one(nora: Diarist) -> None:
    page = _signed_out(nora, **SADDLE)
    assert EMERGENCY in page.text
    assert TOLD in page.text
    assert page.text.index(EMERGENCY) < page.text.index("password")
    wrong = _sign_in(nora, page, "wrong")
    assert EMERGENCY in wrong.text
    assert TOLD in wrong.text
    back = _sign_in(nora, wrong, PASSWORD)
    assert "Your answers are still here" in back.text
    assert EMERGENCY in back.text


def test_somebody_else_at_the_same_browser_is_told_nothing(nora: Diarist) -> None:
    """The page to sign in that is opened anew knows of no answer, nor does another account."""
    page = _signed_out(nora, **SADDLE)
    assert EMERGENCY not in nora.browser.client.get("/account/sign-in").text
    form = page.form("/account/sign-in")
    asked = {**form.hidden(), "email": "x", "password": "y", "at_once": ""}
    assert TOLD not in nora.browser.client.post(form.action, data=asked).text
    other = _sign_in(nora, page, PASSWORD, login="alice")
    assert TOLD not in other.text


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ({"signs": "some", "line": "wound", "sign-wound": "wound_drainage"}, "Call"),
        ({"signs": "some", "line": "saddle"}, EMERGENCY),
        ({"axial_pain": "9"}, "Call"),
        ({"temperature_c": "39.4"}, "Call"),
    ],
)
def test_what_asks_for_a_call_alone_has_its_advice(nora: Diarist, answers, title: str) -> None:
    page = _signed_out(nora, **{**CALM, **answers})
    assert "Your answers are not saved yet. Do not wait for that." in page.text
    assert title in page.text


def test_a_calm_day_has_the_general_advice_alone(nora: Diarist) -> None:
    page = _signed_out(nora, **CALM)
    assert "Your answers are not saved yet. Do not wait" not in page.text
    assert "If this is urgent, do not sign in first" in page.text


@pytest.mark.parametrize(
    "answers",
    [
        # A fever with a stiff neck: neither tick alone is an emergency.
        {"line": "headache", "sign-headache": "stiff_neck", "temperature_c": "38.4"},
        {"temperature_c": "39.0", "follow-temperature": "confusion", "signs": "none"},
        {"temperature_c": "39.0", "signs": "none"},
        {},
    ],
)
def test_what_is_an_emergency_only_together_or_left_open_is_one(nora: Diarist, answers) -> None:
    page = _signed_out(nora, **{**CALM, "signs": "some", **answers})
    assert "Emergency:" in page.text
    assert "If this is urgent, do not sign in first" not in page.text
    wrong = _sign_in(nora, page, "wrong")
    assert "Emergency:" in wrong.text


@pytest.mark.parametrize(
    ("how", "title"),
    [("better", EMERGENCY), ("worse", EMERGENCY), ("gone", "Call your spine team today")],
)
def test_how_a_sign_is_now_is_read_signed_out_as_well(nora: Diarist, how: str, title: str) -> None:
    nora.log(**SADDLE)
    nora.clinic.clock.forward(days=1)
    nora.browser = nora.clinic.signed_in("nora")
    form = nora.blank(nora.today)
    nora.browser.client.delete_cookie(nora.clinic.app.config["SESSION_COOKIE_NAME"])
    answers = {**CALM, "change-saddle_numbness": how}
    page = Page(nora.log(nora.today, form=form, **answers).text)
    assert title in page.text
    assert title in _sign_in(nora, page, "wrong").text
    assert page.text.index(title) < page.text.index("password")


def test_a_yes_on_a_paper_sheet_may_be_any_sign(nora: Diarist) -> None:
    """The grid came back signed out, with a yes in the one box of a day for all warning signs."""
    form = nora.page("sheet/type").form(nora.path("sheet/type"))
    day = next(name for name, _value in form.fields if name.startswith("signs-"))
    nora.browser.client.delete_cookie(nora.clinic.app.config["SESSION_COOKIE_NAME"])
    answer = nora.browser.client.post(form.action, data={**form.hidden(), day: "yes"})
    assert answer.status_code == 401
    assert "You did not say which warning sign was new or worse." in answer.text
    assert "Do not wait. Call." in answer.text
