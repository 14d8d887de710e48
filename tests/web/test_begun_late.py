"""A diary begun months after the operation: nobody was asked before, and nothing says so."""

from recovery_tracker.storage import people
from tests.pdf import text_of
from tests.web.conftest import SYSTEM
from tests.web.diarist import new_diarist


def test_report_and_chart_say_since_when_there_are_entries(clinic):
    nora = new_diarist(clinic, days_ago=200)
    nora.history_of(6)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=clinic.clock())
    said = "The diary was begun on 6 Mar, day 194 after the operation."
    assert said in clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}").text
    report = nora.browser.get(nora.path("report.pdf")).data
    assert said in " ".join(text_of(report).split())


def test_a_diary_kept_from_the_start_does_not_say_so(clinic):
    nora = new_diarist(clinic, days_ago=40)
    nora.history_of(38)
    report = nora.browser.get(nora.path("report.pdf")).data
    assert "The diary was begun" not in text_of(report)
