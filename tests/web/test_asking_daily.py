"""The loading and hardware questions come daily while recent pain is near an alarm, and say why."""

from datetime import timedelta

import pytest

from tests.stories import Story
from tests.web.diarist import CALM, TODAY, new_diarist

WHY = "for now we ask this more often than once a week"
PEG = "adapted from PEG"


def asks_daily(table: str, day: int) -> bool:
    return Story(table).assess(day).asks_daily


def test_pain_near_an_alarm_asks_daily_and_pain_that_settles_stops_it():
    """Two points above a steady 2 are near an alarm after some days, well before a flag."""
    rise = """
        day 1-140     axial=2 move=1 walk=3 signs=none
        day 141-150   axial=4
        day 151-200   axial=2 move=1 walk=3 signs=none
    """
    assert not asks_daily(rise, 140)
    assert asks_daily(rise, 149)
    assert asks_daily(rise, 160), "a fortnight longer, so that a pause does not end it"
    assert not asks_daily(rise, 199)


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic)


def saved(diarist) -> str:
    return diarist.page(f"day/{TODAY}/saved").text


def worse_lately(diarist) -> None:
    """Calm for weeks, then 5 instead of 3 for ten days; the check-in was filled in yesterday."""
    diarist.history_of(80)
    for back in range(10, 0, -1):
        diarist.log(TODAY - timedelta(days=back), **{**CALM, "axial_pain": "5"})
    yesterday = TODAY - timedelta(days=1)
    diarist.send(f"day/{yesterday}/weekly", sign="none", peg_pain="4")


def test_the_signs_alone_are_asked_again_and_the_page_says_why(nora):
    worse_lately(nora)
    nora.log(**{**CALM, "axial_pain": "4"})
    assert WHY in saved(nora)
    page = nora.page(f"day/{TODAY}/weekly").text
    assert "Since you were last asked" in page
    assert PEG not in page
    nora.send(f"day/{TODAY}/weekly", sign="worse_on_loading")
    assert nora.entry().signs == {"worse_on_loading"}
    assert WHY not in saved(nora)


def test_a_calm_diary_is_asked_once_a_week_with_the_scores(nora):
    nora.history_of(80)
    nora.log(**CALM)
    assert WHY not in saved(nora)
    assert "A few more questions?" in saved(nora)
    assert PEG in nora.page(f"day/{TODAY}/weekly").text
    nora.send(f"day/{TODAY}/weekly", sign="none", peg_pain="4")
    assert "A few more questions?" not in saved(nora)
