"""Files for registries and research, read back by programs that are not ours."""

import csv
import io
import re
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest
from pyarrow import csv as arrow_csv

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Episode, Pattern, Urgency
from recovery_tracker.domain.measures import MEASURES, Kind
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Approach, Operation, Region
from recovery_tracker.exchange import omop, redcap, research
from recovery_tracker.exchange.formula import unguarded

FUSED = Operation(date(2026, 1, 5), Region.LUMBAR, 2, "L4-S1", Approach.POSTERIOR, "screws")
DAYS = (
    DiaryEntry(
        date(2026, 3, 1),
        axial_pain=4,
        limb_pain=0,
        strain=frozenset({"bending"}),
        signs=frozenset(),
        note="Dr Lund, “=1+1”\nsecond line",
        recorded_at=datetime(2026, 3, 1, 20, tzinfo=UTC),
    ),
    DiaryEntry(date(2026, 3, 2), temperature_c=37.4, numbness=0),
)
STEPS = tuple(
    PassiveValue(date(2026, 3, 1), PassiveKind.STEPS, who, 4000.0) for who in ("Kim’s iPhone", "W")
)

SCORES = (
    FormScore(date(2025, 12, 20), "odi_percent", 57.8, Role.CLINICIAN),
    FormScore(date(2026, 3, 1), "eq5d_index", -0.059, Role.PATIENT),
    FormScore(date(2026, 3, 1), "satisfaction", 4, Role.PATIENT),
)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# REDCap.


def test_no_text_in_a_record_for_redcap_runs_in_a_spreadsheet():
    """People look at the file before they upload it; the guard can be taken away again."""
    note, device = "=HYPERLINK(1)\n+2;-3", "@watch"
    days = (DiaryEntry(date(2026, 3, 1), axial_pain=0, note=note),)
    steps = (PassiveValue(date(2026, 3, 1), PassiveKind.STEPS, device, 4000.0),)
    rows = rows_of(redcap.records_text("kim", (FUSED,), days, steps, ()))
    told = {row["note"] for row in rows} | {row["device_source"] for row in rows}
    assert told == {"", "'=HYPERLINK(1)\n'+2;'-3", "'@watch"}
    assert {unguarded(text) for text in told} == {"", note, device}
    assert [row["device_steps"] for row in rows if row["device_source"]] == ["4000"]


def test_the_dictionary_follows_every_rule_of_redcap():
    text = redcap.dictionary_text(Region.LUMBAR)
    assert text.splitlines()[0].startswith(
        "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
        '"Choices, Calculations, OR Slider Labels",Field Note,'
        "Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,"
        "Identifier?,Branching Logic (Show field only if...),Required Field?,"
    )
    rows = rows_of(text)
    assert len(redcap.HEADER) == 18
    names = [row["Variable / Field Name"] for row in rows]
    assert len(names) == len(set(names))
    assert names[0] == "record_id"
    forms = list(dict.fromkeys(row["Form Name"] for row in rows))
    assert forms == [redcap.PERSON, *redcap.REPEATING]
    for row in rows:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,25}", row["Variable / Field Name"]), row
        assert "__" not in row["Variable / Field Name"]
        assert row["Field Type"] in {"text", "notes", "radio", "checkbox", "yesno"}
        assert row["Text Validation Type OR Show Slider Number"] in {
            "", "integer", "number", "date_ymd",
        }  # fmt: skip
        choices = row["Choices, Calculations, OR Slider Labels"]
        assert bool(choices) == (row["Field Type"] in {"radio", "checkbox"})
        for choice in choices.split(" | ") if choices else ():
            code, _, label = choice.partition(", ")
            assert re.fullmatch(r"[A-Za-z0-9_]+", code), choice
            assert label
    # Everything that a person typed in words is an identifier.
    marked = {row["Variable / Field Name"] for row in rows if row["Identifier?"] == "y"}
    assert marked == {"record_id", "note", "device_source"}
    assert set(MEASURES) | {"signs"} <= set(names)


