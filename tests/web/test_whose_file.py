"""A file about somebody else is not mixed into a diary: a daughter keeps those of two parents."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery_tracker.storage import diary, people
from recovery_tracker.web.shared import waiting_files
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.test_data import look, send

YESTERDAY = TODAY - timedelta(days=1)
ELSE = "This file is about somebody else"
ASKED = "Is it the same person?"


@pytest.fixture
def nora(clinic, tmp_path, monkeypatch):
    monkeypatch.setattr(waiting_files.tempfile, "gettempdir", lambda: str(tmp_path))
    return new_diarist(clinic)


def known_as(nora, **who):
    """The patient as the clinic has entered her."""
    with nora.clinic.database.write() as session:
        patient = people.patient_by_public_id(session, nora.patient.public_id)
        people.update_patient(
            session,
            replace(patient, **who),
            expected_version=patient.version,
            by=SYSTEM,
            at=NOW,
        )


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


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ({"birth_date": "1950-05-03"}, "another date of birth"),
        ({"hospital_number": "H-99"}, "another hospital number"),
    ],
)
def test_an_export_of_somebody_else_is_refused(nora, who, says):
    known_as(nora, birth_date=date(1961, 5, 2), hospital_number="H-12")
    answer = look(nora, export_of(nora, **who), "other.zip")
    assert answer.status_code == 422
    assert ELSE in answer.text
    assert says in answer.text
    assert "Add it to my diary" not in answer.text
    assert ASKED not in answer.text


def test_of_another_name_alone_the_person_is_asked(nora):
    """Names change, and are spelt in many ways; nothing but the person knows."""
    known_as(nora, birth_date=None, hospital_number=None)
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
    known_as(nora, name="Nora", birth_date=date(1961, 5, 2))
    answer = look(nora, bundle_of(**who), "own.json")
    assert "Add it to my diary" in answer.text


def test_a_bundle_with_another_date_of_birth_is_refused(nora):
    known_as(nora, birth_date=date(1961, 5, 2))
    bundle = bundle_of(name=[{"text": nora.patient.name}], birthDate="1950-05-03")
    assert ELSE in look(nora, bundle, "other.json").text
