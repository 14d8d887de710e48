"""`import` takes files of many kinds, overwrites nothing, and what it did can be taken back."""

import json
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery_tracker.demonstration.stories import stories
from recovery_tracker.domain.diary import DiaryEntry, Source, celsius_of
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.history import Event, EventKind, History
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import import_history, read_history, record_day
from recovery_tracker.storage import diary, people, record_rows
from recovery_tracker.storage.database import open_database
from tests.databases import url_of

BY = Actor(None, "test", Role.SYSTEM)
OPERATED = date(2026, 1, 5)
AT = datetime(2026, 6, 2, 12, tzinfo=UTC)


@pytest.fixture
def home(empty_file, tmp_path, monkeypatch):
    """The address of a database with one patient in Berlin, operated on in January."""
    monkeypatch.setattr("recovery_tracker.cli.patients.utc_now", lambda: AT)

    def make(name="home", zone="Europe/Berlin"):
        url = url_of(shutil.copy(empty_file, tmp_path / f"{name}.sqlite"))
        database = open_database(url)
        with database.write() as session:
            patient = people.create_patient(
                session, name="Kim", hospital_number=None, zone=zone, by=BY, at=AT
            )
            record_rows.add(session, patient.id, Operation(OPERATED, Region.LUMBAR), by=BY, at=AT)
        database.close()
        return url

    return make


@pytest.fixture
def taken(command, tmp_path):
    def take(url, text, *options, name="anything.txt"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return command("import", file, *options, "--database", url)

    return take


def days_of(url):
    database = open_database(url)
    with database.read() as session:
        patient = people.all_patients(session)[0]
        found = {one.day: one.entry for one in diary.entries_of(session, patient.id)}
    database.close()
    return found


def exported(command, url, file):
    assert command("export", "--out", file, "--database", url).status == 0
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist() if name != "journal.json"}


def test_steps_fill_an_empty_cell_and_overwrite_nothing(taken, home):
    url = home()
    taken(url, "date,axial_pain\n2026-03-01,4\n")
    said = taken(url, "date,axial_pain,steps\n2026-03-01,7,5000\n2026-03-02,,6000\n")
    assert said.out.startswith("Imported 1 day; already there and unchanged: 0.\n")
    assert "Without an answer of a person, and so not logged: 1 day.\n" in said.out
    assert "Empty answers filled in 1 day: steps 1.\n" in said.out
    assert (
        "Answers that differ from what is there, which stays: 1, 2026-03-01 back pain." in said.out
    )
    days = days_of(url)
    first, second = days[date(2026, 3, 1)], days[date(2026, 3, 2)]
    assert (first.axial_pain, first.steps, second.steps) == (4, 5000, 6000)
    assert first.has_answers()
    assert not second.has_answers()


def test_what_only_follows_an_answer_is_filled_without_a_list(taken, home):
    url = home()
    taken(url, "date,signs\n2026-03-01,none\n")
    said = taken(url, "date,signs,signs_asked\n2026-03-01,none,fever\n")
    assert "Empty answers filled in 1 day.\n" in said.out
    assert days_of(url)[date(2026, 3, 1)].signs_asked == {"fever"}


def test_neck_pain_of_another_program_fills_no_day_about_the_back(taken, home):
    url = home()
    day = date(2026, 6, 1)
    database = open_database(url)
    with database.write() as session:
        patient = people.all_patients(session)[0]
        neck = Operation(date(2024, 2, 1), Region.CERVICAL)
        record_rows.add(session, patient.id, neck, by=BY, at=AT)
    entry = DiaryEntry(day, walking=3, region=Region.LUMBAR)
    record_day(database, patient.id, entry, by=BY, at=AT, today=AT.date(), key="one")
    database.close()
    pain = {
        "resourceType": "Observation",
        "effectiveDateTime": f"{day}",
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "72514-3"}],
            "text": "Neck pain",
        },
        "valueInteger": 6,
    }
    said = taken(url, json.dumps(pain))
    assert "which stays: 1, 2026-06-01 neck pain.\n" in said.out
    assert "filled" not in said.out
    assert days_of(url)[day].axial_pain is None
    back = pain | {"code": pain["code"] | {"text": "Back pain"}}
    assert "Empty answers filled in 1 day: back pain 1.\n" in taken(url, json.dumps(back)).out


