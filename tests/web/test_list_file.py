"""The list as a file: in one language from its first line to its last, and in many parts."""

import csv
import io

import pytest

from recovery_tracker.storage import people
from recovery_tracker.web.clinician import list_file
from tests.web.conftest import NOW, SYSTEM


@pytest.fixture
def carol(clinic):
    """A clinician with two patients."""
    with clinic.database.write() as session:
        people.grant_care(session, clinic.bob.id, clinic.accounts["carol"].id, by=SYSTEM, at=NOW)
    return clinic.signed_in("carol")


def rows_of(client, tag: str) -> list[list[str]]:
    answer = client.get("/clinic/patients.csv", headers={"Accept-Language": tag})
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_file_is_in_one_language_and_the_next_in_its_own(clinic, carol):
    english, spanish, again = (rows_of(carol, tag) for tag in ("en", "es", "en"))
    assert english == again
    assert english[0][0] == "Flag"
    assert spanish[0][0] != "Flag"
    # Names, numbers and days are the same; what is said in words is not.
    for one, other in zip(english[1:], spanish[1:], strict=True):
        assert one[2:5] == other[2:5]
        assert one[-3:] == other[-3:]
        assert one[6] != other[6]


@pytest.mark.parametrize("at_once", [1, 2])
def test_a_file_in_many_parts_is_the_same_file(clinic, carol, monkeypatch, at_once):
    whole = carol.get("/clinic/patients.csv").data
    assert whole.count(b"\r\n") > 2
    monkeypatch.setattr(list_file, "AT_ONCE", at_once)
    assert carol.get("/clinic/patients.csv").data == whole
