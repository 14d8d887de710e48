"""Before the operation and in the first week after it: fewer questions, and only those that fit."""

from datetime import timedelta

import pytest

from tests.web.diarist import CALM, TODAY, new_diarist

OVERALL = "Since the operation, how are you overall?"


@pytest.mark.parametrize(("pod", "asked"), [(0, False), (6, False), (7, True), (-3, True)])
def test_the_first_week_asks_nothing_about_the_week_before(clinic, pod, asked):
    """A day in hospital is next to no week before; the tablets can be told behind "Add more"."""
    diarist = new_diarist(clinic, days_ago=pod)
    text = diarist.page(f"day/{TODAY}").text
    on_the_form, behind = text.split('<details class="more"')
    assert ('id="painkiller_change"' in on_the_form) is asked
    assert ('id="painkiller_change"' in behind) is not asked
    diarist.log(**CALM)
    assert ("A few more questions?" in diarist.page(f"day/{TODAY}/saved").text) is asked


def test_a_clearly_worse_day_of_the_first_week_is_asked_more_all_the_same(clinic):
    diarist = new_diarist(clinic, days_ago=6)
    diarist.history_of(5)
    diarist.log(**{**CALM, "axial_pain": "5"})
    assert "A few more questions?" in diarist.page(f"day/{TODAY}/saved").text


@pytest.mark.parametrize(("pod", "asked"), [(-3, False), (0, True)])
def test_nobody_is_asked_how_it_is_since_an_operation_that_has_not_been(clinic, pod, asked):
    diarist = new_diarist(clinic, days_ago=pod)
    diarist.log(**CALM)
    assert (OVERALL in diarist.page(f"day/{TODAY}/weekly").text) is asked


def test_days_without_a_walk_are_told_as_such(clinic):
    diarist = new_diarist(clinic, days_ago=6)
    diarist.history_of(5, walking=0)
    text = diarist.page().text
    assert "On most days you <b>did not walk</b>." in text
    diarist.history_of(5, walking=1)
    assert "On average you walk for <b>under 10 minutes</b> a day." in diarist.page().text
    diarist.log(**{**CALM, "walking": "1"})
    assert (
        "That is about what was usual in the week before."
        in diarist.page(f"day/{TODAY}/saved").text
    )


def test_half_the_days_are_not_most_of_them(clinic):
    """No walk at all and over an hour in turns: on no day was it half an hour."""
    diarist = new_diarist(clinic, days_ago=8)
    diarist.history_of(6, walking=0)
    diarist.history_of(3, walking=4)
    text = diarist.page().text
    assert "most days" not in text
    assert "On average you walk for <b>10 to 30 minutes</b> a day." in text
    diarist.log(**{**CALM, "walking": "1"})
    assert (
        "That is less than was usual in the week before." in diarist.page(f"day/{TODAY}/saved").text
    )


def test_the_form_of_the_operation_opens_what_was_typed_from_the_letter(clinic):
    """Folded at first; a problem in it, or details that stand, are in sight."""
    diarist = new_diarist(clinic, days_ago=None)
    closed, opened = '<details class="more field">', '<details class="more field" open>'
    assert closed in diarist.page("surgery/new").text
    day = str(TODAY - timedelta(days=2))
    wrong = diarist.send("surgery/new", day=day, region="lumbar", levels="99")
    assert wrong.status_code == 422
    assert opened in wrong.text
    diarist.send("surgery/new", day=day, region="lumbar", hardware="two screws")
    (stored,) = diarist.recovery().operations
    assert opened in diarist.page(f"surgery/{stored.public_id}").text
