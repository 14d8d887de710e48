"""Files as people really have them: titles above, sums below, two rows a day, units in the cells.

Each is made up. What they share: nothing becomes zero, no scale is guessed, nothing is lost
unsaid.
"""

import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.passive import PassiveKind
from recovery_tracker.exchange.choices import NOTHING_CHOSEN, Choices
from recovery_tracker.exchange.incoming import NeedsMapping, read_file
from recovery_tracker.exchange.mapping import NO_MAPPING, ColumnMap


@pytest.fixture
def read(tmp_path):
    """Reads a file with this content."""

    def reading(content, choices=NOTHING_CHOSEN, how=NO_MAPPING):
        path = tmp_path / "file.bin"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_file(path, zone="Europe/Berlin", choices=choices, how=how)

    return reading


@pytest.fixture
def refused(read):
    """What is said of a file that is refused."""

    def refusing(content, **more):
        with pytest.raises(RecoveryError) as error:
            read(content, **more)
        assert not isinstance(error.value, NeedsMapping), error.value.heads
        return str(error.value)

    return refusing


@pytest.fixture
def asked(read):
    """The columns that a person is asked about, and where the days are."""

    def asking(content):
        with pytest.raises(NeedsMapping) as needs:
            read(content)
        return needs.value.heads, needs.value.day_column

    return asking


def pains(found):
    return {str(entry.day): entry.axial_pain for entry in found.archive.entries}


def steps(found, kind=PassiveKind.STEPS):
    return {str(v.day): (v.source, v.value) for v in found.passive if v.kind is kind}


