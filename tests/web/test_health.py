"""The health page reads a large database once, and then what was written since."""

from contextlib import closing
from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.services import record_day
from recovery_tracker.storage import checked, soundness
from recovery_tracker.storage.engine import driver
from tests.databases import TODAY, as_patient

from .conftest import open_clinic

ALL = "Structure, entries and audit trail are in order."
NEWLY = "is in order. Everything was last read on"


@pytest.fixture
def office(clinic, tmp_path):
    """The clinic as it is served, with a folder beside its database; and its administrator."""
    served = open_clinic(clinic.file, clinic.clock, folder=tmp_path)
    return served, served.signed_in("frank")


def save(served, days_ago):
    record_day(
        served.database,
        served.alice.id,
        DiaryEntry(TODAY - timedelta(days_ago), axial_pain=3),
        by=as_patient(served.alice),
        at=served.clock(),
        today=TODAY,
        key=f"day-{days_ago}",
    )


def change_behind_its_back(file, which):
    """A pain score is changed by somebody who has the file."""
    with closing(driver().connect(file)) as raw, raw:
        raw.execute("DROP TRIGGER IF EXISTS entry_version_unchanged")
        (found,) = raw.execute(f"SELECT {which} FROM entry_version").fetchone()
        raw.execute("UPDATE entry_version SET axial_pain = 9 WHERE id = ?", (found,))


def test_what_is_new_is_read_and_everything_after_a_week(office):
    served, frank = office
    save(served, 1)
    assert ALL in frank.page("/admin/health").text
    change_behind_its_back(served.file, "min(id)")
    save(served, 0)
    assert NEWLY in frank.page("/admin/health").text
    served.clock.forward(days=checked.WHOLE_DAYS, hours=1)
    frank = served.signed_in("frank")
    assert "was changed after it was written" in frank.page("/admin/health").text


def test_what_is_wrong_with_the_new_is_named(office):
    served, frank = office
    assert ALL in frank.page("/admin/health").text
    save(served, 0)
    change_behind_its_back(served.file, "max(id)")
    for _ in range(2):
        assert "was changed after it was written" in frank.page("/admin/health").text


def test_the_whole_is_read_once(office, monkeypatch):
    """A million entries took the page half a minute, each time."""
    served, frank = office
    times = []
    whole = soundness.problems_of
    monkeypatch.setattr(checked, "problems_of", lambda session: times.append(1) or whole(session))
    for _ in range(3):
        save(served, len(times))
        frank.page("/admin/health")
    assert times == [1]
