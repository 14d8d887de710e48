"""Writing a day: what is asked, what is kept, what is stored, what is refused."""

import re
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest

from recovery_tracker.domain.diary import DiaryEntry, SignChange
from recovery_tracker.domain.history import History
from recovery_tracker.domain.measures import MEASURES, NUMBNESS_ZONES, Asked
from recovery_tracker.domain.signs import SIGNS, lines_for
from recovery_tracker.domain.surgery import Approach, Operation, Region
from recovery_tracker.storage import people, record_rows
from recovery_tracker.storage.engine import driver
from recovery_tracker.web.patient.days import asking_for
from recovery_tracker.web.shared.forms.asking import DAILY_MEASURES
from recovery_tracker.web.shared.forms.correction import typed_from
from recovery_tracker.web.shared.forms.diary import DiaryForm
from tests.web.conftest import NOW, SYSTEM
from tests.web.diarist import CALM, TODAY, new_diarist
from tests.web.page import Page

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def nora(clinic):
    return new_diarist(clinic)


def test_form_asks_every_daily_measure_and_fills_in_nothing(nora):
    page = nora.page(f"day/{TODAY}")
    names = {name for name, _value in page.form(nora.day()).fields}
    # One's own question is asked once it has a name.
    asked = {key for key, measure in MEASURES.items() if measure.asked is not Asked.WEEKLY}
    assert asked - {"own_item"} <= names
    assert " checked" not in page.text


def test_the_list_of_signs_says_what_may_need_help_now_and_what_a_call_today(nora):
    """Each heading once in the list and once over the boxes, and not hidden with the call box."""
    page = nora.page(f"day/{TODAY}").text
    assert page.count('<p class="group"><b>May need help now</b></p>') == 2
    assert page.count('<p class="group"><b>May need a call today</b></p>') == 2


def test_past_day_is_never_asked_about_today(nora):
    """Every question and hint of its form, also behind "Add more"."""
    asking = asking_for(nora.recovery().history, YESTERDAY, TODAY)
    for key in (*DAILY_MEASURES, *asking.optional):
        assert not re.search("today|24 hours", asking.question(key) + asking.hint(key)), key
    assert "that day" in asking.question("walking")


def test_the_first_entry_after_an_operation_is_not_asked_since_the_last_one(clinic):
    """The first ever, the first after another operation, and a past day; before, "now" alone."""
    first, last, past = "since your operation?", "since your last entry?", "on that day?"

    def asked(day=TODAY):
        (legend,) = re.findall(r"6 of 6</span></span>([^<]+)", nora.page(f"day/{day}").text)
        return legend

    nora = new_diarist(clinic, days_ago=5)
    assert asked().endswith(first)
    assert asked(YESTERDAY).endswith(past)
    nora.log(YESTERDAY, **CALM)
    assert asked().endswith(last)
    with clinic.database.write() as session:
        again = Operation(TODAY, Region.CERVICAL)
        record_rows.add(session, nora.patient.id, again, by=SYSTEM, at=NOW)
    assert asked().endswith(first)
    nora.log(**CALM)
    assert asked().endswith(first), "the entry itself is no earlier one"
    clinic.clock.forward(days=1)
    assert asked(nora.today).endswith(last)


def test_every_region_has_its_own_words_and_zones(clinic):
    words = {"lumbar": "leg pain", "cervical": "arm pain", "thoracic": "around your ribs"}
    for region in Region:
        diarist = new_diarist(clinic, f"patient-{region}", region=region)
        page = diarist.page(f"day/{TODAY}")
        assert words[region] in page.text
        for zone in NUMBNESS_ZONES[region]:
            assert f'id="zone-{zone}"' in page.text


def test_throat_line_follows_the_approach(clinic):
    front = new_diarist(clinic, "front", region=Region.CERVICAL, approach=Approach.ANTERIOR)
    back = new_diarist(clinic, "back", region=Region.CERVICAL, approach=Approach.POSTERIOR)
    assert 'id="line-throat"' in front.page(f"day/{TODAY}").text
    assert 'id="line-throat"' not in back.page(f"day/{TODAY}").text


def test_calm_day_is_saved_as_it_was_answered(nora):
    answer = nora.log(**CALM)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/day/{TODAY}/saved")
    entry = nora.entry()
    assert (entry.walking, entry.axial_pain, entry.limb_pain_side) == (2, 3, "left")
    assert entry.signs == frozenset()
    operation = nora.recovery().history.index
    every_line = {s for line in lines_for(operation, 86) for s in line.signs}
    assert every_line <= entry.signs_asked
    assert entry.zone == "Europe/London"


