"""Cells that look like an answer and mean another one: asked about or refused, never guessed.

Days written in many countries, units in cells and headings, shares, formulas without a result,
rows of several people in one table.
"""

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.exchange.choices import Choices
from recovery_tracker.exchange.diary_csv import read_diary
from recovery_tracker.exchange.incoming import read_file
from recovery_tracker.exchange.mapping import ColumnMap

DAYS = ColumnMap({"Tag": "date", "Schmerz": "axial_pain"})
FIRST, SECOND = "2026-02-02", "2026-02-03"


@pytest.fixture
def read(tmp_path):
    def reading(content, how=DAYS, zone="Europe/Berlin"):
        path = tmp_path / "file.bin"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found = read_file(path, zone=zone, how=how).archive.entries
        return {str(entry.day): entry for entry in found}

    return reading


@pytest.fixture
def refused(read):
    def refusing(content, how=DAYS):
        with pytest.raises(RecoveryError) as error:
            read(content, how)
        return str(error.value)

    return refusing


def table(days):
    return "Tag;Schmerz\n" + "".join(f'"{day}";{at}\n' for at, day in enumerate(days, 1))


def one(measure, cell, head="Wert", **choices):
    how = ColumnMap({"Tag": "date", head: measure}, Choices(**choices))
    return f'Tag;"{head}"\n{FIRST};"{cell}"\n', how


