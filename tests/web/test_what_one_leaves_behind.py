"""What somebody could still open after they left, lost a phone, or had a clock that ran ahead."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from recovery_tracker import services
from recovery_tracker.domain.history import DAILY
from recovery_tracker.domain.people import Rights, Role
from recovery_tracker.storage import accounts, audit_trail, passkeys, people, visit_links
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.web.auth.invitations import invite, offer_new_password
from recovery_tracker.web.shared import reminding
from tests.web.conftest import NOW, PASSWORD, SYSTEM
from tests.web.test_attack_office import _take_up
from tests.web.test_office_sees_no_diary import accounts_actor
from tests.web.test_ways_in import Walker, _give_a_passkey


def switch(clinic, name: str, active: bool) -> None:
    number = clinic.accounts[name].id
    services.accounts.set_active(clinic.database, number, active, by=SYSTEM, at=clinic.clock())


def link_by(clinic, name: str, role: Role, **more) -> str:
    by = accounts_actor(clinic, name)
    told = {"role": role, "name": "Somebody", "by": by, "at": NOW}
    return invite(clinic.database, "", **told, **more)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.ADMINISTRATOR, Rights.FULL),
        (Role.CLINICIAN, Rights.FULL),
        (Role.CLINICIAN, Rights.DESK),
    ],
)
def test_who_left_comes_back_by_no_invitation_of_their_own(clinic, role, rights):
    """An administrator kept the link to an account that nobody had taken up yet."""
    kept = link_by(clinic, "frank", role, rights=rights)
    switch(clinic, "frank", False)
    assert _take_up(clinic, kept, "frank-again") == 404
    switch(clinic, "frank", True)
    assert _take_up(clinic, kept, "frank-again") == 404
    with clinic.database.read() as session:
        ends = audit_trail.events_among(session, 0, [AuditAction.INVITATION_WITHDRAWN])
    assert len(ends) == 1


def test_nor_by_a_new_password_for_a_colleague(clinic):
    by, carol = accounts_actor(clinic, "frank"), clinic.accounts["carol"]
    kept = offer_new_password(clinic.database, "", carol, by=by, at=NOW)
    switch(clinic, "frank", False)
    assert clinic.browser().get(kept).status_code == 404


def test_a_patient_who_holds_a_link_still_begins_the_diary(clinic):
    with clinic.database.write() as session:
        ivy = people.create_patient(session, name="Ivy Lane", by=SYSTEM, at=NOW)
    slip = link_by(clinic, "frank", Role.PATIENT, patient_id=ivy.id)
    switch(clinic, "frank", False)
    assert _take_up(clinic, slip, "ivy") == 303


def test_what_a_patient_gave_ends_with_the_account(clinic):
    """Somebody had the password, and shared the diary before the office switched it off."""
    carer = link_by(clinic, "alice", Role.PATIENT, patient_id=clinic.alice.id, rights=Rights.READ)
    path = f"/p/{clinic.alice.public_id}/share"
    page = clinic.signed_in("alice").send(path, f"{path}/link", day="2026-03-12").text
    visit = re.search(r'<code class="link">http://localhost(/v/[^<]+)<', page)[1]
    browser = clinic.browser()
    browser.send(visit, visit)
    switch(clinic, "alice", False)
    assert clinic.browser().get(carer).status_code == 404
    with clinic.database.read() as session:
        (link,) = visit_links.links_of(session, clinic.alice.id)
    assert not link.is_open(NOW)


def test_a_passkey_is_told_like_any_other_change(clinic, monkeypatch):
    sent = []
    tell = "recovery_tracker.web.auth.devices.tell_by_mail"
    monkeypatch.setattr(tell, lambda account, what: sent.append((account.login, what)))
    alice = clinic.signed_in("alice")
    home = f"/p/{clinic.alice.public_id}/"
    assert "Sign-in method changed" not in alice.page(home).text
    _give_a_passkey(clinic, "alice")
    assert "Sign-in method changed" in alice.page(home).text
    assert sent.count(("alice", AuditAction.CREDENTIALS_CHANGED)) == 1
    clinic.clock.forward(days=8)
    assert "Sign-in method changed" not in alice.page(home).text
    walker = Walker(clinic).open("/account/sign-in")
    walker.send("/account/sign-in", email="alice", password=PASSWORD)
    walker.open("/account/passkeys").send("/account/passkeys/remove", name="my phone")
    assert "Sign-in method changed" in alice.page(home).text
    assert sent.count(("alice", AuditAction.CREDENTIALS_CHANGED)) == 2


def test_with_the_second_step_the_passkey_of_a_lost_phone_goes(clinic):
    """`user reset --second-step`: the passkey would be enough to sign in."""
    _give_a_passkey(clinic, "carol")
    number = clinic.accounts["carol"].id
    services.accounts.clear_second_step(clinic.database, number, by=SYSTEM, at=NOW)
    with clinic.database.read() as session:
        assert passkeys.passkeys_of(session, number) == ()


@pytest.mark.parametrize(
    ("name", "page", "ahead", "status"),
    [
        ("carol", "/clinic/patients", timedelta(days=400), 302),
        ("carol", "/clinic/patients", timedelta(hours=1), 302),
        ("carol", "/clinic/patients", timedelta(minutes=5), 200),
        ("alice", "/account", timedelta(days=400), 302),
        ("alice", "/account", timedelta(days=1), 200),
    ],
)
def test_who_signed_in_while_the_clock_ran_ahead_is_not_in_until_then(
    clinic, name, page, ahead, status
):
    clinic.clock.instant += ahead
    browser = clinic.signed_in(name)
    clinic.clock.instant -= ahead
    assert browser.get(page).status_code == status


def test_a_switched_off_patient_is_not_reminded_because_a_carer_is_there(clinic):
    number = clinic.alice.id
    clinic.add_account("zoe", Role.PATIENT, patient_id=number, rights=Rights.READ, language="es")
    with clinic.database.write() as session:
        alice = people.patient_by_id(session, number)
        rings = [{"endpoint": "https://x.example", "p256dh": "a", "auth": "b", "key": "c"}]
        wishes = replace(people.with_preferences(alice, rings=rings), schedule=DAILY)
        people.update_patient(session, wishes, expected_version=alice.version, by=SYSTEM, at=NOW)
    evening = NOW + timedelta(days=1, hours=12)
    (due,) = reminding._subscribed(clinic.database, True, evening)
    assert due.language != "es"
    with clinic.database.write() as session:
        accounts.set_active(session, clinic.accounts["alice"].id, False, by=SYSTEM, at=NOW)
    assert list(reminding._subscribed(clinic.database, True, evening)) == []
