"""Ways in which a warning answer could be lost or talked away, found by trying to."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry, Source
from recovery_tracker.domain.flags import Attention, Decision, Urgency
from recovery_tracker.domain.merging import merge
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.domain.signs import WEEKLY_SIGNS
from recovery_tracker.domain.surgery import Approach, Operation, Region
from recovery_tracker.storage import attention, diary, people, record_rows
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist

CALMING = ("much the same", "Good days and bad days", "Saved. Thank you")
SADDLE = {**CALM, "signs": "some", "line": "saddle"}
RED = {**CALM, "signs": "some", "line": "wound", "sign-wound": ["wound_redness"]}
FELL = {**CALM, "signs": "some", "line": "shift", "sign-shift": "fall"}
SORE = {**CALM, "axial_pain": "7", "stays-axial_pain": "no"}


@pytest.fixture
def nora(clinic):
    """Somebody in week 17, with ten calm days behind her."""
    nora = new_diarist(clinic, days_ago=120)
    nora.history_of(10)
    return nora


def _open_urgencies(who) -> list[Urgency]:
    return [flag.urgency for flag in who.recovery().open_flags]


def _say_called(who) -> None:
    (flag,) = who.recovery().open_flags
    acknowledge = who.path(f"flags/{flag.public_id}/acknowledge")
    assert who.browser.send(who.path(), acknowledge, what="called").status_code == 303


def _decide(who, decision: Decision, until: date | None = None) -> None:
    (flag,) = who.recovery().open_flags
    doctor = Actor(None, "Dr House", Role.CLINICIAN, cares_for=frozenset({who.patient.id}))
    with who.clinic.database.write() as session:
        attention.decide(
            session, who.patient.id, flag.public_id, decision,
            by=doctor, at=who.clinic.clock(), today=who.today, until=until,
        )  # fmt: skip


def _page_after(who, answer) -> str:
    return who.browser.get(answer.headers["Location"]).text


def test_a_calm_day_takes_no_emergency_back_and_calms_nobody(nora):
    nora.log(**SADDLE)
    nora.clinic.clock.forward(days=1)
    page = _page_after(nora, nora.log(nora.today, **CALM))
    assert "Go to a hospital emergency department now" in page
    assert not [text for text in CALMING if text in page]


def test_a_same_day_sign_takes_no_emergency_back(nora):
    """Nobody has said that the emergency of yesterday is gone: it comes first, on both pages."""
    nora.log(**SADDLE)
    nora.clinic.clock.forward(days=1)
    text = _page_after(nora, nora.log(nora.today, **RED))
    assert '<h1><span class="vh">Emergency: </span>Go to a hospital emergency' in text
    assert '<h2><span class="vh">Urgent: </span>Call your spine team today' in text
    emergency, _wound = sorted(nora.recovery().open_flags, key=lambda flag: -flag.urgency)
    assert f"flags/{emergency.public_id}/acknowledge" in text
    saved = nora.page(f"day/{nora.today}/saved").text
    assert 0 < saved.index("Go to a hospital emergency") < saved.index("Call your spine team today")


def test_a_swollen_neck_on_the_day_after_its_window_is_still_the_emergency_of_before(clinic):
    """A day further and no better, a tick of today would be a call; the one of before stands."""
    nora = new_diarist(clinic, days_ago=14, region=Region.CERVICAL, approach=Approach.ANTERIOR)
    nora.log(**{**CALM, "signs": "some", "line": "throat", "sign-throat": "neck_swelling"})
    nora.clinic.clock.forward(days=1)
    told = {"change-neck_swelling": "same", "spoke": "no"}
    text = _page_after(nora, nora.log(nora.today, **CALM, **told))
    for page in (text, nora.page().text):
        assert "Call 999 now" in page
        assert "Call your spine team today" not in page
    # What was ticked by mistake was ticked on the day before: today only answers how it went.
    assert f'href="{nora.path(f"day/{TODAY}")}#signs">I ticked this by mistake' in text
    assert _open_urgencies(nora) == [Urgency.EMERGENCY, Urgency.SAME_DAY]
    acknowledge = next(one for one in nora.page().forms if one.action.endswith("/acknowledge"))
    nora.browser.client.post(acknowledge.action, data={**acknowledge.hidden(), "what": "called"})
    assert all(flag.acknowledgements for flag in nora.recovery().open_flags)


def test_an_emergency_that_another_form_does_not_hold_is_said_beside_the_question(nora):
    """Two tabs of one day: which answer is right can wait, the call cannot."""
    form = nora.blank()
    nora.log(form=form, **SADDLE)
    other = nora.log(form={**form, "key": "the-other-tab-of-this-very-day-0"}, **CALM)
    assert other.status_code == 409
    assert nora.entry().signs == {"saddle_numbness"}
    assert (
        0
        < other.text.index("This needs help now")
        < other.text.index("Which answer is right?</h1>")
    )


def test_a_call_of_the_team_that_reached_nobody_calms_nobody(nora):
    """The clinic rang and nobody answered: the patient knows no more than before."""
    nora.log(**SADDLE)
    _decide(nora, Decision.NOT_REACHED, nora.today + timedelta(days=1))
    nora.clinic.clock.forward(days=1)
    page = _page_after(nora, nora.log(nora.today, **CALM))
    assert "Go to a hospital emergency department now" in page
    assert not [text for text in CALMING if text in page]
    assert "Your team looked at this" not in nora.page().text
    _decide(nora, Decision.REASSURED)
    assert "Your team looked at this" in nora.page().text


def test_once_a_sign_that_somebody_knows_of_is_gone_a_calm_day_is_a_calm_day(nora):
    nora.log(**SADDLE)
    _say_called(nora)
    nora.clinic.clock.forward(days=1)
    assert "This is still open" in _page_after(nora, nora.log(nora.today, **CALM))
    assert "You told the diary on" in nora.page().text
    gone = {"change-saddle_numbness": "gone", "spoke": "yes"}
    nora.clinic.clock.forward(days=1)
    assert "This is still open" not in _page_after(nora, nora.log(nora.today, **CALM, **gone))
    nora.clinic.clock.forward(days=1)
    page = _page_after(nora, nora.log(nora.today, **CALM))
    assert "Saved. Thank you" in page
    assert "much the same" in page


def test_whoever_said_that_somebody_knows_is_not_sent_again(nora):
    nora.log(**SADDLE)
    nora.clinic.clock.forward(days=1)
    known = {**CALM, "change-saddle_numbness": "same", "spoke": "yes"}
    assert "What to do now" not in _page_after(nora, nora.log(nora.today, **known))
    nora.clinic.clock.forward(days=1)
    nora.log(nora.today, **SADDLE)
    nora.clinic.clock.forward(days=1)
    assert "What to do now" in _page_after(nora, nora.log(nora.today, **CALM))


def test_a_call_from_before_does_not_answer_the_same_sign_told_again(nora):
    nora.log(**SADDLE)
    _say_called(nora)
    nora.clinic.clock.forward(days=2)
    nora.log(nora.today, **SADDLE)
    home = nora.page().text
    assert "You told the diary on" not in home
    assert "I have called" in home


def test_an_emergency_that_is_gone_still_wants_a_call_today(nora):
    nora.log(**SADDLE)
    nora.clinic.clock.forward(days=1)
    gone = {**CALM, "change-saddle_numbness": "gone", "spoke": "no"}
    answer = nora.log(nora.today, **gone)
    page = _page_after(nora, answer)
    assert answer.headers["Location"].endswith("/advice")
    assert "Call your spine team today" in page
    assert "I had this, and now it is gone" in page
    assert "New or worse" not in page
    assert "Call your spine team today" in nora.page().text
    assert "emergency department now" not in nora.page().text
    assert _open_urgencies(nora) == [Urgency.SAME_DAY]
    _say_called(nora)
    nora.clinic.clock.forward(days=1)
    page = _page_after(nora, nora.log(nora.today, **CALM))
    assert "Call your spine team today" not in page
    # Nobody at the clinic has answered the flag: nothing compares beside it (0147).
    assert "much the same" not in page


def test_what_was_left_open_and_is_gone_asks_for_no_caution(nora):
    """Two sentences that contradict each other: "to be safe", of what is over."""
    nora.log(**SADDLE | {"axial_pain": "9"})
    nora.clinic.clock.forward(days=1)
    signs = ("saddle_numbness", "severe_pain_left_open")
    gone = {f"change-{sign}": "gone" for sign in signs}
    page = _page_after(nora, nora.log(nora.today, **CALM, **gone, spoke="no"))
    for text in (page, nora.page().text):
        assert "something serious that has now gone away" in text
        assert "I had this, and now it is gone: numbness" in text
        assert "To be safe" not in text


@pytest.mark.parametrize(("nights", "corrected"), [(0, 0), (1, 1), (3, 0)])
def test_a_sign_put_into_a_day_that_was_decided_about_asks_the_clinic_again(
    nora, nights, corrected
):
    """Red wound, the clinic has answered; then the same entry is changed: it leaks clear fluid."""
    first = nora.today
    nora.log(**RED)
    nora.clinic.clock.forward(days=nights)
    if corrected:
        nora.log(nora.today, **RED)
    _decide(nora, Decision.REASSURED)
    nora.clinic.clock.forward(hours=1)
    leaking = {**RED, "sign-wound": ["wound_redness", "clear_wound_fluid"]}
    answer = nora.log(first + timedelta(days=corrected), **leaking)
    assert answer.headers["Location"].endswith("/advice")
    (flag,) = nora.recovery().open_flags
    assert flag.attention is Attention.UNSEEN
    assert "Lie flat" in nora.page().text


def test_the_same_sign_told_of_an_earlier_day_asks_the_clinic_again(nora):
    """Decided today about today; now it turns out to have been so yesterday, too."""
    nora.log(**RED)
    _decide(nora, Decision.REASSURED)
    nora.log(nora.today, **RED)
    (flag,) = nora.recovery().open_flags
    assert flag.attention is Attention.DECIDED
    nora.log(nora.today - timedelta(days=1), **RED)
    (flag,) = nora.recovery().open_flags
    assert flag.attention is Attention.UNSEEN


def test_a_fever_told_by_its_degrees_alone_is_named_like_any_other(nora):
    red = {**RED, "follow-fever": ["none"]}
    nora.log(**red)
    _decide(nora, Decision.REASSURED)
    nora.log(**red | {"follow-temperature": "none"}, temperature_c="38.7")
    (flag,) = nora.recovery().open_flags
    assert (flag.attention, flag.episode.signs) == (Attention.UNSEEN, ("wound_redness", "fever"))
    nora.clinic.clock.forward(days=1)
    _decide(nora, Decision.REASSURED)
    nora.log(nora.today, **CALM | {"follow-temperature": "none"}, temperature_c="38.8")
    (flag,) = nora.recovery().open_flags
    assert flag.episode.updates[-1].reason.values["sign"] == "fever"


def test_an_emergency_put_into_a_day_of_before_says_what_to_do_if_it_is_gone(nora):
    yesterday = nora.today - timedelta(days=1)
    page = _page_after(nora, nora.log(yesterday, **SADDLE))
    assert "Go to a hospital emergency department now" in page
    assert "Is it gone now? Then call your spine team today" in page
    assert "Is it gone now?" not in _page_after(nora, nora.log(**SADDLE))


def test_a_warning_before_the_operation_reaches_the_clinic_and_waits_over_it(clinic):
    bob = new_diarist(clinic, "bob-before", days_ago=-3)
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"]
        people.grant_care(session, bob.patient.id, carol.id, by=SYSTEM, at=clinic.clock())
    bob.log(**SADDLE)
    for days in (0, 2, 1, 5):
        clinic.clock.forward(days=days)
        assert _open_urgencies(bob) == [Urgency.EMERGENCY]
        carol = clinic.signed_in("carol")
        urgent = carol.page("/clinic/patients?show=urgent")
        assert bob.patient.name in urgent.text
        chart = carol.page(f"/clinic/p/{bob.patient.public_id}")
        assert "saddle numbness" in chart.text
        assert chart.problems == []
    form = next(f for f in chart.forms if f.action.endswith("/decision"))
    carol.client.post(form.action, data={**form.hidden(), "decision": "sent_to_hospital"})
    assert _open_urgencies(bob) == []


def test_a_decision_before_the_operation_stands_while_the_sign_does(clinic):
    """The clinic has answered; nothing asks again until there is something new."""
    bob = new_diarist(clinic, "bob-before", days_ago=-30)
    bob.log(**SADDLE)
    _decide(bob, Decision.HOSPITAL)
    clinic.clock.forward(days=1)
    bob.log(bob.today, **CALM)
    (flag,) = bob.recovery().open_flags
    assert flag.attention is Attention.DECIDED


@pytest.mark.parametrize(("days_ago", "urgency"), [(30, "SAME_DAY"), (120, "REVIEW")])
def test_a_fall_told_as_an_event_is_answered_at_once(clinic, days_ago, urgency):
    who = new_diarist(clinic, "fay", days_ago=days_ago)
    page = _page_after(who, who.send("events", kind="fall", day=str(TODAY), label=""))
    assert 'class="care' in page
    assert _open_urgencies(who) == [Urgency[urgency]]


def test_the_form_knows_of_a_fall_told_as_an_event(nora):
    """Pain that jumps on the day after is a same-day matter on the form, not only on the list."""
    nora.send("events", kind="fall", day=str(TODAY), label="")
    nora.clinic.clock.forward(days=1)
    answer = nora.log(nora.today, **SORE)
    assert answer.headers["Location"].endswith("/advice")
    assert _open_urgencies(nora) == [Urgency.SAME_DAY]


def test_a_fall_told_as_an_event_is_asked_after_like_any_other(clinic):
    who = new_diarist(clinic, "fay", days_ago=30)
    who.history_of(5)
    who.send("events", kind="fall", day=str(TODAY), label="")
    clinic.clock.forward(days=1)
    assert 'name="change-fall"' in who.page(f"day/{who.today}").text
    who.log(who.today, **CALM, **{"change-fall": "gone"})
    assert _open_urgencies(who) == []


@pytest.mark.parametrize("nights", [1, 2])
def test_a_fall_told_after_its_pain_is_seen_with_it(nora, nights):
    """Sore today; only now, or a day later, they remember the fall of the day before."""
    fell_on = nora.today
    nora.clinic.clock.forward(days=1)
    assert nora.log(nora.today, **SORE).headers["Location"].endswith("/saved")
    nora.clinic.clock.forward(days=nights - 1)
    assert nora.log(fell_on, **FELL).headers["Location"].endswith("/advice")
    assert _open_urgencies(nora) == [Urgency.SAME_DAY]


def test_is_it_still_there_is_asked_only_where_the_answer_counts(nora):
    """A day told on time and corrected has the full advice; asking on would be for show."""
    on_time = nora.today - timedelta(days=1)
    assert 'name="still_there"' not in nora.page(f"day/{on_time}").text
    nora.log(on_time, **SADDLE, still_there="no")
    assert nora.entry(on_time).sign_changes == {}
    assert _open_urgencies(nora) == [Urgency.EMERGENCY]


def test_the_same_throat_after_eight_silent_days_has_lasted(clinic):
    who = new_diarist(clinic, "lia", days_ago=30, region=Region.CERVICAL)
    who.log(**{**CALM, "signs": "some", "line": "throat", "sign-throat": "throat_lump"})
    clinic.clock.forward(days=8)
    answer = who.log(who.today, **CALM, **{"change-throat_lump": "same"})
    assert answer.headers["Location"].endswith("/advice")


@pytest.mark.parametrize("ticked", ["none", "spasm"])
def test_the_weekly_seven_never_answer_the_question_of_the_day(clinic, ticked):
    who = new_diarist(clinic, "pat", days_ago=50)
    form = who.browser.page(who.path("sheet/type")).form(who.path("sheet/type")).hidden()
    who.browser.client.post(who.path("sheet/type"), data={**form, f"axial_pain-{TODAY}": "3"})
    who.send(f"day/{TODAY}/weekly", sign=ticked)
    entry = who.entry()
    assert entry.signs_asked == frozenset(WEEKLY_SIGNS)
    assert not entry.tells_signs
    assert "None of these" not in who.page(f"day/{TODAY}/saved").text
    assert 'id="signs-none" name="signs" value="none" checked' not in who.page(f"day/{TODAY}").text
    who.send(f"day/{TODAY}/weekly", sign="none")
    assert who.entry().signs is None


def test_a_flight_to_the_west_takes_no_emergency_back(clinic):
    """It is the twelfth in London, and still the eleventh where they land."""
    clinic.clock.instant = datetime(2026, 3, 12, 0, 30, tzinfo=UTC)
    who = new_diarist(clinic, "wes", days_ago=50)
    who.history_of(3)
    who.log(who.today, **SADDLE)
    with clinic.database.write() as session:
        patient = people.patient_by_id(session, who.patient.id)
        people.update_patient(
            session,
            replace(patient, zone="America/New_York"),
            expected_version=patient.version,
            by=SYSTEM,
            at=clinic.clock(),
        )
    yesterday = who.today - timedelta(days=1)
    assert who.log(yesterday, **{**CALM, "axial_pain": "4"}).status_code == 303
    (flag,) = who.recovery().open_flags
    assert not flag.corrected_by_patient


def test_a_sign_ticked_on_a_form_of_before_is_never_dropped(clinic):
    """Kept on the phone on day 60, which asks about headaches, and sent for day 61."""
    who = new_diarist(clinic, "ben", days_ago=60)
    form = {**who.blank(), "source": "offline"}
    clinic.clock.forward(days=1)
    lines = {"line": ["headache", "other"], "sign-headache": "upright_headache"}
    answers = {**CALM, "signs": "some", **lines, "sign-other": "cough"}
    assert who.log(who.today, form, **answers).headers["Location"].endswith("/advice")
    assert who.entry(who.today).signs == {"upright_headache", "cough"}


def test_throat_ticked_while_the_operation_was_corrected_is_an_emergency(clinic):
    who = new_diarist(clinic, "ada", days_ago=5, region=Region.CERVICAL)
    form = who.blank()
    with clinic.database.write() as session:
        (known,) = record_rows.stored_of(session, who.patient.id, Operation)
        record_rows.edit(
            session,
            who.patient.id,
            known.public_id,
            replace(known.value, approach=Approach.POSTERIOR),
            expected_version=known.version,
            by=SYSTEM,
            at=clinic.clock(),
        )
    lines = {"line": ["throat", "other"], "sign-throat": "noisy_breathing", "sign-other": "cough"}
    who.log(form=form, **{**CALM, "signs": "some", **lines})
    assert _open_urgencies(who) == [Urgency.EMERGENCY]


def test_what_a_form_of_before_did_not_show_was_not_left_open(clinic):
    """Two days without a signal: the second has pain on both sides, and was not asked more."""
    who = new_diarist(clinic, "kim", days_ago=5)
    form = {**who.blank(), "source": "offline"}
    form["shown"] = " ".join(w for w in form["shown"].split() if w != "limb_pain_side")
    who.log(form={**form, "key": "1"}, **CALM)
    clinic.clock.forward(days=1)
    sore = {**CALM, "limb_pain": "6", "limb_pain_side": "both"}
    who.log(who.today, {**form, "key": "2"}, **sore)
    assert who.entry(who.today).signs == frozenset()
    assert _open_urgencies(who) == [Urgency.SAME_DAY]


def test_what_a_form_says_that_it_showed_is_read_with_care(nora):
    """A field that was tampered with changes nothing but the own form, and breaks nothing."""
    for shown in ("", "=", "axial_pain=²", "saddle axial_pain=" + "9" * 5000, "none numbness" * 99):
        assert nora.log(**CALM, shown=shown).status_code in (303, 409)


@pytest.mark.parametrize("page", ["day", "sheet"])
def test_a_plate_at_the_throat_is_asked_after_when_the_back_was_operated_since(clinic, page):
    """Two years after a fusion of the neck the screw moves; the index operation is the back's."""
    who = new_diarist(clinic, "two", days_ago=700, region=Region.CERVICAL)
    with clinic.database.write() as session:
        later = Operation(TODAY - timedelta(days=40), Region.LUMBAR)
        record_rows.add(session, who.patient.id, later, by=SYSTEM, at=clinic.clock())
    assert (
        "Throat, swallowing or voice trouble"
        in who.page(f"day/{TODAY}" if page == "day" else "sheet").text
    )
    spit = {"line": "throat", "sign-throat": "cannot_swallow_saliva"}
    who.log(**{**CALM, "signs": "some"}, **spit)
    assert _open_urgencies(who) == [Urgency.EMERGENCY]


