"""Runs a command as a person would and keeps what it said."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from recovery_tracker.cli import main
from recovery_tracker.domain.people import Actor, Mode, Role
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import accounts, people, record_rows, settings
from recovery_tracker.storage.database import open_database

__all__ = ["command"]

BY = Actor(None, "test", Role.SYSTEM)
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)

#: A diary of 155 days, made up; day 0 is 12 January 2026.
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "back-pain-returns.csv"


@dataclass(frozen=True)
class Said:
    """How a command ended: its exit status and both of its streams."""

    status: int
    out: str
    err: str


@pytest.fixture
def command(capsys, monkeypatch, tmp_path):
    """Calls `recovery-tracker` with these arguments; its data folder is a temporary one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    monkeypatch.delenv("RECOVERY_TRACKER_DATABASE_URL", raising=False)
    monkeypatch.delenv("RECOVERY_TRACKER_SECRET_KEY", raising=False)

    def call(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        streams = capsys.readouterr()
        return Said(ended.value.code or 0, streams.out, streams.err)

    return call


@pytest.fixture
def url(empty_file, tmp_path):
    """A set-up "just me" database with one operated patient and no entries."""
    (tmp_path / "home").mkdir()
    url = f"sqlite:///{shutil.copy(empty_file, tmp_path / 'home' / 'diary.sqlite')}"
    database = open_database(url)
    with database.write() as session:
        chosen = settings.Installation(
            mode=Mode.JUST_ME, country="GB", emergency_number="999", set_up_at=AT
        )
        settings.save_installation(session, chosen, by=BY, at=AT)
        patient = people.create_patient(session, name="Ana", by=BY, at=AT)
        record_rows.add(
            session, patient.id, Operation(date(2026, 1, 12), Region.LUMBAR), by=BY, at=AT
        )
        accounts.create_account(
            session,
            name="Ana",
            login="ana",
            role=Role.PATIENT,
            patient_id=patient.id,
            by=BY,
            at=AT,
        )
    database.close()
    return url
