"""A diary file is read exactly, or refused with one line that names the cell."""

import csv
import string
from datetime import UTC, date, datetime, timedelta, timezone
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recovery_tracker.domain.diary import DiaryEntry, Source, celsius_of
from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.domain.measures import MEASURES, Kind
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.exchange.cells import FIRST_DAY, LAST_DAY
from recovery_tracker.exchange.diary_csv import COLUMNS, diary_text, read_diary
from recovery_tracker.exchange.formula import guarded, unguarded
from recovery_tracker.exchange.lines import LINE_LIMIT
from tests import real_diaries


@pytest.fixture
def diary(tmp_path):
    def write(content):
        file = tmp_path / "diary.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


def refused(file):
    with pytest.raises(RecoveryError) as caught:
        read_diary(file)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_columns_come_in_any_order_and_empty_is_not_recorded(diary):
    (entry,) = read_diary(diary("axial_pain,signs,date,limb_pain\n0,none,2026-03-01,\n"))
    assert entry == DiaryEntry(
        day=date(2026, 3, 1), axial_pain=0, signs=frozenset(), source=Source.IMPORT
    )
    assert entry.limb_pain is None


def test_every_measure_and_sign_has_a_column():
    assert set(COLUMNS) == {
        *("date", "temperature_f", "own_question", "signs", "signs_asked", "recorded_at"),
        *MEASURES,
    }


def test_a_signs_cell_says_none_or_lists_ids(diary):
    days = read_diary(
        diary(
            "date,axial_pain,signs\n2026-03-01,3,none\n2026-03-02,3,fever; chills\n2026-03-03,3,\n"
        )
    )
    assert [day.signs for day in days] == [frozenset(), frozenset({"fever", "chills"}), None]
    assert [day.signs_asked for day in days] == [None, None, None]


def test_signs_asked_keeps_what_the_form_showed(diary):
    (day,) = read_diary(diary("date,signs,signs_asked\n2026-03-01,none,fever;chills\n"))
    assert day.signs_asked == frozenset({"fever", "chills"})
    assert day.asked("fever")
    assert not day.asked("clunk")


def test_the_offset_decides_on_which_day_it_was_recorded(diary):
    (day,) = read_diary(
        diary("date,axial_pain,recorded_at\n2026-03-01,3,2026-03-02T00:30:00+13:00\n")
    )
    assert day.recorded_on() == date(2026, 3, 2)
    assert day.days_late == 1


