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


def test_two_answers_that_are_an_emergency_together_do_not_lose_it(nora: Diarist) -> None:
    """A fever with a stiff neck: neither tick shows it alone, so the help for now stays there."""
    neck = {"signs": "some", "line": "headache", "sign-headache": "stiff_neck"}
    page = _signed_out(nora, **{**CALM, **neck, "temperature_c": "38.4"})
    assert "today" in page.text
    assert "If this is urgent, do not sign in first" in page.text


def test_a_yes_on_a_paper_sheet_may_be_any_sign(nora: Diarist) -> None:
    """The grid came back signed out, with a yes in the one box of a day for all warning signs."""
    form = nora.page("sheet/type").form(nora.path("sheet/type"))
    day = next(name for name, _value in form.fields if name.startswith("signs-"))
    nora.browser.client.delete_cookie(nora.clinic.app.config["SESSION_COOKIE_NAME"])
    answer = nora.browser.client.post(form.action, data={**form.hidden(), day: "yes"})
    assert answer.status_code == 401
    assert "You did not say which warning sign was new or worse." in answer.text
    assert "Do not wait. Call." in answer.text
