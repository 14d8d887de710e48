"""Files as people and their apps keep them: read right, asked about or refused, none in part."""

import zipfile

import pytest

from recovery_tracker.exchange.choices import Choices
from recovery_tracker.exchange.incoming import read_file
from recovery_tracker.exchange.mapping import NO_MAPPING, ColumnMap
from recovery_tracker.exchange.problems import FileRefused


@pytest.fixture
def read(tmp_path):
    def reading(text, *means, **choices):
        file = tmp_path / "file.bin"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        heads = (text if isinstance(text, str) else "").splitlines()[0].strip('"')
        separator = max(",;\t", key=heads.count)
        made = Choices(**choices)
        columns = {h: c for h, c in zip(heads.split(separator), means, strict=False) if c}
        how = ColumnMap(columns, made) if columns else NO_MAPPING
        found = read_file(file, zone="Europe/Madrid", choices=made, how=how)
        return {str(one.day): one for one in found.archive.entries}, found

    return reading


@pytest.fixture
def refused(read):
    def refusing(text, *means, **choices):
        with pytest.raises(FileRefused) as error:
            read(text, *means, **choices)
        return [str(one).removeprefix("file.bin, ") for one in error.value.problems]

    return refusing


def test_two_columns_of_one_answer_are_two_answers_of_the_day(read, refused):
    """Pain in the morning and in the evening: the second is not taken for the whole."""
    text = "Date,AM pain,PM pain,AM note,PM note\n2026-11-01,4,6,stiff,tired\n2026-11-02,3,3,,ok\n"
    means = ("date", "axial_pain", "axial_pain", "note", "note")
    (said,) = refused(text, *means)
    assert said == "row 2, column AM pain / PM pain: This row has two answers for this day."
    days, found = read(text, *means, same_day="highest")
    assert [(one.axial_pain, one.note) for one in days.values()] == [
        (6, "stiff\ntired"),
        (3, "ok"),
    ]
    assert "together" not in found.changed
    one_is_empty = "Date,AM pain,PM pain\n2026-11-01,,6\n2026-11-02,3,\n"
    days, _ = read(one_is_empty, "date", "axial_pain", "axial_pain")
    assert [one.axial_pain for one in days.values()] == [6, 3]
    (said,) = refused("Start,End,Pain\n2026-11-01,2026-11-02,4\n", "date", "date", "axial_pain")
    assert "Two columns are said to be the day" in said


def test_none_as_a_program_writes_it_is_no_answer_in_a_list(read, refused):
    """An empty cell that was written as None is not "no warning signs"."""
    for column in ("signs", "strain", "pain_quality", "painkiller_change"):
        for cell in ("None", "NONE"):
            (said,) = refused(f"Date,Col,Pain\n2026-11-01,{cell},4\n", "date", column, "axial_pain")
            assert said.startswith("row 2, column Col: “None” may be the answer"), column
            assert "Write none for the answer" in said
    days, _ = read("Date,Col,Pain\n2026-11-01,none,4\n", "date", "signs", "axial_pain")
    assert days["2026-11-01"].signs == frozenset()


def test_a_quote_that_was_left_open_hides_no_days(read, refused):
    head = "Date,Pain,Note\n"
    for rows in (
        '2026-11-01,4,"open\n2026-11-02,5,ok\n2026-11-03,6,ok\n',
        '2026-11-01,4,"open\n2026-11-02,5,ok\n2026-11-03,6,"bad, worse"\n',
        '01.11.2026,4,"open\n02.11.2026,5,ok\n',
    ):
        (said,) = refused(head + rows, "date", "axial_pain", "note")
        assert "row 2: This is not a row of separated values. Is a quote left open?" in said
    for note in (
        '"slept badly\nthen walked"',
        '"plan:\n2026-12-01, a visit"',
        '"he said ""no"""',
        "5'10\" tall",
    ):
        days, _ = read(f"{head}2026-11-01,4,{note}\n2026-11-02,5,\n", "date", "axial_pain", "note")
        assert len(days) == 2, note


def test_rows_that_a_spreadsheet_kept_in_one_cell_are_read(read):
    text = '"Date,Pain,Note"\n"2026-11-01,4,"\n"2026-11-02,5,""walked, then slept"""\n'
    days, _ = read(text, "date", "axial_pain", "note")
    assert [(one.axial_pain, one.note) for one in days.values()] == [
        (4, None),
        (5, "walked, then slept"),
    ]


def test_steps_with_decimals_are_rounded_where_they_can_be_no_thousands(read, refused):
    head = "Date/Time,Step Count (count)\n"
    days, found = read(f"{head}2026-11-01,6512.34\n2026-11-02,700.5\n", "date", "steps")
    assert [one.steps for one in days.values()] == [6512, 701]
    assert found.changed == {"rounded": 2}
    assert refused(f"{head}2026-11-01,6.512\n", "date", "steps")
    for cell in ("6.5", "12.34", "1e3"):  # Thousands?
        assert refused(f"{head}2026-11-01,{cell}\n", "date", "steps"), cell


