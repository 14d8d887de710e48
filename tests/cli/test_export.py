"""What `export` writes, `import` brings back: all of it, or nothing and one line that says why."""

import base64
import json
import shutil
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from recovery_tracker.cli import main
from recovery_tracker.cli.options import know_audit_key, seal_audit
from recovery_tracker.domain.diary import DiaryEntry, SignChange
from recovery_tracker.domain.history import Appointment, Event, EventKind, Imaging, ImagingResult
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.surgery import Approach, Operation, Region
from recovery_tracker.services import record_day
from recovery_tracker.storage import diary, flags, people, record_rows
from recovery_tracker.storage.database import open_database
from recovery_tracker.web.secret_file import secrets_in
from tests.databases import url_of

BY = Actor(None, "test", Role.SYSTEM)
OPERATED, TODAY = date(2026, 1, 5), date(2026, 3, 2)
AT = datetime(2026, 3, 2, 12, 30, 15, tzinfo=UTC)

RECORD = (
    Operation(
        OPERATED,
        Region.LUMBAR,
        2,
        "L4-S1",
        Approach.POSTERIOR,
        "screws",
        frozenset({"smoker"}),
        frozenset({"weakness"}),
        7,
        6.5,
    ),
    Event(date(2026, 2, 1), EventKind.FALL, "on the stairs – “hard”"),
    ImagingResult(date(2026, 2, 3), "ct", Imaging.NO_LOOSENING_SEEN, "looks well\nfused later"),
    Appointment(date(2026, 4, 1), "09:30", "Dr Lund", "Room 4"),
    Instruction(
        InstructionKind.PLAN, TODAY, AT, "walk_more", "gently", date(2026, 4, 1), "Dr Lund"
    ),
    FormScore(date(2026, 2, 20), "odi_percent", 34.5, Role.PATIENT),
)
DAYS = (
    DiaryEntry(
        date(2026, 2, 28),
        axial_pain=4,
        numbness=2,
        numbness_zones=frozenset({"left_foot"}),
        signs=frozenset({"wound_redness"}),
        signs_asked=frozenset({"wound_redness", "fever"}),
        temperature_c=37.4,
        note="=1+1\nsecond line, “quoted”",
        zone="America/New_York",
    ),
    DiaryEntry(date(2026, 3, 1), axial_pain=3, zone="Asia/Taipei"),
    # Nothing but how the open sign went on.
    DiaryEntry(
        TODAY,
        sign_changes={"wound_redness": SignChange.BETTER},
        spoke_to_someone=True,
        zone="UTC",
    ),
)


def new_database(blank, folder, name):
    """A database of one patient who wrote nothing yet."""
    url = url_of(shutil.copy(blank, folder / f"{name}.sqlite"))
    database = open_database(url)
    with database.write() as session:
        patient = people.create_patient(
            session, name="Ana", hospital_number="H-12", zone="UTC", by=BY, at=AT
        )
    return url, database, patient


@pytest.fixture(scope="module")
def first_export(empty_file, tmp_path_factory):
    """The file of a patient of whom everything is known, written once."""
    folder = tmp_path_factory.mktemp("export")
    url, database, patient = new_database(empty_file, folder, "first")
    with database.write() as session:
        for one in RECORD:
            record_rows.add(session, patient.id, one, by=BY, at=AT)
    for day in DAYS:
        record_day(database, patient.id, day, by=BY, at=AT, today=TODAY, key=str(day.day))
    database.close()
    file = folder / "first.zip"
    with pytest.raises(SystemExit) as ended:
        main(["export", "--out", str(file), "--database", url])
    assert not ended.value.code
    return file


@pytest.fixture
def exported(first_export, tmp_path):
    """A copy of that file for one test."""
    return Path(shutil.copy(first_export, tmp_path))


@pytest.fixture
def empty(empty_file, tmp_path):
    url, database, _ = new_database(empty_file, tmp_path, "second")
    database.close()
    return url


def contents(file):
    """What can be brought back, as the file has it."""
    with zipfile.ZipFile(file) as packed:
        record = json.loads(packed.read("patient.json"))
        return record, packed.read("diary.csv"), packed.read("scores.csv")


def rewritten(file, name, change):
    """The same file with one part of it changed, or left out where `change` gives None."""
    with zipfile.ZipFile(file) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    parts[name] = change(parts[name])
    other = file.with_name("changed.zip")
    with zipfile.ZipFile(other, "w") as packed:
        for part, content in parts.items():
            if content is not None:
                packed.writestr(part, content)
    return other


def test_export_import_export_is_equal(command, exported, empty, tmp_path):
    said = command("import", exported, "--database", empty)
    assert said.out.startswith(
        "Imported 3 days and 6 operations, events and the like; already there"
    )
    again = tmp_path / "again.zip"
    assert command("export", "--out", again, "--database", empty).status == 0
    first, second = contents(exported), contents(again)
    assert first[0]["days"] == second[0]["days"]
    assert first == second
    for name in ("operations", "events", "imaging", "appointments", "instructions", "scores"):
        assert len(first[0][name]) == 1
    assert first[0]["days"][2]["sign_changes"] == {"wound_redness": "better"}


