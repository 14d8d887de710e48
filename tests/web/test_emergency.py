"""A diary opened in an emergency: with a reason, for an hour, and the patient reads who and why."""

from dataclasses import replace
from datetime import date, timedelta

from recovery_tracker.domain.history import Appointment
from recovery_tracker.domain.people import Action, Rights, Role, may
from recovery_tracker.storage import audit_trail, invitations, people, record_rows
from recovery_tracker.storage.audit import AuditAction
from recovery_tracker.web.admin import desk
from tests.web.conftest import ALICE_WORDS, NOW, SYSTEM


def _number(clinic, number: str = "H-77", born: date | None = date(1961, 1, 1)) -> None:
    with clinic.database.write() as session:
        known = people.patient_by_id(session, clinic.alice.id)
        changed = replace(known, hospital_number=number, birth_date=born)
        people.update_patient(session, changed, expected_version=known.version, by=SYSTEM, at=NOW)


def test_an_hour_with_a_reason(clinic):
    _number(clinic)
    dan, chart = clinic.signed_in("dan"), f"/clinic/p/{clinic.alice.public_id}"
    assert dan.get(chart).status_code == 404
    answer = dan.send(
        "/clinic/emergency", "/clinic/emergency", hospital_number="H-77", reason="fell, on call"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, chart)
    assert dan.get(chart).status_code == 200
    assert dan.get(f"/p/{clinic.alice.public_id}/report.pdf").status_code == 200
    # Reading and answering a flag; the rules, operations and access of the patient stay closed.
    for part in ("/operations/new", "/sensitivity", "/operation"):
        assert dan.get(chart + part).status_code == 404, part
    alice = clinic.signed_in("alice")
    said = "Dan opened your diary in an emergency, for one hour: fell, on call"
    assert said in alice.page(f"/p/{clinic.alice.public_id}/").text
    assert said in alice.page(f"/p/{clinic.alice.public_id}/looked").text
    clinic.clock.forward(minutes=59)
    dan = clinic.signed_in("dan")
    assert ALICE_WORDS[0] in dan.page("/clinic/emergency").text
    clinic.clock.forward(minutes=2)
    assert dan.get(chart).status_code == 404
    assert ALICE_WORDS[0] not in dan.page("/clinic/emergency").text


def test_a_right_number_is_enough_where_the_record_holds_no_birth_date(clinic):
    """What is not known is not somebody else's."""
    _number(clinic, born=None)
    dan = clinic.signed_in("dan")
    found = {"hospital_number": "H-77", "birth_date": "1960-01-01", "reason": "why"}
    assert dan.send("/clinic/emergency", "/clinic/emergency", **found).status_code == 303


def test_it_is_open_to_the_one_who_asked_alone(clinic):
    dan, chart = clinic.signed_in("dan"), f"/clinic/p/{clinic.alice.public_id}"
    found = {"name": ALICE_WORDS[0], "reason": "why"}
    assert dan.send("/clinic/emergency", "/clinic/emergency", **found).status_code == 303
    assert dan.get(chart).status_code == 200
    erin = clinic.signed_in("erin")
    assert erin.get(chart).status_code == 404
    assert ALICE_WORDS[0] not in erin.page("/clinic/emergency").text


def test_without_a_reason_or_a_whole_name_nothing_opens(clinic):
    _number(clinic)
    dan = clinic.signed_in("dan")
    for typed in (
        {"hospital_number": "H-77"},
        {"hospital_number": "H-7", "reason": "why"},
        {"hospital_number": "H-77", "name": "Somebody Else", "reason": "why"},
        {"hospital_number": "H-77", "birth_date": "1960-01-01", "reason": "why"},
        {"name": ALICE_WORDS[0].split()[0], "reason": "why"},
        {"name": ALICE_WORDS[0], "birth_date": "1960-01-01", "reason": "why"},
        {"name": ALICE_WORDS[0], "birth_date": "1960-13-01", "reason": "why"},
        {"reason": "why"},
    ):
        answer = dan.send("/clinic/emergency", "/clinic/emergency", **typed)
        assert answer.status_code == 422, typed
        assert clinic.alice.public_id not in answer.text
    found = {"name": ALICE_WORDS[0].upper(), "birth_date": "1961-01-01", "reason": "why"}
    assert dan.send("/clinic/emergency", "/clinic/emergency", **found).status_code == 303
    with clinic.database.read() as session:
        events = audit_trail.events_among(session, clinic.alice.id, [AuditAction.EMERGENCY_ACCESS])
    assert [one.details["reason"] for one in events] == ["why"]


def test_looking_for_patients_one_by_one_ends(clinic):
    dan = clinic.signed_in("dan")
    typed = {"hospital_number": "H-0", "reason": "why"}
    answers = [
        dan.send("/clinic/emergency", "/clinic/emergency", **typed).status_code for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]


def test_a_clinician_who_only_reads_answers_nothing_in_an_emergency():
    from recovery_tracker.domain.people import Actor

    for rights, answers in ((Rights.FULL, True), (Rights.ANSWER, True), (Rights.READ, False)):
        by = Actor(1, "L", Role.CLINICIAN, rights=rights, emergency_for=frozenset({7}))
        assert may(by, Action.READ_DIARY, 7)
        assert may(by, Action.DECIDE_FLAG, 7) is answers
        assert not may(by, Action.READ_DIARY, 8)
        for action in (Action.EDIT_SURGERY, Action.CHANGE_RULES, Action.GIVE_ACCESS):
            assert not may(by, action, 7), action


