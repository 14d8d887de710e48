"""List, page, report, file and mail say the same of one patient, whatever became of the flags."""

import base64
import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update

from recovery_tracker.cli.patients import export_fhir
from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import (
    Attention,
    Condition,
    Decision,
    Episode,
    MeasureChange,
    Pattern,
    Urgency,
)
from recovery_tracker.domain.history import Appointment, Event, EventKind, Imaging, ImagingResult
from recovery_tracker.domain.sensitivity import Sensitivity
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Region
from recovery_tracker.services import attention, reassess, record_day
from recovery_tracker.services import record as records
from recovery_tracker.services.alerts import note_run
from recovery_tracker.services.attention import Decided
from recovery_tracker.services.ticking import tick
from recovery_tracker.storage import (
    accounts,
    alerts,
    diary,
    flags,
    patient_summary,
    people,
    sensitivity,
    settings,
)
from recovery_tracker.storage.tables.flags import FlagRow
from recovery_tracker.web.clinician.list_words import measure_of
from tests.pdf import text_of
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, new_diarist
from tests.web.page import Page
from tests.web.test_carers import _let_in
from tests.web.test_clinician import LIST, chart_of, decide, open_flags, rows_of

TODAY = NOW.date()


def told(clinic, *signs, day=TODAY, **answers):
    """Alice ticks these signs on a day."""
    entry = DiaryEntry(day, signs=frozenset(signs), recorded_at=clinic.clock(), **answers)
    at, key = clinic.clock(), f"{day} {signs}"
    record_day(clinic.database, clinic.alice.id, entry, by=SYSTEM, at=at, today=day, key=key)


def flag_about(clinic, sign):
    with clinic.database.read() as session:
        found = flags.flags_of(session, clinic.alice.id)
    return next(flag for flag in found if sign in flag.episode.signs)


def row_of(browser, path=LIST):
    (row,) = rows_of(browser.page(path))
    return re.sub(r"<svg.*?</svg>", "", row)


def verdict(browser, clinic):
    return browser.page(chart_of(clinic.alice)).text.split('class="verdict"')[1].split("</p>")[0]


def card_of(browser, clinic, flag):
    page = browser.page(chart_of(clinic.alice)).text
    return page.split(f'id="flag-{flag.public_id}"')[1].split("<ul")[0]


def file_of(browser):
    (row,) = csv.DictReader(io.StringIO(browser.get(f"{LIST}.csv").text.removeprefix("\ufeff")))
    return row


def test_a_flag_that_was_put_off_comes_back_under_its_own_name(clinic):
    """
    day   0         2                4
          put off   another, quiet   back: not as the quiet one, and not as answered
    """
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    decide(clinic, carol, wound, decision="watch", until=str(TODAY + timedelta(days=4)))
    told(clinic, "throat_lump", "calf_swelling")
    calf = flag_about(clinic, "calf_swelling")
    decide(clinic, carol, calf, decision="reassured")
    for days, waits in ((3, False), (5, True)):
        clinic.clock.instant = NOW + timedelta(days=days)
        carol = clinic.signed_in("carol")
        found = rows_of(carol.page(f"{LIST}?show=urgent"))
        assert len(found) == waits, days
    row = row_of(carol)
    assert "Same day" in row
    assert "Infection pattern" in row
    said = "Watch until 16 Mar, Carol: due now"
    assert said in row
    assert file_of(carol)["State"] == said
    assert "Watch until 16 Mar: due now" in card_of(carol, clinic, wound)


def test_what_was_decided_is_told_of_the_flag_it_was_decided_about(clinic):
    carol = clinic.signed_in("carol")
    told(clinic, "calf_swelling", "saddle_numbness", "chest_pain")
    until = str(TODAY + timedelta(days=1))
    chest, saddle = flag_about(clinic, "chest_pain"), flag_about(clinic, "saddle_numbness")
    decide(clinic, carol, chest, decision="could_not_reach", until=until)
    decide(clinic, carol, saddle, decision="could_not_reach", until=until)
    decide(clinic, carol, flag_about(clinic, "calf_swelling"), decision="reassured")
    decide(clinic, carol, flag_about(clinic, "wound_redness"), decision="reassured")
    assert "Could not reach, try again on 13 Mar, Carol" in row_of(carol)
    decide(clinic, carol, chest, decision="sent_to_hospital")
    told(clinic, "saddle_numbness", "fainting", day=TODAY)
    row = row_of(carol)
    assert "Waiting since" in row, "the newest of them: nobody has looked at it"
    assert "Could not reach" not in row


