"""Sentences that a person acts on: each must hold for what was answered, and none may be empty."""

from datetime import timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Decision
from recovery_tracker.domain.people import Actor, Role
from recovery_tracker.domain.surgery import Approach, Region
from recovery_tracker.services import reassess
from recovery_tracker.storage import attention, diary, people
from tests.pdf import text_of
from tests.web.conftest import SYSTEM
from tests.web.diarist import CALM, new_diarist

SADDLE = {**CALM, "signs": "some", "line": "saddle"}
NOT_SAID = "You did not say whether tablets ease the pain."


def after(who, **answers) -> str:
    """The page after the save of today."""
    answer = who.log(who.today, **answers)
    return who.browser.get(answer.headers["Location"]).text


def words_to_say(page: str) -> str:
    """What stands under "What to say" on the page, up to the next list."""
    return page.split("What to say", 1)[1].split("<ul>", 1)[0]


def seen_by_carol(who):
    """Carol, who cares for them too."""
    with who.clinic.database.write() as session:
        carol = who.clinic.accounts["carol"].id
        people.grant_care(session, who.patient.id, carol, by=SYSTEM, at=who.clinic.clock())
    return who.clinic.signed_in("carol")


def test_a_nerve_that_only_the_trend_found_has_words_for_the_phone(clinic):
    """Nothing was ticked, so no sign can be named: "New or worse: ." says nothing to anybody."""
    nora = new_diarist(clinic, days_ago=150)
    now = clinic.clock.instant
    clinic.clock.instant = now - timedelta(days=29)
    nora.history_of(110, numbness=1, numbness_zones=frozenset({"left_foot"}))
    clinic.clock.instant = now
    nora.history_of(29, numbness=3, numbness_zones=frozenset({"left_foot", "left_calf"}))
    reassess(clinic.database, nora.patient.id, today=nora.today, at=now)
    (flag,) = nora.recovery().open_flags
    assert flag.pattern.value == "nerve"
    said = words_to_say(nora.page().text)
    assert "worse: ." not in said
    assert "numbness, weakness or limb pain have got worse" in said


def test_of_a_question_left_open_only_the_pain_is_taken_as_said(clinic):
    """The score was answered, whether tablets help was not: no sentence may claim that it was."""
    nora = new_diarist(clinic, days_ago=40)
    nora.history_of(5)
    page = after(nora, **{**CALM, "axial_pain": "9"})
    assert NOT_SAID in page
    assert "your tablets do not help" not in page
    assert "very bad, or much worse than usual" in words_to_say(page)


@pytest.mark.parametrize(("days", "begins"), [(-3, "will be on"), (3, "was on"), (40, "I had a")])
def test_an_emergency_that_no_answer_names_asks_for_help_now(clinic, days, begins):
    """An imported day holds the question left open and nothing else. To whoever takes the call
    "today" says that it can wait."""
    nora = new_diarist(clinic, days_ago=days)
    with clinic.database.write() as session:
        entry = DiaryEntry(nora.today, signs=frozenset({"cauda_equina_recheck"}))
        diary.save_version(session, nora.patient.id, entry, by=SYSTEM, at=clinic.clock())
    reassess(clinic.database, nora.patient.id, today=nora.today, at=clinic.clock())
    said = words_to_say(nora.page().text)
    assert begins in said
    assert "My diary told me to get help now." in said


def test_a_blood_thinner_is_named_where_a_question_was_left_open(clinic):
    nora = new_diarist(clinic, days_ago=5, risk_factors=frozenset({"blood_thinner"}))
    nora.history_of(4)
    page = after(nora, **{**CALM, "axial_pain": "9"})
    assert "Emergency:" in page
    assert "You take a blood thinner. Say so first." in words_to_say(page)


@pytest.mark.parametrize("region", [Region.CERVICAL, Region.THORACIC])
def test_above_the_lower_back_nobody_is_told_of_its_nerves(clinic, region):
    nora = new_diarist(clinic, days_ago=40, region=region, approach=Approach.POSTERIOR)
    page = after(nora, **SADDLE)
    assert "Go to a hospital emergency department now" in page
    assert "lower back" not in page


def test_a_new_medicine_is_asked_after_and_not_claimed(clinic):
    nora = new_diarist(clinic, days_ago=10)
    page = after(nora, **{**CALM, "signs": "some", "line": "chest", "sign-chest": "face_swelling"})
    assert "Did you start a new medicine? Do not take it again." in page


@pytest.mark.parametrize("days", [20, 120])
def test_after_a_fall_a_knock_on_the_head_is_asked_after(clinic, days):
    """A blood thinner makes a knock on the head an emergency, and nobody may have noted either."""
    nora = new_diarist(clinic, days_ago=days)
    page = after(nora, **{**CALM, "signs": "some", "line": "shift", "sign-shift": "fall"})
    assert "Did you hit your head, and do you take a blood thinner? Go to a hospital now." in page


