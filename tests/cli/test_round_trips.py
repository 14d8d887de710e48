"""Export, import, export: the same bytes, for made-up people of every kind."""

import io
import json
import shutil
import sqlite3
import time
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recovery_tracker import takeout
from recovery_tracker.cli.patients import import_file
from recovery_tracker.domain.diary import DiaryEntry, SignChange, Source, celsius_of
from recovery_tracker.domain.history import (
    DAILY,
    TAPERING,
    Appointment,
    Event,
    EventKind,
    Imaging,
    ImagingResult,
    Schedule,
)
from recovery_tracker.domain.medicines import Medicine
from recovery_tracker.domain.passive import PASSIVE_MEASURES, PassiveKind, PassiveValue
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Approach, Operation, Region
from recovery_tracker.exchange.diary_csv import diary_from, diary_text
from recovery_tracker.exchange.fhir import Person, bundle_of, bundle_text
from recovery_tracker.exchange.fhir_in import read_fhir
from recovery_tracker.exchange.incoming import read_file
from recovery_tracker.storage import diary, imports, people, record_rows
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.people import Patient
from tests.databases import SYSTEM, url_of
from tests.effort import effort

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ZONES = ("Europe/London", "Asia/Taipei", "America/St_Johns", "Pacific/Apia", "UTC")
NOTES = ("", "=1+1", "two\r\nlines, “quoted”", '"', "Größe 😀; 痛", "none", " -3 ", "a\tb")
SCHEDULES = (TAPERING, DAILY, Schedule(((0, frozenset({1})), (30, frozenset()))))
QUESTIONS = ("May I swim?", "=1+1", "痛嗎？")
PEOPLE = effort(whole=300, part=12)


def entry(rng: Random, day: date, region: Region, zone: str) -> DiaryEntry:
    """A day on which anything may stand, or be left out."""

    def maybe(value: Any) -> Any:
        return value if rng.random() < 0.6 else None

    limb = maybe(rng.randint(0, 10))
    own = maybe(rng.randint(0, 10))
    fahrenheit = maybe(float(rng.randint(970, 1030)) / 10)
    signs = maybe(frozenset(rng.sample(sorted(SIGNS), rng.randint(0, 2))))
    at = datetime(day.year, day.month, day.day, rng.randint(0, 23), 7, tzinfo=ZoneInfo(zone))
    asked = maybe(frozenset(rng.sample(sorted(SIGNS), 4))) if signs is not None else None
    return DiaryEntry(
        day,
        walking=rng.randint(0, 4),
        mobility=maybe(rng.randint(0, 4)),
        axial_pain=maybe(rng.randint(0, 10)),
        limb_pain=limb,
        limb_pain_side=maybe(rng.choice(("left", "right", "both"))) if limb else None,
        numbness=maybe(rng.randint(0, 4)),
        temperature_c=None if fahrenheit is None else celsius_of(fahrenheit),
        temperature_f=fahrenheit,
        steps=maybe(rng.randint(0, 20_000)),
        strain=maybe(frozenset(rng.sample(("bending", "lifting"), rng.randint(0, 2)))),
        own_item=own,
        own_question=None if own is None else maybe(rng.choice(("Dizzy?", "=1+1", "頭暈"))),
        note=maybe(rng.choice(NOTES)) or None,
        signs=signs,
        signs_asked=asked,
        sign_changes={"fever": SignChange.BETTER} if rng.random() < 0.1 else {},
        spoke_to_someone=maybe(rng.random() < 0.5),
        recorded_at=at + timedelta(days=rng.choice((0, 0, 0, 1, 4))),
        zone=zone,
        region=region,
        same_as=day - timedelta(days=1) if rng.random() < 0.2 else None,
    )


def operations(rng: Random) -> tuple[Operation, ...]:
    first = date(2025, 10, 1) + timedelta(days=rng.randint(0, 90))
    found = [Operation(first, rng.choice(list(Region)), 2, "L4-S1", rng.choice(list(Approach)))]
    if rng.random() < 0.3:
        second = first + timedelta(days=rng.randint(10, 50))
        found.append(Operation(second, rng.choice(list(Region)), preop_axial_pain=6.5))
    return tuple(found)


