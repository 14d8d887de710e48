"""The list as a place to work from: who rings whom, who is next, and who comes on which day."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from markupsafe import escape

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Attention, Episode, MeasureChange, Pattern, Urgency
from recovery_tracker.domain.history import Appointment, Event, EventKind
from recovery_tracker.services import patient_list, reassess, record_day
from recovery_tracker.storage import accounts, audit, audit_trail, diary, flags, people, record_rows
from recovery_tracker.storage.list_order import SORTS
from recovery_tracker.web.clinician.list_words import measure_of
from tests.web.conftest import ALICE_WORDS, NOW, SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.test_clinician import LIST, chart_of, rows_of


def cared_for(clinic, name, **options):
    """A further patient of carol's."""
    diarist = new_diarist(clinic, name, **options)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, diarist.patient.id, carol, by=SYSTEM, at=NOW)
    return diarist


def flag_of(clinic, patient):
    with clinic.database.read() as session:
        return next(flag for flag in flags.flags_of(session, patient.id) if flag.is_open)


def ring(clinic, browser, number):
    path = chart_of(clinic.alice)
    return browser.send(path, f"{path}/phone", phone=number)


def test_who_sees_to_a_flag_stands_on_the_list_until_it_is_decided(clinic):
    carol = clinic.signed_in("carol")
    path, flag = chart_of(clinic.alice), flag_of(clinic, clinic.alice)
    answer = carol.send(path, f"{path}/flag/{flag.public_id}/decision", decision="")
    assert answer.status_code == 422
    form = carol.page(path).form(f"{path}/flag/{flag.public_id}/decision")
    taken = carol.client.post(f"{path}/flag/{flag.public_id}/take", data=form.hidden())
    assert taken.status_code == 303
    (row,) = rows_of(carol.page(LIST))
    name = clinic.accounts["carol"].name
    assert f"{name} is seeing to it" in row
    page = carol.page(path)
    assert f"{name} is seeing to it, 12 Mar, 09:00" in page.text
    assert f"{flag.public_id}/take" not in page.text
    with clinic.database.read() as session:
        told = [event.action for event in audit_trail.events_about(session, clinic.alice.id)]
    assert audit.AuditAction.FLAG_TAKEN in told
    fields = {"decision": "reassured", "version": str(flag_of(clinic, clinic.alice).version)}
    form = carol.page(path).form(f"{path}/flag/{flag.public_id}/decision")
    carol.client.post(form.action, data={**form.hidden(), **fields})
    assert "is seeing to it" not in carol.page(LIST).text


def test_the_number_to_ring_stands_beside_the_flag_and_only_a_number_is_taken(clinic):
    carol = clinic.signed_in("carol")
    assert "tel:" not in carol.page(LIST).text
    for wrong in ("ask her son", "12", "1" * 60):
        answer = ring(clinic, carol, wrong)
        assert answer.status_code == 422, wrong
    assert ring(clinic, carol, " +44 (20) 7946-0000 ").status_code == 303
    assert 'href="tel:+442079460000"' in carol.page(LIST).text
    page = carol.page(chart_of(clinic.alice))
    assert "Ring +44 (20) 7946-0000" in page.text
    assert ring(clinic, carol, "").status_code == 303
    assert "tel:" not in carol.page(LIST).text
    dan = clinic.signed_in("dan")
    assert dan.get(chart_of(clinic.alice)).status_code == 404


def test_after_a_decision_the_next_patient_who_waits_is_named(clinic):
    carol = clinic.signed_in("carol")
    anna = cared_for(clinic, "anna")
    path, flag = chart_of(clinic.alice), flag_of(clinic, clinic.alice)
    assert "Next patient" not in carol.page(f"{path}?saved=1").text
    record_day(
        clinic.database,
        anna.patient.id,
        DiaryEntry(NOW.date(), signs=frozenset({"saddle_numbness"}), recorded_at=NOW),
        by=SYSTEM,
        at=NOW,
        today=NOW.date(),
        key="1",
    )
    form = carol.page(path).form(f"{path}/flag/{flag.public_id}/decision")
    answer = carol.client.post(
        form.action, data={**form.hidden(), "decision": "reassured", "note": "", "until": ""}
    )
    page = carol.page(answer.headers["Location"])
    assert f"Next patient: {anna.patient.name}" in page.text
    assert f'href="{chart_of(anna.patient)}"' in page.text