def test_an_emergency_has_one_card_that_names_what_the_same_answers_also_said(nora):
    """Nobody is told to go to a hospital now and, below it, to call the team today."""
    nora.log(**{**CALM, "numbness": "4"})
    assert sorted(_open_urgencies(nora)) == [Urgency.SAME_DAY, Urgency.EMERGENCY]
    home = nora.page().text
    (card,) = home.split('<section class="care ')[1:]
    assert card.startswith("e")
    assert "numbness around the bottom or genitals" in card
    assert "No feeling in a part of the body" in card
    assert "Call your spine team today" not in home
    form = nora.page().form(nora.path("flags/"))
    nora.browser.client.post(form.action, data={**form.hidden(), "what": "called"})
    assert all(flag.acknowledgements for flag in nora.recovery().open_flags)


def test_two_emergencies_of_one_entry_have_one_card_and_a_later_one_its_own(nora):
    chest = {"line": ["saddle", "chest"], "sign-chest": "chest_pain"}
    nora.log(**{**CALM, "signs": "some", **chest})
    (card,) = nora.page().text.split('<section class="care ')[1:]
    assert "Call 999 now" in card
    for told in ("Chest pain", "Numbness, or a changed feeling", "The nerves to your bottom"):
        assert told in card, told
    form = nora.page().form(nora.path("flags/"))
    nora.browser.client.post(form.action, data={**form.hidden(), "what": "called"})
    # What is ticked after the call has been called about by nobody.
    nora.clinic.clock.forward(minutes=5)
    nora.log(**{**RED, "line": ["saddle", "chest", "wound"], "sign-chest": "chest_pain"})
    called, waiting = nora.page().text.split('<section class="care ')[1:]
    assert "you have spoken to someone" in called
    assert waiting.startswith("u")
    assert "A wound that is red or hot" in waiting