def workbook(*rows, formats=(), change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, shown in formats:
        book.active[place].number_format = shown
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# Days.


def test_a_day_is_read_as_it_is_written_in_many_countries(read):
    """2 and 3 February 2026 were a Monday and a Tuesday."""
    for days in (
        ("Mo 02.02.2026", "Di 03.02.2026"),
        ("lun. 2 févr. 2026", "mardi 3 février 2026"),
        ("lun. 02/02/2026", "mar. 03/02/2026"),  # The weekday says which is the month.
        ("lunes, 2 de febrero de 2026", "martes 3-feb-2026"),
        ("2 de fevereiro de 2026", "terça-feira, 3 fev. 2026"),
        ("lunedì 2 febbraio 2026", "mar 3 feb 2026"),
        ("maandag 2 februari 2026", "di 3 februari 2026"),
        ("2026/2/2(一)", "2026/2/3（二）"),
        ("中華民國115年2月2日", "民國115年2月3日 星期二"),
        ("2026/2/2 下午 08:30", "2026/2/3 上午 08:30:00"),
        ("令和8年2月2日(月)", "R8.2.3"),
        ("2026年2月2日(月)", "2026年02月03日 火曜日 20:15"),
        ("2026년 2월 2일 (월)", "2026. 2. 3."),
        ("2026/2/2周一", "2026年2月3日星期二"),
        ("民國115/02/02", "中華民國 115.2.3"),
        ("20260202", "20260203"),
        ("2026-Feb-02", "2026 February 3"),
        ("02/feb/2026", "3.º de febrero de 2026"),
        ("2nd of February 2026", "Dienstag, den 3. Feber 2026"),
        ("02.02.2026 20:15 Uhr", "03.02.2026 20h15"),
        # As a form of Google tells when it was answered, and Castor and Kobo too.
        ("2026/02/02 11:15:02 PM GMT-7", "2026/02/03 12:10:00 AM GMT+5:30"),
        ("2026/02/02 11:15:02 PM MEZ", "2026/02/03 7:15:02 AM OEZ"),
        ("Feb 2, 2026 23:15 CET", "2026-02-03 23:15 +0100"),
        ("\u200f2026-02-02", "\u200e3.2.2026\u200e"),
        ("٢٠٢٦-٠٢-٠٢", "２０２６－０２－０３"),
    ):
        found = read(table(days))
        assert {day: entry.axial_pain for day, entry in found.items()} == {FIRST: 1, SECOND: 2}, (
            days
        )


def test_a_day_beside_another_weekday_is_asked_about(refused):
    for day in (
        "Fr 02.02.2026",
        "2026-02-02 (Tue)",
        "2026/2/2(五)",
        "viernes 2 de febrero de 2026",
        "2026/2/2周五",
    ):
        assert "row 2, column Tag: This day is not on that weekday" in refused(table([day])), day
    # Sunday in French and Tuesday in German: either will do.
    for day in ("Di 03.02.2026", "di. 01/02/2026"):
        assert "weekday" not in refused(table([day, "nie"]))


def test_no_other_month_and_no_time_of_several_days_is_read_for_one(refused):
    for day in (
        "2 marraskuuta 2026",
        "2. listopada 2026",
        "02.02.-08.02.2026",
        "2026-02-02 bis 2026-02-08",
        "ab 02.02.2026",
        "令和300年2月2日",
        "元年2月2日",
        "20261302",
        "2026-033",
    ):
        assert "row 2, column Tag" in refused(table([day, FIRST, SECOND])), day


def test_days_that_a_spreadsheet_may_have_swapped_are_refused(read, refused):
    """The American 3/2/2026 and 2/13/2026 in a German spreadsheet: the first becomes 3 February."""
    for days in (("2026-02-03", "2/13/2026"), ("03.02.2026", "2/13/2026", "2/14/2026")):
        assert "Day and month may be swapped" in refused(table(days)), days
    mixed = refused(table(("03.02.2026", "15.02.2026", "2/13/2026")))
    assert "row 2, column Tag: This has the month where other rows have the day" in mixed
    assert len(read(table(("2026-02-20", "2/13/2026", "2/14/2026")))) == 3
    assert len(read(table(("03.02.2026", "13/02/2026", "14/02/2026", "15.02.2026")))) == 4


def test_an_instant_in_utc_is_the_day_where_the_person_is(read, tmp_path):
    days = ("2026-02-01T23:00:00.000Z", "2026-02-03 12:00:00+00:00")
    assert set(read(table(days))) == {FIRST, SECOND}
    assert set(read(table(days), zone="America/New_York")) == {"2026-02-01", SECOND}
    for day in (
        "01.02.2026 23:30 UTC",
        "Feb 1, 2026 11:30 PM UTC",
        "Sun, 01 Feb 2026 23:30:00 GMT",
        "2026.02.01 23:30 UTC",
        "2026-02-01 23:30 UTC+0",
        "2026/02/01 11:30:00 PM GMT",
        "2026-2-1 23:30 +00",
    ):
        assert set(read(table([day]), zone="Asia/Taipei")) == {FIRST}, day
    american = table(["2/1/2026 23:30 UTC", "2/20/2026 1:00 UTC"])
    assert set(read(american, zone="Asia/Taipei")) == {FIRST, "2026-02-20"}
    # All midnight are days that a program wrote with a time, and another offset is where one was.
    midnight = ("2026-02-02T00:00:00Z", "2026-02-03T00:00:00Z")
    for zone in ("America/New_York", "Asia/Taipei"):
        assert set(read(table(midnight), zone=zone)) == {FIRST, SECOND}
    assert set(read(table(["2026-02-02T23:30:00-05:00"]))) == {FIRST}
    own = tmp_path / "own.csv"
    own.write_text(f"date,axial_pain\n{days[0]},4\n")
    with pytest.raises(RecoveryError, match=r"own.csv, column date: This is a time in UTC"):
        read_diary(own)


# Cells.


def test_digits_of_any_script_are_digits_and_nothing_else_is(read, refused):
    for cell, pain in (("７", 7), ("٤", 4), ("10\u202c", 10), ("７／１０", 7), ("４．５", 5)):
        assert read(*one("axial_pain", cell))[FIRST].axial_pain == pain, cell
    assert read(*one("overall_change", "−2"))[FIRST].overall_change == -2
    assert read(*one("temperature_c", "36,8 ℃"))[FIRST].temperature_c == 36.8
    for cell in ("4²", "④", "Ⅳ", "½", "\u202e01", "😀", "4️⃣"):
        assert "row 2, column Wert" in refused(*one("axial_pain", cell)), cell


def test_a_unit_in_a_cell_is_believed(read, refused):
    for cell in ("38 °F", "38 F", "38 ℉"):
        assert "Fahrenheit" in refused(*one("temperature_c", cell))
    assert "It says °C" in refused(*one("temperature_c", "38 °C", fahrenheit=True))
    for cell in ("4 mm", "43 mm", "4/100", "4 %"):
        assert "0-100 scale" in refused(*one("axial_pain", cell)), cell
    for cell in ("43 mm", "43/100", "43 %", "43", "4/10"):
        assert read(*one("axial_pain", cell, hundred=True))[FIRST].axial_pain == 4, cell


def test_a_row_with_more_cells_than_headings_is_not_read_one_column_off(read, refused):
    """A comma in a number, without quotes, ends the cell."""
    of = {"Date": "date", "Pain": "axial_pain", "Steps": "steps", "Temp": "temperature_c"}

    def mapped(*heads):
        return ColumnMap({head: of[head] for head in heads})

    for heads, row in (
        ("Date,Pain,Steps", f"{FIRST},4,6,512"),
        ("Date,Pain,Temp", f"{FIRST},4,38,9"),
        ("Date,Temp,Pain", f"{SECOND},36.8,3\n{FIRST},38,9,4"),
        # The last column was empty, and what stands beyond the headings is too.
        ("Date,Pain,Steps,Note", f"{FIRST},4,6,512,"),
        ("Date,Temp,Pain,Note", f"{SECOND},36.8,3,\n{FIRST},38,9,4,"),
        ("Date,Pain,Temp,", f"{FIRST},4,38,9"),
    ):
        many, few = row.split("\n")[-1].count(",") + 1, heads.strip(",").count(",") + 1
        used = [head for head in heads.split(",") if head in of]
        at = row.count("\n") + 2
        for order in (used, used[::-1]):
            said = refused(f"{heads}\n{row}\n", mapped(*order))
            assert f"row {at}: Cells in this row: {many}. Headings: {few}." in said, row
    words = f"Date;Pain;Note\n{FIRST};4;well; but tired\n"
    assert "Cells in this row: 4. Headings: 3." in refused(words, mapped("Date", "Pain"))
    assert read(f"Date,Pain,\n{FIRST},4,bad day\n", mapped("Date", "Pain"))[FIRST].axial_pain == 4
    # Separators at the end of each row hold nothing, and a cell of a workbook is never cut.
    assert read(f"Date,Pain\n{FIRST},4,,\n", mapped("Date", "Pain"))[FIRST].axial_pain == 4
    beside = workbook(["Date", "Pain"], [FIRST, 4, "bad day"])
    assert read(beside, mapped("Date", "Pain"))[FIRST].axial_pain == 4


def test_a_temperature_that_a_decimal_comma_cut_in_two_is_not_read(read, refused):
    """38,5 without quotes is 38 and a note "5": a fever that is half a degree lower."""
    head = "date,axial_pain,temperature_c,note\n"
    said = refused(f"{head}{FIRST},4,38,5\n{SECOND},4,,\n", ColumnMap())
    assert "row 2, column temperature_c: Every temperature is whole degrees with one digit" in said
    for row in (f"{FIRST},4,38.0,5\n{SECOND},4,38,5\n", f"{FIRST},4,38,\n{SECOND},4,38,5\n"):
        assert read(head + row, ColumnMap())[FIRST].temperature_c == 38
    semicolons = f"{head}{FIRST},4,38,5\n".replace(",", ";")
    assert read(semicolons, ColumnMap())[FIRST].temperature_c == 38
    # A row that has lost its end has room for one cell more.
    short = f"Date,Temp,Pain,Sleep\n{FIRST},38,4%s\n"
    how = {"Date": "date", "Temp": "temperature_c", "Pain": "axial_pain"}
    for order in (how, dict(reversed(how.items()))):
        said = refused(short % "", ColumnMap(order))
        assert "row 2, column Temp: Every temperature is whole degrees with one digit" in said
        assert read(short % ",2", ColumnMap(order))[FIRST].temperature_c == 38
    fever = f"date,temperature_f,axial_pain,note\n{FIRST},100,4,\n"
    assert "row 2, column temperature_f: Every temperature is whole" in refused(fever, ColumnMap())


def test_whole_degrees_that_no_comma_can_have_cut_are_read(read):
    own = f"date,temperature_c,axial_pain\n{FIRST},37,4\n"
    assert read(own, ColumnMap())[FIRST].temperature_c == 37
    of = {"Date": "date", "Temp": "temperature_c", "Pain": "axial_pain"}
    for text in (
        f"Date,Temp,Comment,Pain\n{FIRST},37,fine,4\n",
        f"Date,Temp,Comment,Pain\n{FIRST},37,,4\n",
        f"Date,Pain,Temp\n{FIRST},4,37\n",
        f"Date,Temp,Pain\n{FIRST},37,4\n",
    ):
        for order in (of, dict(reversed(of.items()))):
            day = read(text, ColumnMap(order))[FIRST]
            assert (day.temperature_c, day.axial_pain) == (37, 4), text


# Headings.


def test_a_heading_that_names_another_scale_or_unit_is_believed(read, refused):
    for measure, head in (
        ("axial_pain", "VAS (mm)"),
        ("axial_pain", "Schmerz %"),
        ("limb_pain", "Pain 0-100"),
        ("axial_pain", "Schmerz (0–5)"),
        ("axial_pain", "Pain /5"),
        ("axial_pain", "Pain per day 0-5"),
        ("axial_pain", "Pain per day 1-5"),
        ("axial_pain", "Pain per day 1-100"),
        ("numbness", "Numbness (0-10)"),
        ("sleep", "Sleep (h)"),
        ("sleep", "Schlaf in Std."),
        ("sleep", "Hours slept"),
        ("walking", "Gehen (min)"),
        ("walking_minutes", "Gehen (h)"),
        ("steps", "Schritte (Tsd.)"),
        ("steps", "Distance [km]"),
        ("opioid_doses", "Oxycodon (mg)"),
        ("temperature_c", "Temp °F"),
        ("axial_pain", "Faces 0-1-2-3-4-5"),
        ("axial_pain", "Back pain (10 = no pain)"),
        ("axial_pain", "Pain 10 (no pain) - 0 (worst)"),
        ("axial_pain", "Pain: none=10, worst=0"),
        ("limb_pain", "Schmerz, 0 = unerträglich"),
        ("numbness", "Taubheit 4 = keine"),
        ("sleep", "Dormir (4: mejor)"),
        ("axial_pain", "疼痛 10=不痛"),
        ("axial_pain", "疼痛 10分=無痛"),
        ("axial_pain", "背痛（10=不痛，0=最痛）"),
        ("axial_pain", "Pain 0-10 (0 = the worst)"),
        ("axial_pain", "no pain (10) - worst pain (0)"),
        ("axial_pain", "worst pain 0, no pain 10"),
        ("axial_pain", "0 – worst, 10 – best"),
        ("axial_pain", "Pain, 0 is the worst"),
        ("axial_pain", "Pain (0 = maximum pain)"),
        ("axial_pain", "10 = no back pain"),
        ("axial_pain", "10 = painless"),
        ("axial_pain", "10 = ausencia de dolor"),
        ("axial_pain", "0 unbearable, 10 none"),
        # "no" ends another word here, and a word or a sign may touch its number.
        ("axial_pain", "Dolor (peor 0, ninguno 10)"),
        ("axial_pain", "ninguno 10, insoportable 0"),
        ("axial_pain", "疼痛10=不痛，0=最痛"),
        ("axial_pain", "背痛0最痛10不痛"),
        ("axial_pain", "worst0 best10"),
        ("axial_pain", "How bad was it (10 = none, 0 = worst)?"),
        ("axial_pain", "How bad was it (10 = none)?"),
        # Well-being ends the other way, in whatever words.
        ("axial_pain", "How did you feel (10 = great)"),
        ("axial_pain", "Bienestar 0-10 (10 = muy bien)"),
        ("axial_pain", "Befinden (0 = schlecht, 10 = gut)"),
        ("axial_pain", "狀況 10=很好"),
        ("sleep", "Sleep quality (4 = very good)"),
        # So does what is good by its name alone.
        ("sleep", "Sleep quality"),
        ("sleep", "Schlafqualität 0-4"),
        ("sleep", "Calidad del sueño"),
        ("sleep", "睡眠品質"),
        ("axial_pain", "Pain relief (0-10)"),
        ("axial_pain", "Wohlbefinden"),
        ("walking_minutes", "步行小時"),
        ("walking_minutes", "走路（小時）"),
        ("steps", "Distance km"),
        ("steps", "Distance (mi)"),
        ("steps", "Strecke"),
        ("steps", "距離"),
    ):
        assert f"column {head}: The heading says" in refused(*one(measure, "3", head)), head
    for measure, head in (
        ("axial_pain", "NRS 0-10"),
        ("axial_pain", "Pain 1–10 (last 24 h)"),
        ("axial_pain", "Pain /10"),
        ("numbness", "Taubheit 0-4"),
        ("walking_minutes", "Gehen (min)"),
        ("steps", "Steps (count)"),
        ("steps", "Mi contador"),
        ("axial_pain", "Schmerz 2026"),
        ("axial_pain", "Schmerz L4/5"),
        ("axial_pain", "Pain L1-5 (max)"),
        ("axial_pain", "Pain (min)"),
        ("axial_pain", "Pain without pain relief"),
        ("sleep", "Sleep quality (0 = very good)"),
        ("axial_pain", "Pain day 1-5"),
        ("axial_pain", "Pain week 1 to 4"),
        ("axial_pain", "Schmerz Tag 1–5"),
        ("axial_pain", "Dolor semana 1 a 4"),
        ("axial_pain", "Pain, 1-4 weeks"),
        ("axial_pain", "疼痛 第1-5天"),
        ("axial_pain", "Pain day 1-5 (0-10)"),
        ("axial_pain", "Faces (0-2-4-6-8-10)"),
        ("axial_pain", "Back pain, 0 (none) to 10 (worst)"),
        ("axial_pain", "Pain? [0 = none, 10 = worst]"),
        ("axial_pain", "none=0 worst=10"),
        ("axial_pain", "no pain 0 - 10 worst"),
        ("axial_pain", "Pain 0-10 (worst of day)"),
        ("axial_pain", "Pain 0-10 (best of day)"),
        ("axial_pain", "Pain (1 = none, 10 = unbearable)"),
        ("numbness", "Taubheit 0 = keine, 4 = schlimmste"),
        ("walking", "Gehen 0 = keine"),
        ("axial_pain", "Day 1 worst pain"),
        ("axial_pain", "Day 1: worst pain"),
        ("axial_pain", "Visit 1 severe back pain"),
        ("axial_pain", "Q1: worst back pain"),
        ("axial_pain", "Pain at worst: 0-10"),
        ("axial_pain", "worst: 0-10"),
        ("axial_pain", "Pain in week 12: no pain to worst"),
        ("axial_pain", "worst pain 10, no pain 0"),
        ("axial_pain", "NRS 0-10 (0 = no pain, 10 = worst pain)"),
        ("axial_pain", "0 none 10 worst"),
        ("axial_pain", "Pain 24 h, worst"),
        ("axial_pain", "Dolor (peor 10, ninguno 0)"),
        ("axial_pain", "疼痛0=不痛，10=最痛"),
        ("axial_pain", "worst10 best0"),
        ("axial_pain", "Q1 worst, L5 best"),
        ("axial_pain", "Pain (10 = bad)"),
        ("axial_pain", "How bad was it (0 = none, 10 = worst)?"),
        ("axial_pain", "Mal de dos (0 = rien)"),
        ("axial_pain", "Dolor (0 = bien, 10 = mal)"),
        ("axial_pain", "Pain, a good day is 1"),
        ("axial_pain", "Pain after 1 km"),
        ("steps", "Steps (all day, any distance)"),
        ("walking_minutes", "步行時間（分）"),
        ("walking_minutes", "Minutos caminados"),
        ("axial_pain", "Pain 10 (no painkillers)"),
        ("axial_pain", "第1題最痛"),
    ):
        assert read(*one(measure, "3", head)), head
    assert read(*one("axial_pain", "43", "VAS (mm)", hundred=True))[FIRST].axial_pain == 4
    assert "the scale ends at 5" in refused(*one("axial_pain", "3", "Pain day 1-5 (0-5)"))
    # A share of the day is no score, whatever it is divided by.
    for more in ({}, {"hundred": True}):
        said = refused(*one("axial_pain", "5", "Pain % of day", **more))
        assert "The heading says a share of the time" in said


def test_headings_of_two_rows_are_one_and_those_of_qualtrics_are_what_was_asked(read):
    """As SurveyMonkey writes a question above its parts, and Qualtrics one below a short name."""
    monkey = (
        "Start Date,How bad was it?,,How far?\n,Back pain,Leg pain,Response\n"
        "02/13/2026 07:02:11 PM,4,2,far\n02/14/2026 07:02:11 PM,5,2,\n"
    )
    found = read(
        monkey,
        ColumnMap(
            {
                "Start Date": "date",
                "How bad was it? Back pain": "axial_pain",
                "How bad was it? Leg pain": "limb_pain",
            }
        ),
    )
    assert [(one.axial_pain, one.limb_pain) for one in found.values()] == [(4, 2), (5, 2)]
    qualtrics = (
        "RecordedDate,Q1,Q2\nRecorded Date,Back pain today? (0-10),Note\n"
        '"{""ImportId"":""recordedDate""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
        "2026-02-13 19:02:11,4,ok\n2026-02-14 19:02:11,5,\n"
    )
    asked = {"Recorded Date": "date", "Back pain today? (0-10)": "axial_pain"}
    found = read(qualtrics, ColumnMap(asked))
    assert [one.axial_pain for one in found.values()] == [4, 5]
    # A row with an answer and no day is an answer, in words too, and is told of.
    with pytest.raises(RecoveryError, match="row 2, column Pain: This must be a whole number"):
        read(
            "When,Pain,Notes\n,severe,cannot walk\n02/13/2026,5,\n",
            ColumnMap({"When": "date", "Pain": "axial_pain", "Notes": "note"}),
        )
    with pytest.raises(RecoveryError, match="row 2, column Start Date: The day is missing here"):
        read(
            "Start Date,Pain\n,4\n02/13/2026,5\n",
            ColumnMap({"Start Date": "date", "Pain": "axial_pain"}),
        )


def test_what_a_heading_says_is_said_once(refused):
    said = refused(*one("temperature_c", "98", "Temp °F"))
    assert said.endswith("The heading says Fahrenheit.")
    said = refused(*one("axial_pain", "43", "VAS (mm)"))
    assert said.endswith("The heading says a 0-100 scale.")


def test_rows_of_several_people_or_symptoms_are_not_one_diary(read, refused):
    for head, of in (("Name", "people"), ("Patient", "people"), ("Symptom", "things")):
        text = f"{head};Tag;Schmerz\nA;{FIRST};4\n%s;{SECOND};9\n"
        said = refused(text % "B")
        assert f"column {head}: The rows are of several {of}" in said
        assert said.endswith("take this column out, or call it a note.")
        assert len(read(text % "a")) == 2
    noted = ColumnMap({**DAYS.columns, "Location": "note"})
    found = read(f"Location;Tag;Schmerz\nhome;{FIRST};4\nwork;{SECOND};9\n", noted)
    assert [entry.note for entry in found.values()] == ["home", "work"]
    # A number for each row tells nobody apart, unless it is the record of a person.
    numbered = f"Record ID;Tag;Schmerz;%s\n1;{FIRST};4;x\n2;{SECOND};9;x\n"
    assert len(read(numbered % "Ort")) == 2
    assert "column Record ID: The rows are of several people" in refused(numbered % "Complete?")


def test_headings_again_and_sums_below_are_no_days(read):
    again = f"Tag;Schmerz\n{FIRST};4\nTag;Schmerz\n{SECOND};5\n"
    for words in ("Ø", "Avg. pain", "Total général", "Średnia", "小計", "MW:"):
        assert set(read(f"{again}{words};4,5\n")) == {FIRST, SECOND}, words
    own = f"date,axial_pain\n{FIRST},4\ndate,axial_pain\n{SECOND},5\n"
    assert set(read(own, ColumnMap())) == {FIRST, SECOND}


# Workbooks.


def test_a_share_in_a_workbook_is_read_as_it_is_seen(refused):
    for value, shown in ((0.7, "0%"), (1, "0 %"), (0.075, "0.0%")):
        rows = workbook(["Tag", "Schmerz"], [FIRST, value], formats=[("B2", shown)])
        assert "row 2, column Schmerz" in (said := refused(rows))
        assert "0-100 scale" in said


def test_a_percent_sign_that_only_stands_beside_a_number_changes_no_number(read, refused):
    for shown in ('0"%"', "0\\%"):
        rows = workbook(["Tag", "Schmerz"], [FIRST, 40], formats=[("B2", shown)])
        assert "0-100 scale" in refused(rows), shown
        assert read(rows, ColumnMap(DAYS.columns, Choices(hundred=True)))[FIRST].axial_pain == 4


def test_a_fraction_in_a_workbook_is_read_as_it_is_seen(read, refused):
    """4/10 is stored as 0.4, which is no pain at all when it is rounded."""
    for value, shown, pain in ((0.4, "?/10", 4), (0.7, "# ??/10", 7), (4, "# ?/?", 4)):
        rows = workbook(["Tag", "Schmerz"], [FIRST, value], formats=[("B2", shown)])
        assert read(rows)[FIRST].axial_pain == pain, shown
    for value, shown in ((0.4, "# ?/?"), (0.5, "# ??/??"), (1.5, "# ?/2")):
        rows = workbook(["Tag", "Schmerz"], [FIRST, value], formats=[("B2", shown)])
        assert "row 2, column Schmerz: This must be a whole number" in refused(rows), shown


def test_a_workbook_without_a_sheet_that_can_be_read_is_not_called_empty(refused):
    """The strict kind of xlsx names its parts by other addresses."""
    strict = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["Tag", "Schmerz"], [FIRST, 4]))) as old,
        zipfile.ZipFile(strict, "w") as new,
    ):
        for name in old.namelist():
            said = old.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            new.writestr(name, said)
    assert "of the kind “Strict Open XML”" in refused(strict.getvalue())


