"""Days are versions: written once, never changed, and read back exactly."""

import shutil
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from recovery_tracker.domain.diary import DiaryEntry, SignChange, Source
from recovery_tracker.domain.measures import MEASURES, Kind
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.storage import audit_chain, diary, written
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.engine import driver
from recovery_tracker.storage.entry_rows import version_digest
from recovery_tracker.storage.soundness import problems_of
from recovery_tracker.storage.tables.diary import EntryRow
from recovery_tracker.storage.unreadable import rows_of
from tests.databases import NOW, SYSTEM, TODAY, as_patient, new_patient, noon, same_answers


def answers() -> st.SearchStrategy[DiaryEntry]:
    """Any entry that the domain lets stand."""
    by_kind = {
        Kind.WORD: lambda m: st.sampled_from(sorted(m.words)),
        Kind.WORDS: lambda m: st.frozensets(st.sampled_from(sorted(m.words))),
        Kind.TEXT: lambda m: st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=50
        ),
        Kind.NUMBER: lambda m: st.floats(m.low, m.high),
    }
    values = {
        key: st.none() | by_kind.get(m.kind, lambda m: st.integers(int(m.low), int(m.high)))(m)
        for key, m in MEASURES.items()
    }
    ids = st.frozensets(st.sampled_from(sorted(SIGNS)), max_size=4)
    return st.builds(
        DiaryEntry,
        day=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        signs=st.none() | ids,
        signs_asked=st.none() | ids,
        sign_changes=st.dictionaries(
            st.sampled_from(sorted(SIGNS)), st.sampled_from(SignChange), max_size=3
        ),
        spoke_to_someone=st.none() | st.booleans(),
        zone=st.none() | st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/Lima"]),
        source=st.sampled_from(Source),
        **values,
    )


def test_every_measure_has_a_column() -> None:
    assert MEASURES.keys() <= {column.name for column in EntryRow.__table__.columns}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(entry=answers())
def test_an_entry_comes_back_as_it_was(database: Database, entry: DiaryEntry) -> None:
    patient = new_patient(database)
    with database.write() as session:
        diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
    with database.read() as session:
        stored = diary.entry_on(session, patient.id, entry.day)
        assert stored is not None
        assert same_answers(stored.entry, entry)
        assert stored.entry.zone == entry.zone
        assert stored.entry.source is entry.source
        # A file that does not say when leaves it unknown.
        is_known = entry.source is not Source.IMPORT
        assert stored.entry.recorded_at == (NOW if is_known else None)
        assert list(written.changed_rows(session)) == []
        # A number of many digits is read by itself; nothing else is.
        exact = set(session.scalars(select(EntryRow.id).where(EntryRow.temperature_c.is_(None))))
        assert not exact.intersection(written.not_at_once(session))


def test_unanswered_none_and_no_are_three_things(database: Database) -> None:
    patient = new_patient(database)
    entry = DiaryEntry(TODAY, axial_pain=0, signs=frozenset(), strain=None)
    with database.write() as session:
        stored = diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW).entry
    assert (stored.axial_pain, stored.limb_pain) == (0, None)
    assert (stored.signs, stored.strain) == (frozenset(), None)


def test_a_correction_is_a_new_version_of_a_day_that_is_not_late(database: Database) -> None:
    """Monday's entry is corrected on Friday: both versions stand, and Monday was on time."""
    patient = new_patient(database)
    with database.write() as session:
        diary.save_version(
            session, patient.id, DiaryEntry(TODAY, axial_pain=3), by=as_patient(patient), at=NOW
        )
    friday = NOW + timedelta(days=4)
    with database.write() as session:
        corrected = diary.save_version(
            session,
            patient.id,
            DiaryEntry(TODAY, axial_pain=5),
            by=as_patient(patient),
            at=friday,
        )
        versions = diary.versions_of(session, patient.id, TODAY)
    assert [version.entry.axial_pain for version in versions] == [3, 5]
    assert corrected.corrected_at == friday
    assert corrected.recorded_at == NOW
    assert corrected.entry.days_late == 0
    assert corrected.author == patient.name


