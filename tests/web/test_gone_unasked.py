"""A question left open, of which the patient says that it is gone: nobody had said it was there."""

import pytest

from tests.web.diarist import CALM, new_diarist

RULES = "The rules that look for patterns were never tested on patients."


@pytest.fixture
def nora(clinic):
    nora = new_diarist(clinic, days_ago=30)
    nora.history_of(10)
    return nora


def _next_day(nora, **answers) -> str:
    nora.clinic.clock.forward(days=1)
    nora.browser = nora.clinic.signed_in("nora")
    return nora.browser.page(nora.log(nora.today, **CALM, **answers).location).text


@pytest.mark.parametrize(
    ("left_open", "sign"),
    [({"temperature_c": "38.6"}, "fever_left_open"), ({"signs": "some"}, "which_left_open")],
)
def test_what_was_only_asked_is_not_said_to_have_been_told(nora, left_open, sign):
    nora.log(**{**CALM, **left_open})
    saved = _next_day(nora, **{f"change-{sign}": "gone"})
    for page in (saved, nora.page().text):
        assert "Call your spine team today" in page
        assert "the question was left open. You have told us since that it is gone." in page
        assert "You told us about something serious" not in page
        assert RULES not in page


def test_what_was_told_is_still_said_to_have_been(nora):
    nora.log(**{**CALM, "signs": "some", "line": "saddle", "sign-saddle": "saddle_numbness"})
    saved = _next_day(nora, **{"change-saddle_numbness": "gone"})
    assert "You told us about something serious that has now gone away." in saved


def test_what_the_rules_found_says_that_they_were_never_tested(clinic):
    nora = new_diarist(clinic, days_ago=120)
    nora.history_of(40, axial_pain=2)
    for _ in range(12):
        nora.clinic.clock.forward(days=1)
        nora.browser = nora.clinic.signed_in("nora")
        nora.log(nora.today, **{**CALM, "axial_pain": "7", "stays-axial_pain": "no"})
    assert RULES in nora.page().text
