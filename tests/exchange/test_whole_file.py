"""A file is there whole or not at all."""

import os
import threading

import pytest

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.exchange.whole_file import whole_file


def test_nothing_is_there_before_the_block_ends(tmp_path):
    path = tmp_path / "out.csv"
    with whole_file(path) as stream:
        stream.write(b"half")
        stream.flush()
        assert not path.exists()
    assert path.read_bytes() == b"half"


def test_a_failure_leaves_what_was_there_and_no_crumbs(tmp_path):
    path = tmp_path / "out.csv"
    path.write_bytes(b"before")

    def give_up():
        with whole_file(path) as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_health_data_is_for_its_user_alone(tmp_path):
    path = tmp_path / "out.csv"
    with whole_file(path) as stream:
        stream.write(b"x")
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_in_the_way_or_missing_is_one_line(tmp_path):
    for path in (tmp_path, tmp_path / "no" / "out.csv"):
        with pytest.raises(RecoveryError, match="cannot be written"), whole_file(path) as stream:
            stream.write(b"x")


def test_a_pipe_is_written_to_directly(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard = []
    listener = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    listener.start()
    with whole_file(pipe) as stream:
        stream.write(b"through")
    listener.join(10)
    assert heard == [b"through"]