def test_two_taps_are_a_day(nora):
    assert nora.log(signs="none").status_code == 303
    entry = nora.entry()
    assert entry.walking is None
    assert entry.numbness is None
    assert entry.signs == frozenset()


def test_unanswered_safety_question_keeps_everything_typed(nora):
    typed = {**CALM, "note": "slept in the chair", "steps": "1200"}
    del typed["signs"]
    answer = nora.log(**typed)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert page.problems == []
    assert page.title.startswith("Error:")
    assert 'href="#signs-none"' in answer.text
    assert "slept in the chair" in answer.text
    assert 'id="walking-2" value="2" checked' in page.text
    assert nora.entry() is None


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("temperature_c", "99"),
        ("temperature_c", "warm"),
        ("steps", "-3"),
        ("opioid_doses", "1.5"),
        ("walking_minutes", "1441"),
        ("walking", "7"),
        ("note", "x" * 2001),
    ],
)
def test_answer_out_of_bounds_is_one_clear_message(nora, field, text):
    answer = nora.log(**{**CALM, field: text})
    assert answer.status_code == 422
    assert Page(answer.text).problems == []
    assert answer.text.count(f'id="{field}-error"') == 1
    assert nora.entry() is None


def test_numbers_are_read_as_people_type_them(nora):
    nora.log(**CALM, temperature_c="37,4 °C", steps=" 1200 ")
    assert nora.entry().temperature_c == pytest.approx(37.4)
    assert nora.entry().steps == 1200


def test_none_together_with_a_tick_is_asked_again(nora):
    """Neither answer is guessed, and the number to call stands first."""
    answer = nora.log(signs="none", line="saddle")
    assert answer.status_code == 422
    assert "tel:999" in answer.text.split("<h1>")[0]
    assert nora.entry() is None


@pytest.mark.parametrize("left", [{"sign-chest": "fainting"}, {"sign-weakness": "new_weakness"}])
def test_tick_left_under_a_line_that_was_unticked_is_asked_about(nora, left):
    """Without a script the small tick stays when the line is taken back."""
    answer = nora.log(**{**CALM, "signs": "none"}, **left)
    assert answer.status_code == 422
    assert "also ticked something" in answer.text
    assert nora.entry() is None


def test_emergency_number_comes_first_when_a_form_has_to_come_back(nora):
    answer = nora.log(signs="some", line="bladder", temperature_c="99")
    assert answer.status_code == 422
    assert "tel:999" in answer.text.split("<h1>")[0]


def test_so_it_does_after_a_yes_with_no_line(nora):
    """It may be any of them, and the temperature alone is what has to be typed again."""
    answer = nora.log(**{**CALM, "signs": "some", "temperature_c": "warm"})
    assert answer.status_code == 422
    assert "tel:999" in answer.text.split("<h1>")[0]


def test_ticked_line_with_nothing_chosen_is_never_lost(nora):
    nora.log(signs="some", line="wound")
    assert nora.entry().signs == {"wound_unspecified"}
    nora.log(signs="some", line="chest")
    assert nora.entry().signs == {"chest_unspecified"}


@pytest.mark.parametrize("line", ["wound", "fever", "chest", "weakness"])
def test_ticked_line_keeps_its_own_words_and_comes_back_as_ticked(nora, line):
    """On the advice, in what to say, and on the form when it is opened again."""
    nora.log(signs="some", line=line)
    (words,) = {SIGNS[one].patient for one in nora.entry().signs if not SIGNS[one].left_open}
    told = unescape(nora.page(f"day/{TODAY}/advice").text)
    assert words[:1].upper() + words[1:] in told
    assert f"New or worse: {words}." in told.split("What to say")[1]
    form = nora.page(f"day/{TODAY}").text
    assert re.findall(r'name="line" id="line-(\w+)"[^>]*checked', form) == [line]


def test_what_was_left_open_is_said_to_be_open_and_not_said_on_the_phone(nora):
    """As urgent as a yes; never put into the mouth of the patient."""
    nora.log(signs="some", line=["weakness", "fever"])
    told = nora.page(f"day/{TODAY}/advice").text
    assert "Call 999 now" in told
    assert "You did not say whether the weakness came on fast" in told
    assert "You did not say whether there is also a stiff neck" in told
    (say,) = re.findall(r"New or worse: (.*?)\.", told)
    weak = "a weak or clumsy arm, hand, leg or foot, or unsteady walking"
    assert say == f"{weak}; fever or shivering"