def test_a_record_fits_its_dictionary_and_none_is_not_unasked():
    dictionary = rows_of(redcap.dictionary_text(Region.LUMBAR))
    rows = rows_of(redcap.records_text("kim", (FUSED,), DAYS, STEPS, SCORES))
    head = list(rows[0])
    assert head[:3] == ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance"]
    known = set()
    for row in dictionary:
        name = row["Variable / Field Name"]
        if row["Field Type"] == "checkbox":
            choices = row["Choices, Calculations, OR Slider Labels"].split(" | ")
            known |= {f"{name}___{choice.split(',')[0]}" for choice in choices}
        else:
            known.add(name)
    complete = {f"{form}_complete" for form in (redcap.PERSON, *redcap.REPEATING)}
    assert set(head[3:]) | {"record_id"} == known | complete
    instruments = [(row["redcap_repeat_instrument"], row["redcap_repeat_instance"]) for row in rows]
    assert instruments == [
        ("", ""), ("operation", "1"), ("diary_day", "1"), ("diary_day", "2"),
        ("form_score", "1"), ("form_score", "2"), ("form_score", "3"),
        ("device_day", "1"), ("device_day", "2"),
    ]  # fmt: skip
    first, second = rows[2], rows[3]
    assert (first["axial_pain"], first["limb_pain"], first["day_date"]) == ("4", "0", "2026-03-01")
    assert (first["strain___bending"], first["strain___fall"]) == ("1", "0")
    assert (first["signs_given"], first["signs___fever"]) == ("1", "0")
    assert (second["signs_given"], second["signs___fever"]) == ("0", "")
    assert (second["axial_pain"], second["numbness"], second["temperature_c"]) == ("", "0", "37.4")
    assert first["note"] == DAYS[0].note
    columns = ("score_date", "score_form", "score_value", "score_typed_by")
    assert [tuple(row[column] for column in columns) for row in rows[4:7]] == [
        ("2025-12-20", "odi_percent", "57.8", "clinician"),
        ("2026-03-01", "eq5d_index", "-0.059", "patient"),
        ("2026-03-01", "satisfaction", "4", "patient"),
    ]
    assert {row["device_source"] for row in rows[7:]} == {"Kim’s iPhone", "W"}
    assert len(SIGNS) == sum(column.startswith("signs___") for column in head)


# OMOP.


def test_rows_for_omop_are_read_by_arrow(tmp_path: Path):
    file = tmp_path / "measurement.csv"
    file.write_text(omop.measurement_text(7, DAYS, STEPS, SCORES), encoding="utf-8")
    table = arrow_csv.read_csv(file)
    assert tuple(table.column_names) == omop.COLUMNS
    rows = table.to_pylist()
    assert [row["measurement_id"] for row in rows] == list(range(1, len(rows) + 1))
    by_source = {row["measurement_source_value"]: row for row in rows}
    # What was not answered has no row; 0 has one.
    assert set(by_source) == {
        "axial_pain", "limb_pain", "temperature_c", "numbness", "device_steps",
        "odi_percent", "eq5d_index", "satisfaction",
    }  # fmt: skip
    for pain, value in (("axial_pain", 4), ("limb_pain", 0)):
        row = by_source[pain]
        assert (row["measurement_concept_id"], row["unit_concept_id"]) == (43055141, 44777566)
        assert (row["value_as_number"], row["measurement_date"]) == (value, date(2026, 3, 1))
        assert (row["range_low"], row["range_high"]) == (0, 10)
    assert by_source["numbness"]["measurement_concept_id"] == 0
    told = ("value_as_number", "unit_source_value", "range_low", "range_high")
    assert [tuple(by_source[one.form][key] for key in told) for one in SCORES] == [
        (57.8, "%", 0, 100), (-0.059, "{score}", -1.1, 1), (4, "{score}", 1, 5),
    ]  # fmt: skip
    # No concept is guessed.
    assert {by_source[one.form]["measurement_concept_id"] for one in SCORES} == {0}
    assert all(len(row["measurement_source_value"]) <= 50 for row in rows)


# Research.


def person(number: int, **more: object) -> research.Participant:
    operation = Operation(FUSED.day + timedelta(number), Region.LUMBAR, 2, "L4-S1", FUSED.approach)
    given = {"birth_date": date(1961, 5, 2), "operations": (operation,), "entries": DAYS, **more}
    return research.Participant(**given)  # type: ignore[arg-type]


FLAG = Episode(Pattern.NERVE, Urgency.REVIEW, date(2026, 3, 2), onset=date(2026, 2, 20))


