"""A patient with two years of diary: one entry, from the button to the page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

from recovery_tracker import handout, services
from recovery_tracker.charts import draw_recovery, story_of
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.storage import accounts, people
from recovery_tracker.storage.database import Database
from recovery_tracker.trends import assess
from tests.bench.timing import now, said, since, times_of
from tests.bench.visitor import signed_in
from tests.cli.server import hidden_fields

_BY = Actor(None, "bench", Role.SYSTEM)


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
    client = signed_in(database, url, account.id)
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
        history = services.read_history(session, patient.id)
    assert history is not None
    days = len(history.entries)
    yield said(
        f"  of it: assessing {days} entries",
        times_of(lambda: assess(history, today), 15),
        "must be under 25",
    )

    def read() -> object:
        with database.read() as session:
            return services.read_history(session, patient.id)

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
        times_of(lambda: draw_recovery(story_of(history, assessment)).to_svg("Chart", ""), 9),
        "must be under 400",
    )
