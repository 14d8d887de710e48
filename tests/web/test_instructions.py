"""The visit loop: what a clinic tells its patient, and what the patient then reads."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.flags import Attention, Condition
from recovery_tracker.domain.history import Event
from recovery_tracker.domain.instructions import TOPICS, Instruction, InstructionKind
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import audit_trail, flags, people, record_rows
from tests.pdf import text_of
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, new_diarist
from tests.web.page import Page

TODAY = NOW.date()
WAITING = [key for key, one in TOPICS[InstructionKind.PLAN].items() if one.waits]
WARNING = "You have a warning sign. Do what it says about that first."


@pytest.fixture
def carol(clinic, nora):
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"]
        people.grant_care(session, nora.patient.id, carol.id, by=SYSTEM, at=NOW)
    return clinic.signed_in("carol")


@pytest.fixture
def nora(clinic):
    """Twelve weeks after a fusion, with a month of calm days and no sign."""
    diarist = new_diarist(clinic, "nora", preop_axial_pain=7, preop_limb_pain=6)
    diarist.history_of(30)
    return diarist


def chart_of(nora):
    return f"/clinic/p/{nora.patient.public_id}"


def kept(nora, kind=Instruction):
    with nora.clinic.database.read() as session:
        return record_rows.stored_of(session, nora.patient.id, kind)


def form_of(browser, nora, action):
    """The hidden fields of a form of the chart page, by its exact address."""
    forms = browser.page(chart_of(nora)).forms
    return next(form for form in forms if form.action == action).hidden()


def tell(nora, browser, kind, **fields):
    """What becomes of the chart page's form of one kind, filled in and sent."""
    action = f"{chart_of(nora)}/instructions/{kind}"
    hidden = form_of(browser, nora, action)
    return browser.client.post(action, data={**hidden, "topic": "", "text": "", **fields})


def raise_sign(nora):
    """Nora ticks a wound that turned red: a same-day sign."""
    answer = nora.log(**{**CALM, "signs": "some", "line": "wound", "sign-wound": "wound_redness"})
    assert answer.status_code == 303
    with nora.clinic.database.read() as session:
        (flag,) = [f for f in flags.flags_of(session, nora.patient.id) if f.is_open]
    return flag


def decide(nora, browser, flag, **fields):
    action = f"{chart_of(nora)}/flag/{flag.public_id}/decision"
    hidden = form_of(browser, nora, action)
    return browser.client.post(action, data={**hidden, "decision": "", **fields})


# --- told on the chart page, read at home ---


def test_a_restriction_is_read_at_home_on_the_recovery_page_and_on_the_chart(nora, carol):
    due = TODAY + timedelta(days=20)
    fields = {"topic": "lifting", "text": "Nothing over 5 kg.", "due": due.isoformat()}
    assert tell(nora, carol, "restriction", **fields).status_code == 303
    for tail in ("", "recovery", "plan"):
        text = nora.page(tail).text
        assert "Do not lift anything heavy." in text, tail
        assert "Nothing over 5 kg." in text
        assert "Up to and including Wednesday 1 April." in text
        assert "From your clinic, on Thursday 12 March." in text
    assert "Not clear? Ask your clinic." in nora.page().text
    chart = carol.page(chart_of(nora)).text
    assert "No heavy lifting (Nothing over 5 kg), until 1 Apr 2026" in chart
    assert "Carol, 12 Mar 2026" in chart


def test_the_day_on_which_everything_was_said_is_said_once(nora, carol):
    due = (TODAY + timedelta(days=20)).isoformat()
    tell(nora, carol, "restriction", topic="lifting", due=due)
    tell(nora, carol, "clearance", topic="driving", due=due)
    for tail in ("", "plan"):
        assert nora.page(tail).text.count("From your clinic, on Thursday 12 March.") == 1, tail
    nora.clinic.clock.forward(days=1)
    carol = nora.clinic.signed_in("carol")
    tell(nora, carol, "plan", topic="physio", due=due)
    text = nora.page("plan").text
    assert text.count("From your clinic, on Thursday 12 March.") == 2
    assert text.count("From your clinic, on Friday 13 March.") == 1


def test_a_day_from_which_driving_is_allowed(nora, carol):
    assert tell(nora, carol, "clearance", topic="driving", due="2026-04-01").status_code == 303
    text = nora.page().text
    assert "From Wednesday 1 April: <b>You may drive.</b>" in text, "the day is read first"