def _taken_back(who, day) -> str:
    """The page after a day was removed as entered by mistake."""
    form = who.page(f"day/{day}/versions").form(who.path(f"day/{day}/take-back"))
    answer = who.browser.client.post(form.action, data=form.hidden())
    return who.browser.get(answer.headers["Location"]).text


def test_a_removed_emergency_is_not_answered_with_silence(clinic):
    nora = new_diarist(clinic, days_ago=20)
    nora.log(**SADDLE)
    page = _taken_back(nora, nora.today)
    assert "You changed a warning answer" in page
    assert "Was it true after all?" in page


def test_nobody_is_thanked_above_an_emergency_that_was_changed(clinic):
    nora = new_diarist(clinic, days_ago=20)
    nora.history_of(4)
    nora.log(**SADDLE)
    page = after(nora, **CALM)
    assert "You changed a warning answer" in page
    assert "Saved. Thank you" not in page


@pytest.mark.parametrize("removed", [False, True])
def test_a_corrected_emergency_is_told_as_one_everywhere(clinic, removed):
    """List and report read "reported"; that it was taken back stood on the chart alone, beside an
    end that the patient can no longer bring about."""
    nora = new_diarist(clinic, days_ago=20)
    nora.history_of(4)
    nora.log(**SADDLE)
    if removed:
        _taken_back(nora, nora.today)
    else:
        nora.log(nora.today, **CALM)
    carol = seen_by_carol(nora)
    said = "Reported for 12 Mar: saddle numbness. The patient has corrected this since."
    chart = carol.page(f"/clinic/p/{nora.patient.public_id}").text
    assert said in carol.page("/clinic/patients").text
    assert "The patient corrected this." in chart
    assert "Ends when the patient says that it is gone" not in chart
    assert said in text_of(carol.get(f"/p/{nora.patient.public_id}/report.pdf").data)


def test_a_sign_that_is_gone_is_not_told_as_merely_not_ticked(clinic):
    nora = new_diarist(clinic, days_ago=20)
    clinic.clock.forward(days=-1)
    nora.log(nora.today, **SADDLE)
    clinic.clock.forward(days=1)
    after(nora, **CALM, **{"change-saddle_numbness": "gone", "spoke": "yes"})
    carol = seen_by_carol(nora)
    said = "Saddle numbness (11 Mar). Said to be gone on 12 Mar."
    assert said in carol.page("/clinic/patients").text
    assert said in text_of(carol.get(f"/p/{nora.patient.public_id}/report.pdf").data)


def test_on_the_very_day_nothing_is_said_of_entries_since(clinic):
    """No entry can come after that of today: the sentence would tell of silence."""
    nora = new_diarist(clinic, days_ago=20)
    nora.log(**SADDLE)
    carol = seen_by_carol(nora)
    for page in ("/clinic/patients", f"/clinic/p/{nora.patient.public_id}"):
        text = carol.page(page).text
        assert "Saddle numbness (12 Mar)." in text
        assert "Saddle numbness (12 Mar). No entry since" not in text
    clinic.clock.forward(days=1)
    carol = clinic.signed_in("carol")
    assert "Saddle numbness (12 Mar). No entry since." in carol.page("/clinic/patients").text


def test_what_ended_is_not_told_as_open(clinic):
    nora = new_diarist(clinic, days_ago=20)
    clinic.clock.forward(days=-1)
    nora.log(nora.today, **SADDLE)
    clinic.clock.forward(days=1)
    after(nora, **CALM, **{"change-saddle_numbness": "gone", "spoke": "no"})
    carol = seen_by_carol(nora)
    report = text_of(carol.get(f"/p/{nora.patient.public_id}/report.pdf").data)
    assert "Gone on 12 Mar, with no word that anyone was asked" in report
    assert "Also open" not in report
    assert "Ended, not yet looked at: Emergency sign: saddle numbness, 11 Mar to 12 Mar" in report


def test_an_emergency_that_somebody_knows_of_is_neither_thanked_for_nor_asked_again(clinic):
    """The page after the save was as on a good day, and home said "Go to hospital now" as if nobody
    had been spoken to."""
    nora = new_diarist(clinic, days_ago=20)
    clinic.clock.forward(days=-1)
    nora.log(nora.today, **SADDLE)
    clinic.clock.forward(days=1)
    page = after(nora, **CALM, **{"change-saddle_numbness": "same", "spoke": "yes"})
    assert "Saved. Thank you" not in page
    assert "This is still open" in page
    assert "If it gets worse, do not wait." in page
    home = nora.page().text
    assert "You told the diary on Thursday 12 March that you have spoken to someone." in home
    assert "Go to a hospital emergency department now" in home


