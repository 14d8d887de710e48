"""A diary that another program saved is read as it was meant, or refused with every place named."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.exchange.choices import Choices
from recovery_tracker.exchange.cohort_csv import cohort_from
from recovery_tracker.exchange.diary_csv import ANYTHING, Limits, diary_from
from recovery_tracker.exchange.patients_csv import CohortPatient
from recovery_tracker.exchange.problems import MOST_LINES, FileRefused

FIRST = date(2026, 3, 1)


def read(text, choices=None, limits=ANYTHING):
    content = text if isinstance(text, bytes) else text.encode()
    return diary_from(BytesIO(content), "D.csv", limits, choices or Choices())


def refusals(text, choices=None, limits=ANYTHING):
    with pytest.raises(FileRefused) as caught:
        read(text, choices, limits)
    return [str(problem) for problem in caught.value.problems]


#: (what it is, the file, the first day as it must be read)
TAKEN = (
    ("German", "date;axial_pain;temperature_c\r\n01.03.2026;4;36,8\r\n", (4, 36.8)),
    ("a point in a German file", "date;axial_pain;temperature_c\n1.3.2026;4;36.8\n", (4, 36.8)),
    ("tabs", "date\taxial_pain\n2026-03-01\t4\n", (4, None)),
    ("bars", "date|axial_pain\n2026-03-01|4\n", (4, None)),
    ("sep=", "sep=;\ndate;axial_pain\n2026-03-01;4\n", (4, None)),
    ("sep= in quotes", '\ufeff"sep=,"\r\ndate,axial_pain\r\n2026-03-01,4\r\n', (4, None)),
    ("capitals", "Date,AXIAL_PAIN\n2026-03-01,4\n", (4, None)),
    ("blanks", " date , axial pain \n 2026-03-01 , 4 \n", (4, None)),
    ("hyphens", "date,Axial-Pain\n2026-03-01,4\n", (4, None)),
    ("US", "date,axial_pain\n3/1/2026,4\n3/27/2026,5\n", (4, None)),
    ("UK", "date,axial_pain\n01/03/2026,4\n27/03/2026,5\n", (4, None)),
    ("time beside", "date,axial_pain\n2026-03-01 00:00:00,4\n", (4, None)),
    ("evening beside", "date,axial_pain\n2026-03-01T23:30:00-05:00,4\n", (4, None)),
    ("time in a German file", "date;axial_pain\n01.03.2026 00:00;4\n", (4, None)),
    ("slashes, year first", "date,axial_pain\n2026/3/1,4\n", (4, None)),
    ("a month by name", 'date,axial_pain\n1 March 2026,4\n"Mar 2, 2026",5\n', (4, None)),
    ("Chinese", "date,axial_pain\n2026年3月1日,4\n", (4, None)),
    ("the year as in Taiwan", "date,axial_pain\n115/03/01,4\n", (4, None)),
    ("the same number twice", "date,axial_pain\n1/1/2026,2\n", (2, None)),
    ("empty columns at the end", "date,axial_pain,,\n2026-03-01,4,,\n", (4, None)),
    ("UTF-16 as a spreadsheet saves it", "date\taxial_pain\r\n2026-03-01\t4\r\n".encode("utf-16"),
     (4, None)),
    ("rows in one cell each", '"date,axial_pain"\n"2026-03-01,4"\n2026-03-02,5\n', (4, None)),
    ("blank rows below", "date,axial_pain\n2026-03-01,4\n,\n , \n", (4, None)),
    ("a half", "date,axial_pain\n2026-03-01,3.5\n", (4, None)),
    ("a half in German", "date;axial_pain\n2026-03-01;3,5\n", (4, None)),
)  # fmt: skip


def test_what_can_be_meant_one_way_only_is_taken() -> None:
    for what, text, (pain, temperature) in TAKEN:
        entry = read(text).entries[0]
        assert entry.axial_pain == pain, what
        assert entry.temperature_c == temperature, what
        assert entry.day in (FIRST, date(2026, 1, 1)), what


def test_the_order_of_days_is_asked_where_no_row_decides() -> None:
    text = "date,axial_pain\n3/1/2026,4\n3/2/2026,5\n"
    (line,) = refusals(text)
    assert line.startswith("D.csv, row 2, column date: This can mean two days")
    assert line.endswith("no other row shows which.")
    assert [e.day for e in read(text, Choices(dates="mdy")).entries] == [FIRST, date(2026, 3, 2)]
    assert read(text, Choices(dates="dmy")).entries[0].day == date(2026, 1, 3)
    short = "date,axial_pain\n26/03/01,4\n"
    assert read(short, Choices(dates="ymd")).entries[0].day == FIRST
    mixed = refusals("date,axial_pain\n27/03/2026,4\n3/28/2026,5\n2/2/2026,5\n")
    assert [line.split(": ")[0] for line in mixed] == ["D.csv, row 3, column date"]


def test_the_order_of_a_whole_cohort_is_decided_the_same_way() -> None:
    patients = [CohortPatient("a", Operation(date(2026, 2, 1), Region.LUMBAR))]

    def days(rows):
        stream = BytesIO(f"Patient ID;Date;Axial Pain;temperature_f\n{rows}".encode())
        return cohort_from(stream, "D.csv", patients)

    found = days("a;3/1/2026;4,5;100,4\na;3/27/2026;NA;\n")
    assert found.day.tolist() == [28, 54]
    assert found.numbers["axial_pain"].tolist()[0] == 5
    assert found.numbers["temperature_c"].tolist()[0] == 38.0
    with pytest.raises(RecoveryError, match="row 2, column date: This can mean two days"):
        days("a;3/1/2026;4;\n")


def test_numbers_of_steps_with_thousands() -> None:
    texts = ('"6,500"', "6 500", "6\u202f500", "6'500", "6500.0")
    for text in texts:
        (entry,) = read(f"date,steps\n2026-03-01,{text}\n").entries
        assert entry.steps == 6500, text
    (entry,) = read("date;steps\n2026-03-01;6.500\n").entries
    assert entry.steps == 6500
    assert "The point may stand for thousands" in refusals("date,steps\n2026-03-01,6.000\n")[0]


def test_what_was_changed_is_counted_and_nothing_becomes_zero() -> None:
    text = "date,axial_pain,limb_pain,signs\n2026-03-01,4.5,NA,n/a\n2026-03-02,2.4,-,none\n"
    found = read(text)
    assert [(e.axial_pain, e.limb_pain, e.signs) for e in found.entries] == [
        (5, None, None),
        (2, None, frozenset()),
    ]
    assert found.changed == {"rounded": 2, "emptied": 3}


def test_a_scale_of_a_hundred_is_asked_for() -> None:
    assert "0-100" not in refusals("date,axial_pain\n2026-03-01,12\n")[0]
    text = "date,axial_pain\n2026-03-01,40\n2026-03-02,45\n"
    assert all("Is this a 0-100 scale?" in line for line in refusals(text))
    found = read(text, Choices(hundred=True))
    assert [e.axial_pain for e in found.entries] == [4, 5]
    assert found.changed["divided"] == 2


def test_fahrenheit_is_recognised_and_kept_as_it_was_typed() -> None:
    text = "date,temperature_c\n2026-03-01,101.4\n"
    assert "This looks like Fahrenheit" in refusals(text)[0]
    for said in (read(text, Choices(fahrenheit=True)), read(text.replace("_c", "_f"))):
        (entry,) = said.entries
        assert entry.temperature_f == 101.4
        assert entry.temperature_c < 38.6
    both = "date,temperature_c,temperature_f\n2026-03-01,38.6,101.4\n"
    assert read(both).entries[0].temperature_c < 38.6
    assert "another temperature" in refusals(both.replace("38.6", "37.1"))[0]


def test_days_and_times_that_cannot_be_are_named() -> None:
    limits = Limits(last_day=date(2026, 3, 5), at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    text = (
        "date,axial_pain,recorded_at\n"
        "2026-03-01,4,2026-02-20T20:15:00+01:00\n"
        "2031-03-01,4,\n"
        "2026-03-02,4,2026-03-01T23:59:00-10:00\n"
        "2026-03-03,4,2027-03-03T20:00:00Z\n"
        "1926-03-04,4,\n"
    )
    assert [line.removeprefix("D.csv, ") for line in refusals(text, limits=limits)] == [
        "row 2, column recorded_at: This time lies before the day that it is about.",
        "row 3, column date: This day is still to come.",
        "row 5, column recorded_at: This time is still to come.",
        "row 6, column date: This is decades ago. Is the year right?",
    ]


def test_every_refusal_is_in_one_list_with_an_end() -> None:
    text = "date,axial_pain,walking\n2026-03-01,x,9\n2026-02-30,3,\n2026-03-01,11,\n"
    assert [line.split(": ")[0] for line in refusals(text)] == [
        "D.csv, row 2, column axial_pain",
        "D.csv, row 2, column walking",
        "D.csv, row 3, column date",
        "D.csv, row 4, column axial_pain",
    ]
    many = "date,axial_pain\n" + "".join(f"2026-02-{d:02},x\n" for d in range(1, 29)) * 2
    with pytest.raises(FileRefused) as caught:
        read(many)
    assert (len(caught.value.problems), caught.value.more) == (MOST_LINES, 16)


def test_misspelt_columns_are_all_named_with_what_was_meant() -> None:
    assert refusals("date,axial_pian,limb pains,mood\n2026-03-01,4,1,fine\n") == [
        "D.csv, row 1: This is an unknown column: 'axial_pian'. Did you mean 'axial_pain'?",
        "D.csv, row 1: This is an unknown column: 'limb pains'. Did you mean 'limb_pain'?",
        "D.csv, row 1: This is an unknown column: 'mood'.",
    ]
    (line,) = refusals("date,Pain\n2026-03-01,4\n")
    assert line.endswith("unknown column: 'Pain'. Did you mean 'axial_pain' or 'limb_pain'?")


def test_another_encoding_is_read_where_it_was_chosen() -> None:
    text = "date;note\n2026-03-01;Müde\n".encode("cp1252")
    with pytest.raises(RecoveryError, match="row 2: This is not UTF-8 text"):
        read(text)
    assert read(text, Choices(encoding="cp1252")).entries[0].note == "Müde"