def test_a_number_in_a_workbook_has_decimals_and_no_thousands(read, refused):
    how = ColumnMap({"Tag": "date", "Schritte": "steps"})
    assert "row 2" in refused(workbook(["Tag", "Schritte"], [FIRST, 6.512]), how)
    assert read(workbook(["Tag", "Schritte"], [FIRST, "6.512"]), how)[FIRST].steps == 6512
    how = ColumnMap({"Tag": "date", "T": "temperature_c"})
    assert read(workbook(["Tag", "T"], [FIRST, 36.825]), how)[FIRST].temperature_c == 36.825


def test_a_formula_without_its_result_is_not_an_empty_cell(read, refused):
    said = refused(workbook(["Tag", "Schmerz"], [FIRST, "=2+2"], [SECOND, 5]))
    assert "row 2, column Schmerz" in said
    assert "a formula without its result" in said
    said = refused(workbook(["Tag", "Schmerz"], [FIRST, 4], ["=A2+1", 5], [SECOND, 6]))
    assert "row 3, column Tag" in said
    # One beside the answers does no harm.
    beside = workbook(["Tag", "Schmerz", "Mittel"], [FIRST, 4, "=AVERAGE(B2:B3)"], [SECOND, 5])
    assert len(read(beside)) == 2


def test_the_first_day_of_a_workbook_does_not_matter(read):
    def old_mac(book):
        book.epoch = CALENDAR_MAC_1904

    rows = (["Tag", "Schmerz"], [date(2026, 2, 2), 4])
    for change in (None, old_mac):
        assert set(read(workbook(*rows, change=change))) == {FIRST}


def test_a_sheet_is_read_to_its_end_whatever_size_it_says_it_has(read):
    whole = workbook(["Tag", "Schmerz"], [FIRST, 4], [SECOND, 5])
    for size in (b"A1", b"A1:B2", b"A1:A3", b"B2:B2"):
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                said = re.sub(
                    rb'<dimension ref="[^"]*"', b'<dimension ref="' + size + b'"', old.read(name)
                )
                new.writestr(name, said)
        assert {day: e.axial_pain for day, e in read(stream.getvalue()).items()} == {
            FIRST: 4,
            SECOND: 5,
        }, size