def test_the_front_desk_sees_names_and_appointments(clinic):
    clinic.add_account("kim", rights=Rights.DESK)
    with clinic.database.write() as session:
        visit = Appointment(NOW.date(), "10:30", with_whom="Dr Test")
        record_rows.add(session, clinic.alice.id, visit, by=SYSTEM, at=NOW)
    kim = clinic.signed_in("kim")
    assert kim.get("/").headers["Location"] == "/desk/"
    page = kim.page("/desk/").text
    assert ALICE_WORDS[0] in page
    assert "10:30" in page
    assert ALICE_WORDS[1] not in page
    for path in ("/clinic/patients", f"/clinic/p/{clinic.alice.public_id}", "/admin/people"):
        assert kim.get(path).status_code == 404, path
    with clinic.database.read() as session:
        looks = audit_trail.events_about(session, action=AuditAction.LIST_READ)
    assert looks[0].details == {"list": "desk.appointments", "patients": [clinic.alice.id]}


def _at_the_desk(clinic):
    clinic.add_account("kim", rights=Rights.DESK)
    return clinic.signed_in("kim")


def test_the_front_desk_enters_an_appointment_and_cancels_it(clinic):
    _number(clinic)
    kim = _at_the_desk(clinic)
    visit = {
        "hospital_number": "H-77",
        "day": "2026-04-01",
        "time": "14:30",
        "with_whom": "Dr Test",
    }
    sent = kim.send("/desk/", "/desk/", **visit)
    assert sent.status_code == 303
    assert "Saved." not in kim.page("/desk/").text
    page = kim.page(sent.headers["Location"]).text
    assert '<p class="said" tabindex="-1" data-focus>Saved.</p>' in page
    assert ALICE_WORDS[0] in page
    assert "14:30" in page
    assert "Dr Test" in clinic.signed_in("carol").page(f"/clinic/p/{clinic.alice.public_id}").text
    with clinic.database.read() as session:
        kind = AuditAction.APPOINTMENT_SAVED
        (event,) = audit_trail.events_among(session, clinic.alice.id, [kind])
    assert event.by == "Kim"
    removes = next(one for one in kim.page("/desk/").forms if one.action.endswith("/remove"))
    gone = kim.client.post(removes.action, data=removes.hidden())
    assert gone.status_code == 303
    assert "The appointment was removed." in kim.page(gone.headers["Location"]).text
    assert ALICE_WORDS[0] not in kim.page("/desk/").text
    assert kim.client.post(removes.action, data=removes.hidden()).status_code == 404
    # Nobody else has the desk's addresses.
    for name in ("carol", "alice", "frank"):
        browser = clinic.signed_in(name)
        token = browser.page("/account").form().hidden()
        assert browser.client.post("/desk/", data={**token, **visit}).status_code == 404, name
        assert browser.client.post(removes.action, data=token).status_code == 404, name


def test_many_appointments_are_shown_a_page_of_whole_days_at_a_time(clinic, monkeypatch):
    monkeypatch.setattr(desk, "ON_A_PAGE", 3)
    days = (0, 1, 1, 1, 8, 9)
    with clinic.database.write() as session:
        for place, after in enumerate(days):
            visit = Appointment(NOW.date() + timedelta(days=after), "09:00", place=f"Room {place}.")
            record_rows.add(session, clinic.alice.id, visit, by=SYSTEM, at=NOW)
    kim = _at_the_desk(clinic)
    page = kim.page("/desk/")
    assert [f"Room {place}." in page.text for place in range(6)] == [True] * 4 + [False] * 2
    (later,) = [link for link in page.links if "from=" in link]
    page = kim.page(later)
    assert [f"Room {place}." in page.text for place in range(6)] == [False] * 4 + [True] * 2
    assert "from=" not in page.text


def test_an_appointment_that_cannot_be_is_refused_and_nobody_is_shown(clinic):
    _number(clinic)
    kim = _at_the_desk(clinic)
    good = {"hospital_number": "H-77", "day": "2026-04-01"}
    for wrong in (
        {"day": "2026-03-11"},
        {"day": "2027-01-01"},
        {"day": "soon"},
        {"time": "half two"},
        {"hospital_number": "H-7"},
        {"name": "Somebody Else"},
        {"birth_date": "1960-01-01"},
        {"hospital_number": "", "name": "Alicia"},
    ):
        answer = kim.send("/desk/", "/desk/", **{**good, **wrong})
        assert answer.status_code == 422, wrong
        assert ALICE_WORDS[0] not in answer.text
    with clinic.database.read() as session:
        kind = AuditAction.APPOINTMENT_SAVED
        assert not audit_trail.events_among(session, clinic.alice.id, [kind])


def test_the_office_invites_who_goes_less_far_than_a_clinician(clinic):
    frank = clinic.signed_in("frank")
    for role, rights in (("front_desk", Rights.DESK), ("clinician_answers", Rights.ANSWER)):
        answer = frank.send("/admin/people", "/admin/people/invite", role=role, name=f"N {role}")
        assert answer.status_code == 200
        with clinic.database.read() as session:
            found = invitations.open_invitations(session, NOW)[0]
        assert (found.role, found.rights) == (Role.CLINICIAN, rights)
