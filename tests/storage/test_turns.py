"""Who writes to an SQLite file next: whoever asked first."""

import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from recovery_tracker.storage.locking import Held, Turns

_HOLD = """
import sys, time
from pathlib import Path
from recovery_tracker.storage.locking import Turns
with Turns().turn(Path(sys.argv[1]), 5):
    print("mine", flush=True)
    time.sleep(60)
"""


def test_writers_of_one_process_write_in_the_order_in_which_they_asked(file: Path) -> None:
    turns, order = Turns(), []

    def write(number: int) -> None:
        with turns.turn(file, 10):
            order.append(number)
            # So long that those who only ask again and again would overtake each other.
            time.sleep(0.003)

    threads = []
    with turns.turn(file, 1):
        for number in range(12):
            threads.append(threading.Thread(target=write, args=(number,)))
            threads[-1].start()
            while len(turns._waiting) < number + 2:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(12))


def test_who_waited_too_long_is_told_and_holds_up_nobody(file: Path) -> None:
    turns = Turns()
    with turns.turn(file, 1), pytest.raises(Held), turns.turn(file, 0.05):
        raise AssertionError
    with turns.turn(file, 1):
        pass


def test_another_process_has_its_turn_and_leaves_it_when_it_is_killed(file: Path) -> None:
    command = [sys.executable, "-c", _HOLD, str(file)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with ExitStack() as stack:
        stack.callback(other.wait)
        stack.callback(other.kill)
        assert other.stdout is not None
        stack.callback(other.stdout.close)
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(Held), Turns().turn(file, 0.1):
            raise AssertionError
    with Turns().turn(file, 5):
        pass


_LATE = """
import sys
from pathlib import Path
from recovery_tracker.storage import locking
locking._TURN_AGAIN = 0.3
print("waiting", flush=True)
with locking.Turns().turn(Path(sys.argv[1]), 30):
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_a_process_that_wrote_lets_another_one_go_first_however_late_that_one_asks(
    file: Path,
) -> None:
    turns = Turns()
    command = [sys.executable, "-c", _LATE, str(file)]
    with ExitStack() as stack:
        with turns.turn(file, 1):
            other = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            stack.enter_context(other)
            assert other.stdin is not None
            assert other.stdout is not None
            assert other.stdout.readline() == "waiting\n"
            time.sleep(0.2)  # It asked in vain by now, and asks again after 0.3 s.
            again = threading.Thread(target=_write, args=(turns, file))
            again.start()
            while len(turns._waiting) < 2:
                time.sleep(0.001)
        again.join(0.1)
        assert again.is_alive()
        assert other.stdout.readline() == "mine\n"
        assert again.is_alive()
        other.stdin.close()
        again.join(10)
        assert not again.is_alive()


def _write(turns: Turns, file: Path) -> None:
    with turns.turn(file, 20):
        pass


def test_where_no_file_can_be_made_there_are_turns_within_the_process(tmp_path: Path) -> None:
    turns, nowhere = Turns(), tmp_path / "missing" / "diary.sqlite"
    with turns.turn(nowhere, 1), pytest.raises(Held), turns.turn(nowhere, 0.05):
        raise AssertionError
