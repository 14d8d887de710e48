"""A file about somebody else is not mixed into a diary: a daughter keeps those of two parents."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest

from recovery_tracker.storage import diary
from recovery_tracker.web.shared import waiting_files
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.test_data import look, send

YESTERDAY = TODAY - timedelta(days=1)
BORN = "This file gives another date of birth"
ASKED = "Is it the same person?"


@pytest.fixture
def nora(clinic, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(tmp_path))
    return new_diarist(clinic)


def days_of(nora):
    with nora.clinic.database.read() as session:
        return [one.day for one in diary.entries_of(session, nora.patient.id)]


def export_of(nora, **who):
    """Her own zip, with another person's name on it."""
    nora.log(**CALM)
    made = nora.browser.send(nora.path("data"), nora.path("data/take-out"), what="everything")
    with zipfile.ZipFile(io.BytesIO(made.data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    record = json.loads(parts["patient.json"]) | who
    parts["patient.json"] = json.dumps(record).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def bundle_of(**who):
    """What another program says of one person."""
    patient = {"resourceType": "Patient", "id": "p", **who}
    pain = {
        "resourceType": "Observation",
        "status": "final",
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "72514-3"}],
            "text": "Back pain",
        },
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": YESTERDAY.isoformat(),
        "valueInteger": 7,
    }
    entries = [{"resource": one} for one in (patient, pain)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def test_an_export_with_another_number_is_refused(nora):
    nora.known_as(birth_date=date(1961, 5, 2), hospital_number="H-12")
    answer = look(nora, export_of(nora, hospital_number="H-99"), "other.zip")
    assert answer.status_code == 422
    assert "somebody else, with another hospital number" in answer.text
    assert "Add it to my diary" not in answer.text
    assert ASKED not in answer.text


def test_an_export_with_another_date_of_birth_is_asked_about(nora):
    nora.known_as(birth_date=date(1961, 5, 2))
    asked = look(nora, export_of(nora, birth_date="1950-05-03"), "other.zip")
    assert asked.status_code == 422
    assert BORN in asked.text
    assert "Add it to my diary" not in asked.text
    assert BORN not in send(nora, asked, "data/look", person="same").text


def test_of_another_name_alone_the_person_is_asked(nora):
    """Names change, and are spelt in many ways; nothing but the person knows."""
    nora.known_as(birth_date=None, hospital_number=None)
    bundle = bundle_of(name=[{"family": "Smith", "given": ["Agnes"]}])
    asked = look(nora, bundle, "other.json")
    assert "This file is about Agnes Smith." in asked.text
    assert ASKED in asked.text
    assert "Add it to my diary" not in asked.text
    other = send(nora, asked, "data/look", person="other")
    assert "Add it to my diary" not in other.text
    preview = send(nora, other, "data/look", person="same")
    assert "Add it to my diary" in preview.text
    assert days_of(nora) == []
    send(nora, preview, "data/bring-in")
    assert days_of(nora) == [YESTERDAY]


@pytest.mark.parametrize(
    "who",
    [
        {},
        {"name": [{"text": "ñora, Ann"}]},
        {"name": [{"text": "Agnes Smith"}], "birthDate": "1961-05-02"},
        {"birthDate": "1961"},
    ],
)
def test_who_may_be_the_same_person_is_not_asked(nora, who):
    nora.known_as(name="Nora", birth_date=date(1961, 5, 2))
    answer = look(nora, bundle_of(**who), "own.json")
    assert "Add it to my diary" in answer.text


def test_a_bundle_with_another_date_of_birth_is_asked_about(nora):
    nora.known_as(birth_date=date(1961, 5, 2))
    bundle = bundle_of(name=[{"text": nora.patient.name}], birthDate="1950-05-03")
    assert BORN in look(nora, bundle, "other.json").text


APPLE = """<?xml version="1.0"?><!DOCTYPE HealthData><HealthData locale="en_GB">
<ExportDate value="2026-03-12 09:00:00 +0000"/>
<Me HKCharacteristicTypeIdentifierDateOfBirth="{born}"/>
<Record type="HKQuantityTypeIdentifierStepCount" sourceName="Phone" unit="count" value="900"
 startDate="2026-03-10 10:00:00 +0000" endDate="2026-03-10 10:05:00 +0000"/></HealthData>"""


@pytest.mark.parametrize("born", ["1961-05-02", "", "1950-05-03"])
def test_the_steps_of_somebody_elses_phone_are_asked_about(nora, born):
    """An export from Apple Health says when its owner was born, where the phone knows."""
    nora.known_as(birth_date=date(1961, 5, 2))
    answer = look(nora, APPLE.format(born=born).encode(), "export.xml")
    assert (BORN in answer.text) == (born == "1950-05-03")
    assert ("Add it to my diary" in answer.text) == (born != "1950-05-03")
