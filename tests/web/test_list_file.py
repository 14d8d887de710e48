"""The list as a file: in one language from its first line to its last, and in many parts."""

import csv
import io
from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.file_content import FileContent
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.services import import_history
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


def test_the_file_says_the_same_level_and_change_as_the_days_themselves(clinic):
    """Days ago and pain; where one week has too few answers the level is that of two.

    | patient | 27 to 21 days ago | 13 to 7 days ago | the last week |
    |---|---|---|---|
    | Ada     | 3 each day        | 4 each day       | 5 each day    |
    | Bea     | 6 each day        | 2 on two days    | 4 on two days |
    | Cleo    | 6 each day        | –                | 4 on one day  |
    """
    weeks = {
        "Ada": {**dict.fromkeys(range(21, 28), 3), **dict.fromkeys(range(7, 14), 4)}
        | dict.fromkeys(range(7), 5),
        "Bea": dict.fromkeys(range(21, 28), 6) | {8: 2, 12: 2, 1: 4, 5: 4},
        "Cleo": dict.fromkeys(range(21, 28), 6) | {2: 4},
    }
    today = NOW.date()
    for name, pain in weeks.items():
        with clinic.database.write() as session:
            patient = people.create_patient(session, name=name, by=SYSTEM, at=NOW)
            carol = clinic.accounts["carol"].id
            people.grant_care(session, patient.id, carol, by=SYSTEM, at=NOW)
        days = sorted((today - timedelta(days=ago), score) for ago, score in pain.items())
        entries = tuple(DiaryEntry(day, axial_pain=score, walking=2) for day, score in days)
        operation = Operation(today - timedelta(days=90), Region.LUMBAR)
        content = FileContent(History((operation,), entries))
        import_history(clinic.database, patient.id, content, by=SYSTEM, at=NOW, today=today)
    said = {row[2]: row[7:9] for row in rows_of(clinic.signed_in("carol"), "en")}
    assert said["Ada"] == ["5", "'+2 in 3 wk"]
    assert said["Bea"] == ["3", "over 2 weeks, \N{MINUS SIGN}3 in 3 wk"]
    assert said["Cleo"] == ["too few days", "last known 6, 19 Feb"]