def passive(rng: Random) -> list[PassiveValue]:
    return [
        PassiveValue(date(2026, 1, 1) + timedelta(days=day), kind, source, float(value))
        for source in rng.sample(("Ana’s iPhone", "watch", "a, “b”"), rng.randint(0, 2))
        for kind in rng.sample(list(PassiveKind), 3)
        for one in [PASSIVE_MEASURES[kind]]
        for day in range(0, 50, rng.randint(1, 6))
        if (value := round(rng.random() * one.high / 20, one.decimals)) > 0
    ]


def beside(rng: Random) -> list[Any]:
    day = date(2026, 2, 1) + timedelta(days=rng.randint(0, 20))
    every = (
        Event(day, rng.choice(list(EventKind)), rng.choice(NOTES)),
        ImagingResult(day, "ct", rng.choice(list(Imaging)), rng.choice(NOTES)),
        Appointment(day, "09:30", "Dr Lund", "Room 4"),
        FormScore(day, "odi_percent", 34.5, Role.PATIENT),
        Medicine(day, "Oxycodone", 10.0, "mg", 2.0, day + timedelta(days=5)),
        Medicine(day + timedelta(days=6), "Oxycodone", 2.5, "mg"),
    )
    return [one for one in every if rng.random() < 0.6]


def written(database: Database, rng: Random, number: int) -> Patient:
    """A person with a diary of forty days, some of them corrected, in one zone or two."""
    zone, away = rng.choice(ZONES), rng.choice(ZONES)
    done = operations(rng)
    with database.write() as session:
        patient = people.create_patient(
            session, name=f"Person {number}", hospital_number=f"H{number}", zone=zone,
            schedule=rng.choice(SCHEDULES),
            by=SYSTEM, at=AT,
        )  # fmt: skip
        patient = people.update_patient(
            session,
            people.with_preferences(patient, questions=rng.sample(QUESTIONS, rng.randint(0, 2))),
            expected_version=patient.version, by=SYSTEM, at=AT,
        )  # fmt: skip
        for one in (*done, *beside(rng)):
            record_rows.add(session, patient.id, one, by=SYSTEM, at=AT)
        for back in range(45, 5, -1):
            day = AT.date() - timedelta(days=back)
            if rng.random() < 0.2:
                continue
            told = entry(rng, day, done[0].region, away if back < 20 else zone)
            diary.save_version(session, patient.id, told, by=SYSTEM, at=told.recorded_at)
            if rng.random() < 0.1:
                again = replace(told, axial_pain=rng.randint(0, 10))
                diary.save_version(session, patient.id, again, by=SYSTEM, at=AT)
        values = passive(rng)
        number, _ = imports.start_import(session, patient.id, kind="made up", at=AT)
        imports.save_values(session, patient.id, number, values, by=SYSTEM, at=AT)
    return patient


def taken_out(database: Database, patient: Patient) -> dict[str, bytes]:
    """What an export holds that can be brought back, by name."""
    stream = io.BytesIO()
    takeout.write_everything(database, patient, stream)
    with zipfile.ZipFile(stream) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    record = json.loads(parts["patient.json"])
    for name in ("sensitivity", "reminders", "reminders_to"):
        record.pop(name)
    kept = {
        name: parts[name] for name in ("diary.csv", "passive.csv", "scores.csv") if name in parts
    }
    return {**kept, "patient.json": json.dumps(record).encode(), "whole": stream.getvalue()}


def _differing(again: dict[str, bytes], out: dict[str, bytes]) -> list[tuple[str, Any, Any]]:
    """Which keys of the record differ, and how."""
    one, other = (json.loads(found["patient.json"]) for found in (again, out))
    return [(key, one.get(key), other[key]) for key in other if one.get(key) != other[key]]