def test_entry_of_an_earlier_version_can_still_be_opened_and_changed(nora):
    """An old id of two lines comes back as both, and goes where they are unticked."""
    entry = DiaryEntry(TODAY, axial_pain=3, signs=frozenset({"unspecified_emergency"}))
    page = typed_from(asking_for(nora.recovery().history, TODAY, TODAY), entry)
    assert page["line"] == ["chest"]


def test_yes_with_nothing_ticked_is_not_an_error(nora):
    answer = nora.log(signs="some")
    assert answer.location.endswith("/advice")
    assert nora.entry().signs == {"which_left_open"}


def test_weakness_left_open_counts_as_the_worst(nora):
    nora.log(signs="some", line="weakness", **{"sign-weakness": "new_weakness"})
    assert nora.entry().signs == {"new_weakness", "weakness_left_open"}


def test_weakness_answered_with_no_stays_weakness(nora):
    answers = {"sign-weakness": "new_weakness", "follow-weakness": "none"}
    nora.log(signs="some", line="weakness", **answers)
    assert nora.entry().signs == {"new_weakness"}
    assert "paralysis" in nora.entry().signs_asked


def test_severe_score_asks_whether_it_stays_bad(nora):
    nora.log(**{**CALM, "axial_pain": "9", "stays-axial_pain": "no"})
    assert nora.entry().signs == frozenset()
    nora.log(**{**CALM, "axial_pain": "9"})
    assert nora.entry().signs == {"severe_pain_left_open"}


def test_only_what_was_asked_is_said_to_be_left_open(nora, clinic):
    """A score that was corrected asks for itself: what the form no longer asks is not left open."""
    nora.log(**CALM | {"axial_pain": "9"})
    assert "severe_pain_left_open" in nora.entry().signs
    nora.log(**CALM | {"axial_pain": "9", "walking": "1"})
    assert "severe_pain_left_open" in nora.entry().signs
    nora.log(**CALM | {"axial_pain": "5"})
    assert nora.entry().signs == frozenset()
    clinic.clock.forward(days=1)
    assert "whether tablets ease the pain" not in nora.page(f"day/{nora.today}").text


def test_a_day_that_was_never_asked_opens_with_no_answer_in_its_mouth(nora):
    """Nine from a file or from paper: "No, it eases" was said by nobody."""
    for signs_asked, stays in ((None, None), ({"fever"}, None), ({"severe_pain"}, ["no"])):
        entry = DiaryEntry(
            TODAY,
            axial_pain=9,
            signs=frozenset(),
            signs_asked=None if signs_asked is None else frozenset(signs_asked),
        )
        asking = asking_for(nora.recovery().history, TODAY, TODAY)
        assert typed_from(asking, entry).get("stays-axial_pain") == stays, signs_asked


def test_score_far_above_the_own_usual_asks_as_well(nora):
    nora.history_of(14)
    assert 'id="axial_pain-7" value="7" class="severe"' in nora.page(f"day/{TODAY}").text
    nora.log(**{**CALM, "axial_pain": "7"})
    assert "severe_pain_left_open" in nora.entry().signs


def test_both_sides_ask_the_saddle_lines_again(nora):
    nora.history_of(3)
    both = {**CALM, "limb_pain_side": "both"}
    nora.log(**both)
    assert nora.entry().signs == {"cauda_equina_recheck"}
    nora.log(**both, recheck="none")
    assert nora.entry().signs == frozenset()
    nora.log(**both, recheck="saddle_numbness")
    assert nora.entry().signs == {"saddle_numbness"}


@pytest.mark.parametrize(
    ("ticked", "sign"),
    [
        ({"numbness": "1", "recheck": "saddle_numbness"}, "saddle_numbness"),
        ({"axial_pain": "77", "recheck": "bladder_bowel_change"}, "bladder_bowel_change"),
        ({"follow-weakness": "paralysis"}, "paralysis"),
        ({"follow-fever": "stiff_neck"}, "stiff_neck"),
    ],
)
def test_tick_on_a_follow_up_that_need_not_be_shown_is_never_lost(nora, ticked, sign):
    """A browser without :has() shows all; or the answer that called for it was changed after."""
    answer = nora.log(**{**CALM, **ticked})
    if answer.status_code == 422:
        assert f'value="{sign}" class="e1" checked' in answer.text
        if sign != "stiff_neck":
            assert "You do not have to finish this form" in answer.text.split("<form")[0]
    else:
        assert answer.headers["Location"].endswith("/advice")
        assert sign in nora.entry().signs


