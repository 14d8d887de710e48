"""Totals of ODI and NDI: typed in by patient or clinic, with their unit, never the items."""

import re
from datetime import date, timedelta

import pytest

from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore, scores_line
from recovery_tracker.domain.surgery import Region
from recovery_tracker.exchange.scores_csv import scores_text
from recovery_tracker.storage import audit, audit_trail, people, record_rows
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import TODAY, new_diarist

TYPED = {"form": "odi_percent", "score": "42,5", "day": str(TODAY)}


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic, days_ago=40)


def stored(clinic, patient):
    with clinic.database.read() as session:
        return record_rows.stored_of(session, patient.id, FormScore)


def test_a_patient_types_a_total_and_it_is_there_once(clinic, nora):
    form = nora.browser.page(nora.path("scores")).form(nora.path("scores")).hidden()
    for _ in range(2):
        answer = nora.browser.client.post(nora.path("scores"), data={**form, **TYPED})
        assert answer.status_code == 303
    (only,) = stored(clinic, nora.patient)
    assert only.value == FormScore(TODAY, "odi_percent", 42.5, Role.PATIENT)
    text = nora.page("scores").text
    assert "ODI 42.5 %" in text
    assert "Mapi Research Trust" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": ""},
        {"score": "101"},
        {"score": ""},
        {"form": "ndi_points", "score": "12.5"},
        {"day": str(TODAY + timedelta(days=1))},
        {"day": "yesterday"},
    ],
)
def test_a_mistake_is_named_and_what_was_typed_stays(clinic, nora, wrong):
    answer = nora.send("scores", **{**TYPED, **wrong})
    assert answer.status_code == 422
    assert stored(clinic, nora.patient) == ()
    typed = {**TYPED, **wrong}["score"]
    assert f'name="score" value="{typed}"' in answer.text


def test_a_typing_mistake_is_taken_back_and_the_audit_keeps_it(clinic, nora):
    nora.send("scores", **TYPED)
    (only,) = stored(clinic, nora.patient)
    path = nora.path(f"scores/{only.public_id}/remove")
    assert nora.browser.send(nora.path("scores"), path).status_code == 303
    assert stored(clinic, nora.patient) == ()
    with clinic.database.read() as session:
        newest = audit_trail.events_about(session, nora.patient.id, limit=1)[0]
    assert newest.action is audit.AuditAction.SCORE_REMOVED
    assert newest.details["old"]["score"] == 42.5


def test_the_clinic_types_one_and_both_sides_see_whose_it_is(clinic):
    carol, alice = clinic.signed_in("carol"), clinic.signed_in("alice")
    chart = f"/clinic/p/{clinic.alice.public_id}"
    typed = {"form": "ndi_points", "score": "14", "day": str(TODAY)}
    assert carol.send(chart, f"{chart}/record/score", **typed).status_code == 303
    text = carol.page(chart).text
    assert "NDI 14 of 50 (28 %), by the clinic" in text
    assert "Questionnaire scores" in text  # beside the chart and on the report
    own = alice.page(f"/p/{clinic.alice.public_id}/scores")
    assert "NDI 14 of 50 (28 %)" in own.text
    assert "from your clinic" in own.text
    assert not [form for form in own.forms if form.action.endswith("/remove")]
    (only,) = stored(clinic, clinic.alice)
    path = f"/p/{clinic.alice.public_id}/scores"
    hidden = own.form(path).hidden()
    alice.client.post(f"{path}/{only.public_id}/remove", data={**hidden, "expected_version": "1"})
    assert stored(clinic, clinic.alice) == (only,)