def test_the_report_tells_each_of_two_emergencies_of_one_day_its_own_decision(clinic):
    carol = clinic.signed_in("carol")
    told(clinic, "saddle_numbness", "chest_pain")
    decide(clinic, carol, flag_about(clinic, "chest_pain"), decision="sent_to_hospital")
    pdf = carol.get(f"/p/{clinic.alice.public_id}/report.pdf").data
    said = " ".join(text_of(pdf).split())
    assert said.count("Sent to hospital – Carol") == 1
    also = "Nothing yet. Also open: Emergency sign: chest pain, 12 Mar (decided: Sent to hospital"
    assert also in said


def test_of_two_emergencies_of_one_day_the_report_leads_with_the_one_on_the_list(clinic):
    """Numbness of the saddle, and for the first time pain in both legs."""
    carol = clinic.signed_in("carol")
    both = {"limb_pain": 6, "limb_pain_side": "both", "numbness": 3}
    told(clinic, day=TODAY - timedelta(days=1), limb_pain=2, limb_pain_side="left")
    told(clinic, "saddle_numbness", **both)
    saddle = SIGNS["saddle_numbness"].clinician
    assert saddle in row_of(carol).lower()
    said = " ".join(text_of(carol.get(f"/p/{clinic.alice.public_id}/report.pdf").data).split())
    head, also = said.split("Also open:")
    assert f"Emergency sign: {saddle.capitalize()}" in head
    assert (
        "Emergency sign: bilateral, new or not known before, with numbness or weakness, 12 Mar"
        in also
    )


def test_the_report_in_a_bundle_is_the_report(clinic, tmp_path):
    told(clinic, "chest_pain")
    carol, flag = clinic.signed_in("carol"), flag_about(clinic, "chest_pain")
    decide(clinic, carol, flag, decision="sent_to_hospital", note="Rang at noon.")
    alice = clinic.signed_in("alice")
    page = alice.page(f"/p/{clinic.alice.public_id}/data")
    path = f"/p/{clinic.alice.public_id}/data/take-out"
    fields = {**page.form(path).hidden(), "what": "fhir"}
    shown = alice.client.get(f"/p/{clinic.alice.public_id}/report.pdf").data
    assert "Rang at noon." in text_of(shown)
    assert text_of(report_in(alice.client.post(path, data=fields).json)) == text_of(shown)
    export_fhir(clinic.database, clinic.alice.public_id, tmp_path / "bundle.json")
    made = json.loads((tmp_path / "bundle.json").read_text("utf-8"))
    assert "Rang at noon." in text_of(report_in(made))


def report_in(bundle):
    resources = [one["resource"] for one in bundle["entry"]]
    (found,) = [one for one in resources if one["resourceType"] == "DocumentReference"]
    return base64.b64decode(found["content"][0]["attachment"]["data"])


def test_page_and_list_lead_with_the_same_flag(clinic):
    """Answered ones stand behind, whatever their urgency was; with all answered both say so."""
    carol = clinic.signed_in("carol")
    told(clinic, "saddle_numbness")
    saddle, wound = flag_about(clinic, "saddle_numbness"), flag_about(clinic, "wound_redness")
    assert "Emergency sign" in verdict(carol, clinic)
    decide(clinic, carol, saddle, decision="sent_to_hospital")
    row = row_of(carol)
    assert "Same day" in row
    assert "Same day" in verdict(carol, clinic)
    page = carol.page(chart_of(clinic.alice)).text
    assert page.index(f'id="flag-{wound.public_id}"') < page.index(f'id="flag-{saddle.public_id}"')
    decide(clinic, carol, wound, decision="reassured")
    row = row_of(carol)
    assert "Flag answered" in row
    assert "(+1 flag)" in row
    assert "Flag answered" in verdict(carol, clinic)
    assert "Emergency sign" in carol.page(chart_of(clinic.alice)).text