def test_the_list_can_be_sorted_by_every_column_both_ways(clinic):
    """Who is not known stays last; a page of the sorted list knows its order."""
    carol = clinic.signed_in("carol")
    quiet = cared_for(clinic, "anna")
    with clinic.database.read() as session:
        by = accounts.actor_of(session, clinic.accounts["carol"].id, at=NOW)
    for day, pain, walked in ((0, 9, 4), (1, 9, 4), (2, 8, 4)):
        entry = DiaryEntry(NOW.date() - timedelta(days=day), axial_pain=pain, walking=walked)
        record_day(
            clinic.database, quiet.patient.id, replace(entry, recorded_at=NOW), by=SYSTEM, at=NOW,
            today=NOW.date(), key=str(day),
        )  # fmt: skip
    orders = {}
    for sort in SORTS:
        for asked in (sort, f"-{sort}"):
            found = patient_list(clinic.database, by, today=NOW.date(), sort=asked)
            orders[asked] = [row.name for row in found.rows]
            assert len(orders[asked]) == 2
    assert orders["patient"] == orders["-patient"][::-1]
    # Alice has two answers in this week: too few for a mean, so she is last in both.
    assert orders["pain"][0] == orders["-pain"][0] == quiet.patient.name
    page = carol.page(f"{LIST}?sort=-patient")
    assert 'aria-sort="descending"' in page.text
    assert "sort=patient" in page.text
    assert carol.page(f"{LIST}?sort=nonsense").text.count('<tr role="row">') == 2


def test_any_days_clinic_has_times_names_and_its_own_reports(clinic):
    carol = clinic.signed_in("carol")
    anna = cared_for(clinic, "anna")
    tomorrow = NOW.date() + timedelta(days=1)
    with clinic.database.write() as session:
        for patient, time, who in (
            (clinic.alice.id, "10:30", "Nurse Kim"),
            (anna.patient.id, "09:15", "Dr Lund"),
        ):
            visit = Appointment(tomorrow, time, who)
            record_rows.add(session, patient, visit, by=SYSTEM, at=NOW)
    here = carol.page("/clinic/today")
    assert "No visits today" in here.text
    assert f"day={tomorrow.isoformat()}" in here.text
    assert "Tomorrow" in here.text
    page = carol.page(f"/clinic/today?day={tomorrow.isoformat()}")
    first, second = rows_of(page)
    assert all(words in first for words in ("09:15", "Dr Lund", anna.patient.name))
    assert all(words in second for words in ("10:30", "Nurse Kim", ALICE_WORDS[0]))
    form = page.form("/clinic/today/reports.zip")
    answer = carol.client.post("/clinic/today/reports.zip", data=form.hidden())
    assert f"reports-{tomorrow.isoformat()}.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert [name[:2] for name in archive.namelist()] == ["01", "02"]
    for nonsense in ("yesterday", "0001-01-01", "9999-12-31", "2026-02-30"):
        assert "No visits today" in carol.page(f"/clinic/today?day={nonsense}").text


def test_who_the_list_says_comes_today_is_on_the_page_of_the_day_and_in_its_file(clinic):
    """
    patient   appointment        noted as an event   on the page
    anna      09:15, Nurse Kim   Dr Lund             once, with the time
    alice     none               Dr Abe              after those with a time, though in need
    berta     none               physio              not at all
    """
    anna, berta = cared_for(clinic, "anna"), cared_for(clinic, "berta")
    today = NOW.date()
    with clinic.database.write() as session:
        for patient, value in (
            (anna.patient.id, Event(today, EventKind.VISIT, "Dr Lund")),
            (anna.patient.id, Appointment(today, "09:15", "Nurse Kim")),
            (clinic.alice.id, Event(today, EventKind.VISIT, "Dr Abe")),
            (berta.patient.id, Event(today, EventKind.PHYSIO, "")),
        ):
            record_rows.add(session, patient, value, by=SYSTEM, at=NOW)
    carol = clinic.signed_in("carol")
    assert len(rows_of(carol.page(f"{LIST}?show=visit_today"))) == 2
    page = carol.page("/clinic/today")
    first, second = rows_of(page)
    assert all(words in first for words in ("09:15", "Nurse Kim", anna.patient.name))
    assert "Dr Lund" not in first
    assert all(words in second for words in ("Dr Abe", ALICE_WORDS[0]))
    form = page.form("/clinic/today/reports.zip")
    answer = carol.client.post("/clinic/today/reports.zip", data=form.hidden())
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert [name[:2] for name in archive.namelist()] == ["01", "02"]


