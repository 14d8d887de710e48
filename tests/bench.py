"""`make bench`: what a save, a page, a report, a start and a replay take, and of which parts.

Every time is a median, in milliseconds unless it says seconds. Run it on a machine with nothing
else to do; the numbers in the papers come from two cores.
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


def median_ms(what: Callable[[], object], times: int) -> float:
    """Median time of a call, after one that warms up."""
    what()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def said(name: str, value: float, unit: str = "ms", bar: str = "") -> str:
    return f"{name:<58}{value:>9,.1f} {unit:<4}{bar}"


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
    saves, pages = [], []
    for number in range(21):
        answers = {
            **fields,
            "key": str(uuid4()),
            "expected_version": str(version + number),
            "axial_pain": str(number % 4),
            "walking": "3",
            "signs": "none",
        }
        start = time.perf_counter()
        answer = client.post(path, data=answers)
        saved = time.perf_counter()
        page = client.get(answer.headers["Location"])
        shown = time.perf_counter()
        assert (answer.status_code, page.status_code) == (303, 200), page.get_data(as_text=True)
        saves.append(saved - start)
        pages.append(shown - saved)
    whole = [save + page for save, page in zip(saves[1:], pages[1:], strict=True)]
    yield said("save to page", 1000 * statistics.median(whole), bar="must be under 150")
    yield said("  the save, with its assessment", 1000 * statistics.median(saves[1:]))
    yield said("  the page after it", 1000 * statistics.median(pages[1:]))
    with database.read() as session:
        history = overview.read_history(session, patient.id)
    assert history is not None
    days = len(history.entries)
    yield said(
        f"  of it: assessing {days} entries",
        median_ms(lambda: assess(history, today), 15),
        bar="must be under 25",
    )

    def read() -> object:
        with database.read() as session:
            return overview.read_history(session, patient.id)

    yield said(f"  of it: reading {days} entries", median_ms(read, 15))
    yield said("home page", median_ms(lambda: client.get(f"/p/{patient.public_id}/"), 9))
    assessment = assess(history, today)
    yield said(
        "PDF report",
        median_ms(lambda: handout.report_of(history, assessment), 9),
        bar="must be under 1,000",
    )
    yield said(
        "chart as SVG, not cached",
        median_ms(lambda: handout.chart_of(history, assessment, size="wide", theme="light"), 9),
        bar="must be under 400",
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
    yield said("demo, from the command to its first page", taken, "s", "must be under 20")


def main() -> None:
    """Print every part as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.sqlite"
        upgrade_database(url)
        database = open_database(url)
        start = time.perf_counter()
        fill(database)
        sys.stdout.write(said("filling the demonstration", time.perf_counter() - start, "s") + "\n")
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