def test_zones_on_both_sides_without_a_score_ask_the_saddle_lines_again(nora):
    nora.history_of(3)
    zones = {**CALM, "numbness": "", "numbness_zones": ["left_foot", "right_foot"]}
    nora.log(**zones)
    assert nora.entry().signs == {"cauda_equina_recheck"}
    assert nora.entry().numbness is None
    assert nora.entry().numbness_zones == {"left_foot", "right_foot"}


def test_place_marked_beside_none_is_said_back_and_settled_by_saving_again(nora):
    """Without a script a side cannot be unticked, so the form that comes back has it off."""
    typed = {**CALM, "limb_pain": "0", "numbness_zones": ["left_foot", "left_calf"]}
    answer = nora.log(**typed)
    assert answer.status_code == 422
    assert "You also marked: Left. If" in answer.text
    assert "You also marked: Left calf, Left foot" in answer.text
    assert 'id="limb_pain_side-left" value="left" checked' not in answer.text
    assert nora.entry() is None
    again = {**Page(answer.text).form(nora.day()).hidden(), **typed}
    del again["limb_pain_side"], again["numbness_zones"]
    assert nora.log(form=again).status_code == 303
    assert nora.entry().limb_pain_side is None
    assert nora.entry().numbness_zones is None


def test_side_and_zones_without_a_score_are_kept(nora):
    """A browser without :has() shows the follow-ups always."""
    nora.log(signs="none", limb_pain_side="left", numbness_zones="left_foot")
    assert nora.entry().limb_pain_side == "left"
    assert nora.entry().numbness_zones == {"left_foot"}


def test_form_that_comes_back_opens_at_its_first_problem(nora):
    """One question at a time: the choice and the leaf survive the sending."""
    answer = nora.log(**{**CALM, "mobility": "9", "one_at_a_time": "yes"})
    assert 'name="one_at_a_time" value="yes" checked' in Page(answer.text).text
    opened = answer.text.split('class="leaf stack start')[1]
    assert opened.index('id="mobility"') < opened.index('id="axial_pain"')
    assert 'id="walking"' not in opened
    del (unanswered := dict(CALM))["signs"]
    assert 'class="leaf stack start last"' in nora.log(**unanswered).text


def test_correction_shows_what_stands_and_keeps_the_old_version(nora):
    nora.log(**CALM, note="first")
    page = nora.page(f"day/{TODAY}")
    assert 'id="axial_pain-3" value="3" checked' in page.text
    assert 'id="signs-none" value="none" checked' in page.text
    nora.log(**{**CALM, "axial_pain": "5"}, note="second")
    assert nora.version() == 2
    versions = nora.page(f"day/{TODAY}/versions").text
    assert "first" in versions
    assert "second" in versions


def test_same_form_twice_is_one_version(nora):
    form = nora.blank()
    first, second = nora.log(form=form, **CALM), nora.log(form=form, **CALM)
    assert first.location == second.location
    assert nora.version() == 1