def test_the_small_line_is_of_what_the_flag_is_about():
    for measure, drawn in (
        ("limb_pain", "limb_pain"),
        ("numbness", "numbness"),
        ("mobility", "mobility"),
        ("axial_pain", "axial_pain"),
        ("walking", "axial_pain"),
    ):
        signal = MeasureChange(measure, 2, 5, 20, 1)
        episode = Episode(Pattern.NERVE, Urgency.REVIEW, NOW.date(), signals=(signal,))
        assert measure_of(episode) == drawn
    assert measure_of(None) == "axial_pain"


def test_when_a_chart_was_last_read_stands_on_the_list(clinic):
    carol = clinic.signed_in("carol")
    assert "chart read" not in carol.page(LIST).text
    carol.page(chart_of(clinic.alice))
    assert "chart read 12 Mar, 09:00" in carol.page(LIST).text


def test_the_file_says_what_the_list_says_and_is_sent_in_parts(clinic):
    """Every word of a row, whoever it is; the first part comes before any patient was read."""
    for name, days in (("anna", 60), ("berta", 3)):
        cared_for(clinic, name, days_ago=100).history_of(days)
    carol = clinic.signed_in("carol")
    page = carol.page(LIST).text
    answer = carol.get(f"{LIST}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["Patient"] for row in rows} >= {ALICE_WORDS[0]}
    assert len(rows) == 3
    for row in rows:
        for column in ("Patient", "About", "Why", "Pain", "Change of pain", "Walking"):
            assert str(escape(row[column])) in page, (column, row)
    with carol.client.get(f"{LIST}.csv", buffered=False) as sent:
        assert next(sent.iter_encoded()).decode().count("\n") == 1


def test_the_periods_that_are_compared_are_marked_on_the_chart(clinic):
    diarist = cared_for(clinic, "anna", days_ago=100)
    diarist.history_of(95)
    carol = clinic.signed_in("carol")
    path = chart_of(diarist.patient)
    page = carol.page(path).text
    assert "A: " in page
    assert "B: " in page
    assert "Bars A and B" in page
    assert re.search(r"chart\.svg\?[^\"]*a=\d+-\d+&amp;b=87-100", page)
    picture = f"/p/{diarist.patient.public_id}/chart.svg"
    plain, marked = carol.get(picture).data, carol.get(f"{picture}?a=10-37&b=87-100").data
    assert plain != marked
    for nonsense in ("a=x", "a=37-", "b=999999-1", "a=-1-4", "a=1-2-3"):
        assert carol.get(f"{picture}?{nonsense}").data == plain


#: Leg pain and numbness that had come down and rise again in the last week; back pain stays.
_RISING = (
    *((5, 2) for _ in range(10)),
    *((1, 1) for _ in range(14)),
    *((2, 1), (2, 2), (3, 2), (3, 2), (4, 2), (4, 2), (4, 2)),
)


def _with_rising_leg(clinic, **answers):
    one = cared_for(clinic, "anna", days_ago=31, preop_limb_pain=6)
    with clinic.database.write() as session:
        for back, (leg, numb) in zip(range(31, 0, -1), _RISING, strict=True):
            at = NOW - timedelta(days=back)
            entry = DiaryEntry(
                at.date(),
                axial_pain=3,
                walking=2,
                limb_pain=leg,
                limb_pain_side="left",
                numbness=numb,
                signs=frozenset(),
                signs_asked=frozenset(),
                recorded_at=at,
                zone=one.patient.zone,
            )
            diary.save_version(session, one.patient.id, entry, by=SYSTEM, at=at)
    reassess(clinic.database, one.patient.id, today=TODAY, at=NOW)
    calm = {**CALM, "limb_pain": "4", "numbness": "2", "zone": "left_foot"}
    one.log(**{**calm, **answers})
    return one


def test_beside_an_answer_about_nerves_leg_pain_and_what_got_worse_lead(clinic):
    weakness = {"signs": "some", "line": "weakness", "follow-weakness": "none"}
    anna = _with_rising_leg(clinic, **weakness)
    assert anna.recovery().open_flags[0].urgency >= Urgency.SAME_DAY
    carol = clinic.signed_in("carol")
    (row,) = [row for row in rows_of(carol.page(LIST)) if "Anna" in row]
    assert "Leg pain" in row
    assert re.search(r"\+\d(\.\d)? since \d+ \w+", row)
    assert ", steady" not in row
    page = carol.page(chart_of(anna.patient)).text
    table = page[page.index("Own best two weeks and the time since") :]
    first = table[table.index("<tbody") :]
    assert "Leg pain" in first[: first.index("</tr>")]
    assert "worse" in first[: first.index("</tr>")]
    assert "better" not in first[: first.index("</tbody>")]
    assert "Leg pain went from 6 to 1 at its best" in page


@pytest.mark.parametrize(
    ("flagged", "small"),
    [
        ({}, True),
        ({"signs": "some", "line": "calf", "sign-calf": "calf_swelling"}, False),
    ],
)
def test_beside_a_flag_nothing_that_got_worse_is_called_small(clinic, flagged, small):
    anna = cared_for(clinic, "anna", days_ago=100)
    anna.history_of(60, axial_pain=3)
    clinic.clock.forward(days=15)
    anna.history_of(14, axial_pain=4)
    anna.browser = clinic.signed_in("anna")
    anna.log(anna.today, **{**CALM, "axial_pain": "4", **flagged})
    page = clinic.signed_in("carol").page(chart_of(anna.patient)).text
    table = page[page.index("Own best two weeks") :]
    row = table[table.index("Back pain") :]
    row = row[: row.index("</tr>")]
    assert "+1" in row
    assert ("smaller than patients usually notice" in row) is small


def test_two_periods_are_compared_of_whoever_never_answers_pain(clinic):
    anna = cared_for(clinic, "anna", days_ago=90)
    anna.history_of(80, axial_pain=None, limb_pain=None, limb_pain_side=None)
    carol, path = clinic.signed_in("carol"), chart_of(anna.patient)
    assert "Own best two weeks and the last two weeks" in carol.page(path).text
    assert "Two periods" in carol.page(f"{path}?before=2026-02-01&after=2026-03-10").text


def test_wrong_periods_are_refused_where_there_are_no_two_yet(clinic):
    anna = cared_for(clinic, "anna", days_ago=20)
    anna.history_of(19)
    carol, path = clinic.signed_in("carol"), chart_of(anna.patient)
    assert 'id="compare"' not in carol.page(path).text
    page = carol.page(f"{path}?before=2026-02-01&after=2026-03-10")
    assert page.problems == []
    assert "Choose a day from two weeks after the operation up to today." in page.text


def test_beside_a_decided_emergency_that_stands_nothing_comforts(clinic):
    """It stands on the chart as on the list until somebody closes it."""
    anna = cared_for(clinic, "anna", days_ago=100)
    anna.history_of(60, axial_pain=6)
    clinic.clock.forward(days=15)
    anna.history_of(14, axial_pain=2)
    anna.browser = clinic.signed_in("anna")
    saddle = {"signs": "some", "line": "saddle", "sign-saddle": "saddle_numbness"}
    anna.log(anna.today, **{**CALM, "axial_pain": "2", **saddle})
    carol = clinic.signed_in("carol")

    def told() -> tuple[str, ...]:
        (row,) = [row for row in rows_of(carol.page(LIST)) if "Anna" in row]
        lines = list(csv.reader(io.StringIO(carol.get("/clinic/patients.csv").data.decode())))
        (line,) = [line for line in lines if "Anna" in line]
        return row, *line[7:11]

    before = told()
    flag = anna.recovery().open_flags[0]
    assert flag.urgency is Urgency.EMERGENCY
    path = f"{chart_of(anna.patient)}/flag/{flag.public_id}/decision"
    answer = carol.send(chart_of(anna.patient), path, decision="seen_sooner")
    assert answer.status_code == 303
    assert anna.recovery().open_flags[0].attention is Attention.DECIDED
    for said in (before, told()):
        assert "in 3 wk" not in " ".join(said)
        assert "steady" not in " ".join(said)


def test_two_weeks_are_compared_from_the_first_day_on_which_there_are_two(clinic):
    anna = cared_for(clinic, "anna", days_ago=28)
    anna.history_of(27)
    page = clinic.signed_in("carol").page(chart_of(anna.patient)).text
    assert "Own best two weeks and the last two weeks" in page
    assert "First two weeks" not in page
