"""Answers in words: our own are read, "None" only beside another one, all others are refused."""

import pytest

from recovery_tracker.exchange.choice_words import answers_in
from recovery_tracker.exchange.incoming import read_file
from recovery_tracker.exchange.mapping import ColumnMap
from recovery_tracker.exchange.problems import FileRefused


@pytest.fixture
def read(tmp_path):
    def reading(column, *cells, head="How was it"):
        file = tmp_path / "survey.csv"
        days = [f"2026-02-{at:02};{cell};4\n" for at, cell in enumerate(cells, 1)]
        file.write_text(f"Date;{head};Pain\n{''.join(days)}", encoding="utf-8")
        how = ColumnMap({"Date": "date", head: column, "Pain": "axial_pain"})
        found = read_file(file, how=how)
        return [getattr(one, column) for one in found.archive.entries], found.changed

    return reading


@pytest.fixture
def refused(read):
    def refusing(column, *cells):
        with pytest.raises(FileRefused) as error:
            read(column, *cells)
        return [str(one.what) for one in error.value.problems]

    return refusing


def test_words_of_the_form_are_read_in_each_language(read):
    for column, cells, numbers in (
        ("numbness", ("None", "A little", "a  LOT", "Some"), [0, 1, 3, 2]),
        ("numbness", ("none", "no feeling"), [0, 4]),
        ("walking", ("None", "More than 1 hour", "10 to 30 minutes"), [0, 4, 2]),
        ("walking", ("over 1 hour",), [4]),
        ("mobility", ("Not hard", "I needed help"), [0, 4]),
        ("sleep", ("Slept well", "Hardly slept"), [0, 4]),
        ("walking", ("Nada", "Más de 1 hora"), [0, 4]),
        ("sleep", ("Dormí bien", "Casi no dormí"), [0, 4]),
        ("numbness", ("沒有", "一點點", "完全沒有感覺"), [0, 1, 4]),
        ("mobility", ("不困難", "需要幫忙"), [0, 4]),
        ("limb_pain_side", ("Izquierdo", "Los dos"), ["left", "both"]),
        ("limb_pain_side", ("左側", "兩側"), ["left", "both"]),
        ("painkiller_change", ("I take none", "About the same"), ["none", "same"]),
    ):
        found, changed = read(column, *cells)
        assert found == numbers, (column, cells)
        assert changed["worded"] == len(cells)


def test_what_is_missing_stays_missing(read):
    found, changed = read("numbness", "", "A little", "n/a", "None", "-")
    assert found == [None, 1, None, 0, None]
    assert (changed["worded"], changed["emptied"]) == (2, 2)


def test_none_alone_is_asked_about(refused):
    for column in ("numbness", "walking"):
        for cells in (("None", "None"), ("None", ""), ("none", "n/a")):
            for said in refused(column, *cells):
                assert said.endswith(
                    "“None” may be the answer, or mean that nobody answered. "
                    "Write 0 for the answer, or empty the cell."
                )
    # Words of another scale beside it decide nothing.
    assert len(refused("numbness", "None", "mild", "A little")) == 3


def test_words_of_other_scales_are_refused_and_told_what_is_read(refused):
    for column, cells in (
        ("numbness", ("mild", "moderate", "severe")),
        ("sleep", ("never", "sometimes", "often")),
        ("numbness", ("A little", "1")),
        ("numbness", ("A little", "Un poco")),
        ("mobility", ("Slept well",)),
        ("walking", ("Slept well", "None")),
        # Better than when? Each tool has three, five or seven of these.
        ("overall_change", ("Better", "The same")),
    ):
        assert refused(column, *cells), (column, cells)
    (said,) = refused("numbness", "mild")
    assert said == (
        "This must be a whole number from 0 to 4. Or use only these words in this column: "
        "None, A little, Some, A lot, I cannot feel it at all."
    )
    # A number is told its bounds alone, and a score has no words.
    assert refused("numbness", "7") == ["This must be a whole number from 0 to 4."]
    assert refused("limb_pain", "No pain") == [
        "This must be a whole number from 0 to 10. "
        "Words are not read here. Write a number, or empty the cell."
    ]


def test_the_words_of_an_export_need_no_reading(read):
    for column, cells in (
        ("limb_pain_side", ["left", "Both"]),
        ("painkiller_change", ["fewer", "none"]),
    ):
        found, changed = read(column, *cells)
        assert found == [cell.lower() for cell in cells]
        assert "worded" not in changed


def test_no_words_mean_two_things():
    for column, cells in (("limb_pain", ["No pain"]), ("note", ["None"]), ("steps", ["None"])):
        assert answers_in(column, cells) == {}