def test_a_total_of_the_clinic_that_seems_wrong_becomes_a_question_for_the_visit(clinic):
    carol, alice = clinic.signed_in("carol"), clinic.signed_in("alice")
    chart, own = f"/clinic/p/{clinic.alice.public_id}", f"/p/{clinic.alice.public_id}"
    typed = {"form": "ndi_points", "score": "14", "day": str(TODAY)}
    carol.send(chart, f"{chart}/record/score", **typed)

    def doubt():
        form = next(f for f in alice.page(f"{own}/scores").forms if "/question" in f.action)
        return alice.client.post(form.action, data=form.hidden())

    said = "NDI 14 of 50 (28 %), 12 Mar 2026: I think this total is wrong."
    assert [doubt().status_code for _twice in range(2)] == [303, 303]
    assert alice.page(f"{own}/report").text.count(said) == 1
    assert "NDI 14 of 50 (28 %), by the clinic" in carol.page(chart).text  # It is theirs to change.
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, clinic.alice.id)
        full = people.with_preferences(patient, questions=["One?", "Two?", "Three?"])
        people.update_patient(session, full, expected_version=patient.version, by=SYSTEM, at=NOW)
    answer = doubt()
    assert answer.status_code == 422
    assert "You have noted 3 questions already." in answer.text


@pytest.mark.parametrize("wrong", [{"form": ""}, {"score": "51"}, {"day": ""}])
def test_a_mistake_of_the_clinic_comes_back_too(clinic, wrong):
    carol = clinic.signed_in("carol")
    chart = f"/clinic/p/{clinic.alice.public_id}"
    typed = {"form": "ndi_points", "score": "14", "day": str(NOW.date()), **wrong}
    answer = carol.send(chart, f"{chart}/record/score", **typed)
    assert answer.status_code == 422
    assert f'name="score" maxlength="6" value="{typed["score"]}"' in answer.text
    assert stored(clinic, clinic.alice) == ()


EARLIER = FormScore(date(2025, 12, 2), "odi_percent", 44, Role.CLINICIAN)
LATER = FormScore(date(2026, 2, 3), "odi_points", 14, Role.PATIENT)
NECK = FormScore(date(2026, 2, 4), "ndi_percent", 30.5, Role.PATIENT)


def test_the_line_on_the_report_holds_the_latest_and_the_one_from_before_the_operation():
    lumbar, neck = Region.LUMBAR, "NDI 30.5 % on 4 Feb 2026"
    operated_on = date(2025, 12, 20)
    assert scores_line([], lumbar, operated_on) == ""
    back = "ODI 14 of 50 (28 %) on 3 Feb 2026"
    before = f"{back}, before the operation 44 % on 2 Dec 2025"
    told = [NECK, LATER, EARLIER]
    assert scores_line(told, lumbar, operated_on) == f"{before}; {neck}"
    assert scores_line(told, Region.CERVICAL, operated_on) == f"{neck}; {before}"
    between = FormScore(date(2026, 1, 20), "odi_percent", 36, Role.PATIENT)
    assert scores_line([*told, between], lumbar, operated_on) == f"{before}; {neck}"
    # Nothing from before the operation: the one before it.
    assert scores_line([LATER, between], lumbar, operated_on) == (
        f"{back}, before that 36 % on 20 Jan 2026"
    )


def test_the_table_keeps_unit_and_percent():
    assert scores_text(
        [EARLIER, LATER, FormScore(date(2026, 2, 5), "eq5d_index", 0.62, Role.PATIENT)]
    ).splitlines() == [
        "date,form,score,percent,typed_by",
        "2025-12-02,odi_percent,44,44,clinician",
        "2026-02-03,odi_points,14,28,patient",
        "2026-02-05,eq5d_index,0.62,,patient",
    ]


def test_nobody_is_asked_for_the_result_of_an_operation_that_is_to_come(clinic, nora):
    assert "the result of your operation" in nora.page("scores").text
    waiting = new_diarist(clinic, "wait", days_ago=-20)
    page = waiting.page("scores")
    assert "the result of your operation" not in page.text
    form = page.form(waiting.path("scores")).hidden()
    form |= {"form": "satisfaction", "score": "5", "day": str(TODAY)}
    assert waiting.browser.client.post(waiting.path("scores"), data=form).status_code == 404


def test_satisfaction_that_waited_for_a_sign_in_is_still_chosen(nora):
    form = nora.page("scores").form(nora.path("scores")).hidden()
    form |= {"form": "satisfaction", "score": "4", "day": str(TODAY), "carried": "1"}
    page = nora.browser.client.post(nora.path("scores"), data=form).text
    assert re.search(r'id="satisfied-4" value="4"\s+checked', page)
