"""A temperature of 38 °C (100.4 °F) asks what the fever line asks, also with "none" ticked."""

import pytest

from recovery_tracker.web.patient.days import asking_for
from recovery_tracker.web.shared.forms.correction import typed_from
from tests.web.diarist import CALM, new_diarist

ASKED = {"follow-temperature": "none"}


@pytest.fixture
def nora(clinic):
    who = new_diarist(clinic, days_ago=20)
    who.history_of(10)
    return who


def in_fahrenheit(nora):
    nora.send("settings", zone="Europe/London", temperature="F")


@pytest.mark.parametrize("typed", ["38", "38.0", "38,4", "39.6", "41"])
def test_left_open_it_is_an_emergency(nora, typed):
    answer = nora.log(**CALM, temperature_c=typed)
    assert answer.location.endswith("/advice")
    assert nora.entry().signs == {"fever_left_open"}
    assert (
        "You did not say whether there is also a stiff neck"
        in nora.browser.get(answer.location).text
    )


@pytest.mark.parametrize("typed", ["100.4", "102,2"])
def test_the_same_in_fahrenheit(nora, typed):
    in_fahrenheit(nora)
    assert "100.4" in nora.page(f"day/{nora.today}").text
    nora.log(**CALM, temperature_c=typed)
    assert nora.entry().signs == {"fever_left_open"}


@pytest.mark.parametrize(("typed", "unit"), [("37.9", "C"), ("100.3", "F"), ("", "C")])
def test_below_nothing_changes(nora, typed, unit):
    if unit == "F":
        in_fahrenheit(nora)
    assert nora.log(**CALM, temperature_c=typed).location.endswith("/saved")
    assert nora.entry().signs == frozenset()


def test_answered_it_says_what_is_there(nora):
    nora.log(**CALM, temperature_c="39.6", **ASKED)
    assert nora.entry().signs == frozenset()
    nora.log(**CALM | {"temperature_c": "39.6", "follow-temperature": "stiff_neck"})
    assert nora.entry().signs == {"stiff_neck"}


def test_the_line_and_the_temperature_ask_once(nora):
    line = {"signs": "some", "line": "fever", "sign-fever": "fever", "follow-fever": "none"}
    nora.log(**CALM | line, temperature_c="39.6")
    assert nora.entry().signs == {"fever"}


def test_a_form_that_did_not_show_it_left_nothing_open(nora):
    """One that waited on a phone since before an upgrade."""
    form = nora.blank()
    form["shown"] = " ".join(word for word in form["shown"].split() if word != "temperature")
    nora.log(form=form, **CALM, temperature_c="39.6")
    assert nora.entry().signs == frozenset()


@pytest.mark.parametrize("again", [{}, ASKED])
def test_a_correction_shows_what_was_answered(nora, again):
    nora.log(**CALM, temperature_c="39.6", **again)
    asking = asking_for(nora.recovery().history, nora.today, nora.today)
    typed = typed_from(asking, nora.entry())
    assert typed["signs"] == ["none"]
    assert typed["line"] == []
    assert typed["follow-temperature"] == ([again["follow-temperature"]] if again else [])