def test_times_of_day_as_phones_and_forms_write_them_stand_beside_a_day(read):
    for told in (
        "1/11/2026 9:14:05 p. m. GMT+1",
        "1/11/2026 9:14:05\u00a0p.\u00a0m.",
        "Sun Nov 01 2026 21:30:00 GMT+0100 (Central European Standard Time)",
        "Sunday; November 1 2026 at 9:30\u202fPM",
        "1 de noviembre de 2026 a las 21:30",
        "1. November 2026 um 21:30 Uhr",
    ):
        text = f"When,Pain\n{told.replace(';', '')},4\n20/11/2026,5\n"
        days, _ = read(text, "date", "axial_pain")
        assert sorted(days) == ["2026-11-01", "2026-11-20"], told


def test_points_of_a_score_may_be_named(read, refused):
    days, _ = read("日期,腰痛\n115年11月2日,5分\n115/11/3,６ 分\n", "date", "axial_pain")
    assert [one.axial_pain for one in days.values()] == [5, 6]
    for cell in ("5 points", "5 puntos", "5 Punkte", "5 pts", "5/10", "5 out of 10"):
        days, _ = read(f"Date,Pain\n2026-11-01,{cell}\n", "date", "axial_pain")
        assert days["2026-11-01"].axial_pain == 5, cell
    assert refused("Date,Pain\n2026-11-01,50分\n", "date", "axial_pain")


def test_the_first_day_that_cannot_be_read_is_named(refused):
    """A column called "Date" is one of days; the place says more than that there is none."""
    for cell, said in (
        ("46327", "a spreadsheet’s number for a day"),
        ("2026-W44", "must be a date like"),
        ("11/1", "must be a date like"),
    ):
        (line,) = refused(f"Pain,Date\n4,{cell}\n5,{cell}\n")
        assert line.startswith("row 2, column Date: "), cell
        assert said in line
    (line,) = refused("Title\n\nDatum;Schmerz\nSo 01.11.;4\nMo 02.11.;5\n")
    assert line.startswith("row 4, column Datum: ")
    assert refused("a,b\n1,2\n") == [
        "file.bin: This table has no column of days that can be read, like 2026-03-31."
    ]


def test_a_few_days_above_as_many_sums_are_days(read):
    text = "Date,Pain\n2026-11-01,4\n2026-11-02,5\nTotal,9\nAverage,4.5\nMin,4\n"
    days, found = read(text, "date", "axial_pain")
    assert [one.axial_pain for one in days.values()] == [4, 5]
    assert found.changed == {"sums": 3}


def test_what_is_wrong_with_a_row_is_said_once(refused):
    text = "Date,AM pain,PM pain\n2026-02-30,4,6\n"
    assert len(refused(text, "date", "axial_pain", "axial_pain")) == 1


def test_a_zip_with_a_table_in_it_says_what_to_do(tmp_path):
    packed = tmp_path / "x.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("pain.csv", "Date,Pain\n2026-11-01,4\n")
    with pytest.raises(FileRefused, match="unpack it and give that"):
        read_file(packed, zone="UTC")


def test_each_refusal_of_a_cell_says_what_to_do_next(refused):
    for column, cell, said in (
        ("axial_pain", "mild", "Words are not read here. Write a number, or empty the cell."),
        ("axial_pain", "4 (bad)", "Write the number alone."),
        ("walking_minutes", "1h 20min", "Write the number alone."),
        ("axial_pain", "14", "from 0 to 10."),
        ("signs", "yes", "leave the column out and enter the signs in the diary."),
    ):
        (line,) = refused(f"Date,Col\n2026-11-01,{cell}\n", "date", column)
        assert line.endswith(said), cell
    (line,) = refused("Date,Pain,Note\n2026-11-01,4,slow, long\n", "date", "axial_pain", "note")
    assert line.endswith("Put a text with a comma or a semicolon in it in quotes.")


def test_parts_of_a_day_are_added_where_a_person_says_so(read, refused):
    """Two tablets at two times are two, and an hour's steps are not the day's."""
    log = "Date,Time,Doses\n2026-11-01,08:00,1\n2026-11-01,20:00,1\n2026-11-02,08:00,2\n"
    means = ("date", "", "opioid_doses")
    (said,) = refused(log, *means)
    assert said == "row 3, column Doses: Another answer for this day is on row 2."
    for how, doses in (("sum", [2, 2]), ("highest", [1, 2]), ("last", [1, 2])):
        days, _ = read(log, *means, same_day=how)
        assert [one.opioid_doses for one in days.values()] == doses, how
    both = "Date,Walk AM,Walk PM,Pain AM,Pain PM\n2026-11-01,20,20,4,6\n"
    means = ("date", "walking_minutes", "walking_minutes", "axial_pain", "axial_pain")
    assert len(refused(both, *means)) == 1
    days, _ = read(both, *means, same_day="sum")
    (day,) = days.values()
    assert (day.walking_minutes, day.axial_pain) == (40, 6)
    hours = "".join(f"2026-11-01 {h:02}:00,500\n2026-11-02 {h:02}:00,{h}\n" for h in range(24))
    days, _ = read(f"Start,Steps in the hour\n{hours}", "date", "steps", same_day="sum")
    assert [one.steps for one in days.values()] == [12_000, 276]
    assert refused(f"Start,Steps in the hour\n{hours}", "date", "steps")
    # The same total twice is one total.
    days, _ = read("Date,Day's steps\n2026-11-01,6512\n2026-11-01,6512\n", "date", "steps")
    assert days["2026-11-01"].steps == 6512