def test_the_same_export_twice_adds_nothing(command, exported, empty):
    command("import", exported, "--database", empty)
    said = command("import", exported, "--database", empty)
    assert said.out == "Imported 0 days; already there and unchanged: 3.\n"


def test_a_dry_run_keeps_nothing(command, exported, empty):
    for _ in range(2):
        said = command("import", exported, "--dry-run", "--database", empty)
        assert said.out.startswith("Would import 3 days and 6 operations")


def change_json(path, value):
    """A change of `patient.json` at one place in it."""

    def change(content):
        record = json.loads(content)
        place = record
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        return json.dumps(record).encode()

    return change


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("diary.csv", lambda _: None, "This zip holds no diary.csv. Is it an export of a diary?"),
        (
            "patient.json",
            lambda _: b"{",
            "changed.zip, patient.json: This place in the export is damaged.",
        ),
        (
            "patient.json",
            lambda _: b"[]",
            "changed.zip, patient.json: This place in the export is damaged.",
        ),
        (
            "patient.json",
            lambda _: b"[" * 100_000,
            "changed.zip, patient.json: This place in the export is damaged.",
        ),
        (
            "diary.csv",
            lambda c: c.replace(b"37.4", b"57.4"),
            "row 2, column temperature_c: This must",
        ),
        (
            "patient.json",
            change_json(("events", 0, "kind"), "flood"),
            "patient.json, events 1, kind: 'flood' is not one of: fall",
        ),
        (
            "patient.json",
            change_json(("events", 0, "day"), "yesterday"),
            "patient.json, events 1, day: This must be a date like 2026-03-31.",
        ),
        (
            "patient.json",
            change_json(("events", 0, "colour"), "red"),
            "patient.json, events 1: This place in the export has an unknown field: 'colour'",
        ),
        (
            "patient.json",
            change_json(("events", 0), {"kind": "fall"}),
            "patient.json, events 1: This place in the export lacks the field day.",
        ),
        (
            "patient.json",
            change_json(("events",), 3),
            "patient.json, events: This place in the export is damaged.",
        ),
        (
            "patient.json",
            change_json(("operations", 0, "levels"), "two"),
            "patient.json, operations 1, levels: This place in the export is damaged.",
        ),
        (
            "patient.json",
            change_json(("operations", 0, "preop_axial_pain"), 10**400),
            "patient.json, operations 1, preop_axial_pain: This place in the export is damaged.",
        ),
        (
            "patient.json",
            change_json(("operations", 0, "levels"), 99),
            "operations 1: A value in this place of the export is out of bounds.",
        ),
        (
            "patient.json",
            change_json(("scores", 0, "score"), float("nan")),
            "patient.json: This place in the export is damaged.",
        ),
        (
            "patient.json",
            change_json(("days", 0, "zone"), "Mars/Olympus"),
            "patient.json, days 1, zone: This time zone is not known.",
        ),
        (
            "patient.json",
            change_json(("days", 2, "sign_changes"), {"itch": "gone"}),
            "patient.json, days 3, sign_changes: 'itch' is not a known warning sign",
        ),
        (
            "patient.json",
            change_json(("events", 0, "label"), "x" * 201),
            "Something is too long or out of range.",
        ),
        (
            "patient.json",
            change_json(("hospital_number",), "H-99"),
            "This file is about somebody else, with another hospital number.",
        ),
        (
            "patient.json",
            lambda c: c.replace(b'"H-12"', b"null").replace(b'"Ana"', b'"Eva"'),
            "This file is about Eva. This diary is that of Ana. (--same-person, if it is)",
        ),
        (
            "patient.json",
            change_json(("imaging", 0, "note"), "\ud800"),
            "patient.json, imaging 1, note: This place in the export is damaged.",
        ),
        (
            "patient.json",
            change_json(("days", 0, "recorded_at"), "2099-03-01T10:00:00+00:00"),
            "The file holds a day that is still to come.",
        ),
    ],
)
def test_a_file_that_is_not_right_imports_nothing(command, exported, empty, name, change, says):
    said = command("import", rewritten(exported, name, change), "--database", empty)
    assert says in said.err
    assert (said.status, said.err.count("\n")) == (1, 1)
    whole = command("import", exported, "--database", empty)
    assert "Imported 3 days and 6 operations" in whole.out


@pytest.mark.parametrize("kept", [5, 200, -30])
def test_a_torn_file_imports_nothing(command, exported, empty, kept, tmp_path):
    torn = tmp_path / "torn.zip"
    torn.write_bytes(exported.read_bytes()[:kept])
    said = command("import", torn, "--database", empty)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert "torn.zip: This file is damaged, or it is no export of a diary." in said.err


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_damaged_inside_imports_nothing(command, exported, empty, method, tmp_path):
    with zipfile.ZipFile(exported) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(damaged, "w", method) as packed:
        for part, content in parts.items():
            packed.writestr(part, content)
    content = bytearray(damaged.read_bytes())
    place = content.find(b"patient.json") + len("patient.json")
    content[place + 12 : place + 40] = b"\xa5" * 28
    damaged.write_bytes(content)
    said = command("import", damaged, "--database", empty)
    assert (said.status, said.err.count("\n")) == (1, 1)
    assert "damaged.zip: This file is damaged, or it is no export of a diary." in said.err


