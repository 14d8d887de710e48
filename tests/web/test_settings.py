"""Settings: who may look and when they did."""

from recovery_tracker.cli.checks import problems_of
from recovery_tracker.storage import people
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.storage.audit_trail import events_about
from recovery_tracker.web.config import Config
from tests.databases import copied
from tests.pdf import text_of
from tests.web.conftest import SECRET, SYSTEM, open_clinic


def test_a_patient_sees_who_may_look_and_when_they_did(clinic):
    """carol cares for alice; what erin, whose access was taken away, once read is nobody's now."""
    alice, path = clinic.signed_in("alice"), f"/p/{clinic.alice.public_id}/settings"
    text = alice.page(path).text
    assert "<dt>Carol</dt><dd>has not looked yet</dd>" in text
    # Whose access has ended is told with the day, apart from those who may look.
    assert text.index("Erin") > text.index("No longer")
    assert "until Thursday 12 March, never looked" in text
    clinic.clock.forward(hours=1)
    clinic.signed_in("carol").page(f"/clinic/p/{clinic.alice.public_id}")
    assert (
        "<dt>Carol</dt><dd>last looked on Thursday 12 March"
        in clinic.signed_in("alice").page(path).text
    )


def test_the_day_of_a_look_is_the_patient_s_own(clinic):
    """Half past nine in the evening in London is the next morning in Auckland."""
    alice, path = clinic.signed_in("alice"), f"/p/{clinic.alice.public_id}/settings"
    answer = alice.send(path, path, zone="Pacific/Auckland", language="en-GB", schedule="daily")
    assert answer.status_code == 303
    clinic.clock.forward(hours=12.5)
    clinic.signed_in("carol").page(f"/clinic/p/{clinic.alice.public_id}")
    assert (
        "<dt>Carol</dt><dd>last looked on Friday 13 March"
        in clinic.signed_in("alice").page(path).text
    )


def test_a_patient_ends_that_somebody_may_look_after_being_asked_once(clinic):
    """From the button on the clinician meets nothing; the audit says who ended it."""
    alice, carol = clinic.signed_in("alice"), clinic.signed_in("carol")
    own, chart = f"/p/{clinic.alice.public_id}", f"/clinic/p/{clinic.alice.public_id}"
    assert carol.get(chart).status_code == 200
    asks = f"{own}/readers/{clinic.accounts['carol'].public_id}"
    assert asks in alice.page(f"{own}/settings").links
    page = alice.page(asks)
    assert "Then nobody at your clinic will be able to see your diary." in page.text
    assert carol.get(chart).status_code == 200
    hidden = page.form(asks).hidden()
    assert alice.client.post(asks, data=hidden).status_code == 303
    assert alice.client.post(asks, data=hidden).status_code == 303
    assert carol.get(chart).status_code == 404
    assert clinic.alice.public_id not in carol.page("/clinic/patients").text
    assert "Only you." in alice.page(f"{own}/settings").text
    assert alice.get(asks).status_code == 404
    with clinic.database.read() as session:
        events = events_about(session, clinic.alice.id)
    ended = [event for event in events if event.action is AuditAction.CARE_REVOKED]
    assert ended[0].account_id == clinic.accounts["alice"].id


def test_a_patient_whom_nobody_reads_is_not_overlooked(clinic):
    """Only Gina is left for alice, and she can sign in no more: a warning would reach nobody."""
    frank, unread = clinic.signed_in("frank"), "Patients without a clinician: 1."
    assert unread not in frank.page("/admin/health").text
    url, at = clinic.config.database_url, clinic.clock()
    assert not [line for line in problems_of(url, at=at)[0] if "clinician" in line]
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.revoke_care(session, clinic.alice.id, carol, by=SYSTEM, at=clinic.clock())
    assert unread in frank.page("/admin/health").text
    assert (
        "care: patients without a clinician: 1; nobody sees their warning answers"
        in (problems_of(url, at=at)[0])
    )


def test_somebody_elses_reader_is_not_there(clinic):
    alice = clinic.signed_in("alice")
    dan = clinic.accounts["dan"].public_id
    assert alice.get(f"/p/{clinic.alice.public_id}/readers/{dan}").status_code == 404
    assert alice.get(f"/p/{clinic.bob.public_id}/readers/{dan}").status_code == 404


def test_the_shown_name_is_one_setting(clinic_database, tmp_path):
    """On pages of both sides, in the browser's tab, on a phone's first screen and on paper."""
    file = tmp_path / "named.db"
    copied(clinic_database, file)
    clinic = open_clinic(file, shown_name="Back Again")
    carol = clinic.signed_in("carol")
    answers = [
        carol.get("/clinic/patients").text,
        clinic.signed_in("alice").get(f"/p/{clinic.alice.public_id}/").text,
        carol.get("/manifest.webmanifest").text,
        text_of(carol.get(f"/p/{clinic.alice.public_id}/report.pdf").data),
    ]
    for answer in answers:
        assert "Back Again" in answer
        assert "Recovery tracker" not in answer
        assert "Recovery diary" not in answer
    assert clinic.app.config["SECURITY_TOTP_ISSUER"] == "Back Again"
    named = Config.from_environment(
        {"RECOVERY_TRACKER_NAME": "  Back   Again "}, database_url="sqlite://", secret_key=SECRET
    )
    assert named.shown_name == "Back Again"