def test_a_missed_flag_and_an_open_one_are_both_counted(clinic):
    """An urgent flag that ended unseen leads; the open one behind it is one more."""
    told(clinic, "calf_swelling")
    with clinic.database.write() as session:
        changed = update(FlagRow).where(FlagRow.id == flag_about(clinic, "calf_swelling").id)
        session.execute(changed.values(condition="ended"))
        changed = update(FlagRow).where(FlagRow.id == flag_about(clinic, "wound_redness").id)
        session.execute(changed.values(attention="seen", urgency=2))
        patient_summary.refresh_need(session, clinic.alice.id)
    carol = clinic.signed_in("carol")
    row = row_of(carol)
    assert "(+1 flag)" in row
    assert "Same day" in row
    assert "Same day" in verdict(carol, clinic)


def test_who_sees_to_it_and_who_looked_is_forgotten_once_it_is_decided_or_asks_again(clinic):
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    path = chart_of(clinic.alice)
    for what in ("seen", "take"):
        form = carol.page(path).form(f"{path}/flag/{wound.public_id}/decision")
        carol.client.post(f"{path}/flag/{wound.public_id}/{what}", data=form.hidden())
    card = card_of(carol, clinic, wound)
    assert "Carol looked at it" in card
    assert "Carol is seeing to it" in card
    decide(clinic, carol, wound, decision="reassured")
    assert "is seeing to it" not in card_of(carol, clinic, wound)
    clinic.clock.forward(days=1)
    told(clinic, "wound_drainage", day=TODAY + timedelta(days=1))
    carol = clinic.signed_in("carol")
    assert "Waiting since" in row_of(carol)
    assert "is seeing to it" not in row_of(carol)
    card = card_of(carol, clinic, wound)
    assert "Not yet looked at" in card
    assert "looked at it" not in card
    assert "is seeing to it" not in card
    # It asks for somebody anew, so that somebody may say that they see to it.
    assert f"flag/{wound.public_id}/take" in carol.page(path).text


def test_who_looked_after_a_flag_asked_again_is_named(clinic):
    """
    look   day 0, 09:00   before it asked again: of no interest any more
    look   day 1, 10:00   the first one since
    """
    (wound,) = open_flags(clinic)
    path = chart_of(clinic.alice)

    def look():
        browser = clinic.signed_in("carol")
        form = browser.page(path).form(f"{path}/flag/{wound.public_id}/decision")
        browser.client.post(f"{path}/flag/{wound.public_id}/seen", data=form.hidden())
        return card_of(browser, clinic, wound)

    assert "Carol looked at it, 12 Mar, 09:00" in look()
    clinic.clock.forward(days=1)
    told(clinic, "wound_drainage", day=TODAY + timedelta(days=1))
    assert "looked at it" not in card_of(clinic.signed_in("carol"), clinic, wound)
    clinic.clock.forward(hours=1)
    assert "Carol looked at it, 13 Mar, 10:00" in look()


def test_imaging_is_awaited_by_one_definition(clinic):
    """Asked for in a decision, then something else decided: there is still no result."""
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    awaited = f"{LIST}?show=awaited"
    decide(clinic, carol, wound, decision="imaging")
    for decision in ("", "reassured"):
        if decision:
            decide(clinic, carol, wound, decision=decision)
        assert "No imaging result yet" in row_of(carol, awaited), decision
        assert "No imaging result yet" in row_of(carol)
    clinic.clock.forward(days=1)
    carol = clinic.signed_in("carol")
    result = ImagingResult(TODAY + timedelta(days=1), "ct", Imaging.FUSED)
    records.add(clinic.database, clinic.alice.id, result, by=SYSTEM, at=clinic.clock(), key="")
    assert rows_of(carol.page(awaited)) == []
    assert "No imaging result yet" not in row_of(carol)