def test_today_is_the_day_where_the_patient_is(command, empty_file, tmp_path, monkeypatch):
    url, database, patient = new_database(empty_file, tmp_path, "away")
    ahead = replace(patient, zone="Pacific/Kiritimati")
    with database.write() as session:
        people.update_patient(session, ahead, expected_version=patient.version, by=BY, at=AT)
        record_rows.add(session, patient.id, RECORD[0], by=BY, at=AT)
    database.close()
    monkeypatch.setattr("recovery_tracker.cli.patients.utc_now", lambda: AT)
    diary = tmp_path / "diary.csv"
    diary.write_text("date,axial_pain\n2026-03-03,4\n")
    assert command("import", diary, "--database", url).out.startswith("Imported 1 day;")
    diary.write_text("date,axial_pain\n2026-03-04,4\n")
    assert "still to come" in command("import", diary, "--database", url).err


def test_a_place_of_numbness_of_another_region_is_named(command, exported, empty, tmp_path):
    command("import", exported, "--database", empty)
    diary = tmp_path / "neck.csv"
    diary.write_text("date,numbness,numbness_zones\n2026-02-01,1,\n2026-02-02,1,left_forearm\n")
    said = command("import", diary, "--database", empty)
    assert said.status == 1
    assert "neck.csv, row 3, column numbness_zones: 'left_forearm' is not asked" in said.err
    alone = ("assess", diary, "--surgery-date", "2026-01-05", "--region")
    assert (
        "'left_forearm' is not asked about after this operation" in command(*alone, "thoracic").err
    )
    assert command(*alone, "cervical").status == 0


# Files for other programs.


def test_redcap_omop_and_research_are_written_whole(command, empty_file, tmp_path):
    url, database, patient = new_database(empty_file, tmp_path, "research")
    with database.write() as session:
        for one in RECORD:
            record_rows.add(session, patient.id, one, by=BY, at=AT)
    for day in DAYS:
        record_day(database, patient.id, day, by=BY, at=AT, today=TODAY, key=str(day.day))
    database.close()
    folder, table, cohort = tmp_path / "redcap", tmp_path / "omop.csv", tmp_path / "cohort"
    said = command(
        "export", "--redcap", folder, "--omop", table, "--parquet", cohort, "--database", url
    )
    assert said.status == 0
    assert "A dictionary and 3 days for REDCap" in said.out
    assert "1 person and 3 days are in" in said.out
    assert "  only 1 with region lumbar" in said.out
    assert (folder / "records.csv").read_bytes().startswith(b"\xef\xbb\xbfrecord_id,")
    assert table.read_text("utf-8").startswith("measurement_id,person_id,")
    assert sorted(file.name for file in cohort.iterdir()) == [
        "README.txt", "days.parquet", "device_days.parquet", "flags.parquet", "people.parquet",
    ]  # fmt: skip
    refused = command("export", "--parquet", cohort, "--patient", "x", "--database", url)
    assert refused.status == 2


def test_the_bundle_holds_the_report(command, empty_file, tmp_path):
    url, database, patient = new_database(empty_file, tmp_path, "fhir")
    with database.write() as session:
        record_rows.add(session, patient.id, RECORD[0], by=BY, at=AT)
    database.close()
    file = tmp_path / "bundle.json"
    assert command("export", "--fhir", file, "--database", url).status == 0
    found = json.loads(file.read_text("utf-8"))
    (document,) = [
        one["resource"]
        for one in found["entry"]
        if one["resource"]["resourceType"] == "DocumentReference"
    ]
    data = base64.b64decode(document["content"][0]["attachment"]["data"])
    assert data.startswith(b"%PDF-")


def test_a_diary_that_is_due_is_assessed_under_the_key_that_is_here(command, empty_file, tmp_path):
    url, database, patient = new_database(empty_file, tmp_path, "keyed")
    assert secrets_in(tmp_path)
    seal_audit(url)
    know_audit_key(url)
    with database.write() as session:
        record_rows.add(session, patient.id, RECORD[0], by=BY, at=AT)
        diary.save_version(session, patient.id, DAYS[0], by=BY, at=AT)
    database.close()
    assert "key" not in command("check", "--full", "--database", url).err
    file = tmp_path / "bundle.json"
    assert command("export", "--fhir", file, "--database", url).status == 0
    with closing(open_database(url)) as opened, opened.read() as session:
        assert flags.flags_of(session, patient.id), "it was due, and reading it raised a flag"
    assert "key" not in command("check", "--full", "--database", url).err