def test_days_are_ordered_and_empty_ones_left_out(diary):
    days = read_diary(diary("date,axial_pain\n2026-03-03,3\n2026-03-01,1\n2026-03-02,\n\n"))
    assert [(day.day.day, day.axial_pain) for day in days] == [(1, 1), (3, 3)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_a_byte_order_mark_do_not_matter(diary, ending, start):
    text = ending.join(["date,axial_pain", "2026-03-01,4", ""])
    assert [day.axial_pain for day in read_diary(diary(start + text.encode()))] == [4]


@real_diaries.needed
def test_the_real_diaries_are_read_whole():
    for name, count in (("participant1", 2908), ("participant2", 862)):
        days = read_diary(real_diaries.FOLDER / f"{name}.csv")
        assert len(days) == count
        assert all(day.axial_pain is not None for day in days)


BAD_CELLS = [
    ("axial_pain", "11", "This must be a whole number from 0 to 10"),
    ("axial_pain", "-1", "This must be a whole number from 0 to 10"),
    ("axial_pain", "inf", "This must be a whole number from 0 to 10"),
    ("axial_pain", "10.5", "This must be a whole number from 0 to 10"),
    ("axial_pain", "-0.5", "This must be a whole number from 0 to 10"),
    (
        "axial_pain",
        "40",
        "This must be a whole number from 0 to 10. Is this a 0-100 scale?",
    ),
    ("walking", "2.5", "This must be a whole number from 0 to 4"),
    ("axial_pain", "1_0", "This must be a whole number from 0 to 10"),
    ("axial_pain", "③", "This must be a whole number from 0 to 10"),
    ("axial_pain", "9" * 5000, "This must be a whole number from 0 to 10"),
    ("walking", "5", "This must be a whole number from 0 to 4"),
    ("overall_change", "-4", "This must be a whole number from -3 to 3"),
    ("temperature_c", "98.6", "This must be a number from 30 to 45. This looks like Fahrenheit"),
    ("temperature_c", "29", "This must be a number from 30 to 45"),
    ("temperature_c", "3.8e1", "This must be a number from 30 to 45"),
    (
        "temperature_c",
        '"38,2"',
        "This must be a number from 30 to 45. It has a decimal comma. Use a point",
    ),
    (
        "steps",
        "6.500",
        "This must be a whole number from 0 to 200000. The point may stand for thousands",
    ),
    ("limb_pain_side", "middle", "'middle' is not one of: left, right, both"),
    ("signs", "sadle_numbness", "'sadle_numbness' is not a known warning sign"),
    ("signs", "none;fever", "“none” cannot stand beside something else"),
    ("signs", "fever;;chills", "'' is not a known warning sign"),
    ("strain", "falling", "'falling' is not an answer to this question"),
    ("note", "x" * 2001, "This must have at most 2,000 characters"),
    ("recorded_at", "2026-03-01T20:00:00", "This must be a time with its offset"),
    ("recorded_at", "yesterday", "This must be a time with its offset"),
    ("date", "01/03/2026", "This can mean two days, and no other row shows which"),
    ("date", "31/03/26", "This year needs 4 digits"),
    ("date", "2026-02-30", "This must be a date like 2026-03-31"),
    ("date", "20261301", "This must be a date like 2026-03-31"),
    ("date", "0001-01-01", "This must be a date from 1900 to 2199"),
    ("date", "9999-12-31", "This must be a date from 1900 to 2199"),
    ("date", "", "The day is missing here"),
]


@pytest.mark.parametrize(("column", "cell", "problem"), BAD_CELLS)
def test_a_bad_cell_is_named_by_row_and_column(diary, column, cell, problem):
    day = cell if column == "date" else "2026-03-02"
    header = "date,walking" if column == "date" else f"date,{column}"
    row = f"{day},1" if column == "date" else f"{day},{cell}"
    first = "2026-03-01," if column != "date" else "2026-03-01,1"
    message = refused(diary(f"{header}\n{first}\n{row}\n"))
    assert message.startswith(f"diary.csv, row 3, column {column}: {problem}")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "diary.csv: This file is empty. Its first row must name the columns"),
        ("date,pain\n2026-03-01,3\n", "diary.csv, row 1: This is an unknown column: 'pain'"),
        ("axial_pain\n3\n", "diary.csv, row 1: The column 'date' is missing"),
        ("date,date\n", "diary.csv, row 1, column date: The column is there twice"),
        ("date,\n2026-03-01,3\n", "diary.csv, row 2: Column 2 has no name"),
        (
            "date,axial-pane\n",
            "diary.csv, row 1: This is an unknown column: 'axial-pane'. Did you mean 'axial_pain'?",
        ),
        ("date,axial_pain\n2026-03-01\n", "diary.csv, row 2: Cells in this row: 1. Headings: 2."),
        ("date\n2026-03-01,3\n", "diary.csv, row 2: Cells in this row: 2. Headings: 1."),
        (
            "date,axial_pain\n2026-03-01,3\n2026-03-01,4\n",
            "diary.csv, row 3, column axial_pain: Another answer for this day is on row 2",
        ),
        (b"date,note\n2026-03-01,a\0b\n", "diary.csv, row 2: This is no plain text (a photo"),
        (b"date,note\n2026-03-01,caf\xe9\n", "diary.csv, row 2: This is not UTF-8 text"),
        (
            'date,note\n2026-03-01,"open\n',
            "diary.csv, row 2: This is not a row of separated values",
        ),
        (b"PK\x03\x04\x00\x00", "diary.csv, row 1: This is no plain text (a photo"),
        (b"date," + b"x" * (LINE_LIMIT + 5), "diary.csv, row 1: A line here is longer than"),
        (b'date,note\n2026-03-01,"' + b"x\n" * 200_000, "diary.csv, row 2: This is not a row of"),
    ],
)
def test_a_file_that_is_no_diary_is_refused(diary, content, problem):
    assert refused(diary(content)).startswith(problem)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "cannot be read" in refused(tmp_path / "nothing.csv")
    assert "cannot be read" in refused(tmp_path)


def test_a_refusal_repeats_no_number_that_somebody_answered(diary):
    assert "77" not in refused(diary("date,axial_pain\n2026-03-01,77\n"))


def test_a_note_cannot_become_a_formula(diary):
    entry = DiaryEntry(day=date(2026, 3, 1), note="=1+1", source=Source.IMPORT)
    text = diary_text([entry])
    assert "'=1+1" in text
    assert read_diary(diary(text)) == (entry,)


_texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))


