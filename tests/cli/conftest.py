"""Runs a command as a person would and keeps what it said."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from recovery_tracker.cli import main
from tests.databases import empty_file

__all__ = ["command", "empty_file"]

REAL = Path(__file__).parents[1] / "data" / "myaiguide"


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