@pytest.mark.parametrize(
    ("zone", "hour", "day"), [("Pacific/Auckland", 20, 1), ("Pacific/Honolulu", 5, -1)]
)
def test_a_result_of_the_day_of_the_request_is_one_wherever_the_patient_is(clinic, zone, hour, day):
    """The day of a decision is that of the patient, as the day of an image is.

    At 20:00 UTC it is tomorrow in Auckland: an image of the day before was made before it was
    asked for. At 05:00 UTC it is yesterday in Honolulu: an image of that day is a result.
    """
    at = NOW.replace(hour=hour)
    clinic.clock.instant = at
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, clinic.alice.id)
        moved = replace(patient, zone=zone)
        people.update_patient(session, moved, expected_version=patient.version, by=SYSTEM, at=at)
        by = accounts.actor_of(session, clinic.accounts["carol"].id, at=at)
    (wound,) = open_flags(clinic)
    there = TODAY + timedelta(days=day)
    made = Decided(Decision.IMAGING, "", None, None, wound.version)
    attention.decide(
        clinic.database, clinic.alice.id, wound.public_id, made, key="", by=by, at=at, today=there
    )
    carol = clinic.signed_in("carol")
    for made_on, is_awaited in ((there - timedelta(days=1), True), (there, False)):
        result = ImagingResult(made_on, "ct", Imaging.FUSED)
        records.add(clinic.database, clinic.alice.id, result, by=SYSTEM, at=at, key="")
        assert (len(rows_of(carol.page(f"{LIST}?show=awaited"))) == 1) is is_awaited, made_on


def test_nobody_is_told_of_a_flag_that_was_withdrawn(clinic):
    """Of what no list shows, no mail is sent, and no follow-up is held open."""
    (wound,) = open_flags(clinic)
    with clinic.database.write() as session:
        assert len(alerts.waiting(session)) == 2
        assert wound.urgency is Urgency.SAME_DAY
        changed = update(FlagRow).where(FlagRow.id == wound.id)
        session.execute(changed.values(condition=str(Condition.WITHDRAWN)))
        assert len(alerts.waiting(session)) == 1
        assert not alerts.waits(session, clinic.alice.id)


def test_a_search_finds_who_is_no_longer_followed_and_offers_no_file_of_others(clinic):
    with clinic.database.write() as session:
        session.execute(update(FlagRow).values(attention="seen"))
    carol = clinic.signed_in("carol")
    path = chart_of(clinic.alice)
    assert carol.send(path, f"{path}/follow-up", ends="1").status_code == 303
    form = carol.page(LIST).form(LIST)
    found = carol.client.post(LIST, data={**form.hidden(), "search": clinic.alice.name}).text
    assert "1 found." in found
    assert "Follow-up ended on 12 Mar" in found
    assert "patients.csv" not in found
    assert "Follow-up ended on 12 Mar" in row_of(carol, f"{LIST}?show=ended")


def test_a_file_of_the_list_is_in_the_order_of_the_page(clinic):
    page = clinic.signed_in("carol").page(f"{LIST}?sort=-pain").text
    assert re.search(r"patients\.csv\?[^\"]*sort=-pain", page)


def test_who_stands_on_a_row_stands_in_the_file(clinic):
    carol = clinic.signed_in("carol")
    row = file_of(carol)
    assert row["State"] == "Waiting since 11 Mar, 09:00"
    (wound,) = open_flags(clinic)
    path = chart_of(clinic.alice)
    form = carol.page(path).form(f"{path}/flag/{wound.public_id}/decision")
    carol.client.post(f"{path}/flag/{wound.public_id}/take", data=form.hidden())
    assert file_of(carol)["State"] == "Looked at, nothing decided. Carol is seeing to it"


def test_days_and_hours_of_the_staffs_pages_are_those_of_the_clinic(clinic):
    """At 20:00 UTC it is nine in the morning of the next day in New Zealand."""
    clinic.clock.instant = NOW.replace(hour=20)
    with clinic.database.write() as session:
        here = settings.read_installation(session)
        settings.save_installation(session, replace(here, country="NZ"), by=SYSTEM, at=NOW)
        by = accounts.actor_of(session, clinic.accounts["carol"].id, at=clinic.clock())
    with clinic.database.write() as session:
        sensitivity.change(
            session,
            Sensitivity.QUIET,
            reason="",
            rule_set="r",
            expected_version=0,
            by=by,
            at=clinic.clock(),
        )
    carol, frank = clinic.signed_in("carol"), clinic.signed_in("frank")
    page = carol.page(LIST).text
    assert "Friday 13 March 2026" in page
    assert "09:00, Carol" in page
    assert "13 Mar 2026: from standard" in page
    note_run(clinic.database, "tick", at=clinic.clock())
    assert "Ran at 13 Mar 2026, 09:00." in frank.page("/admin/health").text
    assert "13 Mar 2026, 09:00" in frank.page("/admin/people").text


