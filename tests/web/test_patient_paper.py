"""The card, the sheet, and two weeks typed in from it."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import Source
from recovery_tracker.domain.flags import Attention, Condition, Urgency
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic)


def row(back, *numbers, signs=""):
    """The cells of one day of the grid."""
    day = TODAY - timedelta(days=back)
    fields = ("walking", "mobility", "axial_pain", "limb_pain", "numbness")
    cells = {f"{name}-{day}": text for name, text in zip(fields, numbers, strict=True)}
    return {**cells, f"signs-{day}": signs}


def test_card_says_whom_to_call(nora):
    text = nora.page("card").text
    assert "999" in text
    assert "01632 960 123" in text
    assert "Spinal fusion on Tuesday 16 December 2025" in text


def test_card_says_when_its_lists_change_and_nothing_where_they_stay(clinic, nora):
    early = new_diarist(clinic, "early", days_ago=3).page("card").text
    assert "It changes on Tuesday 24 March. Print it again then." in early  # Day 15.
    late = new_diarist(clinic, "late", days_ago=300).page("card").text
    assert "This list is for day 300 and the days after." in late
    assert "Print it again" not in late


def test_sheet_has_two_weeks_and_the_same_questions(nora):
    page = nora.page("sheet")
    assert page.text.count('<tr><th scope="row">') == 14
    assert "Back pain" in page.text


def test_two_weeks_are_typed_in_and_marked_as_paper(nora):
    rows = {}
    for back in range(14, 0, -1):
        rows |= row(back, "2", "1", str(back % 11), "", "0", signs="no")
    assert nora.send("sheet/type", **rows).status_code == 303
    entries = [stored.entry for stored in nora.recovery().entries]
    assert len(entries) == 14
    assert {entry.source for entry in entries} == {Source.PAPER}
    assert [entry.axial_pain for entry in entries] == [back % 11 for back in range(14, 0, -1)]
    assert {entry.limb_pain for entry in entries} == {None}
    assert {entry.signs for entry in entries} == {frozenset()}


def test_empty_rows_are_no_entries_and_unanswered_is_not_none(nora):
    nora.send("sheet/type", **row(3, "2", "", "", "", ""), **row(2, "", "", "", "", ""))
    entries = [stored.entry for stored in nora.recovery().entries]
    assert [(entry.walking, entry.signs) for entry in entries] == [(2, None)]


def test_one_wrong_cell_saves_nothing_and_keeps_everything(nora):
    rows = {**row(3, "2", "1", "12", "", ""), **row(2, "1", "1", "4", "", "")}
    answer = nora.send("sheet/type", **rows)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.problems == []
    # Once above all fields, with the day and the column, once at its own.
    assert answer.text.count("Mon 9 Mar, Back pain: Enter a number between 0 and 10") == 2
    assert 'value="12"' in answer.text
    assert nora.recovery().entries == ()


def test_days_that_are_there_are_left_alone(nora):
    nora.log(**CALM)
    text = nora.page("sheet/type").text
    assert f"walking-{TODAY}" not in text
    assert f"walking-{TODAY - timedelta(days=14)}" in text
    assert f"walking-{TODAY - timedelta(days=15)}" not in text


def test_sign_on_an_earlier_row_gets_its_advice_with_all_its_days(nora):
    """The newest row is calm; what the older ones ask for still comes first."""
    rows = {
        **row(9, "1", "1", "4", "1", "0", signs="yes"),
        **row(8, "1", "1", "4", "1", "4", signs="no"),
        **row(6, "1", "1", "4", "1", "0", signs="yes"),
        **row(1, "2", "1", "3", "1", "0", signs="no"),
    }
    answer = nora.send("sheet/type", **rows)
    text = nora.page("sheet/saved").text
    assert answer.location.endswith("/sheet/saved")
    assert "4 days saved" in text
    cards = text.split('<section class="care')[1:]
    assert len(cards) == 2
    assert "Call 999 now" in cards[0]
    for day in ("Tuesday 3 March", "Friday 6 March"):
        assert day in cards[0]
    assert "No feeling in a part of the body" in cards[1]
    assert "Wednesday 4 March" in cards[1]
    assert "Wednesday 11 March" not in text
    assert "Call 999 now" in nora.page().text


def test_midnight_after_the_save_loses_no_advice(nora):
    nora.clinic.clock.forward(hours=14, minutes=59, seconds=50)
    nora.send("sheet/type", **row(1, "1", "1", "4", "1", "0", signs="yes"))
    nora.clinic.clock.forward(seconds=20)
    text = nora.page("sheet/saved").text
    assert "1 day saved" in text
    assert "Call 999 now" in text


def test_bare_yes_on_paper_is_asked_after_on_the_next_form(nora):
    nora.send("sheet/type", **row(10, "1", "1", "4", "1", "0", signs="yes"))
    form = nora.page(f"day/{TODAY}").text
    assert "something was new or worse, but not what" in form
    nora.log(**CALM, **{"change-which_left_open": "same"})
    assert [sign.sign for sign in nora.recovery().open_signs] == ["which_left_open"]
    nora.log(**CALM, **{"change-which_left_open": "gone"})
    assert nora.recovery().open_signs == ()


def test_calm_sheet_promises_nothing(nora):
    nora.send("sheet/type", **row(1, "2", "1", "3", "1", "0", signs="no"))
    text = nora.page("sheet/saved").text
    assert "1 day saved" in text
    assert '<section class="care' not in text
    assert "well" not in text


def test_same_sheet_twice_is_saved_once(nora):
    form = nora.page("sheet/type").form(nora.path("sheet/type")).hidden()
    typed = {**form, **row(3, "2", "1", "4", "1", "0", signs="no"), **row(2, "2", "", "", "", "")}
    for _again in range(2):
        sent = nora.browser.client.post(nora.path("sheet/type"), data=typed)
        assert sent.location.endswith("/sheet/saved")
    assert [stored.version for stored in nora.recovery().entries] == [1, 1]


def test_day_written_meanwhile_holds_the_whole_sheet_back_and_says_so(nora):
    """Two tabs: nothing of the sheet is saved, and the typed row is there to be read."""
    form = nora.page("sheet/type").form(nora.path("sheet/type")).hidden()
    nora.log(TODAY, **CALM)
    typed = {**form, **row(2, "2", "1", "4", "1", "0"), **row(0, "4", "", "", "", "")}
    answer = nora.browser.client.post(nora.path("sheet/type"), data=typed)
    assert answer.status_code == 409
    assert Page(answer.text).problems == []
    assert "This day is in the diary already" in answer.text
    assert f'name="walking-{TODAY}" value="4"' in answer.text
    assert len(nora.recovery().entries) == 1
    without = {name: text for name, text in typed.items() if not name.endswith(str(TODAY))}
    assert nora.browser.client.post(nora.path("sheet/type"), data=without).status_code == 303
    assert len(nora.recovery().entries) == 2


def test_sheet_opened_before_midnight_keeps_its_oldest_row(nora):
    form = nora.page("sheet/type").form(nora.path("sheet/type")).hidden()
    nora.clinic.clock.forward(days=1)
    typed = {**form, **row(14, "2", "1", "4", "1", "0")}
    answer = nora.browser.client.post(nora.path("sheet/type"), data=typed)
    assert answer.status_code == 409
    assert "too long ago" in answer.text
    assert f'name="walking-{TODAY - timedelta(days=14)}" value="2"' in answer.text
    assert nora.recovery().entries == ()


def test_yes_on_paper_may_be_an_emergency_until_it_is_said_which(clinic):
    """The sheet has one box for all signs: which, and is it still there, is asked at once."""
    fred = new_diarist(clinic, "fred", days_ago=40)
    fred.history_of(30)
    clinic.clock.forward(days=8)
    day = fred.today - timedelta(days=5)
    fred.send("sheet/type", **{f"axial_pain-{day}": "4", f"signs-{day}": "yes"})
    page = fred.page("sheet/saved")
    assert "Which sign was new or worse?" in page.text
    assert fred.day(day) + "#signs" in page.links
    assert "Is it still there today?" in fred.page(f"day/{day}").text
    assert [flag.urgency for flag in fred.recovery().open_flags] == [Urgency.EMERGENCY]

    saddle = {"line": "saddle", "sign-saddle": "saddle_numbness", "signs": "some"}
    fred.log(day, **CALM | saddle | {"still_there": "yes"})
    assert fred.entry(day).signs == {"saddle_numbness"}
    assert Urgency.EMERGENCY in [flag.urgency for flag in fred.recovery().open_flags]

    gone = {"line": "calf", "sign-calf": "calf_swelling", "signs": "some", "still_there": "no"}
    fred.log(day, **CALM | gone)
    assert fred.entry(day).signs == {"calf_swelling"}


def test_saying_which_takes_nothing_back(clinic):
    """The emergency was that nobody had said which: the sign now said has a flag of its own."""
    nora = new_diarist(clinic, days_ago=40)
    day = TODAY - timedelta(days=2)
    nora.send("sheet/type", **{f"axial_pain-{day}": "3", f"signs-{day}": "yes"})
    nora.log(day, axial_pain="3", signs="some", line="wound", **{"sign-wound": "wound_redness"})
    found = {flag.episode.signs: flag for flag in nora.recovery().flags}
    assert found["which_left_open",].condition is Condition.WITHDRAWN
    assert not found["which_left_open",].corrected_by_patient
    assert found["wound_redness",].condition is Condition.ACTIVE
    home = nora.page().text
    assert "You changed a warning answer" not in home
    assert "Call 999 now" not in home
    assert "Call your spine team today" in home
    # "Yes" once more, and not which: it is an emergency again.
    nora.log(day, axial_pain="3", signs="some")
    again = next(f for f in nora.recovery().flags if f.episode.signs == ("which_left_open",))
    assert (again.condition, again.attention) == (Condition.ACTIVE, Attention.UNSEEN)


def test_none_of_these_after_a_yes_on_paper_takes_it_back(clinic):
    nora = new_diarist(clinic, days_ago=40)
    day = TODAY - timedelta(days=2)
    nora.send("sheet/type", **{f"axial_pain-{day}": "3", f"signs-{day}": "yes"})
    nora.log(day, axial_pain="3", signs="none")
    (flag,) = nora.recovery().flags
    assert (flag.condition, flag.corrected_by_patient) == (Condition.ACTIVE, True)