def test_the_diary_as_it_was_known_on_a_day(database: Database) -> None:
    """Late in the evening of the 1st in Auckland it is still the 1st there, not in UTC."""
    patient = new_patient(database, zone="Pacific/Auckland")
    first = DiaryEntry(date(2026, 3, 1), axial_pain=2, zone="Pacific/Auckland")
    evening = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)  # 23:30 in Auckland
    with database.write() as session:
        diary.save_version(session, patient.id, first, by=SYSTEM, at=evening)
        late = DiaryEntry(date(2026, 2, 28), axial_pain=9, zone="Pacific/Auckland")
        diary.save_version(session, patient.id, late, by=SYSTEM, at=noon(date(2026, 3, 2)))
        correction = DiaryEntry(date(2026, 3, 1), axial_pain=7, zone="Pacific/Auckland")
        diary.save_version(session, patient.id, correction, by=SYSTEM, at=noon(date(2026, 3, 3)))

    def known(day: date) -> list[tuple[int, int | None]]:
        with database.read() as session:
            stored = diary.entries_of(session, patient.id, as_known_on=day)
        return [(entry.day.day, entry.entry.axial_pain) for entry in stored]

    assert known(date(2026, 2, 28)) == []
    assert known(date(2026, 3, 1)) == [(1, 2)]
    assert known(date(2026, 3, 3)) == [(28, 9), (1, 2)]
    assert known(date(2026, 3, 4)) == [(28, 9), (1, 7)]


def test_only_a_file_or_an_offline_page_says_when_it_was_written(database: Database) -> None:
    patient = new_patient(database)
    before = NOW - timedelta(hours=5)
    day = TODAY
    for source, expected in ((Source.FORM, NOW), (Source.OFFLINE, before), (Source.IMPORT, before)):
        entry = DiaryEntry(day, axial_pain=1, source=source, recorded_at=before)
        with database.write() as session:
            stored = diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
        assert stored.recorded_at == expected
        day -= timedelta(1)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("axial_pain", 11),
        ("axial_pain", -1),
        ("axial_pain", "7/10"),
        ("axial_pain", 7.5),
        ("temperature_c", 98.6),
        ("temperature_c", "warm"),
        ("limb_pain_side", "middle"),
        ("steps", 200_001),
        ("overall_change", -4),
        ("note", "x" * 2001),
        ("spoke_to_someone", 2),
        ("source", "guess"),
        ("day", "02/03/2026"),
        ("day", None),
        ("recorded_at", None),
        ("version", 0),
        ("patient_id", 999),
    ],
)
def test_the_database_itself_refuses_what_cannot_be(
    database: Database, file: Path, column: str, value: object
) -> None:
    patient = new_patient(database)
    with database.write() as session:
        diary.save_version(session, patient.id, DiaryEntry(TODAY, axial_pain=1), by=SYSTEM, at=NOW)
    raw = driver().connect(file)
    raw.execute("PRAGMA foreign_keys = ON")
    raw.row_factory = driver().Row
    row = dict(raw.execute("SELECT * FROM entry_version").fetchone())
    row |= {"id": None, "public_id": "other", "version": 2}
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    raw.execute(f"INSERT INTO entry_version ({names}) VALUES ({marks})", row)
    row |= {"public_id": "third", "version": 3, column: value}
    with pytest.raises(driver().IntegrityError):
        raw.execute(f"INSERT INTO entry_version ({names}) VALUES ({marks})", row)
    raw.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE entry_version SET note = 'x'", "DELETE FROM entry_version"]
)
def test_what_was_written_is_neither_changed_nor_deleted(
    database: Database, file: Path, statement: str
) -> None:
    patient = new_patient(database)
    with database.write() as session:
        diary.save_version(session, patient.id, DiaryEntry(TODAY, axial_pain=1), by=SYSTEM, at=NOW)
    raw = driver().connect(file)
    with pytest.raises(driver().IntegrityError, match="rows are never"):
        raw.execute(statement)
    raw.close()


def test_a_flipped_bit_is_found(database: Database, file: Path) -> None:
    patient = new_patient(database)
    with database.write() as session:
        diary.save_version(session, patient.id, DiaryEntry(TODAY, axial_pain=2), by=SYSTEM, at=NOW)
    raw = driver().connect(file)
    raw.execute("DROP TRIGGER entry_version_unchanged")
    raw.execute("UPDATE entry_version SET axial_pain = 3")
    raw.commit()
    raw.close()
    with database.read() as session:
        assert list(written.changed_rows(session)) == ["entry 1: was changed after it was written"]
        assert audit_chain.verify(session) == []