def test_a_restriction_ends_with_its_last_day_and_stays_in_the_record(nora, carol):
    tell(nora, carol, "restriction", topic="driving", due=TODAY.isoformat())
    assert "Do not drive." in nora.page().text
    nora.clinic.clock.forward(days=1)
    assert "Do not drive." not in nora.page().text
    record = nora.page("plan").text
    assert record.index("Earlier") < record.index("Do not drive.")
    carol = nora.clinic.signed_in("carol")
    assert "(over)" in carol.page(chart_of(nora)).text


def test_an_instruction_is_changed_and_taken_back_and_the_audit_knows_every_wording(nora, carol):
    tell(nora, carol, "plan", topic="have_picture", due="2026-03-20")
    (one,) = kept(nora)
    action = f"{chart_of(nora)}/instructions/plan/{one.public_id}"
    hidden = form_of(carol, nora, action)
    changed = {**hidden, "topic": "blood_test", "text": "", "due": "2026-03-18"}
    assert carol.client.post(action, data=changed).status_code == 303
    text = nora.page().text
    assert "Have your blood test." in text
    assert "X-ray" not in text
    late = carol.client.post(action, data={**changed, "text": "typed meanwhile"})
    assert late.status_code == 409
    assert "typed meanwhile" in late.text
    hidden = form_of(carol, nora, action)
    assert carol.client.post(f"{action}/taken-back", data=hidden).status_code == 303
    assert kept(nora) == ()
    assert "blood test" not in nora.page("plan").text
    with nora.clinic.database.read() as session:
        events = audit_trail.events_about(session, nora.patient.id)
    told = [event for event in reversed(events) if event.action.startswith("instruction")]
    assert [event.action for event in told] == [
        *("instruction_saved", "instruction_saved", "instruction_removed")
    ]
    assert told[1].details["old"]["topic"] == "have_picture"


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("plan", {}, "Choose a sentence or write one."),
        ("plan", {"text": "x" * 301}, "at most 300"),
        ("plan", {"text": "keep me", "due": "soon"}, "Write the day"),
        ("plan", {"text": "keep me", "due": "2026-03-11"}, "Choose a day from 2026-03-12"),
        ("restriction", {"text": "keep me", "due": "2062-01-01"}, "Choose a day from"),
        ("clearance", {"topic": "driving"}, "Choose the first day it is allowed."),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_lost(nora, carol, kind, fields, message):
    answer = tell(nora, carol, kind, **{"due": "", **fields})
    assert answer.status_code == 422
    assert message in answer.text
    assert fields.get("text", "") in answer.text
    assert Page(answer.text).problems == []
    assert kept(nora) == ()


def test_the_same_form_twice_says_it_once(nora, carol):
    action = f"{chart_of(nora)}/instructions/plan"
    data = {**form_of(carol, nora, action), "topic": "make_visit", "text": "", "due": ""}
    for _ in range(2):
        assert carol.client.post(action, data=data).status_code == 303
    assert len(kept(nora)) == 1


def test_nobody_but_the_own_clinic_says_anything(nora, carol):
    action = f"{chart_of(nora)}/instructions/plan"
    data = {**form_of(carol, nora, action), "topic": "make_visit", "text": "", "due": ""}
    dan = nora.clinic.signed_in("dan")
    hidden = dan.page("/clinic/patients").form().hidden()
    assert dan.client.post(action, data={**data, **hidden}).status_code == 404
    hidden = nora.page("events").form().hidden()
    assert nora.browser.client.post(action, data={**data, **hidden}).status_code in (403, 404)
    assert kept(nora) == ()


# --- a decision with a plan ---


def test_a_decision_becomes_the_plan_and_an_event(nora, carol):
    flag = raise_sign(nora)
    answer = decide(
        nora,
        carol,
        flag,
        decision="wound_check_or_bloods",
        plan_topic="wound_check",
        plan_text="Ward 4.",
        plan_due="2026-03-13",
    )
    assert answer.status_code == 303
    text = nora.page().text
    assert "Have your wound looked at." in text
    assert "Ward 4." in text
    assert "Do this by Friday 13 March." in text
    # The advice about the sign stands first, and says so.
    assert text.index('id="advice"') < text.index(WARNING) < text.index("Have your wound")
    (event,) = kept(nora, Event)
    assert event.value.label == "Wound check or bloods", "in no reader's language"
    spanish = {"Decision": "Decisión", "Wound check or bloods": "Herida o análisis"}
    assert event.value.words(lambda said: spanish.get(said, said)) == "Decisión: Herida o análisis"


