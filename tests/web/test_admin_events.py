"""What happened, for the administrator: filtered, searched, a page at a time, as a file."""

import csv
import io
import re

from recovery_tracker.storage import accounts, audit
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.audit_trail import events_about
from recovery_tracker.web.admin import events as admin_events
from recovery_tracker.web.shared.policies import policy_of
from tests.web.conftest import NOW, SYSTEM


def test_events_are_filtered_and_searched_in_local_time(clinic):
    """Nine in the morning UTC is ten in a London summer; a kind, a person or a word leaves few."""
    clinic.clock.forward(days=100)
    frank = clinic.signed_in("frank")
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        by = accounts.to_actor(clinic.accounts["frank"], frozenset(), NOW)
        accounts.set_active(session, carol, False, by=by, at=clinic.clock())
    page = _joined(frank, "/admin/events")
    assert "times in Europe/London" in page
    assert "20 Jun 2026, 10:00" in page
    off = "<td>Frank</td><td>Account switched off</td><td>Carol</td>"
    assert off in page
    assert "<td>Signed in</td>" in page
    for query in ("kind=account_disabled", "text=SWITCHED+off", "text=carol&kind=account_disabled"):
        found = _joined(frank, f"/admin/events?{query}")
        assert off in found, query
        assert "<td>Signed in</td>" not in found, query
    of_carol = _joined(frank, f"/admin/events?account={clinic.accounts['carol'].public_id}")
    assert off in of_carol
    assert "<td>Frank</td><td>Signed in</td>" not in of_carol
    assert "None." in frank.page("/admin/events?text=nobody+is+called+so").text
    assert "Canary" not in page


def _joined(browser, path: str) -> str:
    """The page, however its cells are broken into lines."""
    return re.sub(r">\s+<", "><", browser.page(path).text)


def test_events_come_a_page_at_a_time(clinic, monkeypatch):
    """Every event stands on one page and no more."""
    monkeypatch.setattr(admin_events, "PAGE", 4)
    frank = clinic.signed_in("frank")
    path, seen = "/admin/events", 0
    for _ in range(50):
        page = frank.page(path)
        seen += page.text.count('<th scope="row">')
        earlier = [link for link in page.links if "before=" in link]
        if not earlier:
            break
        path = earlier[0].replace("&amp;", "&")
    with clinic.database.read() as session:
        assert seen == len(events_about(session))


def test_the_file_of_events_asks_for_the_password_and_is_an_event(clinic):
    assert policy_of(clinic.app, "admin_events.events_csv").fresh
    frank = clinic.signed_in("frank")
    with clinic.database.write() as session:
        audit.record(
            session, AuditAction.EXPORTED, by=SYSTEM, at=clinic.clock(), details={"file": "=1+1"}
        )
    answer = frank.get("/admin/events.csv?kind=exported")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[0] == ["When", "Who", "What", "Whom it concerns"]
    # A cell that a spreadsheet would reckon is kept as text.
    assert [row[3] for row in rows[1:]] == ["'=1+1"]
    with clinic.database.read() as session:
        newest = events_about(session, action=AuditAction.EXPORTED)[0]
    assert newest.details["file"] == "events.csv"
    assert clinic.signed_in("carol").get("/admin/events.csv").status_code == 404