def test_a_visit_that_the_patient_noted_is_the_next_one_on_list_page_and_paper(clinic):
    """And a flag may be put off until it."""
    day = TODAY + timedelta(days=6)
    visit = Event(day, EventKind.VISIT, "Dr Lund")
    records.add(clinic.database, clinic.alice.id, visit, by=SYSTEM, at=NOW, key="")
    carol = clinic.signed_in("carol")
    assert "18 Mar" in row_of(carol).split('data-h="Next visit"')[1]
    assert "18 Mar" in carol.page(chart_of(clinic.alice)).text.split("Next visit")[1][:60]
    assert "18 Mar 2026" in text_of(carol.get(f"/p/{clinic.alice.public_id}/report.pdf").data)
    (wound,) = open_flags(clinic)
    assert decide(clinic, carol, wound, decision="watch", until=str(day)).status_code == 303
    sooner = Event(TODAY + timedelta(days=3), EventKind.VISIT, "")
    records.add(clinic.database, clinic.alice.id, sooner, by=SYSTEM, at=NOW, key="")
    assert clinic.alice.public_id in carol.page(f"{LIST}?show=visit_soon").text


def test_the_list_is_sorted_by_what_its_rows_show(clinic):
    """
    pain          week 7         row shows     place, falling
    anna          2 answers: 8   8, 2 weeks    1
    berta         5              5             2
    carl          3; before 9    3             3: what was before the operation does not count
    """
    ago = {
        "anna": (100, {0: 8, 1: 8, 9: 8}),
        "berta": (100, {0: 5, 1: 5, 2: 5}),
        "carl": (3, {0: 3, 1: 3, 2: 3, 4: 9, 5: 9, 6: 9}),
    }
    carol = clinic.accounts["carol"].id
    for name, (operated, days) in ago.items():
        one = new_diarist(clinic, name, days_ago=operated)
        with clinic.database.write() as session:
            people.grant_care(session, one.patient.id, carol, by=SYSTEM, at=NOW)
            for back, pain in days.items():
                day = TODAY - timedelta(days=back)
                entry = DiaryEntry(day, axial_pain=pain, walking=2, recorded_at=NOW)
                diary.save_version(session, one.patient.id, entry, by=SYSTEM, at=NOW)
        reassess(clinic.database, one.patient.id, today=TODAY, at=NOW)
    found = rows_of(clinic.signed_in("carol").page(f"{LIST}?sort=-pain"))
    names = [re.search(r">(\w+)</a>", row) for row in found]
    assert [one[1] for one in names if one] == ["Anna", "Berta", "Carl"]


def test_sorted_by_pain_every_row_shows_the_pain_of_back_or_neck(clinic):
    nerve = MeasureChange("limb_pain", 2, 5, 20, 1)
    episode = Episode(Pattern.NERVE, Urgency.REVIEW, TODAY, signals=(nerve,))
    assert measure_of(episode) == "limb_pain"
    assert measure_of(episode, sort="-pain") == measure_of(episode, sort="pain") == "axial_pain"


def test_a_look_of_the_patients_own_people_is_none_of_the_clinic(clinic):
    carer, *_rest = _let_in(clinic, "read")
    assert carer.get(f"/p/{clinic.alice.public_id}/").status_code == 200
    carol = clinic.signed_in("carol")
    assert "chart read" not in row_of(carol)
    carol.page(chart_of(clinic.alice))
    assert "chart read 12 Mar, 09:00" in row_of(carol)


def test_an_hour_where_the_patient_is_says_so_where_that_is_not_the_clinics(clinic):
    """The list says when it is by the clinic's clock; page and report, by the patient's, say so."""
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, clinic.alice.id)
        moved = replace(patient, zone="Pacific/Auckland")
        people.update_patient(session, moved, expected_version=patient.version, by=SYSTEM, at=NOW)
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    decide(clinic, carol, wound, decision="reassured")
    assert "Carol, 12 Mar, 09:00." in row_of(carol)
    page = carol.page(chart_of(clinic.alice)).text
    assert "recorded 11 Mar, 22:00 (Auckland)" in page
    assert "Carol, 12 Mar, 22:00 (Auckland)" in page
    said = " ".join(text_of(carol.get(f"/p/{clinic.alice.public_id}/report.pdf").data).split())
    assert "recorded 11 Mar, 22:00 (Auckland)" in said


