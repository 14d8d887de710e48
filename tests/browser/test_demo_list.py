"""The list of the demonstration's forty patients: how much of it a first look takes in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recovery_tracker.cli.demo_data import fill
from recovery_tracker.storage.upgrade import upgrade_database
from recovery_tracker.web.auth.demo import demo_link
from tests.browser.conftest import served
from tests.databases import url_of
from tests.web.conftest import SECRET, Clock, _config, closes_it_itself, make_app, opened

pytestmark = [pytest.mark.browser, pytest.mark.long]

#: Of each row: where it ends, the lines of its reason, and badge and reason.
ROWS = """rows => rows.map(row => {
  const why = row.querySelector(".why"), range = new Range();
  range.selectNodeContents(why);
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top / 6)));
  return {end: row.getBoundingClientRect().bottom, lines: lines.size,
          badge: row.querySelector(".tag").innerText.trim(), why: why.innerText};
})"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """The demonstration, served: the surgeon's way in."""
    file = tmp_path / "demo.db"
    upgrade_database(url_of(file))
    database = opened(file)
    closes_it_itself(database)
    surgeon = fill(database).surgeon
    with served(make_app(_config(file, Clock(datetime.now(UTC))), database)) as port:
        yield demo_link(database, SECRET, f"http://127.0.0.1:{port}", surgeon)
    database.close()


def test_a_first_look_takes_in_six_patients_and_why(chromium, demo):
    """Of those who need a look most; nobody's reason is a paragraph, nor says the badge again."""
    tab = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    tab.goto(demo)
    with tab.expect_navigation():
        tab.locator("main form button").first.click()
    rows = tab.locator(".list-t tbody tr").evaluate_all(ROWS)
    assert sum(row["end"] <= 800 for row in rows) >= 6
    assert max(row["lines"] for row in rows) <= 5
    long = [row["why"] for row in rows if row["lines"] > 4]
    assert len(long) <= 2, long
    assert not [row for row in rows if row["why"].startswith(row["badge"])]