_FULL = DiaryEntry(
    TODAY,
    axial_pain=2,
    limb_pain_side="left",
    strain=frozenset({"lifting"}),
    temperature_c=37.5,
    note='"No, \n" said she \u2026',
    signs=frozenset({"fever"}),
    signs_asked=frozenset({"fever", "wound_redness"}),
    sign_changes={"wound_redness": SignChange.SAME},
    spoke_to_someone=True,
    zone="Europe/Berlin",
)
_DAMAGE = (
    "NULL",
    "''",
    "'x'",
    "'[]'",
    '\'["b","a"]\'',
    "'{'",
    "'2026-13-01'",
    "7",
    "2",
    "0.1 + 0.2",
    "CAST(x'ff' AS TEXT)",
    '\'["fever"],"source":"form"\'',
)


def test_each_kind_of_damage_is_found_as_if_every_value_were_read(
    database: Database, file: Path
) -> None:
    """In each column; what SQLite puts together by itself only spares the reading."""
    patient = new_patient(database)
    with database.write() as session:
        diary.save_version(session, patient.id, _FULL, by=SYSTEM, at=NOW)
    columns = [one.key for one in EntryRow.__table__.columns if one.key not in ("id", "digest")]
    raw = driver().connect(file, isolation_level=None)
    raw.execute("DROP TRIGGER entry_version_unchanged")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute("CREATE TABLE whole AS SELECT * FROM entry_version")
    found = 0
    for column, value in product(columns, _DAMAGE):
        with suppress(driver().IntegrityError):  # A kind of value that the column cannot hold.
            raw.execute(f"UPDATE entry_version SET {column} = {value}")
        with database.read() as session:
            said = list(written.changed_rows(session))
            assert said == list(written.read_apart(rows_of(session, EntryRow.__table__)))
        found += len(said)
        raw.execute(f"UPDATE entry_version SET {column} = (SELECT {column} FROM whole)")
    raw.close()
    assert found > 200


def test_no_column_speaks_for_another(database: Database, file: Path) -> None:
    """The text of the whole row stays the same, and so does its digest; the row does not."""
    patient = new_patient(database)
    with database.write() as session:
        diary.save_version(session, patient.id, _FULL, by=SYSTEM, at=NOW)
    raw = driver().connect(file, isolation_level=None)
    raw.execute("DROP TRIGGER entry_version_unchanged")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute(
        "UPDATE entry_version SET signs_asked = NULL,"
        " signs = signs || ',\"signs_asked\":' || signs_asked"
    )
    raw.close()
    with database.read() as session:
        assert list(written.changed_rows(session)) == ["entry 1: signs cannot be read"]


def test_a_later_column_does_not_change_older_digests() -> None:
    values = {"day": TODAY, "axial_pain": 3, "note": None}
    assert version_digest(values) == version_digest({**values, "sitting_tolerance": None})
    assert version_digest(values) != version_digest({**values, "note": ""})


def test_what_was_read_before_is_what_the_database_says(database: Database) -> None:
    """Read cold, read warm, read after a correction: always the newest version."""
    patient = new_patient(database)
    entry = DiaryEntry(TODAY, axial_pain=1)
    for pain in (1, 2, 3):
        with database.write() as session:
            changed = replace(entry, axial_pain=pain)
            diary.save_version(session, patient.id, changed, by=SYSTEM, at=NOW)
        with database.read() as session:
            warm = diary.entries_of(session, patient.id)
            diary.forget_read()
            assert diary.entries_of(session, patient.id) == warm
        assert [stored.entry.axial_pain for stored in warm] == [pain]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM entry_version WHERE id = 2", "an entry that it tells of is gone"),
        (
            "INSERT INTO entry_version SELECT * FROM other.entry_version WHERE id = 3",
            "nobody is known to have written it",
        ),
    ],
)
def test_a_day_taken_out_or_slipped_in_is_found(
    database: Database, file: Path, tmp_path: Path, change: str, said: str
) -> None:
    """Each row has its right digest; the audit knows what was written and what was not."""
    patient = new_patient(database)
    for n in (0, 1):
        with database.write() as session:
            entry = DiaryEntry(TODAY - timedelta(n), axial_pain=2)
            diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
    database.close()
    strange = open_database(f"sqlite:///{shutil.copy(file, tmp_path / 'other.db')}")
    with strange.write() as session:
        entry = DiaryEntry(TODAY - timedelta(2), axial_pain=9)
        diary.save_version(session, patient.id, entry, by=SYSTEM, at=NOW)
    strange.close()
    with closing(driver().connect(file, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER entry_version_kept") if "DELETE" in change else None
        raw.execute("ATTACH ? AS other", (str(tmp_path / "other.db"),))
        raw.execute(change)
    with database.read() as session:
        (problem,) = problems_of(session)
    assert said in problem