def of_zone(clinic, zone):
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, clinic.alice.id)
        moved = replace(patient, zone=zone)
        people.update_patient(session, moved, expected_version=patient.version, by=SYSTEM, at=NOW)


def test_an_answer_of_tomorrow_is_told_on_the_list_of_today(clinic):
    """One in the afternoon in London is the next day in Auckland."""
    of_zone(clinic, "Pacific/Auckland")
    clinic.clock.instant = NOW.replace(hour=13)
    told(clinic, "saddle_numbness", day=TODAY + timedelta(days=1), axial_pain=7)
    carol = clinic.signed_in("carol")
    row = row_of(carol)
    assert "Emergency sign" in row
    assert "Saddle numbness (13 Mar)" in row
    assert 'last <span class="line">13 Mar' in row
    page = carol.page(chart_of(clinic.alice)).text
    assert "Saddle numbness (13 Mar)" in page


def test_where_the_day_has_not_come_yet_nothing_is_behind(clinic):
    """At nine in London it is still the evening before in Honolulu, and so it is for the diary."""
    of_zone(clinic, "Pacific/Honolulu")
    there = TODAY - timedelta(days=1)
    with clinic.database.write() as session:
        session.execute(text("UPDATE standing SET next_change_on = :day"), {"day": str(TODAY)})
        session.execute(text("UPDATE standing SET as_of = :day"), {"day": str(there)})
    carol = clinic.signed_in("carol")
    row = row_of(carol)
    assert "as it was on" not in row
    logged = re.search(r"(\d+) of (\d+)<br>", row).groups()
    page = carol.page(chart_of(clinic.alice)).text
    assert f"{logged[0]} of {logged[1]} expected" in page


@pytest.mark.parametrize("what", ["take", "seen"])
def test_what_was_typed_is_kept_by_the_other_buttons_of_the_form(clinic, what):
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    path = chart_of(clinic.alice)
    form = carol.page(path).form(f"{path}/flag/{wound.public_id}/decision")
    typed = {"note": "rang twice, no answer", "plan_text": "Come to the ward", "decision": ""}
    answer = carol.client.post(
        f"{path}/flag/{wound.public_id}/{what}", data={**form.hidden(), **typed}
    )
    assert answer.status_code == 200
    assert 'value="rang twice, no answer"' in answer.text
    assert 'value="Come to the ward"' in answer.text
    (wound,) = open_flags(clinic)
    assert wound.attention is Attention.SEEN
    again = Page(answer.text).form(f"{path}/flag/{wound.public_id}/decision").hidden()
    sent = {**again, **typed, "decision": "reassured"}
    assert (
        carol.client.post(f"{path}/flag/{wound.public_id}/decision", data=sent).status_code == 303
    )


def test_nobody_sees_to_a_flag_that_is_answered(clinic):
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    path = chart_of(clinic.alice)
    form = carol.page(path).form(f"{path}/flag/{wound.public_id}/decision")
    decide(clinic, carol, wound, decision="reassured")
    carol.client.post(f"{path}/flag/{wound.public_id}/take", data=form.hidden())
    assert "is seeing to it" not in carol.page(path).text


@pytest.mark.parametrize(("zone", "hour"), [("Pacific/Auckland", 13), ("Pacific/Honolulu", 9)])
def test_a_flag_is_put_off_by_the_days_of_those_who_put_it_off(clinic, zone, hour):
    """Tomorrow is a day to come for the clinic, though it has begun where the patient is; today is
    none, though it has not come there.
    """
    of_zone(clinic, zone)
    clinic.clock.instant = NOW.replace(hour=hour)
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    refused = decide(clinic, carol, wound, decision="watch", until=str(TODAY))
    assert refused.status_code == 422
    assert "Choose a day after today." in refused.text
    made = decide(clinic, carol, wound, decision="watch", until=str(TODAY + timedelta(days=1)))
    assert made.status_code == 303
    assert "Watch until 13 Mar, Carol" in row_of(carol)
    assert "due now" not in row_of(carol)
    assert "Watch until 13 Mar." in card_of(carol, clinic, wound)