def test_a_plan_that_cannot_be_read_keeps_the_decision_from_being_made(nora, carol):
    flag = raise_sign(nora)
    fields = {"decision": "imaging", "note": "keep the note", "plan_text": "keep the plan"}
    answer = decide(nora, carol, flag, **fields, plan_due="1 June")
    assert answer.status_code == 422
    for words in ("Write the day", "keep the note", "keep the plan"):
        assert words in answer.text
    assert Page(answer.text).problems == []
    assert kept(nora) == ()
    assert kept(nora, Event) == ()


def test_a_plan_from_before_a_sign_waits_and_what_must_not_be_done_stays(nora, carol):
    tell(nora, carol, "plan", text="All is well, walk as you like.")
    tell(nora, carol, "clearance", topic="driving", due=TODAY.isoformat())
    tell(nora, carol, "restriction", topic="lifting")
    assert "walk as you like" in nora.page().text
    nora.clinic.clock.forward(minutes=5)
    raise_sign(nora)
    text = nora.page().text
    assert WARNING in text
    assert "walk as you like" not in text
    assert "You may drive." not in text
    assert "Do not lift anything heavy." in text
    assert "waits until the warning sign is over" in text
    chart = carol.page(chart_of(nora)).text
    assert chart.count("Not shown to the patient while an emergency or same-day sign is open") == 2
    # Gone: what waited is read again.
    nora.clinic.clock.forward(days=1)
    answer = nora.log(nora.today, **{**CALM, "change-wound_redness": "gone"})
    assert answer.status_code == 303
    assert "walk as you like" in nora.page().text


@pytest.mark.parametrize("topic", WAITING)
def test_what_would_calm_is_not_read_while_a_sign_is_open(nora, carol, topic):
    flag = raise_sign(nora)
    nora.clinic.clock.forward(minutes=5)
    decide(nora, carol, flag, decision="reassured", plan_topic=topic)
    sentence = TOPICS[InstructionKind.PLAN][topic].patient
    assert sentence not in nora.page().text
    assert sentence not in nora.page("plan").text


# --- one more operation ---


def operation_fields(day, **more):
    return {"day": day, "region": "lumbar", "levels": "2", "preop_axial_pain": "6", **more}


def test_a_revision_is_confirmed_before_it_counts(nora, carol):
    flag = raise_sign(nora)
    path = f"{chart_of(nora)}/operation/new"
    day = TODAY.isoformat()
    asked = carol.send(path, path, **operation_fields(day))
    assert asked.status_code == 200
    page = Page(asked.text)
    for words in (
        "Check the operation",
        "Days are counted from 12 Mar 2026: today is day 0.",
        "The count from 16 Dec 2025 ends.",
        "Best week, usual values and the expected range start again",
    ):
        assert words in asked.text, words
    assert len(kept(nora, Operation)) == 1, "nothing is written before it is confirmed"
    hidden = page.form(path).hidden()
    answer = carol.client.post(path, data={**hidden, "step": "confirmed"})
    assert answer.status_code == 303
    assert carol.client.post(path, data={**hidden, "step": "confirmed"}).status_code == 303
    assert [one.value.day for one in kept(nora, Operation)] == [
        TODAY - timedelta(days=86),
        TODAY,
    ]
    assert flag.episode.raised_on == TODAY
    assert "day 0" in carol.page(chart_of(nora)).text
    assert "Counted from your last operation, on Thursday 12 March" in nora.page().text


def test_flags_from_before_the_revision_end_and_stay_in_the_history(nora, carol):
    flag = raise_sign(nora)
    assert decide(nora, carol, flag, decision="wound_check_or_bloods").status_code == 303
    nora.clinic.clock.forward(days=2)
    carol = nora.clinic.signed_in("carol")
    path = f"{chart_of(nora)}/operation/new"
    day = nora.today.isoformat()
    asked = carol.send(path, path, **operation_fields(day))
    assert "1 open flag from before that day ends. It stays in the history." in asked.text
    carol.client.post(path, data={**Page(asked.text).form(path).hidden(), "step": "confirmed"})
    text = carol.page(chart_of(nora)).text
    assert f'id="flag-{flag.public_id}"' in text
    assert text.index("Earlier flags and decisions") < text.index(f'id="flag-{flag.public_id}"')


def tell_of_saddle_numbness(nora):
    saddle = {"signs": "some", "line": "saddle", "sign-saddle": "saddle_numbness"}
    assert nora.log(nora.today, **{**CALM, **saddle}).status_code == 303


def flags_now(nora):
    with nora.clinic.database.read() as session:
        return flags.flags_of(session, nora.patient.id)


