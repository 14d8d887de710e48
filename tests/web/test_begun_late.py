"""A diary begun months after the operation: nobody was asked before, and nothing says so."""

from recovery_tracker.storage import people
from tests.pdf import text_of
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, new_diarist


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


def test_no_day_is_expected_before_the_diary_was_begun(clinic):
    nora = new_diarist(clinic, days_ago=9)
    nora.log(**CALM)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, nora.patient.id, carol, by=SYSTEM, at=clinic.clock())
    surgeon = clinic.signed_in("carol")
    report = " ".join(text_of(nora.browser.get(nora.path("report.pdf")).data).split())
    page = surgeon.page(f"/clinic/p/{nora.patient.public_id}").text
    for said in (report, page):
        assert "1 of 1 expected days logged (100 %)" in said
        assert "The diary was begun on 12 Mar, day 9 after the operation." in said
        assert "9 days" not in said
    assert "Longest gap: 0 days." in report
    # Two weeks that hold one answer still are too little, and the row asks for a look as before.
    listed = surgeon.page("/clinic/patients").text
    assert "Too little to compare yet: 1 of 1 expected days were logged." in listed


def test_of_a_diary_begun_on_a_day_that_was_not_asked_for_no_share_is_told(clinic):
    """ "0 of 0 expected days logged (0 %)", of somebody who wrote on every day since they knew."""
    who = new_diarist(clinic, "una", days_ago=100)
    while who.recovery().history.schedule.expects(who.today, who.recovery().history.index):
        clinic.clock.forward(days=1)
    who.browser = clinic.signed_in("una")
    who.log(who.today, **CALM)
    report = " ".join(text_of(who.browser.get(who.path("report.pdf")).data).split())
    assert "0 %" not in report
    assert "No day was asked for yet. 1 more day was logged without being asked for." in report
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, who.patient.id, carol, by=SYSTEM, at=clinic.clock())
    surgeon = clinic.signed_in("carol")
    assert "no day was asked for yet." in surgeon.page("/clinic/patients").text
    for place in ("/clinic/patients", f"/clinic/p/{who.patient.public_id}"):
        assert "0 of 0" not in surgeon.page(place).text, place