def test_a_same_day_sign_of_another_day_keeps_its_own_card(nora):
    nora.log(**RED)
    nora.clinic.clock.forward(days=1)
    nora.log(nora.today, **{**CALM, "numbness": "4"})
    urgent, today = nora.page().text.split('<section class="care ')[1:]
    assert urgent.startswith("e")
    assert today.startswith("u")
    assert "A wound that is red or hot" in today


def test_a_tick_that_a_file_says_was_never_asked_is_lost_nowhere(nora):
    """A file may list the weekly seven alone as asked, beside a tick on another sign."""
    day = TODAY - timedelta(days=1)
    odd = DiaryEntry(
        day,
        axial_pain=3,
        signs=frozenset({"saddle_numbness", "spasm"}),
        signs_asked=frozenset(WEEKLY_SIGNS),
        recorded_at=nora.clinic.clock() - timedelta(days=1),
        zone="Europe/London",
        source=Source.IMPORT,
    )
    with nora.clinic.database.write() as session:
        diary.save_version(
            session, nora.patient.id, odd, by=SYSTEM, at=nora.clinic.clock() - timedelta(days=1)
        )
    # The weekly check-in leaves it, the form shows it, and a blank form merges with it.
    nora.send(f"day/{day}/weekly", sign="none", peg_pain="4")
    assert nora.entry(day).signs == {"saddle_numbness"}
    page = " ".join(nora.page(f"day/{day}").text.split())
    assert re.search(r'value="saddle"[^>]* checked', page)
    typed = DiaryEntry(day, axial_pain=4, signs=frozenset(), signs_asked=frozenset({"fever"}))
    assert "saddle_numbness" in merge(None, odd, typed).entry.signs