@given(_texts)
@example("＝cmd|' /C calc'!A0")
def test_guarding_a_text_can_be_undone(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@given(st.text(alphabet="=+-@\t\r\n＝;,'\"a1 ", max_size=12))
@example("tired;=HYPERLINK(1);")
@example("tired\n=1+1")
@example("tired;''@a")
def test_no_cell_is_run_where_columns_are_parted_by_semicolons(text):
    """A spreadsheet of Germany or France parts the cells of our files at other places than we."""
    assert unguarded(guarded(text)) == text
    for sign in ";\t\n\r":
        parts = (part for part in guarded(text).split(sign))
        assert not any(part.startswith(tuple("=+-@＝＋－＠")) for part in parts)


@given(st.text(alphabet="=-@\n＝;'\"a1 \u00a0", max_size=12))
@example('a;"=1+1;')
@example("a; =1+1")
@example('"=1+1')
@example(' "" =1+1')
def test_no_cell_of_a_file_is_run_where_columns_are_parted_by_semicolons(text):
    """Such a reader takes a quotation mark of the text for one of the file, and may drop blanks."""
    assert unguarded(guarded(text)) == text
    file = StringIO()
    csv.writer(file).writerow(("2026-03-01", guarded(text), "5"))
    for skips in (True, False):
        read = csv.reader(StringIO(file.getvalue()), delimiter=";", skipinitialspace=skips)
        cells = [cell.strip() for row in read for cell in row]
        assert not any(cell.startswith(tuple("=-@＝")) for cell in cells), cells


def test_notes_of_older_files_keep_their_apostrophes():
    """They were guarded right before a sign only; what stands elsewhere somebody typed."""
    for text in ("a;'b", "'tis -1", "a 'x'; 'y'", "it's; -2' tall", "'a;=1"):
        assert unguarded(text) == text
    assert unguarded("'=1+1") == "=1+1"
    assert unguarded("a;'=1+1") == "a;=1+1"


def _answers(measure):
    low, high = measure.low or 0, measure.high or 0
    if measure.kind is Kind.NUMBER:
        return st.decimals(low, high, places=2).map(float)
    if measure.kind is Kind.WORD:
        return st.sampled_from(sorted(measure.words))
    if measure.kind is Kind.WORDS:
        return st.frozensets(st.sampled_from(sorted(measure.words)))
    if measure.kind is Kind.TEXT:
        return _texts.filter(bool).map(lambda text: text[:300])
    return st.integers(int(low), int(high))


_signs = st.frozensets(st.sampled_from(sorted(SIGNS)), max_size=5)
_offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
_instants = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001 - hypothesis adds the offset
    datetime(2150, 1, 1),  # noqa: DTZ001
    timezones=st.one_of(st.just(UTC), _offsets),
)


@st.composite
def _entries(draw):
    answers = {
        key: draw(st.none() | _answers(measure))
        for key, measure in MEASURES.items()
        if draw(st.booleans())
    }
    day = draw(st.dates(FIRST_DAY, LAST_DAY))
    if draw(st.booleans()):
        # As typed in Fahrenheit: the Celsius beside it is not rounded.
        answers["temperature_f"] = draw(st.integers(860, 1130)) / 10
        answers["temperature_c"] = celsius_of(answers["temperature_f"])
    recorded = draw(st.none() | _instants)
    return DiaryEntry(
        day=day,
        signs=draw(st.none() | _signs),
        signs_asked=draw(st.none() | _signs),
        recorded_at=recorded if recorded and recorded.date() >= day else None,
        source=Source.IMPORT,
        **answers,
    )


def _said_something(entry):
    return any(getattr(entry, key) is not None for key in (*MEASURES, "signs"))


@given(st.lists(_entries().filter(_said_something), max_size=4, unique_by=lambda e: e.day))
def test_what_is_written_is_read_back(tmp_path_factory, entries):
    file = tmp_path_factory.mktemp("round") / "diary.csv"
    file.write_bytes(diary_text(entries).encode())
    assert read_diary(file) == tuple(sorted(entries, key=lambda entry: entry.day))


_ALPHABET = string.ascii_letters + string.digits + ",;\"'\n\r\t\0-.é=+@"


def one_clear_line(file):
    """What a refusal of the file says; None where the file is a diary."""
    try:
        read_diary(file)
    except RecoveryError as error:
        return str(error)
    return None


@given(st.text(_ALPHABET, max_size=60), st.sampled_from(["", "date,axial_pain\n", "date,note\n"]))
def test_any_text_is_a_diary_or_one_clear_line(tmp_path_factory, text, header):
    file = tmp_path_factory.mktemp("hostile") / "diary.csv"
    file.write_bytes((header + text).encode())
    refusal = one_clear_line(file)
    assert refusal is None or (refusal.startswith("diary.csv") and "\n" not in refusal)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_diary_or_one_clear_line(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("bytes") / "diary.csv"
    file.write_bytes(b"date,note\n" + content)
    refusal = one_clear_line(file)
    assert refusal is None or (refusal.startswith("diary.csv") and "\n" not in refusal)


@pytest.mark.parametrize(("zone", "hour"), [("America/Los_Angeles", 3), ("Pacific/Auckland", 20)])
def test_a_table_says_on_which_day_an_entry_was_recorded_where_the_patient_was(diary, zone, hour):
    """Instants are kept in UTC; a file says the civil day of recording by its offset alone."""
    at = datetime(2026, 3, 2, hour, 12, tzinfo=UTC)
    day = at.astimezone(ZoneInfo(zone)).date()
    entry = DiaryEntry(day, axial_pain=4, recorded_at=at, zone=zone)
    (back,) = read_diary(diary(diary_text([entry])))
    assert back.recorded_at == at
    assert back.recorded_on() == entry.recorded_on() == day