@pytest.mark.parametrize("called", [False, True])
def test_nothing_calms_beside_an_emergency_that_somebody_knows_of(clinic, called):
    """Her week was "much the same" right below numbness around the bottom that is still there. Of a
    call made with the button the page after the next save said "Thank you" and no more."""
    nora = new_diarist(clinic, days_ago=40)
    clinic.clock.forward(days=-3)
    nora.history_of(20)
    nora.log(nora.today, **SADDLE)
    clinic.clock.forward(days=2)
    nora.browser = clinic.signed_in("nora")
    if called:
        made = next(form for form in nora.page().forms if form.action.endswith("/acknowledge"))
        nora.browser.client.post(made.action, data={**made.hidden(), "what": "called"})
    else:
        after(nora, **CALM, **{"change-saddle_numbness": "better", "spoke": "yes"})
    clinic.clock.forward(days=1)
    nora.browser = clinic.signed_in("nora")
    page = after(nora, **CALM)
    assert "This is still open" in page
    assert "around the bottom" in page
    assert "You said that you have spoken to someone." in page
    assert "Saved. Thank you" not in page
    assert "How this fits with your week" not in page
    for tail in ("", "recovery", "report"):
        assert "Your back pain is about" not in nora.page(tail).text, tail


def test_what_was_there_before_is_told_apart(clinic):
    """Some of the answers have commas of their own: "Leaking pee or poo, A weak arm, hand"."""
    nora = new_diarist(
        clinic,
        known_deficits=frozenset({"weakness", "incontinence"}),
        risk_factors=frozenset({"diabetes", "blood_thinner"}),
    )
    text = nora.page("surgery").text
    assert "Leaking pee or poo; a weak arm, hand, leg or foot" in text
    assert "Takes a blood thinner; diabetes" in text


def test_a_card_of_another_day_says_which_day_it_is_of(clinic):
    """Two weeks later "You told us about" reads as if it were said today."""
    nora = new_diarist(clinic, days_ago=40)
    clinic.clock.forward(days=-14)
    nora.log(nora.today, **SADDLE)
    assert "You told us about:" in nora.page().text
    clinic.clock.forward(days=14)
    nora.browser = clinic.signed_in("nora")
    home = nora.page().text
    assert "About Thursday 26 February you told us:" in home
    assert "<p>You told us about:" not in home


def test_nothing_calms_at_home_beside_an_emergency_that_was_changed(clinic):
    nora = new_diarist(clinic, days_ago=40)
    nora.history_of(30)
    for tail in ("", "recovery", "report"):
        assert "Your back pain is about" in nora.page(tail).text
    nora.log(**SADDLE)
    nora.log(nora.today, **CALM)
    home = nora.page().text
    assert "You changed a warning answer" in home
    for tail in ("", "recovery", "report"):
        assert "Your back pain is about" not in nora.page(tail).text, tail


def test_the_page_of_both_answers_does_not_lead_to_itself(clinic):
    nora = new_diarist(clinic, days_ago=20)
    nora.log(**SADDLE)
    nora.log(nora.today, **CALM)
    assert "See both" in nora.page(f"day/{nora.today}/saved").text
    assert "See both" not in nora.page(f"day/{nora.today}/versions").text


def test_the_worse_answer_of_one_question_is_not_the_reason_of_another_sign(clinic):
    """ "So, to be safe:" stood above whatever came next, here a clot in the leg that was ticked."""
    nora = new_diarist(clinic, days_ago=40)
    nora.history_of(5)
    page = after(nora, **{**CALM, "axial_pain": "9", "signs": "some", "line": "calf"})
    assert f"{NOT_SAID} To be safe, we count the worse answer." in " ".join(page.split())
    assert "safe:" not in page


def test_what_needs_somebody_leads_the_health_page(clinic):
    """That nobody has looked at an emergency stood last, under "Good" and a backup."""
    nora = new_diarist(clinic, days_ago=20)
    nora.log(**SADDLE)
    clinic.clock.forward(days=2)
    text = clinic.signed_in("frank").page("/admin/health").text
    heads = [part.split("</span>")[1].split("</h2>")[0].strip() for part in text.split("<h2>")[1:]]
    assert heads[0] == "Urgent answers"
    assert text.rindex("Needs attention") < text.index("Good")


