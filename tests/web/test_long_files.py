"""A long file is read by a process of its own, and a page says how far it is."""

import io
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing
from datetime import date

import pytest

from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.exchange import long_reading
from recovery_tracker.exchange.problems import FileRefused
from recovery_tracker.storage import imports
from recovery_tracker.web.shared import waiting_files
from tests.web.diarist import new_diarist
from tests.web.test_data import look, send


@pytest.fixture(autouse=True)
def _five_megabytes_are_long(monkeypatch):
    """Nobody waits for more here than these tests need to see a reading under way."""
    monkeypatch.setattr(long_reading, "LONG", 5_000_000)


@pytest.fixture
def nora(clinic, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(tmp_path))
    return new_diarist(clinic)


def long_export(last_steps: str = "2100", end: str = "</HealthData>", born: str = "") -> bytes:
    """An Apple export that unpacks to more than a page waits for, of which one day has steps."""
    record = (
        '<Record type="HKQuantityTypeIdentifier{}" sourceName="Phone" unit="count" '
        'startDate="2026-02-10 10:00:00 +0100" endDate="2026-02-10 10:05:00 +0100" value="{}"/>\n'
    )
    many = record.format("HeartRate", 60) * 5_000
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("apple_health_export/export.xml", "w") as out,
    ):
        out.write(b'<HealthData locale="en">\n')
        out.write(f'<Me HKCharacteristicTypeIdentifierDateOfBirth="{born}"/>\n'.encode())
        for _ in range(long_reading.LONG // len(many) + 1):
            out.write(many.encode())
        out.write((record.format("StepCount", last_steps) + end).encode())
    return stream.getvalue()


def read_to_its_end(nora, answer):
    """The page that stands at the end of the one that says how far the reading is."""
    assert answer.status_code == 303
    address = answer.headers["Location"]
    shares = []
    for _ in range(300):
        page = nora.browser.get(address)
        found = re.search(r'id="reading" max="100" value="(\d+)"', page.text)
        if found is None:
            return page, shares
        assert page.status_code == 200
        shares.append(int(found[1]))
        time.sleep(0.1)
    raise AssertionError(f"not read after half a minute: {shares}")


def test_a_long_file_is_read_apart_and_says_how_far_it_is(nora, clinic):
    page, shares = read_to_its_end(nora, look(nora, long_export(), "export.zip"))
    assert shares == sorted(shares)
    assert shares
    assert page.status_code == 200
    assert "What will happen" in page.text
    done = send(nora, page, "data/bring-in")
    assert done.status_code == 303
    with clinic.database.read() as session:
        held = imports.values_of(session, nora.patient.id)
    steps = PassiveValue(date(2026, 2, 10), PassiveKind.STEPS, "Phone", 2100.0)
    assert list(held) == [steps]
    assert "Apple Health" in nora.page("data").text


def test_a_long_file_of_somebody_else_is_asked_about(nora):
    nora.known_as(birth_date=date(1961, 5, 2))
    page, _ = read_to_its_end(nora, look(nora, long_export(born="1950-05-03"), "export.zip"))
    assert "This file gives another date of birth than this diary." in page.text
    assert "Add it to my diary" not in page.text


def test_a_long_file_that_is_damaged_is_refused_and_not_kept(nora, tmp_path):
    page, _ = read_to_its_end(nora, look(nora, long_export(end=""), "export.zip"))
    assert page.status_code == 422
    assert "cannot be read to the end" in page.text
    waiting_files.sweep(0)
    assert not [one for folder in tmp_path.glob("recovery-*") for one in folder.iterdir()]


def test_why_a_long_file_was_refused_is_said_however_often_its_page_is_asked_for(nora):
    """The script of the page meets the refusal first, and then loads the page anew."""
    answer = look(nora, long_export(end=""), "export.zip")
    read_to_its_end(nora, answer)
    page = nora.browser.get(answer.headers["Location"])
    assert page.status_code == 422
    assert "cannot be read to the end" in page.text


def slow_database(tmp_path):
    """A zip with a database of Health Connect of which reading takes a minute."""
    file = tmp_path / "health.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE filler (bytes)")
        database.execute("INSERT INTO filler VALUES (zeroblob(?))", [long_reading.LONG + 1])
        database.execute("CREATE TABLE steps_record_table (count)")
        database.execute(
            "CREATE VIEW application_info_table AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
            "SELECT x + 1 FROM n) SELECT x row_id, x app_name, x package_name FROM n WHERE x < 0"
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(file, "health_connect_export.db")
    file.unlink()
    return stream.getvalue()


def until(condition):
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("not within half a minute")


def test_nothing_that_was_unpacked_outlives_the_file(nora, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    answer = look(nora, slow_database(tmp_path), "health.zip")
    assert nora.browser.get(answer.headers["Location"]).status_code == 200
    until(lambda: list(tmp_path.rglob("found.db")))
    waiting_files.drop(answer.headers["Location"].rpartition("/")[2], nora.patient.public_id)
    until(lambda: not any(one.name == "reading" for one in threading.enumerate()))
    assert not list(tmp_path.rglob("found.db"))


def test_a_reading_outlives_the_process_that_began_it(tmp_path, monkeypatch):
    path = tmp_path / "waits"
    path.write_bytes(slow_database(tmp_path))
    begin = (
        "import pathlib, sys, time; from recovery_tracker.exchange import long_reading\n"
        "folder = pathlib.Path(sys.argv[1]); long_reading.begin(folder / 'waits', 'UTC')\n"
        "while not list(folder.rglob('found.db')): time.sleep(0.1)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", begin, str(tmp_path)], check=True, env=environment)
    monkeypatch.setattr(long_reading, "SILENT", 2)
    time.sleep(3)
    assert long_reading.share_read(path) is not None
    path.unlink()
    until(lambda: not list(tmp_path.iterdir()))


def test_a_reading_that_stopped_is_said_and_the_file_can_be_given_again(nora, tmp_path):
    answer = look(nora, long_export(), "export.zip")
    (file,) = (one for folder in tmp_path.glob("recovery-*") for one in folder.iterdir())
    # As after a restart: what said how far it was is silent for long, and nothing was found.
    told = file.with_suffix(".reading") / "told"
    told.parent.mkdir()
    told.write_text("0.5")
    long_ago = time.time() - 2 * long_reading.SILENT
    waiting_files.os.utime(told, (long_ago, long_ago))
    page = nora.browser.get(answer.headers["Location"])
    assert page.status_code == 422
    assert "not read to its end" in page.text


def test_no_more_files_are_read_at_once_than_there_are_processors_for(nora, tmp_path):
    answer = look(nora, long_export(), "export.zip")
    (folder,) = tmp_path.glob("recovery-*")
    others = [folder / f"{number}.reading/told" for number in range(long_reading.MOST_AT_ONCE)]
    for one in others:
        one.parent.mkdir()
        one.write_text("0.1")
    page = nora.browser.get(answer.headers["Location"])
    assert "Other files come first" in page.text
    for one in others:
        one.unlink()
    page, _ = read_to_its_end(nora, answer)
    assert "What will happen" in page.text


def test_a_reading_belongs_to_the_one_who_sent_the_file(nora, clinic):
    address = look(nora, long_export(), "export.zip").headers["Location"]
    other = new_diarist(clinic, "otto")
    theirs = address.replace(nora.patient.public_id, other.patient.public_id)
    assert other.browser.get(address).status_code == 404
    page = other.browser.get(theirs)
    assert page.status_code == 422
    assert "We no longer have that file" in page.text


def test_a_reading_that_failed_is_logged_by_the_kind_of_error_alone(tmp_path, caplog):
    path = tmp_path / "waits"
    path.write_bytes(long_export())
    assert long_reading.begin(path, "No/Where")
    until(lambda: long_reading.share_read(path) is None)
    with pytest.raises(FileRefused, match="not read to its end"):
        long_reading.outcome(path)
    assert [one.getMessage() for one in caplog.records] == [
        "a long file was not read: ZoneInfoNotFoundError"
    ]


def test_never_more_are_read_at_once_though_many_begin_together(tmp_path):
    content = slow_database(tmp_path)
    paths = [tmp_path / f"owner{number}-file" for number in range(6)]

    def begin(path, start, begun):
        start.wait()
        begun.append(long_reading.begin(path, "UTC"))

    for _ in range(3):
        begun, start = [], threading.Barrier(len(paths))
        threads = [threading.Thread(target=begin, args=(path, start, begun)) for path in paths]
        for path in paths:
            path.write_bytes(content)
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sum(begun) <= long_reading.MOST_AT_ONCE
        for path in paths:
            path.unlink()
        until(lambda: not list(tmp_path.iterdir()))


def test_one_person_has_one_file_read_at_once(tmp_path):
    for name in ("ann-one", "ann-two", "bea-one"):
        (tmp_path / name).write_bytes(slow_database(tmp_path))
    assert long_reading.begin(tmp_path / "ann-one", "UTC")
    assert not long_reading.begin(tmp_path / "ann-two", "UTC")
    assert long_reading.begin(tmp_path / "bea-one", "UTC")
    for name in ("ann-one", "ann-two", "bea-one"):
        (tmp_path / name).unlink()
    until(lambda: not list(tmp_path.iterdir()))


def test_a_long_file_is_looked_at_again_apart_too(nora, clinic):
    heads = "Date,Calories Burned,Steps,Minutes Sedentary"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("Fitbit.csv", f"{heads}\n02/03/2026,2113,6512,713\n")
        packed.writestr("filler.bin", bytes(long_reading.LONG))
    asked, _ = read_to_its_end(nora, look(nora, stream.getvalue(), "export.zip"))
    assert asked.status_code == 422
    again = send(nora, asked, "data/look", dates="mdy")
    shown, _ = read_to_its_end(nora, again)
    assert "What will happen" in shown.text
    assert send(nora, shown, "data/bring-in").status_code == 303
    with clinic.database.read() as session:
        held = imports.values_of(session, nora.patient.id)
    assert [one.day for one in held] == [date(2026, 2, 3)]