@pytest.mark.slow
def test_people_come_back_byte_for_byte(empty_file: Path, tmp_path: Path) -> None:
    first, second = (
        open_database(url_of(Path(shutil.copy(empty_file, tmp_path / f"{name}.db"))))
        for name in ("first", "second")
    )
    rng = Random(14)
    try:
        for number in range(PEOPLE):
            patient = written(first, rng, number)
            out = taken_out(first, patient)
            file = tmp_path / "one.zip"
            file.write_bytes(out.pop("whole"))
            with second.write() as session:
                other = people.create_patient(
                    session, name=patient.name, hospital_number=patient.hospital_number,
                    zone=patient.zone, by=SYSTEM, at=AT,
                )  # fmt: skip
            import_file(second, file, other.public_id, dry_run=False)
            with second.read() as session:
                other = people.patient_by_id(session, other.id)
            again = taken_out(second, other)
            again.pop("whole")
            assert _differing(again, out) == [], number
            assert again == out, number
    finally:
        first.close()
        second.close()


@pytest.mark.slow
def test_diaries_and_bundles_come_back_byte_for_byte() -> None:
    """Without a database, so that it is quick: the table, and FHIR without what it cannot hold."""
    rng = Random(15)
    ana = Person("ana", "Ana", date(1961, 5, 2))
    for _ in range(PEOPLE):
        done = tuple(replace(o, region=Region.LUMBAR) for o in operations(rng))
        days = [
            entry(rng, AT.date() - timedelta(days=back), Region.LUMBAR, "UTC")
            for back in range(12, 2, -1)
        ]
        text = diary_text(days)
        assert diary_text(diary_from(io.BytesIO(text.encode()), "d.csv").entries) == text
        # What the bundle does not hold is listed in docs/files.md.
        held = [
            replace(day, zone=None, region=None, sign_changes={}, spoke_to_someone=None,
                    same_as=None, source=Source.IMPORT)
            for day in days
        ]  # fmt: skip
        values = sorted(passive(rng))
        taken = [one for one in beside(rng) if isinstance(one, Medicine)]
        scores = tuple(one for one in beside(rng) if isinstance(one, FormScore))
        made = bundle_text(
            bundle_of(ana, done, held, values, at=AT, medicines=taken, scores=scores)
        )
        archive, found, _ = read_fhir(json.loads(made), "B", "UTC")
        again = bundle_of(
            ana, archive.operations, archive.entries, found, at=AT, medicines=archive.medicines,
            scores=archive.scores,
        )  # fmt: skip
        assert bundle_text(again) == made


@pytest.mark.slow
def test_health_connect_with_five_years_of_two_apps_takes_under_ten_seconds(tmp_path: Path) -> None:
    file, days = tmp_path / "health_connect_export.db", 5 * 365
    first = datetime(2021, 1, 1, tzinfo=UTC)
    rng = Random(16)
    with closing(sqlite3.connect(file)) as made:
        made.executescript(
            "CREATE TABLE application_info_table"
            "(row_id integer primary key, package_name text, app_name text);"
            "CREATE TABLE steps_record_table(row_id integer primary key, uuid blob, "
            "app_info_id integer, start_time integer, start_zone_offset integer, "
            "end_time integer, local_date integer, count integer);"
            "INSERT INTO application_info_table VALUES (1, 'a.b', 'phone'), (2, 'a.c', 'watch');"
        )
        rows = (
            (None, bytes(16), app, start, 0, start + 60_000, day + 18_628, rng.randint(1, 90))
            for day in range(days)
            for app in (1, 2)
            for minute in range(0, 1440, 10)
            if (start := int((first + timedelta(days=day, minutes=minute)).timestamp() * 1000))
        )
        made.executemany("INSERT INTO steps_record_table VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        made.commit()
    began = time.perf_counter()
    found = read_file(file, zone="UTC").passive
    assert time.perf_counter() - began < 10
    assert len(found) == 2 * days
    assert {value.source for value in found} == {"phone", "watch"}