def test_database_that_cannot_take_it_keeps_everything_typed(nora):
    """Another program holds the file: nothing is saved, nothing is lost, trying again works."""
    form = nora.blank()
    file = nora.clinic.config.database_url.removeprefix("sqlite:///")
    with closing(driver().connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = nora.log(form=form, **CALM, note="still here")
        other.execute("ROLLBACK")
    assert answer.status_code == 503
    assert "still here" in answer.text
    assert 'id="axial_pain-3" value="3" checked' in Page(answer.text).text
    again = Page(answer.text).form(nora.day()).hidden()
    assert nora.log(form=again, **CALM).status_code == 303


def test_two_tabs_are_both_shown_and_the_patient_chooses(nora):
    one, other = nora.blank(), nora.blank()
    nora.log(form=one, **CALM)
    answer = nora.log(form=other, **{**CALM, "axial_pain": "6"})
    assert answer.status_code == 409
    page = Page(answer.text)
    assert page.problems == []
    assert "3 out of 10" in answer.text
    assert "6 out of 10" in answer.text
    assert nora.entry().axial_pain == 3
    form = page.form(nora.day())
    nora.browser.client.post(form.action, data=dict(form.fields))
    assert nora.entry().axial_pain == 6
    assert nora.version() == 2


def test_missing_day_may_be_added_three_days_back_and_is_marked(nora):
    day = TODAY - timedelta(days=3)
    assert nora.log(day, **CALM).status_code == 303
    assert nora.entry(day).days_late == 3
    assert "filled in later" in nora.page("diary").text
    assert nora.browser.get(nora.day(TODAY - timedelta(days=4))).status_code == 404


def test_day_to_come_is_not_there(nora):
    assert nora.browser.get(nora.day(TODAY + timedelta(days=1))).status_code == 404
    assert nora.browser.get(nora.path("day/yesterday")).status_code == 404
    # A phone that lost its clock sends what waited on it for the year 1.
    assert nora.log(date(1, 1, 1), form=nora.blank(), source="offline", **CALM).status_code == 404


def test_old_day_can_always_be_corrected(nora):
    nora.history_of(30)
    day = TODAY - timedelta(days=30)
    assert nora.log(day, **{**CALM, "axial_pain": "4"}).status_code == 303
    assert nora.entry(day).axial_pain == 4
    assert nora.entry(day).days_late == 0


def test_baseline_before_the_operation(clinic):
    bob = new_diarist(clinic, "before", days_ago=-8)
    assert "Before your operation" in bob.page().text
    assert bob.log(**CALM).status_code == 303
    assert "8 days before your operation" in bob.page(f"day/{TODAY}/saved").text


def test_warning_answer_before_the_operation_stays_on_the_first_page_until_it_is_gone(clinic):
    bob = new_diarist(clinic, "before", days_ago=-8)
    bob.log(**{**CALM, "signs": "some"}, line="saddle")
    advice = bob.page(f"day/{TODAY}/advice").text
    assert "My spinal fusion will be on" in advice
    assert "weeks ago" not in advice
    assert "Go to a hospital emergency department now" in bob.page().text
    bob.clinic.clock.forward(days=1)
    assert "How is it now?" in bob.page(f"day/{bob.today}").text
    bob.log(bob.today, **CALM, **{"change-saddle_numbness": "gone"})
    assert "Go to a hospital emergency department now" not in bob.page().text


def test_first_two_weeks_name_the_day_instead_of_no_weeks(clinic):
    ann = new_diarist(clinic, "early", days_ago=3)
    ann.log(**{**CALM, "signs": "some"}, line="saddle")
    advice = ann.page(f"day/{TODAY}/advice").text
    assert "My spinal fusion was on" in advice
    assert "weeks ago" not in advice


def test_planned_second_operation_does_not_count_before_its_day(clinic):
    eve = new_diarist(clinic, "again", days_ago=30)
    planned = Operation(TODAY + timedelta(days=40), Region.LUMBAR)
    with clinic.database.write() as session:
        record_rows.add(session, eve.patient.id, planned, by=SYSTEM, at=NOW)
    assert "day 30" in eve.page(f"day/{TODAY}").text
    assert "advice" in eve.log(**CALM, temperature_c="38.2").headers["Location"]
    assert "Day 30" in eve.page().text


def test_temperature_is_asked_in_the_unit_of_the_country(clinic):
    sam = new_diarist(clinic, "units", days_ago=30)
    with clinic.database.write() as session:
        american = replace(people.patient_by_id(session, sam.patient.id), country="US")
        people.update_patient(
            session, american, expected_version=american.version, by=SYSTEM, at=NOW
        )
    assert "advice" in sam.log(**CALM, temperature_c="101").headers["Location"]
    assert sam.entry().temperature_f == 101
    assert sam.entry().temperature_c == pytest.approx(38.333, abs=0.001)


def test_past_day_asks_whether_an_emergency_sign_is_still_there(nora):
    answers = {"signs": "some", "line": "saddle"}
    assert 'name="still_there"' in nora.page(f"day/{YESTERDAY}").text
    nora.log(YESTERDAY, **answers, still_there="no")
    assert "Call your spine team today" in nora.page(f"day/{YESTERDAY}/advice").text
    nora.log(YESTERDAY, **answers)
    assert "emergency department now" in nora.page(f"day/{YESTERDAY}/advice").text


def test_open_sign_is_asked_after_first(nora):
    nora.history_of(2)
    nora.log(YESTERDAY, signs="some", line="calf")
    page = nora.page(f"day/{TODAY}")
    assert page.text.index("what you told us before") < page.text.index("How long did you walk")
    nora.log(**CALM, **{"change-calf_swelling": "gone"}, spoke="yes")
    assert nora.entry().spoke_to_someone is True
    tomorrow_asks = nora.recovery().open_signs
    assert tomorrow_asks == ()


def test_count_holds_the_questions_about_what_was_told_before(nora, clinic):
    assert "of 6 answered" in nora.page(f"day/{TODAY}").text
    nora.log(**{**CALM, "signs": "some"}, line="calf")
    clinic.clock.forward(days=1)
    page = nora.page(f"day/{nora.today}").text
    assert "of 8 answered" in page
    loop = page[page.index('class="card stack loop"') : page.index("</section>")]
    assert loop.count("<fieldset") == 2


def test_form_opened_before_midnight_keeps_what_it_asked(nora, clinic):
    """What was answered about a sign of before is stored, although the form arrives tomorrow."""
    nora.log(**{**CALM, "signs": "some"}, line="calf")
    clinic.clock.forward(days=1, hours=14, minutes=55)
    evening = nora.today
    form = nora.blank(evening)
    clinic.clock.forward(minutes=10)
    assert nora.today == evening + timedelta(days=1)
    answers = {**CALM, "change-calf_swelling": "worse", "spoke": "no"}
    assert nora.log(evening, form=form, **answers).location.endswith("/advice")
    assert nora.entry(evening).sign_changes == {"calf_swelling": SignChange.WORSE}
    assert nora.entry(evening).spoke_to_someone is False


def test_silence_never_closes_an_open_sign(nora):
    nora.history_of(2)
    nora.log(YESTERDAY, signs="some", line="calf")
    nora.log(**CALM)
    assert [sign.sign for sign in nora.recovery().open_signs] == ["calf_swelling"]


def test_correction_of_a_past_day_keeps_how_an_open_sign_went(nora):
    """The past day's form does not ask it, so it says nothing about it."""
    nora.log(**{**CALM, "signs": "some", "line": "wound", "sign-wound": "wound_redness"})
    nora.clinic.clock.forward(days=1)
    gone = nora.today
    nora.log(gone, **CALM, **{"change-wound_redness": "gone", "spoke": "yes"})
    nora.clinic.clock.forward(days=1)
    nora.log(gone, **{**CALM, "walking": "3"})
    entry = nora.entry(gone)
    assert entry.walking == 3
    assert entry.sign_changes == {"wound_redness": SignChange.GONE}
    assert entry.spoke_to_someone is True
    assert nora.recovery().open_signs == ()


@pytest.mark.parametrize("days_ago", [1, 30, 70])
@pytest.mark.parametrize("region", Region)
def test_correction_takes_no_sign_back_by_itself(clinic, region, days_ago):
    """Whatever the day holds, as a file or an earlier operation may have said it."""
    operation = Operation(TODAY - timedelta(days=days_ago), region)
    lost = []
    for sign in SIGNS:
        told = {"signs": frozenset({sign}), "signs_asked": frozenset({sign})}
        entry = DiaryEntry(TODAY, walking=2, **told, recorded_at=NOW, zone="UTC")
        asking = asking_for(History((operation,), (entry,)), TODAY, TODAY)
        with clinic.app.test_request_context():
            answers = {"signs": ["none"], **typed_from(asking, entry), "walking": ["3"]}
            form = DiaryForm(asking, answers)
            corrected = form.to_entry(recorded_at=NOW, zone="UTC", before=entry)
        # One of two lines of an earlier version goes on under the words of its line.
        kept = {"unspecified_emergency": "chest_unspecified"}.get(sign, sign)
        if corrected.walking != 3 or kept not in corrected.signs:
            lost.append(sign)
    assert lost == []


def test_correction_keeps_the_weekly_answers(nora):
    nora.log(**CALM)
    nora.send(f"day/{TODAY}/weekly", sign="stiffness", peg_pain="4")
    nora.log(**{**CALM, "axial_pain": "4"})
    entry = nora.entry()
    assert entry.peg_pain == 4
    assert "stiffness" in entry.signs
    assert entry.axial_pain == 4


def test_fahrenheit_is_typed_shown_and_stored_as_celsius(nora):
    nora.send("settings", zone="Europe/London", temperature="F")
    nora.log(**CALM, temperature_c="100.4")
    assert nora.entry().temperature_c == pytest.approx(38.0)
    assert 'value="100.4"' in nora.page(f"day/{TODAY}").text