def confirm_operation(nora, day, operation="new"):
    """A clinician enters an operation, or another day for one, and confirms it."""
    carol = nora.clinic.signed_in("carol")
    path = f"{chart_of(nora)}/operation/{operation}"
    asked = carol.send(path, path, **operation_fields(day.isoformat()))
    hidden = Page(asked.text).form(path).hidden()
    assert carol.client.post(path, data={**hidden, "step": "confirmed"}).status_code == 303
    return asked.text


def test_the_same_emergency_after_a_revision_is_a_new_one(nora, carol):
    tell_of_saddle_numbness(nora)
    (before,) = flags_now(nora)
    assert decide(nora, carol, before, decision="sent_to_hospital").status_code == 303
    nora.clinic.clock.forward(days=2)
    confirm_operation(nora, nora.today)
    nora.clinic.clock.forward(days=3)
    tell_of_saddle_numbness(nora)
    old, new = flags_now(nora)
    assert not old.is_open
    assert new.is_open
    assert new.attention is Attention.UNSEEN
    assert 'id="advice"' in nora.page().text
    listed = nora.clinic.signed_in("carol").page("/clinic/patients?show=urgent").text
    assert nora.patient.name in listed


@pytest.mark.parametrize("is_seen", [False, True])
def test_an_emergency_nobody_answered_outlasts_a_revision(nora, carol, is_seen):
    """It stays on the list and before the patient's eyes until a person decides about it."""
    tell_of_saddle_numbness(nora)
    (flag,) = flags_now(nora)
    if is_seen:
        path = f"{chart_of(nora)}/flag/{flag.public_id}"
        hidden = form_of(carol, nora, f"{path}/decision")
        assert carol.client.post(f"{path}/seen", data=hidden).status_code == 303
    nora.clinic.clock.forward(days=2)
    said = confirm_operation(nora, nora.today)
    assert "1 warning from before that day is not answered." in said
    assert "flag from before that day ends" not in said
    carol = nora.clinic.signed_in("carol")
    listed = carol.page("/clinic/patients?show=urgent").text
    assert nora.patient.name in listed
    assert "Emergency sign" in listed
    assert "Looked at, nothing decided" in listed if is_seen else "Waiting since" in listed
    assert 'id="advice"' in nora.page().text
    chart = carol.page(chart_of(nora)).text
    assert "From before the operation of 14 Mar 2026. It stays until you decide." in chart
    (flag,) = flags_now(nora)
    assert decide(nora, carol, flag, decision="sent_to_hospital").status_code == 303
    (flag,) = flags_now(nora)
    assert (flag.condition, flag.attention) == (Condition.ENDED, Attention.DECIDED)
    assert nora.patient.name not in carol.page("/clinic/patients?show=urgent").text
    assert 'id="advice"' not in nora.page().text
    nora.log(nora.today, **CALM)
    (flag,) = flags_now(nora)
    assert flag.condition is Condition.ENDED, "the next entry does not bring it back"


def test_an_emergency_nobody_answered_stands_in_the_report_after_a_revision(nora, carol):
    """The page to hand over says what the list and the chart say, until a person decides."""
    tell_of_saddle_numbness(nora)
    nora.clinic.clock.forward(days=2)
    confirm_operation(nora, nora.today)
    carol = nora.clinic.signed_in("carol")
    assert "Emergency sign: " in report_text(nora, carol)
    (flag,) = flags_now(nora)
    decide(nora, carol, flag, decision="sent_to_hospital")
    assert "Emergency sign" not in report_text(nora, carol)


def test_a_mistake_that_was_closed_takes_no_other_emergency_off_the_report(nora, carol):
    """Two told on one day, one of them by mistake: corrected, and closed by the clinic."""
    chest = {**CALM, "signs": "some", "line": ["chest"], "sign-chest": ["chest_pain"]}
    nora.log(**{**chest, "line": ["chest", "saddle"]})
    nora.log(**chest)
    (mistake,) = [flag for flag in flags_now(nora) if flag.corrected_by_patient]
    decide(nora, carol, mistake, decision="reassured")
    assert "Emergency sign: Chest pain (12 Mar)" in report_text(nora, carol)


def report_text(nora, carol) -> str:
    return text_of(carol.get(f"/p/{nora.patient.public_id}/report.pdf").data)


def test_an_emergency_that_ended_unseen_can_be_decided_about(nora, carol):
    """Gone before anybody looked: it asks for a look, and the chart has the form for it."""
    tell_of_saddle_numbness(nora)
    nora.clinic.clock.forward(days=1)
    gone = {**CALM, "change-saddle_numbness": "gone", "spoke": "yes"}
    nora.log(nora.today, **gone)
    (flag,) = flags_now(nora)
    assert flag.condition is Condition.ENDED
    carol = nora.clinic.signed_in("carol")
    assert nora.patient.name in carol.page("/clinic/patients?show=urgent").text
    assert "It ended before anybody looked at it" in carol.page(chart_of(nora)).text
    assert decide(nora, carol, flag, decision="reassured").status_code == 303
    assert nora.patient.name not in carol.page("/clinic/patients?show=urgent").text


