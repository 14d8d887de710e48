"""Things that happened: put down, listed, taken back by whoever put them down."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from recovery_tracker.charts import story_of
from recovery_tracker.domain.people import Mode
from recovery_tracker.storage import audit, audit_trail
from recovery_tracker.storage.tables.people import InstallationRow
from tests.web.diarist import TODAY, new_diarist
from tests.web.test_crowd import asked

YESTERDAY = TODAY - timedelta(days=1)
FALL = {"kind": "fall", "day": str(YESTERDAY), "label": "on the stairs"}


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic)


def removals(page):
    return [form.action for form in page.forms if form.action.endswith("/remove")]


def test_event_is_added_once(nora):
    form = nora.page("events").form(nora.path("events")).hidden()
    for _again in range(2):
        assert (
            nora.browser.client.post(nora.path("events"), data={**form, **FALL}).status_code == 303
        )
    assert [event.label for event in nora.recovery().history.events] == ["on the stairs"]
    assert "on the stairs" in nora.page("events").text


def test_event_without_a_kind_is_asked_again(nora):
    answer = nora.send("events", day=str(TODAY), label="hm")
    assert answer.status_code == 422
    assert "Choose what happened" in answer.text
    assert 'value="hm"' in answer.text


def test_a_fall_that_is_still_to_come_is_asked_again(nora):
    """Tomorrow's date slips in easily; kept as it is, no advice would ever follow."""
    tomorrow = str(TODAY + timedelta(days=1))
    answer = nora.send("events", kind="fall", day=tomorrow, label="on the stairs")
    assert answer.status_code == 422
    assert "Choose today or an earlier day." in answer.text
    assert nora.send("events", kind="visit", day=tomorrow, label="").status_code == 303
    assert nora.send("events", kind="fall", day=str(TODAY), label="").status_code == 303


def test_event_of_another_year_says_which(nora):
    nora.send("events", kind="physio", day="2025-12-20", label="")
    assert "20 Dec 2025" in nora.page("events").text


def test_a_mistake_is_taken_back_and_the_audit_keeps_it(nora):
    nora.send("events", kind="physio", day=str(YESTERDAY), label="")
    (path,) = removals(nora.page("events"))
    for _again in range(2):
        form = {**nora.page("events").form(nora.path("events")).hidden(), "expected_version": "1"}
        assert nora.browser.client.post(path, data=form).status_code == 303
    assert nora.recovery().history.events == ()
    with nora.clinic.database.read() as session:
        newest = audit_trail.events_about(session, nora.patient.id, limit=1)[0]
    assert newest.action is audit.AuditAction.EVENT_REMOVED
    assert newest.details["old"]["kind"] == "physio"


def test_the_advice_of_a_fall_outlives_the_fall_that_was_taken_back(clinic):
    """Early falls are a same-day matter, and such a flag is closed by a person alone."""
    zoe = new_diarist(clinic, "zoe", days_ago=20)
    assert zoe.send("events", **FALL).location == zoe.path()
    advised = zoe.page().text
    assert "I have called" in advised
    (path,) = removals(zoe.page("events"))
    assert zoe.browser.send(zoe.path("events"), path).status_code == 303
    assert "on the stairs" not in zoe.page("events").text
    assert "I have called" in zoe.page().text


def test_a_fall_that_was_taken_back_is_not_told_as_having_happened(clinic):
    """Neither at home nor on the chart; the advice is one press away until somebody closes it."""
    zoe = new_diarist(clinic, "zoe", days_ago=20)
    zoe.send("events", **FALL)
    assert chart_of(zoe).events
    assert "You removed a fall" not in zoe.page().text
    (path,) = removals(zoe.page("events"))
    clinic.clock.forward(minutes=5)
    zoe.browser.send(zoe.path("events"), path)
    card = zoe.page().text.split("You removed a fall")[1].split("</section>")[0]
    assert "On 12 Mar 2026, 09:00 you told us about:" in card
    assert "On 12 Mar 2026, 09:05 you removed it." in card
    assert "tel:" in card.split("<details>")[1]
    assert "tel:" not in card.split("<details>")[0]
    assert "/versions" not in card, "a day without an entry has none"
    assert 'class="care u"' not in zoe.page().text
    found = chart_of(zoe)
    assert (found.events, found.lead) == ((), None)
    # Put down again, the full advice is back.
    zoe.send("events", **FALL)
    assert "You removed a fall" not in zoe.page().text
    assert chart_of(zoe).events


def test_a_fall_taken_back_is_found_without_reading_the_whole_audit(clinic):
    """It grows by an event a day and a reading; the page asks for the one kind it needs."""
    zoe = new_diarist(clinic, "zoe", days_ago=20)
    zoe.send("events", **FALL)
    (path,) = removals(zoe.page("events"))
    zoe.browser.send(zoe.path("events"), path)
    with asked(clinic) as questions:
        assert "You removed a fall" in zoe.page().text
        zoe.page("events")
    of_audit = [one for one, _values in questions if "JOIN audit_payload" in one]
    # Each asks for kinds of its own: removed and added events, what is new about access, and
    # about signing in.
    assert 2 <= len(of_audit) <= 4
    assert all("audit_event.action " in one for one in of_audit)


def chart_of(diarist):
    recovery = diarist.recovery()
    return story_of(recovery.history, recovery.assessment)


def test_what_the_clinic_noted_is_the_clinics_to_change(clinic):
    carol, alice = clinic.signed_in("carol"), clinic.signed_in("alice")
    chart, own = f"/clinic/p/{clinic.alice.public_id}", f"/p/{clinic.alice.public_id}/events"
    noted = {"kind": "physio", "day": str(TODAY), "label": "twice a week"}
    assert carol.send(chart, f"{chart}/record/event", **noted).status_code == 303
    page = alice.page(own)
    assert "from your clinic" in page.text
    assert removals(page) == []


def test_in_an_own_diary_every_event_is_ones_own(clinic):
    """Also one that came with an imported file, which no account added."""
    carol, alice = clinic.signed_in("carol"), clinic.signed_in("alice")
    chart, own = f"/clinic/p/{clinic.alice.public_id}", f"/p/{clinic.alice.public_id}/events"
    noted = {"kind": "physio", "day": str(TODAY), "label": ""}
    carol.send(chart, f"{chart}/record/event", **noted)
    with clinic.database.write() as session:
        session.execute(update(InstallationRow).values(mode=str(Mode.JUST_ME)))
    assert len(removals(alice.page(own))) == 1