def zipped(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == "Hidden":
            sheet.sheet_state = "hidden"
    book.active = len(sheets) - 1
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# Tables.

DAYS = {"2026-03-01": 4, "2026-03-02": 5}


def test_days_are_read_as_they_are_written_here_and_there(read):
    for first, second in (
        ("1.3.26", "02.03.26"),
        ("So, 01.03.2026", "Mo. 2.3.2026"),
        ("Sunday, March 1, 2026", "Mon 2 March 2026"),
        ("Mar. 1, 2026", "Mar. 2, 2026"),
        ("1. März 2026", "2 Mär 2026"),
        ("1 de marzo de 2026", "2-mar-2026"),
        ("1er mars 2026", "2 mars 2026"),
    ):
        text = f'date;axial_pain\n"{first}";4\n"{second}";5\n'
        assert pains(read(text)) == DAYS, first
    # The middle one is no month and the first no year: one order only.
    text = "date,axial_pain\n3/27/26,4\n3/28/26,5\n"
    assert pains(read(text)) == {"2026-03-27": 4, "2026-03-28": 5}


def test_a_short_year_that_can_be_meant_in_two_orders_is_asked_for(read, refused):
    text = "date,axial_pain\n13/03/26,4\n14/03/26,5\n"
    assert "This year needs 4 digits" in refused(text)
    assert pains(read(text, Choices(dates="dmy"))) == {"2026-03-13": 4, "2026-03-14": 5}
    assert list(pains(read(text, Choices(dates="ymd")))) == ["2013-03-26", "2014-03-26"]


def test_a_day_s_number_is_a_day_in_a_workbook_and_named_in_a_text(read, refused):
    assert pains(read(workbook(Tabelle=[["date", "axial_pain"], [46082, 4], [46083.5, 5]]))) == DAYS
    assert "a spreadsheet’s number for a day" in refused("date,axial_pain\n46082,4\n")


def test_what_a_cell_says_besides_its_number_does_no_harm(read, refused):
    found = read(
        "date;axial_pain;temperature_c;steps;walking_minutes\n"
        "01.03.2026;4/10;36,8 °C;6.512 Schritte;30 min\n02.03.2026;4,5 von 10;;5000 steps;\n"
    )
    first, second = found.archive.entries
    assert (first.axial_pain, first.temperature_c) == (4, 36.8)
    assert (first.steps, first.walking_minutes) == (6512, 30)
    assert (second.axial_pain, second.steps) == (5, 5000)
    assert found.changed == {"rounded": 1}
    for cell in ("3/5", "4-5", "mild", "12/10", ">7"):
        assert "must be a whole number from 0 to 10" in refused(
            f"date,axial_pain\n2026-03-01,{cell}"
        )
    assert "0-100 scale?" in refused("date,axial_pain\n2026-03-01,40%\n")
    assert pains(read("date,axial_pain\n2026-03-01,40%\n", Choices(hundred=True)))
    # What studies write where nobody answered is no answer, and is not left out unasked.
    for column, cell in (
        ("axial_pain", "99"),
        ("axial_pain", "-9"),
        ("limb_pain", "-95"),
        ("numbness", "9"),
    ):
        said = refused(f"date,{column}\n2026-03-01,{cell}\n")
        assert "If this number means that nobody answered" in said, cell
        assert ("0-100 scale?" in said) == (cell == "99")
    assert read("date,axial_pain\n2026-03-01,99\n", Choices(hundred=True))
    assert read("date,overall_change\n2026-03-01,-2\n")
    # An error of a formula holds nothing.
    found = read("date,axial_pain,limb_pain\n2026-03-01,4,#REF!\n2026-03-02,#DIV/0!,2\n")
    assert [entry.axial_pain for entry in found.archive.entries] == [4, None]
    assert found.changed == {"emptied": 2}


def test_rows_of_sums_are_no_days(read):
    found = read("date,axial_pain\n2026-03-01,4\n2026-03-02,5\n,\nTotal:,9\nDurchschnitt,4.5\n")
    assert pains(found) == DAYS
    assert found.changed == {"sums": 2}


def test_two_rows_of_a_day_are_put_together_where_they_agree(read, refused):
    found = read(
        "date,axial_pain,steps,note,signs\n"
        "2026-03-01,4,,morning,none\n2026-03-01,,5000,evening,fever\n2026-03-02,5,,,\n2026-03-02,5,,,\n"
    )
    first, second = found.archive.entries
    assert (first.axial_pain, first.steps) == (4, 5000)
    assert first.note == "morning\nevening"
    assert first.signs == {"fever"}
    assert second.axial_pain == 5
    assert found.changed == {"together": 2}
    text = "date,axial_pain,limb_pain\n2026-03-01,4,1\n2026-03-01,6,1\n2026-03-01,5,\n"
    assert refused(text).startswith(
        "file.bin, row 3, column axial_pain: Another answer for this day is on row 2."
    )
    assert pains(read(text, Choices(same_day="highest"))) == {"2026-03-01": 6}
    assert pains(read(text, Choices(same_day="last"))) == {"2026-03-01": 5}


def test_the_highest_of_a_day_is_never_the_better_answer(read):
    """More walking and a better change are higher numbers; a count may be that of half a day."""
    text = (
        "date,axial_pain,temperature_c,walking,overall_change,steps\n"
        "2026-03-01,4,36.8,3,-2,900\n2026-03-01,6,38.4,1,3,5000\n2026-03-01,5,37.0,2,1,\n"
    )
    (day,) = read(text, Choices(same_day="highest")).archive.entries
    assert (day.axial_pain, day.temperature_c, day.steps) == (6, 38.4, 5000)
    assert (day.walking, day.overall_change) == (1, -2)
    (day,) = read(text, Choices(same_day="last")).archive.entries
    assert (day.axial_pain, day.temperature_c, day.walking) == (5, 37.0, 2)
    assert (day.overall_change, day.steps) == (1, 5000)


def test_a_title_stands_above_the_headings(asked, read):
    heads = ("Datum", "Rücken")
    for text in (
        "Schmerztagebuch\n\nDatum;Rücken\n01.03.2026;4,5\n",
        "Tagebuch, 2026\nDatum;Rücken\n01.03.2026;4,5\n",
        "Tabelle 1;\n;\nDatum;Rücken\n01.03.2026;4\n",
    ):
        assert asked(text) == (heads, 0), text
    assert asked("Datum;Schmerz;;Notiz\n;Rücken;Bein;\n01.03.2026;4;2;gut\n") == (
        ("Datum", "Schmerz Rücken", "Schmerz Bein", "Notiz"),
        0,
    )
    how = ColumnMap({"Datum": "date", "Rücken": "axial_pain"})
    text = "Schmerztagebuch\n\nDatum;Rücken\n01.03.2026;4\n\n02.03.2026;x\n"
    with pytest.raises(RecoveryError, match="row 6, column Rücken"):
        read(text, how=how)


def test_our_own_table_under_a_title_is_still_ours(read):
    assert pains(read("Tabelle 1\ndate;axial_pain\n01.03.26;4\n02.03.26;5\n")) == DAYS
    rows = [["My diary"], ["Date", "axial pain"], [date(2026, 3, 1), 4], [date(2026, 3, 2), 5]]
    assert pains(read(workbook(Sheet=rows))) == DAYS


def test_a_second_column_of_the_same_name_is_told_from_the_first(asked, read):
    text = "Date,Pain,Pain,\n2026-03-01,4,2,x\n"
    assert asked(text)[0] == ("Date", "Pain", "Pain (2)", "column 4")
    how = ColumnMap({"Date": "date", "Pain (2)": "axial_pain"})
    assert pains(read(text, how=how)) == {"2026-03-01": 2}


def test_the_days_are_found_by_what_is_in_the_column(asked):
    daylio = "full_date,date,weekday,mood,activities\n2026-03-01,March 1,Sunday,meh,walk\n"
    assert asked(daylio)[1] == 0
    assert asked("id,visit,nrs\n1,2026-03-01,4\n2,2026-03-02,5\n")[1] == 1
    # Two columns of days: which of them is meant nobody knows.
    assert asked("seen,written,nrs\n2026-03-01,2026-03-01,4\n")[1] is None


def test_no_row_of_answers_is_taken_for_headings(refused):
    assert "no row that says what its columns are" in refused("2026-03-01,4,2\n2026-03-02,5,2\n")
    assert "side by side" in refused("Symptom;01.03.2026;02.03.2026\nRücken;4;5\n")
    assert "no column of days" in refused("Monday,4,2\nTuesday,5,2\n")
    assert "no table" in refused("Subject: my diary\n\nDear doctor\n")


def test_ratings_of_every_symptom_never_become_one_pain(refused):
    text = (
        "date,date formatted,weekday,time of day,category,rating/amount,detail,notes\n"
        "2026-03-01,1st Mar 2026,Sunday,am,Mood,6,,ok\n"
    )
    how = ColumnMap({"date": "date", "rating/amount": "axial_pain"})
    assert "no pain scores" in refused(text, how=how)


# Workbooks.


def test_a_workbook_of_ours_may_begin_further_down(read, refused):
    rows = [["date", "axial_pain"], [date(2026, 3, 1), 4], [date(2026, 3, 2), 5]]
    assert pains(read(workbook(Sheet=[[], *rows]))) == DAYS
    beside = [[None, *row] for row in rows]
    assert pains(read(workbook(Sheet=[[], ["", ""], *beside]))) == DAYS
    assert "row 5, column axial_pain" in refused(
        workbook(Sheet=[[], [], *rows[:2], [date(2026, 3, 3), "x"]])
    )


def test_the_sheets_that_are_alike_are_read_and_the_others_are_named(read, refused):
    heads = ["date", "axial_pain"]
    march = [heads, [date(2026, 3, 1), 4], [date(2026, 3, 2), 5]]
    april = [heads, ["2026-04-01 20:15:00", 6]]
    found = read(
        workbook(Hidden=[["x", "y"], [1, 2]], Read_me=[["How to"]], March=march, April=april)
    )
    assert pains(found) == DAYS | {"2026-04-01": 6}
    assert list(map(str, found.left_out)) == ["sheet 'Read_me'"]
    assert "2026-03-01 is also in file.bin, March" in refused(workbook(March=march, Copy=march))


def test_rows_that_are_only_formatted_are_no_rows(read):
    book = openpyxl.Workbook()
    for row in (["date", "axial_pain"], [date(2026, 3, 1), 4]):
        book.active.append(row)
    book.active.cell(70_000, 1).number_format = "0.00"
    stream = io.BytesIO()
    book.save(stream)
    assert pains(read(stream.getvalue())) == {"2026-03-01": 4}


# Phones and watches.


def test_daily_counts_of_every_generation_are_known(read):
    old = "Date,Calories (kcal),Distance (m),Step count\n2026-03-01,1500,3200.4,4321\n"
    german = "Datum,Kalorien (kcal),Distanz (m),Schrittzahl\n2026-03-01,1500,3200.4,4321\n"
    for text in (old, german):
        assert steps(read(text)) == {"2026-03-01": ("Google Fit", 4321)}
        assert steps(read(text), PassiveKind.DISTANCE) == {"2026-03-01": ("Google Fit", 3200)}
    # What a person wrote down is not Google's.
    with pytest.raises(NeedsMapping):
        read("Date,Calories (kcal),Steps,Pain\n2026-03-01,1500,4321,4\n")
    fitbit = (
        "Activities\nDate,Calories Burned,Steps,Distance,Minutes Sedentary\n"
        '"2026-03-01","2,113","6,512","4.63","713"\n"2026-03-02","1,900","0","0","1440"\n\n'
        "Sleep\nStart Time,End Time,Minutes Asleep\n"
    )
    assert steps(read(fitbit)) == {"2026-03-01": ("Fitbit", 6512)}
    assert steps(read(",Steps,Goal\n2026-03-01,6512,7500\n2026-03-02,--,7500\n")) == {
        "2026-03-01": ("Garmin", 6512)
    }
    oura = (
        "id;day;equivalent_walking_distance;steps;timestamp\n"
        "a;2026-03-01;7000;6512;2026-03-01T04:00:00+01:00\n"
    )
    for text in (oura, json.dumps({"data": [{"day": "2026-03-01", "steps": 6512}]})):
        assert steps(read(text)) == {"2026-03-01": ("Oura", 6512)}
    night = [{"calendarDate": "2026-03-01", "deepSleepSeconds": 3600, "lightSleepSeconds": 18000,
              "remSleepSeconds": 5400, "awakeSleepSeconds": 900}]  # fmt: skip
    watch = zipped(**{"DI_CONNECT/2026_sleepData.json": json.dumps(night)})
    assert steps(read(watch), PassiveKind.SLEEP) == {"2026-03-01": ("Garmin", 450)}
    withings = zipped(**{"aggregates_distance.csv": "date,value\n2026-03-01,4800\n"})
    assert steps(read(withings), PassiveKind.DISTANCE) == {"2026-03-01": ("Withings", 4800)}


def test_steps_by_the_hour_are_not_taken_for_those_of_the_day(read, refused):
    """The largest of several rows is a day's count only where each row is of another device."""
    text = "Datum;Schritte\n01.03.2026 08:00;321\n01.03.2026 09:00;1000\n02.03.2026;700\n"
    assert refused(text) == "file.bin, row 3: Another answer for this day is on row 2."
    for how, total in (("sum", 1321), ("highest", 1000), ("last", 1000)):
        found = read(text, Choices(same_day=how))
        assert {day: value for day, (_, value) in steps(found).items()} == {
            "2026-03-01": total,
            "2026-03-02": 700,
        }, how
    twice = "Datum;Schritte\n01.03.2026;321\n01.03.2026;321\n02.03.2026;150000\n02.03.2026;150000\n"
    assert steps(read(twice, Choices(same_day="sum"))) == {"2026-03-01": ("Step counter", 642)}
    twice = "Datum;Schritte\n01.03.2026;321\n01.03.2026;321\n"
    assert steps(read(twice)) == {"2026-03-01": ("Step counter", 321)}
    # A diary says the same of its steps: who says that rows are added means equal ones too.
    diary = "date,steps\n2026-03-01,321\n2026-03-01,321\n"
    for how, total in ((None, 321), ("highest", 321), ("last", 321), ("sum", 642)):
        (entry,) = read(diary, Choices(same_day=how)).archive.entries
        assert entry.steps == total, how
        assert [total for _, total in steps(read(twice, Choices(same_day=how))).values()] == [total]


def test_what_does_not_say_what_it_counts_is_no_steps(refused, read):
    calories = json.dumps([{"dateTime": "03/01/26 08:00:00", "value": "1.05"}] * 3)
    assert "does not say what it counts" in refused(calories)
    walks = (
        "Activity Type,Date,Favorite,Title,Steps\nWalking,2026-03-01 09:00:00,false,Berlin,3100\n"
    )
    assert "Its steps are not those of a day" in refused(walks)


# FHIR.


def observation(day="2026-03-01", **value):
    return {
        "resourceType": "Observation", "status": "final", "effectiveDateTime": day,
        "code": {"coding": [{"system": "http://loinc.org", "code": "72514-3"}]},
        "bodySite": {"text": "Back"}, **value,
    }  # fmt: skip


def test_a_pain_in_another_unit_is_no_pain_from_0_to_10(read):
    found = read(
        json.dumps(
            [
                observation(valueQuantity={"value": 4, "unit": "{score}"}),
                observation("2026-03-02", valueQuantity={"value": 5, "unit": "mm", "code": "mm"}),
                observation("2026-03-03", valueQuantity={"value": 40}),
            ]
        )
    )
    assert pains(found) == {"2026-03-01": 4}
    assert list(map(str, found.left_out)) == ["pain on another scale 2"]


def test_of_several_pains_of_a_day_the_worst_stands_in_any_order(read):
    day = [
        observation("2026-03-01T08:00:00+01:00", valueInteger=3),
        observation("2026-03-01T20:00:00+01:00", valueInteger=7),
    ]
    for listed in (day, day[::-1]):
        found = read("\n".join(json.dumps(one) for one in listed))
        assert pains(found) == {"2026-03-01": 7}
        assert list(map(str, found.left_out)) == ["lower pain of the same day 1"]


def test_what_is_no_table_at_all_is_named_for_what_it_is(refused):
    for content, says in (
        (b"\0\0\0\x18ftypheic\0\0\0\0", "is a photo"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "is a film or a sound"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "is a photo"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "is a list of contacts"),
        (b"BEGIN:VCALENDAR\nVERSION:2.0\n", "is a calendar"),
        (b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>', "is FHIR as XML"),
        (zipped(**{"Index/Document.iwa": "x"}), "is a document of Numbers"),
    ):
        assert says in refused(content), says
