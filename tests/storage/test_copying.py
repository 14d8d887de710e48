"""A copy in pieces is of one moment and comes to an end, whatever others do between two pieces."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from recovery_tracker.storage import copying
from recovery_tracker.storage import engine as opening
from recovery_tracker.storage.engine import driver

#: Each number stands twice, and all rows are of one moment.
_ROWS = [(number // 2, 2, b"x" * 4000) for number in range(200)]
_LONGER = "INSERT INTO pair SELECT 1000, moment, filler FROM pair LIMIT 2"
_AS_LONG = "UPDATE pair SET moment = moment + 1"
_HOLD, _LET_GO = "BEGIN EXCLUSIVE", "ROLLBACK"

#: What others do after the step with this number, counted from 1.
Others = Callable[[int], str | None]


def sizes_of(folder: Path, patch: pytest.MonkeyPatch, others: Others, first: str = "") -> list[int]:
    """Pages that were in the copy after each step that did not wait; it is sound in the end."""
    patch.setattr(copying, "_PIECE", 10)
    patch.setattr(copying, "_STEP", 0.01)
    heard = copying._Progress.__call__
    steps: list[tuple[int, int, int]] = []
    with closing(driver().connect(folder / "a.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE pair (number INTEGER, moment INTEGER, filler BLOB)")
        other.execute("BEGIN")
        other.executemany("INSERT INTO pair VALUES (?, ?, ?)", _ROWS)
        other.execute("COMMIT")
        other.execute(first)

        def hear(progress: copying._Progress, status: int, remaining: int, total: int) -> None:
            steps.append((status, remaining, total))
            assert len(steps) < 100, "it does not end"
            if done := others(len(steps)):
                other.execute(done)
            heard(progress, status, remaining, total)

        patch.setattr(copying._Progress, "__call__", hear)
        copying.copy_database(folder / "a.db", folder / "b.db")
    with closing(driver().connect(folder / "b.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(DISTINCT moment) FROM pair").fetchone() == (1,)
        odd = "SELECT number FROM pair GROUP BY number HAVING count(*) % 2"
        assert copy.execute(odd).fetchall() == []
    return [total - remaining for status, remaining, total in steps if status in (0, 101)]


def in_pieces(sizes: list[int]) -> bool:
    """It never began again."""
    return sizes[:-1] == list(range(10, sizes[-1], 10))


def test_nobody_disturbs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_pieces(sizes_of(tmp_path, monkeypatch, lambda _step: None))


@pytest.mark.parametrize("write", [_LONGER, _AS_LONG])
def test_after_three_beginnings_all_is_copied_in_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    """Somebody writes after every step, and the file grows by it or stays as long as it was."""
    *pieces, whole = sizes_of(tmp_path, monkeypatch, lambda _step: write)
    assert pieces == [10, 10, 10, 10]
    assert whole > 200


def test_one_write_is_no_reason_to_copy_in_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It falls right after the first piece."""
    first, *others = sizes_of(tmp_path, monkeypatch, {1: _AS_LONG}.get)
    assert first == 10
    assert in_pieces(others)


@pytest.mark.parametrize("write", [_LONGER, _AS_LONG])
def test_with_a_log_others_write_meanwhile_and_it_never_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    sizes = sizes_of(tmp_path, monkeypatch, lambda _step: write, "PRAGMA journal_mode = wal")
    assert in_pieces(sizes)


@pytest.mark.parametrize("step", [0, 3])
def test_to_wait_is_not_to_begin_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Another program holds the file at the first step or at a later one, and changes nothing."""
    monkeypatch.setattr(copying, "_TRIES", 1)
    others = {step: _HOLD, step + 1: _LET_GO}.get
    assert in_pieces(sizes_of(tmp_path, monkeypatch, others, others(0) or ""))


@pytest.mark.parametrize("others", [{1: _AS_LONG}, {1: _HOLD, 2: _LET_GO}])
def test_in_pieces_there_is_no_time_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: dict[int, str]
) -> None:
    """Once it has taken too long, whoever disturbs it has it copied in one go."""
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0)
    *pieces, whole = sizes_of(tmp_path, monkeypatch, others.get)
    assert set(pieces) == {10}
    assert whole > 200