def test_a_card_of_several_days_names_the_first_and_the_last(clinic):
    """Told on Wednesday, worse on Thursday: the card had the words of both days and no day."""
    nora = new_diarist(clinic, days_ago=20)
    nora.log(nora.today - timedelta(days=1), **SADDLE, still_there="yes")
    after(nora, **CALM, **{"change-saddle_numbness": "worse"})
    home = nora.page().text
    assert "About the days from Wednesday 11 March to Thursday 12 March you told us:" in home


def test_a_day_told_of_later_is_not_said_to_be_the_day_it_was_told(clinic):
    """Written down on Thursday, about Wednesday: "On Wednesday you told us" was not so."""
    nora = new_diarist(clinic, days_ago=20)
    nora.log(nora.today - timedelta(days=1), **SADDLE)
    home = nora.page().text
    assert "About Wednesday 11 March you told us:" in home
    assert "On Wednesday 11 March you told" not in home


def test_who_has_called_about_a_sign_that_is_gone_can_say_so_on_its_page(clinic):
    """Numb on Monday and gone on Wednesday; on Thursday the bladder of Tuesday is told as well. Its
    page asks for a call, and had no button to say that it was made."""
    nora = new_diarist(clinic, days_ago=20)
    clinic.clock.forward(days=-3)
    nora.log(nora.today, **SADDLE)
    clinic.clock.forward(days=2)
    after(nora, **CALM, **{"change-saddle_numbness": "gone", "spoke": "no"})
    clinic.clock.forward(days=1)
    bladder = {**CALM, "signs": "some", "line": "bladder"}
    answer = nora.log(nora.today - timedelta(days=2), **bladder, still_there="no")
    page = nora.browser.get(answer.headers["Location"]).text
    assert "Call your spine team today" in page
    assert "I have called" in page


def test_nothing_calms_beside_an_emergency_that_the_team_decided_about(clinic):
    """Sent to hospital by the team; on the next day her week was "much the same", above a first
    page that said "Go to a hospital emergency department now"."""
    nora = new_diarist(clinic, days_ago=40)
    clinic.clock.forward(days=-1)
    nora.history_of(20)
    nora.log(nora.today, **SADDLE)
    (flag,) = nora.recovery().open_flags
    doctor = Actor(None, "Dr House", Role.CLINICIAN, cares_for=frozenset({nora.patient.id}))
    with clinic.database.write() as session:
        attention.decide(
            session, nora.patient.id, flag.public_id, Decision.HOSPITAL,
            by=doctor, at=clinic.clock(), today=nora.today,
        )  # fmt: skip
    clinic.clock.forward(days=1)
    nora.browser = clinic.signed_in("nora")
    page = after(nora, **CALM)
    assert "This is still open" in page
    assert "Your team looked at this on Wednesday 11 March. If it gets worse, do not wait." in page
    assert "You said that you have spoken" not in page
    assert "Saved. Thank you" not in page
    assert "much the same" not in page
    for tail in ("", "recovery", "report"):
        assert "Your back pain is about" not in nora.page(tail).text, tail
    gone = after(nora, **CALM, **{"change-saddle_numbness": "gone"})
    assert "This is still open" not in gone


def test_a_day_that_is_corrected_or_read_raises_no_alarm_about_what_is_gone(clinic):
    """Told on Tuesday, gone on Wednesday, and somebody knows: on Thursday the pain of Tuesday was
    corrected, and the page said "Go to a hospital emergency department now"."""
    nora = new_diarist(clinic, days_ago=20)
    clinic.clock.forward(days=-2)
    day = nora.today
    nora.log(day, **SADDLE)
    clinic.clock.forward(days=1)
    after(nora, **CALM, **{"change-saddle_numbness": "gone", "spoke": "yes"})
    clinic.clock.forward(days=1)
    answer = nora.log(day, **{**SADDLE, "axial_pain": "5"})
    page = nora.browser.get(answer.headers["Location"]).text
    for text in (page, nora.page(f"day/{day}/saved").text):
        assert "emergency department now" not in text
        assert "much the same" not in text
    assert nora.browser.get(nora.path(f"day/{day}/advice")).status_code == 303


def test_an_emergency_that_is_told_only_after_it_is_gone_can_be_answered(clinic):
    """Only now she writes that it had been so a week before, too: that is news, and its page says
    what to do, with a way to say that she called."""
    nora = new_diarist(clinic, days_ago=20)
    clinic.clock.forward(days=-2)
    nora.history_of(10)
    nora.log(nora.today, **SADDLE)
    clinic.clock.forward(days=1)
    after(nora, **CALM, **{"change-saddle_numbness": "gone", "spoke": "yes"})
    clinic.clock.forward(days=1)
    answer = nora.log(nora.today - timedelta(days=9), **SADDLE)
    page = nora.browser.get(answer.headers["Location"]).text
    assert "Go to a hospital emergency department now" in page
    assert "I have called" in page
