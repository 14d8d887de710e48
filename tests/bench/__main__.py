"""`make bench`: what a save, a page, a report, a list, a start and a replay take.

Every time is a median, in milliseconds unless it says seconds: first by the clock on the wall,
then, where one process did the work, of the processor alone. On a machine with nothing else to do
the two are nearly the same.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Iterator

from recovery_tracker.cli.demo_data import fill
from recovery_tracker.demonstration.plots import PLOTS
from recovery_tracker.storage import people
from recovery_tracker.storage.database import open_database
from recovery_tracker.storage.upgrade import upgrade_database
from tests.bench.clinic import clinic
from tests.bench.cohorts import replays
from tests.bench.day import save_to_page
from tests.bench.timing import said_seconds
from tests.cli.server import Server, Visitor

_TWO_YEARS = "Two years of diary"


def demo_start() -> Iterator[str]:
    """From the command to the first page."""
    start = time.perf_counter()
    server = Server("demo", "--port", 0)
    try:
        link = server.line_with("patient: ")
        status, _ = Visitor(link).get(link)
        taken = time.perf_counter() - start
    finally:
        server.stop()
    assert status == 200
    yield said_seconds("demo, from the command to its first page", taken, "must be under 20")


def pages() -> Iterator[str]:
    """The patient's side, then the surgeon's, on one database of made-up people."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        upgrade_database(url)
        database = open_database(url)
        start = time.perf_counter()
        staff = fill(database)
        yield said_seconds("filling the demonstration", time.perf_counter() - start)
        number = next(i for i, plot in enumerate(PLOTS) if plot.title == _TWO_YEARS)
        with database.read() as session:
            patient = people.all_patients(session)[number]
        yield from save_to_page(database, url, patient)
        yield from clinic(database, url, staff.surgeon, patient.public_id)
        database.close()


def main() -> None:
    """Print every part as it is measured; one that fails is told, and the others go on."""
    failed = False
    for part in (pages, demo_start, replays):
        try:
            for line in part():
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
        except Exception:
            traceback.print_exc()
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