def test_a_pain_is_named_by_the_part_operated_on_by_its_day(taken, command, home):
    """A neck that was operated on in January, and a back that will be next week."""
    url = home()
    database = open_database(url)
    with database.write() as session:
        patient = people.all_patients(session)[0]
        for day, region in ((date(2026, 2, 1), Region.CERVICAL), (date(2026, 6, 9), Region.LUMBAR)):
            record_rows.add(session, patient.id, Operation(day, region), by=BY, at=AT)
    database.close()
    taken(url, "date,axial_pain,walking\n2026-01-20,4,\n2026-03-01,4,\n2026-03-02,,3\n")
    said = taken(url, "date,axial_pain\n2026-01-20,7\n2026-03-01,7\n2026-03-02,5\n")
    assert "stays: 2, 2026-01-20 back pain, 2026-03-01 neck pain.\n" in said.out
    assert "Empty answers filled in 1 day: neck pain 1.\n" in said.out


def test_an_import_is_taken_back_by_its_id(taken, command, home):
    url = home()
    taken(url, "date,axial_pain\n2026-03-01,4\n")
    said = taken(url, "date,axial_pain,steps\n2026-03-01,,5000\n2026-03-02,3,6000\n")
    number = said.out.split("--undo ")[1].strip()
    back = command("import", "--undo", number, "--database", url)
    assert back.out == "Taken back: days and other things, 2 in all.\n"
    assert {day: (e.axial_pain, e.steps) for day, e in days_of(url).items()} == {
        date(2026, 3, 1): (4, None)
    }
    assert "already been taken back" in command("import", "--undo", number, "--database", url).err
    assert "no import has the id" in command("import", "--undo", "x", "--database", url).err
    # What was taken back can come in once more.
    again = taken(url, "date,axial_pain,steps\n2026-03-02,3,6000\n")
    assert again.out.startswith("Imported 1 day;")
    assert command("import", "--database", url).status == 2


def test_the_day_of_recording_is_the_one_the_file_says(taken, command, home, tmp_path):
    """Wherever the patient lives: read from the file and from the record it is the same day."""
    rows = (
        ("2026-03-02", "2026-03-02T20:15:00-05:00", 0),
        ("2026-03-04", "2026-03-07T00:30:00+02:00", 3),
        ("2026-03-08", "2026-03-08T23:59:00+13:00", 0),
        ("2026-03-09", "", 0),
    )
    text = "date,axial_pain,recorded_at\n" + "".join(f"{d},4,{at}\n" for d, at, _ in rows)
    for zone in ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Honolulu"):
        url = home(zone.replace("/", "-"), zone)
        taken(url, text)
        days = days_of(url)
        assert [days[date.fromisoformat(d)].days_late for d, _, _ in rows] == [0, 3, 0, 0], zone
        assert days[date(2026, 3, 9)].recorded_at is None
        parts = exported(command, url, tmp_path / "out.zip")
        assert parts["diary.csv"].decode().replace("\r\n", "\n") == text


def test_what_may_be_meant_two_ways_is_asked_with_the_option_that_answers(taken, home):
    url = home()
    for text, option, value in (
        ("date,axial_pain\n3/1/2026,4\n3/2/2026,4\n", "--dates", "mdy"),
        ("date,axial_pain\n2026-03-03,40\n", "--pain-scale", "100"),
        ("date,temperature_c\n2026-03-04,101.4\n", "--temperature", "f"),
    ):
        asked = taken(url, text)
        assert (asked.status, asked.out) == (1, "")
        assert option in asked.err
        assert taken(url, text, option, value).status == 0
    days = days_of(url)
    assert days[date(2026, 3, 3)].axial_pain == 4
    assert days[date(2026, 3, 4)].temperature_f == 101.4


def test_every_refusal_is_a_line_with_row_and_column(taken, home):
    url = home()
    said = taken(url, "date,axial_pain\n2026-03-01,x\n2031-03-01,4\n")
    assert said.err.splitlines() == [
        "recovery-tracker: anything.txt, row 2, column axial_pain: This must be a whole number "
        "from 0 to 10. Words are not read here. Write a number, or empty the cell.",
        "recovery-tracker: anything.txt, row 3, column date: This day is still to come.",
    ]
    assert days_of(url) == {}


