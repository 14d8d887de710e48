"""`make bench`: what a save, a page, a report, a start and a replay take, and of which parts.

Every time is a median, in milliseconds unless it says seconds: first by the clock on the wall,
then, where one process did the work, of the processor alone. On a machine with nothing else to do
the two are nearly the same.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from recovery_tracker import handout, overview
from recovery_tracker.cli.demo_data import fill
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.laboratory.plots import PLOTS
from recovery_tracker.laboratory.speed import measure_speed
from recovery_tracker.storage import accounts, people
from recovery_tracker.storage.database import Database, open_database
from recovery_tracker.storage.upgrade import upgrade_database
from recovery_tracker.trends import assess
from recovery_tracker.web import Config, create_app
from recovery_tracker.web.demo import demo_link
from tests.cli.server import Server, Visitor, hidden_fields

_BY = Actor(None, "bench", Role.SYSTEM)
_SECRET = "a-secret-for-the-bench-0123456789abcdef"
_TWO_YEARS = "Two years of diary"


#: Seconds by the clock on the wall, and of the processor.
Taken = tuple[float, float]


def now() -> Taken:
    return time.perf_counter(), time.process_time()


def since(start: Taken, end: Taken | None = None) -> Taken:
    wall, processor = end or now()
    return wall - start[0], processor - start[1]


def times_of(what: Callable[[], object], times: int) -> list[Taken]:
    """What each call took, after one that warms up."""
    what()
    taken = []
    for _ in range(times):
        start = now()
        what()
        taken.append(since(start))
    return taken


def said(name: str, taken: list[Taken], bar: str = "") -> str:
    wall = 1000 * statistics.median(each[0] for each in taken)
    processor = 1000 * statistics.median(each[1] for each in taken)
    return f"{name:<48}{wall:>9,.1f} ms {processor:>9,.1f} ms  {bar}"


def said_seconds(name: str, seconds: float, bar: str = "") -> str:
    return f"{name:<48}{seconds:>9,.1f} s {'':>14}{bar}"


def save_to_page(database: Database, url: str, patient: people.Patient) -> Iterator[str]:
    """One entry of a patient with two years of history, from the button to the page."""
    today = datetime.now(UTC).date()
    with database.write() as session:
        account = accounts.create_account(
            session,
            name=patient.name,
            login="bench@demo.invalid",
            role=Role.PATIENT,
            patient_id=patient.id,
            by=_BY,
            at=datetime.now(UTC),
        )
    client = create_app(Config(database_url=url, secret_key=_SECRET)).test_client()
    link = urlsplit(demo_link(database, _SECRET, "http://localhost", account.id)).path
    client.post(link, data=hidden_fields(client.get(link).get_data(as_text=True)))
    path = f"/p/{patient.public_id}/day/{today}"
    fields = hidden_fields(client.get(path).get_data(as_text=True))
    version = int(fields["expected_version"])
    saves, pages, wholes = [], [], []
    for number in range(21):
        answers = {
            **fields,
            "key": str(uuid4()),
            "expected_version": str(version + number),
            "axial_pain": str(number % 4),
            "walking": "3",
            "signs": "none",
        }
        start = now()
        answer = client.post(path, data=answers)
        saved = now()
        page = client.get(answer.headers["Location"])
        shown = now()
        assert (answer.status_code, page.status_code) == (303, 200), page.get_data(as_text=True)
        saves.append(since(start, saved))
        pages.append(since(saved, shown))
        wholes.append(since(start, shown))
    yield said("save to page", wholes[1:], "must be under 150")
    yield said("  the save, with its assessment", saves[1:])
    yield said("  the page after it", pages[1:])
    with database.read() as session:
        history = overview.read_history(session, patient.id)
    assert history is not None
    days = len(history.entries)
    yield said(
        f"  of it: assessing {days} entries",
        times_of(lambda: assess(history, today), 15),
        "must be under 25",
    )

    def read() -> object:
        with database.read() as session:
            return overview.read_history(session, patient.id)

    yield said(f"  of it: reading {days} entries", times_of(read, 15))
    yield said("home page", times_of(lambda: client.get(f"/p/{patient.public_id}/"), 9))
    assessment = assess(history, today)
    yield said(
        "PDF report",
        times_of(lambda: handout.report_of(history, assessment), 9),
        "must be under 1,000",
    )
    yield said(
        "chart as SVG, not cached",
        times_of(lambda: handout.chart_of(history, assessment, size="wide", theme="light"), 9),
        "must be under 400",
    )


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


def main() -> None:
    """Print every part as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        upgrade_database(url)
        database = open_database(url)
        start = time.perf_counter()
        fill(database)
        filled = time.perf_counter() - start
        sys.stdout.write(said_seconds("filling the demonstration", filled) + "\n")
        number = next(i for i, plot in enumerate(PLOTS) if plot.title == _TWO_YEARS)
        with database.read() as session:
            patient = people.all_patients(session)[number]
        for line in save_to_page(database, url, patient):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        database.close()
    for line in (*demo_start(), str(measure_speed())):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