@pytest.mark.parametrize("days_ahead", [0, 3])
def test_an_emergency_stands_again_where_the_operation_did_not_happen(nora, carol, days_ahead):
    tell_of_saddle_numbness(nora)
    (flag,) = flags_now(nora)
    decide(nora, carol, flag, decision="sent_to_hospital")
    planned = TODAY + timedelta(days=2 + days_ahead)
    nora.clinic.clock.forward(days=2)
    assert "1 open flag from before that day ends." in confirm_operation(nora, planned)
    nora.clinic.clock.forward(days=days_ahead)
    assert 'id="advice"' not in nora.page().text
    operation = kept(nora, Operation)[-1]
    confirm_operation(nora, nora.today + timedelta(days=30), operation.public_id)
    (flag,) = flags_now(nora)
    assert flag.is_open
    assert flag.attention is Attention.UNSEEN
    assert 'id="advice"' in nora.page().text


def test_going_back_from_the_confirmation_keeps_what_was_typed(nora, carol):
    path = f"{chart_of(nora)}/operation/new"
    asked = carol.send(path, path, **operation_fields("2026-03-10", level_names="L5-S1"))
    hidden = Page(asked.text).form(path).hidden()
    back = carol.client.post(path, data={**hidden, "step": "change"})
    assert back.status_code == 200
    assert 'value="L5-S1"' in back.text
    wrong = carol.send(path, path, **operation_fields("", level_names="L5-S1"))
    assert wrong.status_code == 422
    assert 'value="L5-S1"' in wrong.text
    assert len(kept(nora, Operation)) == 1


def test_an_operation_sent_once_more_with_another_day_comes_back_as_typed(nora, carol):
    path = f"{chart_of(nora)}/operation/new"
    asked = carol.send(path, path, **operation_fields("2026-03-10"))
    sent = {**Page(asked.text).form(path).hidden(), "step": "confirmed"}
    assert carol.client.post(path, data=sent).status_code == 303
    late = carol.client.post(path, data={**sent, "day": "2026-03-09", "level_names": "L5-S1"})
    assert late.status_code == 409
    assert 'value="L5-S1"' in late.text
    assert Page(late.text).form(path).hidden()["key"] != sent["key"]
    assert len(kept(nora, Operation)) == 2


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025-01-01", "Days are counted from that one as before."),
        ("2026-05-01", "Nothing changes before 1 May 2026."),
    ],
)
def test_an_earlier_or_a_planned_operation_changes_no_count(nora, carol, day, words):
    path = f"{chart_of(nora)}/operation/new"
    assert words in carol.send(path, path, **operation_fields(day)).text


def test_wrong_details_are_corrected_by_the_clinic(nora, carol):
    (one,) = kept(nora, Operation)
    path = f"{chart_of(nora)}/operation/{one.public_id}"
    same_day = one.value.day.isoformat()
    asked = carol.send(path, path, **operation_fields(same_day, level_names="L4-L5"))
    assert "The date stays the same" in asked.text
    hidden = Page(asked.text).form(path).hidden()
    assert carol.client.post(path, data={**hidden, "step": "confirmed"}).status_code == 303
    (one,) = kept(nora, Operation)
    assert one.value.level_names == "L4-L5"
    assert carol.client.post(path, data={**hidden, "step": "confirmed"}).status_code == 409


def test_the_first_operation_can_come_from_the_clinic(clinic, nora, carol):
    with clinic.database.write() as session:
        new = people.create_patient(
            session, name="New Person", zone="UTC", country="GB", by=SYSTEM, at=NOW
        )
        people.grant_care(session, new.id, clinic.accounts["carol"].id, by=SYSTEM, at=NOW)
    chart = f"/clinic/p/{new.public_id}"
    path = f"{chart}/operation/new"
    assert path in carol.page(chart).links
    asked = carol.send(path, path, **operation_fields("2026-03-01"))
    carol.client.post(path, data={**Page(asked.text).form(path).hidden(), "step": "confirmed"})
    assert "day 11" in carol.page(chart).text
    with clinic.database.read() as session:
        (one,) = record_rows.values_of(session, new.id, Operation)
    assert one.region is Region.LUMBAR