def test_steps_of_a_phone_stand_beside_the_diary_and_one_source_is_read(
    taken, command, home, tmp_path
):
    url = home()
    tables = "timestamp,steps,data source\n2026-03-01T10:00:00Z,1800,phone\n"
    tables += "2026-03-01T11:00:00Z,2000,watch\n2026-03-02T11:00:00Z,700,phone\n"
    said = taken(url, tables)
    assert "Steps: 2 days by phone, 1 day by watch. One source is read, never a sum." in said.out
    assert days_of(url) == {}
    assert "already there 3" in taken(url, tables).out
    assert "its sources: phone, watch" in taken(url, tables, "--source", "car").err
    database = open_database(url)
    with database.read() as session:
        patient = people.all_patients(session)[0]
        assert [v.value for v in read_history(session, patient.id).passive] == [1800, 700]
    assert taken(url, tables, "--source", "Watch").status == 0
    with database.read() as session:
        assert [v.value for v in read_history(session, patient.id).passive] == [2000]
    database.close()
    parts = exported(command, url, tmp_path / "out.zip")
    assert parts["passive.csv"].decode().splitlines()[1] == "2026-03-01,steps,phone,1800"


def test_a_mapping_reads_a_spreadsheet_of_any_shape(taken, home, tmp_path):
    url = home()
    table = "Tag;Schmerz\n01.03.2026;4\n"
    asked = taken(url, table)
    assert "say what its columns mean with --map MAP.json (columns: 'Tag', 'Schmerz')" in asked.err
    how = tmp_path / "map.json"
    how.write_text(json.dumps({"columns": {"Tag": "date", "Schmerz": "axial_pain"}}))
    assert taken(url, table, "--map", how, "--dry-run").out.startswith("Would import 1 day;")
    assert days_of(url) == {}
    assert taken(url, table, "--map", how).status == 0
    assert days_of(url)[date(2026, 3, 1)].axial_pain == 4


def repacked(file, folder):
    """The same export as a Mac packs it again, under another name."""
    other = folder / "Archiv 2.bin"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(f"recovery/{name}", old.read(name))
            new.writestr(f"__MACOSX/recovery/._{name}", b"\0\5\26\7")
        new.writestr("recovery/.DS_Store", b"\0\0\0\1Bud1")
    return other


def test_export_import_export_is_the_same_for_people_of_every_kind(command, home, tmp_path):
    """Passive values, versions, zones, a time that nobody knows, two operations, Fahrenheit."""
    for number, story in enumerate(stories(AT)[:4]):
        url = home(f"first-{number}")
        database = open_database(url)
        with database.read() as session:
            patient = people.all_patients(session)[0]
        second = Operation(OPERATED + timedelta(days=90), Region.CERVICAL, 2)
        days = [
            replace(e, zone=None, source=Source.IMPORT)
            for e in story.history.entries
            if e.day < AT.date() - timedelta(days=1)
        ]
        days[0] = replace(days[0], recorded_at=None)
        passive = tuple(
            PassiveValue(OPERATED + timedelta(days=n), PassiveKind.STEPS, source, 4000.0 + n)
            for n in range(40)
            for source in ("Kim’s phone", "=watch")
        )
        import_history(
            database,
            patient.id,
            FileContent(
                History(
                    (Operation(OPERATED, Region.LUMBAR), second),
                    tuple(days),
                    (Event(OPERATED + timedelta(days=9), EventKind.FALL, "stairs"),),
                ),
                passive=passive,
            ),
            by=BY,
            at=AT,
            today=AT.date(),
        )
        for n, zone in enumerate(("Europe/Berlin", "America/New_York")):
            entry = DiaryEntry(
                AT.date() - timedelta(days=n),
                axial_pain=4,
                temperature_f=101.4,
                temperature_c=celsius_of(101.4),
                zone=zone,
            )
            for pain in (4, 5):
                record_day(
                    database,
                    patient.id,
                    replace(entry, axial_pain=pain),
                    by=BY,
                    at=AT,
                    today=AT.date(),
                    key=f"{number}{n}{pain}",
                )
        database.close()
        first = exported(command, url, tmp_path / "first.zip")
        again = home(f"again-{number}")
        file = repacked(tmp_path / "first.zip", tmp_path)
        assert command("import", file, "--database", again).status == 0
        second_time = exported(command, again, tmp_path / "again.zip")
        for name in ("diary.csv", "passive.csv", "scores.csv", "patient.json"):
            assert first[name] == second_time[name], (number, name)
