"""A long file is read by a process of its own, and a page says how far it is."""

import io
import re
import time
import zipfile
from datetime import date

import pytest

from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.exchange import long_reading
from recovery_tracker.storage import imports
from recovery_tracker.web.shared import waiting_files
from tests.web.diarist import new_diarist
from tests.web.test_data import look, send


@pytest.fixture
def nora(clinic, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(tmp_path))
    return new_diarist(clinic)


def long_export(last_steps: str = "2100", end: str = "</HealthData>") -> bytes:
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


def test_a_long_file_that_is_damaged_is_refused_and_not_kept(nora, tmp_path):
    page, _ = read_to_its_end(nora, look(nora, long_export(end=""), "export.zip"))
    assert page.status_code == 422
    assert "cannot be read to the end" in page.text
    assert not [one for folder in tmp_path.glob("recovery-*") for one in folder.iterdir()]


def test_a_reading_that_stopped_is_said_and_the_file_can_be_given_again(nora, tmp_path):
    answer = look(nora, long_export(), "export.zip")
    (file,) = (one for folder in tmp_path.glob("recovery-*") for one in folder.iterdir())
    # As after a restart: what said how far it was is silent for long, and nothing was found.
    file.with_suffix(".told").write_text("0.5")
    long_ago = time.time() - 2 * long_reading.SILENT
    waiting_files.os.utime(file.with_suffix(".told"), (long_ago, long_ago))
    page = nora.browser.get(answer.headers["Location"])
    assert page.status_code == 422
    assert "not read to its end" in page.text


def test_no_more_files_are_read_at_once_than_there_are_processors_for(nora, tmp_path):
    answer = look(nora, long_export(), "export.zip")
    (folder,) = tmp_path.glob("recovery-*")
    others = [folder / f"other-{number}.told" for number in range(long_reading.MOST_AT_ONCE)]
    for one in others:
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