def test_who_a_chart_is_about_is_told_by_the_date_of_birth_as_well(clinic):
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, clinic.alice.id)
        born = replace(patient, birth_date=date(1964, 5, 3))
        people.update_patient(session, born, expected_version=patient.version, by=SYSTEM, at=NOW)
    page = clinic.signed_in("carol").page(chart_of(clinic.alice)).text
    assert "<dt>Date of birth</dt> <dd>3 May 1964</dd>" in page


def test_a_flag_that_is_due_again_may_be_seen_to(clinic):
    """
    day   0                     5
          put off until day 4   "I'll see to it": the name stands on list and page
    """
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    decide(clinic, carol, wound, decision="watch", until=str(TODAY + timedelta(days=4)))
    clinic.clock.instant = NOW + timedelta(days=5)
    carol = clinic.signed_in("carol")
    own = f"{chart_of(clinic.alice)}/flag/{wound.public_id}"
    form = carol.page(chart_of(clinic.alice)).form(f"{own}/decision")
    carol.client.post(f"{own}/take", data=form.hidden())
    assert "Carol is seeing to it" in row_of(carol)


def test_of_two_that_were_put_off_each_comes_back_on_its_own_day(clinic):
    """
    day   0                                5              7
          A until day 4, B until day 7     A leads alone  B is back
    """
    carol = clinic.signed_in("carol")
    (wound,) = open_flags(clinic)
    told(clinic, "throat_lump", "calf_swelling")
    calf = flag_about(clinic, "calf_swelling")
    decide(clinic, carol, wound, decision="watch", until=str(TODAY + timedelta(days=4)))
    decide(clinic, carol, calf, decision="watch", until=str(TODAY + timedelta(days=7)))

    def leading(days):
        clinic.clock.instant = NOW + timedelta(days=days)
        tick(clinic.database, clinic.clock())
        browser = clinic.signed_in("carol")
        page = browser.page(chart_of(clinic.alice)).text
        first = min((calf, wound), key=lambda flag: page.index(f'id="flag-{flag.public_id}"'))
        return first.public_id, row_of(browser)

    for days in (4, 5, 6):
        first, row = leading(days)
        assert first == wound.public_id, days
        assert "Infection pattern" in row, days
        assert "Watch until 16 Mar, Carol: due now" in row, days
    carol = clinic.signed_in("carol")
    decide(clinic, carol, wound, decision="reassured")
    assert "Watch until 19 Mar" in row_of(carol)
    assert "due now" not in row_of(carol)
    assert "due now" in leading(7)[1]


def test_an_appointment_comes_before_a_note_of_the_same_day(clinic):
    day = TODAY + timedelta(days=9)
    noted, arranged = Event(day, EventKind.VISIT, "check"), Appointment(day, "10:40", "Dr Lund")
    for value in (noted, arranged):
        records.add(clinic.database, clinic.alice.id, value, by=SYSTEM, at=NOW, key="")
    home = clinic.signed_in("alice").page(f"/p/{clinic.alice.public_id}/").text
    assert "10:40, Dr Lund" in home


def test_a_same_day_flag_names_no_emergency_of_the_same_answers(clinic):
    """Noisy breathing was sent to hospital; the row of what is left said "Same day: noisy
    breathing"."""
    who = new_diarist(clinic, "lia", days_ago=28, region=Region.CERVICAL)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"].id
        people.grant_care(session, who.patient.id, carol, by=SYSTEM, at=clinic.clock())
    signs = {"line": ["throat", "belly"], "sign-throat": "noisy_breathing", "sign-belly": "belly"}
    who.log(**{**CALM, "signs": "some", **signs})
    browser = clinic.signed_in("carol")
    chart = browser.page(f"/clinic/p/{who.patient.public_id}")
    receipt = chart.text.split("severe abdominal pain or distension, Raised")[0]
    assert "Noisy breathing, severe abdominal pain or distension (12 Mar)" in receipt
    form = next(one for one in chart.forms if one.action.endswith("/decision"))
    browser.client.post(form.action, data={**form.hidden(), "decision": "sent_to_hospital"})
    row = browser.page("/clinic/patients").text.split(">Lia</a>")[1].split("</tr>")[0]
    assert "Severe abdominal pain or distension (12 Mar)" in row
    assert "oisy breathing" not in row