def test_a_fever_or_a_sign_that_is_still_there_is_a_sign_of_the_day(nora):
    """The list of days counts what chart and report count."""
    nora.log(**CALM, temperature_c="38.9")
    assert "sign reported" in nora.page("diary").text


def test_an_emergency_told_of_an_earlier_day_leaves_the_decision_about_today(clinic):
    """Both were raised today, by one sign: the decision about today went over to yesterday's, and
    today's asked again."""
    who = new_diarist(clinic, "ray", days_ago=40)
    who.log(**SADDLE)
    _decide(who, Decision.HOSPITAL)
    (today,) = who.recovery().open_flags
    who.log(who.today - timedelta(days=1), **SADDLE, still_there="yes")
    found = {flag.episode.onset: flag for flag in who.recovery().open_flags}
    yesterday = found.pop(who.today - timedelta(days=1))
    assert (yesterday.attention, yesterday.decisions) == (Attention.UNSEEN, ())
    assert [flag.public_id for flag in found.values()] == [today.public_id]
    assert found[who.today].attention is Attention.DECIDED


WEAK = {
    **CALM, "signs": "some", "line": "weakness", "sign-weakness": "new_weakness",
    "follow-weakness": "none",
}  # fmt: skip
FEVER = {
    **CALM, "signs": "some", "line": "fever", "sign-fever": "fever", "follow-fever": "none"
}  # fmt: skip


@pytest.mark.parametrize(("first", "second"), [(WEAK, FEVER), (FEVER, WEAK)])
def test_yesterdays_sign_with_nothing_said_stands_beside_todays(nora, first, second):
    """Said to be better it is an emergency: a question left open is no calmer."""
    nora.log(**first)
    assert _open_urgencies(nora) == [Urgency.SAME_DAY]
    nora.clinic.clock.forward(days=1)
    page = _page_after(nora, nora.log(nora.today, **second))
    say = "a weak or clumsy arm", "a fever of 38"
    for text in (page, nora.page().text):
        words = re.search(r"I had a spinal fusion.*?</", text, re.DOTALL)[0]
        assert all(one in words for one in say)
    assert max(_open_urgencies(nora)) is Urgency.EMERGENCY