@pytest.fixture
def written(tmp_path: Path):
    cohort = [person(n, passive=STEPS, episodes=(FLAG,)) for n in range(6)]
    cohort.append(person(9, birth_date=None))
    cohort.append(research.Participant(None, (), DAYS))
    return research.write_cohort(cohort, lambda one: one, tmp_path, Random(3).randrange), tmp_path


def read(folder: Path, name: str, what: str = "*") -> list[tuple[object, ...]]:
    """Read by DuckDB, which shares no code with the library that wrote it."""
    return duckdb.sql(f"SELECT {what} FROM '{folder / name}.parquet'").fetchall()


def test_a_cohort_is_read_back_by_duckdb(written):
    _, folder = written
    assert read(folder, "people", "count(*), count(DISTINCT person)") == [(7, 7)]
    assert read(folder, "days", "count(*)") == [(14,)]
    assert read(folder, "days", "sum(axial_pain), count(axial_pain), max(temperature_c)") == [
        (28, 7, 37.4)
    ]
    # An explicit none is "", a question that was not answered is nothing.
    assert read(
        folder, "days", "count(*) FILTER (signs = ''), count(*) FILTER (signs IS NULL)"
    ) == [(7, 7)]
    assert sorted(read(folder, "device_days", "DISTINCT source, value")) == [
        (1, 4000.0), (2, 4000.0),
    ]  # fmt: skip
    assert read(folder, "flags", "DISTINCT pattern, urgency, raised_day - onset_day") == [
        ("nerve", "review", 10)
    ]
    names = {row[0] for row in duckdb.sql(f"DESCRIBE '{folder}/days.parquet'").fetchall()}
    assert names == {"person", "day", "date", "days_late", "signs", "signs_asked"} | {
        key for key, measure in MEASURES.items() if measure.kind is not Kind.TEXT
    }


def test_no_word_and_no_date_of_a_person_is_in_it(written):
    _, folder = written
    for file in folder.iterdir():
        content = file.read_bytes()
        for word in ("Lund", "iPhone", "screws", "L4-S1", "1961", "kim"):
            assert word.encode() not in content, (file, word)
    moved = {row[0] for row in read(folder, "people", "surgery_date")}
    assert len(moved) == 7
    assert not moved & {FUSED.day + timedelta(n) for n in range(10)}
    # All days of one person moved together, by whole weeks.
    joined = duckdb.sql(
        f"SELECT DISTINCT date_diff('day', p.surgery_date, d.date) - d.day "
        f"FROM '{folder}/people.parquet' p JOIN '{folder}/days.parquet' d USING (person)"
    ).fetchall()
    assert joined == [(0,)]
    weekdays = {row[0] for row in read(folder, "days", "DISTINCT isodow(date)")}
    assert weekdays == {7, 1}


def test_two_exports_cannot_be_joined(tmp_path: Path):
    cohort = [person(n) for n in range(6)]
    numbers = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        research.write_cohort(cohort, lambda one: one, tmp_path / name)
        numbers.append({row[0] for row in read(tmp_path / name, "people", "person")})
    assert not numbers[0] & numbers[1]


def test_people_stand_in_the_order_of_their_numbers_and_few_are_held(tmp_path: Path, monkeypatch):
    """Who came first is nobody's business; a clinic of ten thousand took two gigabytes."""
    monkeypatch.setattr(research, "_AT_ONCE", 5)
    held = []
    written = research._files

    @contextmanager
    def watched(folder: Path):
        with written(folder) as write:
            yield lambda rows: (write(rows), held.append(len(asked)))

    monkeypatch.setattr(research, "_files", watched)
    asked: list[int] = []

    def asked_for(n: int) -> research.Participant:
        asked.append(n)
        return person(n)

    made = research.write_cohort(range(20), asked_for, tmp_path, Random(4).randrange)
    assert (made.people, made.days, len(held)) == (20, 40, 20)
    assert asked != sorted(asked)
    assert held == list(range(1, 21)), "somebody was read before the one before was written"
    for name in ("people", "days"):
        numbers = [row[0] for row in read(tmp_path, name, "person")]
        assert numbers == sorted(numbers)
    assert read(tmp_path, "days", "count(*)") == [(40,)]


def test_small_groups_are_named_to_whoever_exports(written):
    made, folder = written
    assert made.warnings == [
        "only 1 with region lumbar, approach posterior, levels 2, age band not known"
    ]
    assert made.warnings[0] in (folder / "README.txt").read_text("utf-8")
