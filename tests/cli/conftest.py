"""Runs a command as a person would and keeps what it said."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from recovery_tracker.cli import main
from tests.databases import empty_file

__all__ = ["command", "empty_file"]

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
