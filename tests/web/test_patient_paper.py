"""The card, the sheet, and two weeks typed in from it."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import Source
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
    assert answer.text.count("Enter a number between 0 and 10") == 2
    assert 'value="12"' in answer.text
    assert nora.recovery().entries == ()


def test_days_that_are_there_are_left_alone(nora):
    nora.log(**CALM)
    text = nora.page("sheet/type").text
    assert f"walking-{TODAY}" not in text
    assert f"walking-{TODAY - timedelta(days=14)}" in text
    assert f"walking-{TODAY - timedelta(days=15)}" not in text


def test_sign_on_paper_leads_to_advice(nora):
    answer = nora.send("sheet/type", **row(1, "1", "1", "4", "1", "0", signs="yes"))
    assert answer.location.endswith("/advice")
    assert "Call your spine team today" in nora.page(answer.location.split("/", 3)[3]).text
