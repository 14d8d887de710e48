"""What a patient reads: after the save, advice, home, all entries, operation, settings."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import update
from werkzeug.datastructures import MultiDict

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Status, Urgency
from recovery_tracker.domain.history import DAILY, Appointment
from recovery_tracker.domain.people import Mode
from recovery_tracker.domain.signs import LINES, SIGNS, lines_for
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.storage import diary, people, record_rows
from recovery_tracker.storage.tables.people import InstallationRow
from recovery_tracker.web.shared.pages import new_key
from tests.effort import share
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page

YESTERDAY = TODAY - timedelta(days=1)
#: Sentences that may stand on a calm day only.
REASSURING = ("Good days and bad days are normal", "That is much the same")


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic)


def saved(diarist, day=TODAY):
    return diarist.page(f"day/{day}/saved").text


def advice(diarist, day=TODAY):
    return diarist.page(f"day/{day}/advice").text


# After the save.


def test_saved_page_compares_with_the_own_week_walking_first(nora):
    nora.history_of(7)
    nora.log(**CALM)
    text = saved(nora)
    assert text.index("You walked for") < text.index("Your back pain was")
    assert "That is much the same." in text
    assert "3 out of 10" in text


def test_first_day_is_not_compared_with_anything(nora):
    nora.log(**CALM)
    assert "Last week" not in saved(nora)


@pytest.mark.parametrize(
    "answers",
    [
        {"signs": "some", "line": "calf"},
        {"axial_pain": "9"},
        {"axial_pain": "9", "stays-axial_pain": "no"},
        {"limb_pain": "5", "stays-limb_pain": "no"},
        {"signs": "some", "line": "other", "sign-other": "rash"},
    ],
)
def test_nothing_reassures_on_a_day_with_a_sign_or_severe_pain(nora, answers):
    nora.history_of(7)
    nora.log(**{**CALM, **answers})
    text = saved(nora)
    assert not any(sentence in text for sentence in REASSURING)


def test_a_day_of_weeks_that_got_worse_is_called_no_single_bad_day(clinic):
    nora = new_diarist(clinic, days_ago=120, preop_axial_pain=7)
    nora.history_of(100, axial_pain=2)
    nora.history_of(25, axial_pain=6)
    nora.log(**{**CALM, "axial_pain": "5"})
    assert [flag.urgency for flag in nora.recovery().open_flags] == [Urgency.REVIEW]
    assert not any(sentence in saved(nora) for sentence in REASSURING)
    (flag,) = nora.recovery().open_flags
    nora.browser.send(nora.path(), nora.path(f"flags/{flag.public_id}/"), what="called")
    assert not any(sentence in saved(nora) for sentence in REASSURING)


def test_nothing_reassures_while_a_sign_is_still_there_that_somebody_knows_of(nora):
    nora.history_of(7)
    nora.log(**{**CALM, "signs": "some", "line": "weakness", "follow-weakness": "none"})
    nora.clinic.clock.forward(days=1)
    day = nora.today
    nora.log(day, **CALM, **{"change-weakness_unspecified": "same", "spoke": "yes"})
    text = nora.page(f"day/{day}/saved").text
    assert not any(sentence in text for sentence in REASSURING)
    nora.clinic.clock.forward(days=1)
    day = nora.today
    nora.log(day, **CALM, **{"change-weakness_unspecified": "gone", "spoke": "yes"})
    assert REASSURING[0] in nora.page(f"day/{day}/saved").text


def test_weekly_questions_are_offered_once_a_week(nora):
    nora.history_of(7)
    nora.log(**CALM)
    assert "A few more questions?" in saved(nora)
    answer = nora.send(f"day/{TODAY}/weekly", sign="stiffness", peg_pain="4", overall_change="-1")
    assert answer.status_code == 303
    assert "A few more questions?" not in saved(nora)
    assert f"{nora.path(f'day/{TODAY}/weekly')}#peg_pain" in saved(nora)
    entry = nora.entry()
    assert (entry.peg_pain, entry.overall_change, entry.peg_activity) == (4, -1, None)
    assert entry.signs == {"stiffness"}


def test_weekly_signs_that_were_skipped_are_not_none_of_them(nora):
    """Missing is never no: only ticks, or the box that says none, answer for the seven signs."""
    nora.log(**CALM)
    before = nora.entry()
    nora.send(f"day/{TODAY}/weekly", peg_pain="4")
    assert (nora.entry().signs, nora.entry().signs_asked) == (before.signs, before.signs_asked)
    assert "A few more questions?" not in saved(nora)
    nora.send(f"day/{TODAY}/weekly", sign="none", peg_pain="4")
    assert nora.entry().signs == before.signs
    assert nora.entry().asked("worse_on_loading")
    assert nora.entry().asked("stiffness")
    again = nora.page(f"day/{TODAY}/weekly").text
    assert 'value="none" checked' in again
    nora.send(f"day/{TODAY}/weekly", sign=["stiffness", "none"])
    assert nora.entry().signs == {"stiffness"}


def test_painful_bump_in_the_weekly_questions_gets_advice(nora):
    nora.log(**CALM)
    nora.send(f"day/{TODAY}/weekly", sign="painful_bump")
    assert "Tell your spine team in the next week or two" in saved(nora)


# Advice.


def test_emergency_page_has_the_number_the_words_and_what_the_diary_does_not_do(nora):
    nora.log(signs="some", line="saddle")
    text = advice(nora)
    assert "tel:999" in text
    assert "I had a spinal fusion 12 weeks ago" in text
    assert "Do not drive yourself." in text
    assert "does not tell your team" in text
    assert nora.entry().signs == {"saddle_numbness"}


def test_same_day_page_says_what_to_do_if_nobody_answers(nora):
    nora.log(signs="some", line="wound", **{"sign-wound": "wound_redness"})
    text = advice(nora)
    assert "tel:01632960123" in text
    assert "If nobody answers within 1 hour" in text
    assert "tel:111" in text


@pytest.mark.parametrize("region", list(Region))
def test_every_line_of_the_form_leads_to_a_page(clinic, region):
    """Whatever is ticked, the next page says something about it."""
    diarist = new_diarist(clinic, f"on-{region}", region=region, days_ago=10)
    blank = diarist.browser.page(diarist.day())
    form = blank.form(diarist.day()).hidden()
    for line in share(LINES, 2):
        if f'id="line-{line.key}"' not in blank.text:
            continue
        for sign in line.signs:
            form |= {"key": new_key(), "expected_version": str(diarist.version())}
            typed = {"signs": "some", "line": line.key, f"sign-{line.key}": sign}
            answer = diarist.log(form=form, **typed)
            page = diarist.browser.page(answer.location)
            assert page.problems == []
            assert 'class="care' in page.text, sign


#: Sentences of the patient's pages that may calm somebody.
CALMING = re.compile(
    r"4 weeks ago|much the same|a bit lower|That is lower|most days|are normal|did not spot|"
    r"First (?:walk|day|good|week)"
)


def own_lines(region, days_ago):
    """The lines that a region is asked; what all are asked alike belongs to the lower back."""
    asked = lines_for(Operation(TODAY - timedelta(days=days_ago), region), days_ago)
    if region is Region.LUMBAR:
        return asked
    return [line for line in asked if line not in own_lines(Region.LUMBAR, days_ago)]


@pytest.mark.parametrize(
    ("region", "days_ago"),
    [(region, days) for region in Region for days in (1, 86) if own_lines(region, days)],
)
def test_every_sign_leads_at_once_to_its_own_advice_and_nothing_calms(clinic, region, days_ago):
    """The next page after Save has the right urgency and a number, and so has the home page."""
    diarist = new_diarist(clinic, "eve", region=region, days_ago=days_ago)
    diarist.history_of(min(days_ago, 40), axial_pain=6, walking=1)
    form = diarist.blank()
    operation = Operation(TODAY - timedelta(days=days_ago), region)
    for line in share(own_lines(region, days_ago), 2):
        for sign in (*line.signs, *line.follow_ups):
            wanted = SIGNS[sign].urgency_on(days_ago, operation)
            if wanted < Urgency.SAME_DAY or not line.signs:
                continue
            under = "follow" if sign in line.follow_ups else "sign"
            typed = {**CALM, "signs": "some", "line": line.key, f"{under}-{line.key}": sign}
            form |= {"key": new_key(), "expected_version": str(diarist.version())}
            answer = diarist.log(form=form, **typed)
            assert answer.location.endswith("/advice"), sign
            for page in (advice(diarist), diarist.page().text):
                level = "e" if wanted is Urgency.EMERGENCY else "[eu]"
                card = re.search(rf'class="care {level}"(.*?)</section>', page, re.DOTALL)
                assert card is not None, sign
                assert re.search(r'href="tel:(999|01632960123)"', card[1]), sign
                assert CALMING.findall(page.replace(card[0], "")) == [], sign
            assert CALMING.findall(saved(diarist)) == [], sign


@pytest.mark.parametrize("days_ago", [-1, 0, 1, 3, 86])
def test_everything_severe_is_never_answered_with_calm(clinic, days_ago):
    diarist = new_diarist(clinic, "eve", days_ago=days_ago)
    if days_ago > 0:
        diarist.history_of(min(days_ago, 40))
    worst = {"walking": "0", "mobility": "4", "axial_pain": "10", "limb_pain": "10"}
    answer = diarist.log(**worst, limb_pain_side="both", numbness="4", signs="none")
    assert answer.location.endswith("/advice")
    for page in (advice(diarist), diarist.page().text, saved(diarist)):
        assert 'class="care e"' in page
        assert CALMING.findall(page) == []


@pytest.mark.parametrize("days", [0, 1, 3])
def test_everything_skipped_is_a_day_and_says_nothing_of_how_it_was(clinic, days):
    diarist = new_diarist(clinic, "eve", days_ago=days)
    if days:
        diarist.history_of(days)
    assert diarist.log(signs="none").location.endswith("/saved")
    text = saved(diarist)
    assert "Not answered" in text
    assert "You walked" not in text
    assert "pain was" not in text
    assert "Today is done" in diarist.page().text


def test_known_deficit_is_named_in_the_advice(clinic):
    eve = new_diarist(clinic, "eve", known_deficits=frozenset({"catheter"}))
    eve.log(signs="some", line="bladder")
    assert "You have a catheter." in advice(eve)


def test_what_is_said_on_the_phone_names_the_fever_beside_the_weakness(nora):
    weak = {"sign-weakness": "new_weakness", "follow-weakness": "none"}
    hot = {"sign-fever": "fever", "follow-fever": "none"}
    nora.log(**{**CALM, "signs": "some", "line": ["weakness", "fever"], **weak, **hot})
    text = nora.page(f"day/{TODAY}/advice").text
    assert "Call 999 now" in text
    assert "a weak or clumsy arm, hand, leg or foot; a fever of 38" in text


def test_sudden_weakness_is_not_told_twice(nora):
    weak = {"sign-weakness": "new_weakness", "follow-weakness": "paralysis"}
    nora.log(**{**CALM, "signs": "some", "line": "weakness", **weak})
    told = nora.page(f"day/{TODAY}/advice").text
    assert "a weak or clumsy arm" not in told


def test_advice_line_is_named_where_it_is_known(nora):
    nora.log(**{**CALM, "signs": "some", "line": "calf"})
    text = nora.page(f"day/{TODAY}/advice").text
    assert "Call 111, or go to a hospital." in text
    assert "where you live" not in text


def test_calm_day_has_no_advice_page(nora):
    nora.log(**CALM)
    answer = nora.browser.get(nora.path(f"day/{TODAY}/advice"))
    assert answer.status_code == 303


def test_patient_says_that_they_have_called(nora):
    nora.log(signs="some", line="calf")
    home = nora.page()
    form = next(form for form in home.forms if "/acknowledge" in form.action)
    data = {**form.hidden(), "what": "called"}
    assert nora.browser.client.post(form.action, data=data).status_code == 303
    nora.browser.client.post(form.action, data=data)
    flag = nora.recovery().open_flags[0]
    assert [said.answer for said in flag.acknowledgements] == ["called"]
    assert "You told the diary on Thursday 12 March" in nora.page().text


def test_flag_of_somebody_else_cannot_be_answered(nora, clinic):
    other = new_diarist(clinic, "other")
    other.log(signs="some", line="calf")
    flag = other.recovery().open_flags[0]
    nora.log(signs="some", line="calf")
    form = next(form for form in nora.page().forms if "/acknowledge" in form.action)
    answer = nora.browser.client.post(
        nora.path(f"flags/{flag.public_id}/acknowledge"),
        data={**form.hidden(), "what": "called"},
    )
    assert answer.status_code in (400, 404)
    assert other.recovery().open_flags[0].acknowledgements == ()


def test_mistapped_emergency_that_was_corrected_says_what_was_changed_and_when(nora, clinic):
    """Nothing is hidden and nothing shouts: both answers, both times, the advice one press away."""
    nora.history_of(7)
    nora.log(**{**CALM, "signs": "some"}, line="saddle")
    clinic.clock.forward(minutes=5)
    assert nora.log(**CALM).location.endswith("/saved")
    for text in (nora.page().text, saved(nora)):
        card = text.split("You changed a warning answer")[1].split("</section>")[0]
        assert "On 12 Mar 2026, 09:00 you told us about:" in card
        assert "around the bottom" in card
        assert "On 12 Mar 2026, 09:05 you changed this answer. Now it says: <b>None of" in card
        assert "tel:999" in card.split("<details>")[1]
        assert 'class="care e"' not in text
        assert not any(sentence in text for sentence in REASSURING)
    assert "We did not spot" not in nora.page().text


def answer_flag(diarist, what):
    """The first flag of the home page, answered with what its form may or may not offer."""
    form = next(form for form in diarist.page().forms if "/acknowledge" in form.action)
    return diarist.browser.client.post(form.action, data={**form.hidden(), "what": what})


def alone(clinic):
    """The installation of one person, as if chosen so at set-up."""
    with clinic.database.write() as session:
        session.execute(update(InstallationRow).values(mode=str(Mode.JUST_ME)))


def test_a_mistap_is_called_a_mistake_also_after_a_call(nora, clinic):
    """Once they had called, the only way to close the card was to say that they had been seen."""
    alone(clinic)
    nora.log(**{**CALM, "signs": "some"}, line="saddle")
    assert answer_flag(nora, "called").status_code == 303
    clinic.clock.forward(minutes=5)
    nora.log(**CALM)
    home = nora.page().text
    assert "you have spoken to someone" in home
    assert "It was a mistake" in home
    assert answer_flag(nora, "mistake").status_code == 303
    assert "You changed a warning answer" not in nora.page().text


def test_mistap_of_a_person_alone_can_be_called_a_mistake_once_it_is_corrected(nora, clinic):
    alone(clinic)
    nora.log(**{**CALM, "signs": "some"}, line="saddle")
    assert "It was a mistake" not in nora.page().text
    refused = answer_flag(nora, "mistake")
    assert refused.status_code == 400
    assert "First change the answer of that day." in refused.text
    assert nora.recovery().open_flags
    clinic.clock.forward(minutes=5)
    nora.log(**CALM)
    assert "It was a mistake" in nora.page().text
    assert answer_flag(nora, "mistake").status_code == 303
    assert nora.recovery().open_flags == ()
    assert "You changed a warning answer" not in nora.page().text
    assert "around the bottom" in nora.page(f"day/{TODAY}/versions").text


def test_mistap_in_a_clinic_is_closed_by_the_clinic(nora, clinic):
    nora.log(**{**CALM, "signs": "some"}, line="saddle")
    clinic.clock.forward(minutes=5)
    nora.log(**CALM)
    assert "It was a mistake" not in nora.page().text
    refused = answer_flag(nora, "mistake")
    assert refused.status_code == 400
    assert "Only your team can close it." in refused.text
    assert nora.recovery().open_flags


def test_answer_that_was_taken_back_is_not_asked_after_and_the_team_still_sees_it(nora, clinic):
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"]
        people.grant_care(session, nora.patient.id, carol.id, by=SYSTEM, at=NOW)
    nora.log(**{**CALM, "signs": "some"}, line="saddle")
    clinic.clock.forward(minutes=5)
    nora.log(**CALM)
    assert nora.recovery().open_signs == ()
    assert "what you told us before" not in nora.page(f"day/{TODAY}").text
    chart = clinic.signed_in("carol").page(f"/clinic/p/{nora.patient.public_id}").text
    assert "The patient corrected this. It stays until you close it" in chart


def test_emergency_changed_into_a_smaller_sign_shows_the_smaller_one_first(nora, clinic):
    nora.log(**{**CALM, "signs": "some"}, line="saddle")
    clinic.clock.forward(minutes=5)
    nora.log(**{**CALM, "signs": "some"}, line="calf")
    text = nora.page().text
    assert text.index("Call your spine team today") < text.index("You changed a warning answer")
    assert "You changed a warning answer" in advice(nora)
    nora.log(**{**CALM, "signs": "some"}, line="saddle")
    assert 'class="care e"' in nora.page().text


# Home.


def test_home_of_the_first_day(nora):
    text = nora.page().text
    assert "After 3 entries your chart is shown here." in text
    assert "Miss a day? That is fine." in text


def test_every_page_says_truly_when_its_chart_starts(nora):
    """At home a chart is drawn from three entries on, elsewhere from the first."""
    for page in ("recovery", "report"):
        text = nora.page(page).text
        assert "Your chart starts with your first entry." in text
        assert 'class="chart' not in text
    for back in (2, 1, 0):
        text = nora.page().text
        assert "After 3 entries your chart is shown here." in text
        assert 'class="chart' not in text
        nora.log(TODAY - timedelta(days=back), **CALM)
        assert 'class="chart' in nora.page("recovery").text
        assert 'class="chart' in nora.page("report").text
    assert 'class="chart' in nora.page().text


def test_home_says_how_it_is_going_in_words(nora):
    nora.history_of(40)
    text = nora.page().text
    assert "You are walking <b>about as much as 4 weeks ago</b>." in text
    assert "Your back pain is about <b>3 out of 10</b>." in text
    assert "This does not mean that all is well" in text or "too early" in text


def test_home_does_not_calm_beside_a_pain_that_rose(nora):
    """No rule has matched yet, but the page itself says that the pain is higher."""
    nora.history_of(45)
    nora.history_of(6, axial_pain=5)
    text = nora.page().text
    assert "4 weeks ago it was about 3." in text
    assert "We did not spot" not in text
    assert "Your pain is higher than 4 weeks ago." in text


def test_days_before_an_operation_are_not_compared_with_days_after_it(nora):
    """Nobody walks as far in the week after an operation as in the one before it."""
    nora.history_of(40, walking=4)
    again = Operation(TODAY - timedelta(days=2), Region.LUMBAR)
    with nora.clinic.database.write() as session:
        record_rows.add(session, nora.patient.id, again, by=SYSTEM, at=nora.clinic.clock())
    text = nora.page().text
    assert "Counted from your last operation" in text
    assert "4 weeks ago" not in text
    nora.log(**CALM)
    assert "You walked for <b>10 to 30 minutes</b>." in saved(nora)
    assert "last week" not in saved(nora).lower()


def test_an_old_day_is_compared_with_its_own_week_and_asked_nothing_of_now(nora):
    nora.history_of(60)
    old, lately = TODAY - timedelta(days=50), TODAY - timedelta(days=1)
    page = nora.page(f"day/{old}/saved").text
    assert "In the week before it was about <b>3</b>." in page
    assert "week before" in page
    assert "ast week" not in page
    assert "A few more questions?" not in page
    assert "A few more questions?" in nora.page(f"day/{lately}/saved").text
    weekly = nora.page(f"day/{lately}/weekly").text
    assert "In the 7 days up to that day" in weekly
    assert "In the last 7 days" not in weekly


def test_home_welcomes_back_without_counting(nora):
    nora.history_of(20)
    nora.clinic.clock.forward(days=10)
    text = nora.page().text
    assert "Welcome back. No need to catch up." in text
    assert "missed" not in text


def test_home_shows_open_advice_first_and_nothing_calming(nora):
    nora.history_of(10)
    nora.log(signs="some", line="calf")
    text = nora.page().text
    assert text.index("Call your spine team today") < text.index("Today is done.")
    assert "We did not spot a worrying pattern" not in text


def test_scores_hidden_for_six_weeks_are_hidden_after_the_save_too(clinic):
    early, late = new_diarist(clinic, "early", days_ago=20), new_diarist(clinic, "late")
    for diarist in (early, late):
        diarist.history_of(7)
        diarist.send("settings", zone="Europe/London", scores="later")
        diarist.log(**CALM)
        assert "You walked for <b>10 to 30 minutes</b>." in saved(diarist)
    assert "back pain was" not in saved(early)
    assert "back pain was" in saved(late)


def test_no_page_calms_while_a_warning_waits_for_a_call(nora):
    """The home page says no word of comfort then; the pages behind it say none either."""
    nora.history_of(40)
    assert "Your back pain is about" in nora.page("recovery").text
    nora.log(**{**CALM, "signs": "some"}, line="saddle")
    for tail in ("", "recovery", "report"):
        assert "Your back pain is about" not in nora.page(tail).text, tail


def test_hidden_scores_stand_in_no_list_and_no_sentence(nora):
    """Who chose to see none meets none by going back through the days."""
    nora.history_of(40, walking=None)
    nora.send("settings", zone="Europe/London", scores="hidden")
    days = nora.page("diary").text
    assert "Back pain" not in days
    assert "Some questions were left out" not in days
    for tail in ("recovery", "report"):
        assert "Your back pain is about" not in nora.page(tail).text, tail
    nora.send("settings", zone="Europe/London", scores="shown")
    assert "Back pain: 3 out of 10" in nora.page("diary").text
    assert "Your back pain is about" in nora.page("recovery").text


def test_scores_can_be_hidden_and_signs_are_still_acted_on(nora):
    nora.history_of(10)
    nora.send("settings", zone="Europe/London", scores="hidden")
    text = nora.page().text
    assert "back pain is about" not in text
    assert "You are walking" in text or "On average you walk" in text
    assert nora.log(**{**CALM, "axial_pain": "9"}).location.endswith("/advice")


def test_questions_for_the_visit_are_kept(nora):
    form = nora.page().form(nora.path("questions"))
    data = {**form.hidden(), "question": ["May I swim?", "", "When can I drive?"]}
    nora.browser.client.post(form.action, data=data)
    text = nora.page().text
    assert "May I swim?" in text
    assert "When can I drive?" in nora.page("report").text


def test_next_visit_is_shown(nora):
    with nora.clinic.database.write() as session:
        visit = record_rows.Appointment(TODAY + timedelta(days=12), "10:20", "Ms Khan", "Clinic 6")
        record_rows.add(session, nora.patient.id, visit, by=SYSTEM, at=NOW)
    assert 'Next visit: <span class="whole">Tuesday 24 March</span>' in nora.page().text


def test_a_second_flag_with_the_same_call_keeps_what_it_adds_in_sight(clinic):
    """A leg and a wound are one call to the team; how to treat the wound stays on the page."""
    zoe = new_diarist(clinic, "zoe", days_ago=20)
    ticked = {"signs": "some", "line": ["calf", "wound"], "sign-wound": "wound_redness"}
    zoe.log(**{**CALM, **ticked})
    first, second = zoe.page().text.split('<section class="care u"')[1:]
    seen, folded = second.split("<details>")[:2]
    assert "tel:" in first
    assert "tel:" not in seen
    assert "tel:" in folded
    assert ("Do not rub the leg." in seen) != ("Keep the wound clean" in seen)
    assert "I have called" in second


# All entries.


def test_history_lists_the_month_and_links_to_the_one_before(nora):
    nora.history_of(20)
    page = nora.page("diary")
    assert "March 2026" in page.text
    assert nora.path("diary?month=2026-02") in page.links
    assert nora.day(TODAY - timedelta(days=5)) in page.links
    assert "February 2026" in nora.page("diary?month=2026-02").text


@pytest.mark.parametrize("month", ["2026-13", "x", "2027-01", "0000-00"])
def test_month_that_makes_no_sense_is_not_there(nora, month):
    assert nora.browser.get(nora.path(f"diary?month={month}")).status_code == 404


# The operation.


def test_without_an_operation_its_form_comes_first(clinic):
    zoe = new_diarist(clinic, "zoe", days_ago=None)
    assert zoe.browser.get(zoe.path()).location.endswith("/surgery/new")
    answer = zoe.send("surgery/new", day="2026-03-01", region="cervical", levels="2")
    assert answer.status_code == 303
    assert "Day 11" in zoe.page().text


@pytest.mark.parametrize(
    ("region", "here", "there"),
    [
        (Region.LUMBAR, "Back pain before", "Leg pain before"),
        (Region.CERVICAL, "Neck pain before", "Arm pain before"),
        (Region.THORACIC, "Back pain before", "Rib or leg pain before"),
    ],
)
def test_pain_before_says_which_pain_it_was(clinic, region, here, there):
    zoe = new_diarist(clinic, "zoe", region=region, preop_limb_pain=6)
    text = zoe.page("surgery").text
    assert f"<dt>{there}</dt><dd>6 out of 10</dd>" in text
    assert here not in text


@pytest.mark.parametrize(
    ("field", "text"),
    [("day", "soon"), ("day", "1826-01-01"), ("levels", "99"), ("preop_axial_pain", "11")],
)
def test_operation_that_makes_no_sense_comes_back_with_everything(nora, field, text):
    typed = {"day": "2026-01-05", "region": "lumbar", "hardware": "two screws", field: text}
    answer = nora.send("surgery/new", **typed)
    assert answer.status_code == 422
    assert "two screws" in answer.text
    assert f'id="{field}-e"' in answer.text


def test_changed_operation_keeps_one_row_and_a_late_tab_is_told(nora):
    stored = nora.recovery().operations[0]
    tail = f"surgery/{stored.public_id}"
    old = nora.page(tail).form(nora.path(tail)).hidden()
    typed = {"day": str(stored.value.day), "region": "lumbar", "hardware": "screws"}
    assert nora.send(tail, **typed).status_code == 303
    late = nora.browser.client.post(nora.path(tail), data={**old, **typed, "hardware": "cage"})
    assert late.status_code == 409
    assert "cage" in late.text
    assert [one.value.hardware for one in nora.recovery().operations] == ["screws"]


def test_revision_operation_is_the_one_counted_from(nora):
    nora.send("surgery/new", day=str(TODAY - timedelta(days=5)), region="lumbar")
    text = nora.page().text
    assert "Day 5" in text
    assert "Counted from your last operation" in text


# Settings.


def test_settings_are_kept(nora):
    nora.send("settings", zone="Asia/Taipei", schedule="daily", text_size="large")
    patient = nora.recovery().patient
    assert patient.zone == "Asia/Taipei"
    assert patient.schedule == DAILY
    assert patient.preferences["text_size"] == "large"
    assert 'class="text-large"' in nora.page().text


def test_own_letters_and_language_reach_every_page_the_patient_opens(nora):
    nora.send("settings", zone="UTC", text_size="largest", contrast="more", language="es")
    for path in ("/help", "/account"):
        text = nora.browser.get(path, headers={"Accept-Language": "en-GB"}).text
        assert '<html lang="es" dir="ltr" class="text-largest more-contrast">' in text, path


def test_a_date_of_another_year_carries_it(nora, clinic):
    """The next visit is next year, and a day of last year is opened again."""
    last, coming = date(TODAY.year - 1, 12, 31), date(TODAY.year + 1, 2, 27)
    with clinic.database.write() as session:
        record_rows.add(session, nora.patient.id, Appointment(coming), by=SYSTEM, at=NOW)
        diary.save_version(
            session, nora.patient.id, DiaryEntry(last, axial_pain=3), by=SYSTEM, at=NOW
        )
    assert f"27 February {coming.year}" in nora.page().text
    assert f"31 December {last.year}" in nora.page(f"day/{last}").text
    today = nora.page(f"day/{TODAY}").text
    assert str(TODAY.year) not in re.sub("<[^>]+>", "", today.split("<h1>")[1].split("<form")[0])


def test_letters_of_a_chart_follow_those_of_the_page_and_its_marks_are_explained(nora):
    nora.history_of(20)
    for chosen in ("normal", "large", "largest"):
        nora.send("settings", zone="UTC", text_size=chosen)
        for tail in ("", "recovery", "report"):
            text = nora.page(tail).text
            (source,) = re.findall(r'<img class="chart[^"]*" src="([^"]+)"', text)
            assert (f"letters={chosen}" in source) is (chosen != "normal"), (tail, chosen)
            picture = nora.browser.get(unescape(source))
            assert picture.status_code == 200
            # Where the browser's own letters fill the screen, they are the largest all the same.
            assert "letters=largest" in text
            assert "Dots: single days." in text, "the words of the picture, as on paper"
            assert "Line: mean of the last 7 days" in text


def test_help_of_a_patient_is_about_their_own_operation(nora, clinic):
    """Nobody after a fusion of the low back has to read past the neck; strangers read all of it."""
    for browser, reads_of_the_neck in ((nora.browser, False), (clinic.browser(), True)):
        text = browser.page("/help").text
        assert ("Noisy breathing" in text) is reads_of_the_neck
        assert ("after a neck operation" in text) is reads_of_the_neck
        assert "otherwise" not in text
        assert "after the first 30 days" in text


def test_a_surgeon_reads_in_letters_of_their_own(nora, clinic):
    nora.send("settings", zone="UTC", text_size="largest")
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"]
        people.grant_care(session, nora.patient.id, carol.id, by=SYSTEM, at=NOW)
    surgeon = clinic.signed_in("carol")
    assert "text-largest" not in surgeon.get(f"/clinic/p/{nora.patient.public_id}").text


def test_settings_name_who_may_look(nora, clinic):
    assert "Only you." in nora.page("settings").text
    with clinic.database.write() as session:
        carol = clinic.accounts["carol"]
        people.grant_care(session, nora.patient.id, carol.id, by=SYSTEM, at=NOW)
    assert "Carol" in nora.page("settings").text


def test_unknown_time_zone_is_refused(nora):
    assert nora.send("settings", zone="Mars/Base").status_code == 422
    assert nora.recovery().patient.zone == "Europe/London"


def test_report_page_offers_both_papers(nora):
    nora.history_of(5)
    text = nora.page("report").text
    assert "paper=a4" in text
    assert "paper=letter" in text
    assert "nobody reads it live" in text


def test_weeks_with_nothing_written_are_one_row_of_the_table(clinic):
    late = new_diarist(clinic, "late", days_ago=760)
    late.history_of(20)
    page = late.page("recovery?weeks=all").text
    rows = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert rows == ["108", "107", "106", "105", "0 to 104"]
    assert re.search(r"0 to 104</th>(<td>–</td>)+<td>0</td></tr>", page)


def test_one_day_is_one_day_for_those_who_listen(clinic):
    new = new_diarist(clinic, "new", days_ago=0)
    new.log(**CALM)
    page = new.page("recovery").text
    assert "Chart of the day of the operation." in page
    assert "(1 day answered)" in page
    assert "1 days" not in page


def test_recovery_page_shows_picture_words_and_table(nora):
    nora.history_of(20)
    text = nora.page("recovery").text
    assert "<picture>" in text
    assert "prefers-color-scheme:dark" in text
    assert "<table" in text


# Typed answers outlive a sign-in.


def test_signed_out_while_writing_loses_nothing(nora):
    form = nora.blank()
    stranger = nora.clinic.signed_out_again("nora")
    typed = {**form, **CALM, "note": "still here"}
    answer = stranger.client.post(nora.day(), data=typed)
    assert answer.status_code == 401
    assert "/help" in answer.text
    assert nora.entry() is None
    stranger.sign_in("nora")
    carried = stranger.page("/carried").form(nora.day())
    back = stranger.client.post(nora.day(), data=MultiDict(carried.fields))
    assert back.status_code == 200
    page = Page(back.text)
    assert page.problems == []
    assert "still here" in back.text
    assert 'id="axial_pain-3" value="3" checked' in back.text
    saved = stranger.client.post(nora.day(), data={**page.form(nora.day()).hidden(), **CALM})
    assert saved.status_code == 303


@pytest.mark.parametrize("more", [{}, {"steps": "many"}])
def test_signed_out_with_an_emergency_reads_the_number_before_the_form(nora, more):
    """Weakness with a fever: an emergency that no single tick of the form shows by itself."""
    form, stranger = nora.blank(), nora.clinic.signed_out_again("nora")
    told = {"signs": "some", "line": "weakness", "follow-weakness": "none", "temperature_c": "38.4"}
    stranger.client.post(nora.day(), data={**form, **CALM, **told, **more})
    stranger.sign_in("nora")
    carried = stranger.page("/carried")
    assert '<a class="btn emer block" href="/help">' in carried.text
    fields = MultiDict(carried.form(nora.day()).fields)
    back = Page(stranger.client.post(nora.day(), data=fields).text).text
    assert 0 < back.index("This needs help now") < back.index('id="walking-0"')


@pytest.mark.parametrize(
    ("page", "action", "typed"),
    [
        ("share", "share/carer", {"name": "Aunt Ida", "rights": "read"}),
        ("share", "share/link", {"day": "2026-04-02"}),
        ("diary", "diary/notes", {"words": "Aunt Ida"}),
    ],
)
def test_signed_out_on_a_page_beside_the_diary_loses_nothing(nora, page, action, typed):
    stranger = nora.clinic.signed_out_again("nora")
    stranger.client.post(nora.path(action), data=typed)
    stranger.sign_in("nora")
    carried = stranger.page("/carried").form(nora.path(action))
    back = stranger.client.post(nora.path(action), data=MultiDict(carried.fields))
    assert back.status_code == 200
    sent = Page(back.text).form(nora.path(action)).fields
    assert [pair for pair in typed.items() if pair[0] != "rights" and pair not in sent] == []
    assert 'class="link"' not in back.text


def test_signed_out_before_a_button_leads_back_to_its_page(nora):
    stranger = nora.clinic.signed_out_again("nora")
    for action, page in (
        ("events/1/remove", "events"),
        (f"day/{TODAY}/take-back", f"day/{TODAY}"),
        ("share/link/7", "share"),
        ("zone", ""),
    ):
        answer = stranger.client.post(nora.path(action))
        assert answer.status_code == 401
        assert ("next", nora.path(page)) in Page(answer.text).form("/account/sign-in").fields
    answer = stranger.get(nora.path("diary?month=2026-01"))
    assert answer.headers["Location"].endswith("diary?month%3D2026-01")


def test_answers_of_one_are_never_handed_to_another(nora, clinic):
    form = nora.blank()
    shared = nora.clinic.signed_out_again("nora")
    shared.client.post(nora.day(), data={**form, **CALM, "note": "not for bob"})
    shared.sign_in("bob")
    answer = shared.get("/carried", follow_redirects=True)
    assert "not for bob" not in answer.text


def test_walking_alone_is_not_called_too_early_for_ever(clinic) -> None:
    """After a year it is not early: what was never answered is named instead."""
    nora = new_diarist(clinic, days_ago=399)
    nora.history_of(390, axial_pain=None, limb_pain=None, numbness=None, limb_pain_side=None)
    assert nora.recovery().assessment.status is Status.TOO_EARLY
    home = nora.page().text
    assert "too early" not in home
    assert "For now" not in home
    assert "You have not told the diary enough about pain or numbness" in home


@pytest.mark.parametrize("earlier", [0, 3])
def test_who_begins_late_and_writes_daily_is_not_told_to_tell_more(clinic, earlier: int) -> None:
    """Seven months after the operation, also after a few entries long ago."""
    nora = new_diarist(clinic, days_ago=210)
    if earlier:
        clinic.clock.forward(days=-190)
        nora.history_of(earlier)
        clinic.clock.forward(days=190)
    nora.history_of(20)
    assert nora.recovery().assessment.status is Status.TOO_EARLY
    home = nora.page().text
    assert "It is too early to compare." in home
    assert "You have not told the diary enough" not in home


def test_a_young_diary_with_every_answer_is_too_early(clinic) -> None:
    nora = new_diarist(clinic, days_ago=12)
    nora.history_of(10)
    assert "It is too early to compare." in nora.page().text


def test_the_number_of_the_team_stands_above_what_to_call_it_for(nora):
    """Nobody scrolls past forty lines to call."""
    said = nora.browser.page("/help").text
    urgent = said[said.index("Call your spine team today") :]
    assert urgent.index('href="tel:01632960123"') < urgent.index("Wound red")
