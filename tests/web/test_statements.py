"""What a page costs: statements to the database and assessments, of a patient with three months.

The program has shown this patient before, as it has after the form that is sent here: what stands
beside the days is not read again while nothing of it changed (`storage/patient_record.py`).
"""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from recovery_tracker.services import assessing
from tests.web.diarist import CALM, TODAY, new_diarist

#: The most statements of each page, transactions and pragmas counted as well.
MOST = {"": 20, "plan": 16, "events": 15, "reminders": 14, "recovery": 16, f"day/{TODAY}": 12}
#: From the save button to the page after it: both requests. Two of them look, by its key, for the
#: same form waiting unsaved in this browser.
MOST_TO_SAVE = 49


@pytest.fixture
def nora(clinic):
    found = new_diarist(clinic)
    found.history_of(80)
    found.page("")
    return found


@pytest.fixture
def count(clinic, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[int, int]]:
    """Statements and assessments since it was last asked."""
    statements: list[str] = []
    assessed: list[object] = []
    event.listen(
        clinic.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )
    assess = assessing.assess

    def counted(*given):
        assessed.append(given)
        return assess(*given)

    monkeypatch.setattr(assessing, "assess", counted)

    def since() -> tuple[int, int]:
        found = len(statements), len(assessed)
        statements.clear()
        assessed.clear()
        return found

    return since


def test_a_day_is_saved_and_shown_with_few_statements_and_one_assessment(nora, count):
    form = nora.blank()
    count()
    answer = nora.log(form=form, **CALM)
    assert nora.browser.get(answer.location).status_code == 200
    statements, assessed = count()
    assert assessed == 1
    assert statements <= MOST_TO_SAVE


def test_a_page_reads_what_it_shows(nora, count):
    nora.log(**CALM)
    count()
    found = {}
    for tail in MOST:
        assert nora.browser.get(nora.path(tail)).status_code == 200
        found[tail] = count()[0]
    assert {tail: n for tail, n in found.items() if n > MOST[tail]} == {}


def test_one_day_with_many_taken_back_warnings_is_read_once(nora, count):
    lines = ("saddle", "bladder", "weakness", "chest", "wound")
    for line in lines:
        nora.log(**CALM | {"signs": "some", "line": line})
    nora.log(**CALM)
    page = nora.page("")
    assert len(page.text.split("Now it says: ")) > 3
    count()
    nora.page("")
    assert MOST[""] // 2 < count()[0] <= MOST[""] + 5


def test_only_pages_that_show_an_assessment_make_one(nora, count):
    nora.log(**CALM)
    count()
    for tail in ("plan", "events", "reminders", f"day/{TODAY}", f"day/{TODAY}/saved"):
        nora.page(tail)
        assert count()[1] == 0, tail
    nora.page("recovery")
    assert count()[1] == 1
