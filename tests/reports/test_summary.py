"""The story is honest: it counts what was answered and never says that all is well."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry, SignChange
from recovery_tracker.domain.flags import Pattern, Status
from recovery_tracker.domain.history import History
from recovery_tracker.domain.instructions import Instruction, InstructionKind
from recovery_tracker.domain.people import Role
from recovery_tracker.domain.questionnaires import FormScore
from recovery_tracker.domain.status import status_sentence
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.domain.wording import day_words
from recovery_tracker.reports import Handover, summarise
from recovery_tracker.reports.data_hash import data_hash
from recovery_tracker.reports.headline import headline
from recovery_tracker.trends.assessment import assess
from recovery_tracker.trends.levels import levels_of
from tests.charts.recoveries import OPERATION, recovery


def told(before, weeks, measure="axial_pain", about=""):
    """The headline of a diary with one steady score a week."""
    scores = [score for score in weeks for _ in range(7)]
    preop = {"preop_axial_pain": before} if measure == "axial_pain" else {}
    history = History(
        (Operation(OPERATION, Region.LUMBAR, **preop),),
        tuple(
            DiaryEntry(OPERATION + timedelta(days=day), **{measure: score})
            for day, score in enumerate(scores)
        ),
    )
    levels = levels_of(history, OPERATION + timedelta(days=len(scores) - 1))
    return " ".join(headline(levels, Region.LUMBAR, about=about))


def test_a_back_that_came_back():
    assert told(7, [6, 3, 6]) == (
        "Back pain went from 7 to 3 at its best (week 1) and is now back at 6."
    )


def test_a_steady_back_did_not_come_back():
    """Its best week is the luckiest of many; a point above it is how steady pain looks."""
    assert told(7, [4, 2, 1, 2, 2]) == "Back pain went from 7 to 2."


def test_the_pain_of_an_open_flag_does_not_only_fall():
    """A flag says that it is back; what it fell by since the operation would comfort above that."""
    weeks = [4, 2, 1, 2, 2.5]
    back = "Back pain went from 7 to 1 at its best (week 2) and is now back at 2.5."

    assert told(7, weeks) == "Back pain went from 7 to 2.5."
    assert told(7, weeks, about="axial_pain") == back
    assert told(7, weeks, about="limb_pain") == "Back pain went from 7 to 2.5."
    assert told(7, [4, 2, 1.5, 2], about="axial_pain") == "Back pain went from 7 to 2."


def test_a_back_that_hardly_gained_is_as_before():
    assert told(7, [7, 5.4, 6.5]) == (
        "Back pain is much the same as before the operation (7, now 6.5)."
    )


def test_a_diary_that_stopped_tells_what_was_last_known():
    assert told(7, [6, 2, 4, None, None]) == (
        "Back pain was last known in week 2: 4; best so far 2 in week 1."
    )
    assert told(None, [1, 3, None, None], "walking") == (
        "Walking was last known in week 1: 30 to 60 min."
    )


def test_of_two_pains_the_one_that_moved_is_told_else_the_first():
    """Less than a point since the best week is no reason to prefer a leg to the back."""

    def first_sentence(limb):
        index = Operation(OPERATION, Region.LUMBAR, preop_axial_pain=7, preop_limb_pain=6)
        history = History(
            (index,),
            tuple(
                DiaryEntry(OPERATION + timedelta(days=day), axial_pain=2, limb_pain=limb[day // 7])
                for day in range(7 * len(limb))
            ),
        )
        levels = levels_of(history, OPERATION + timedelta(days=7 * len(limb) - 1))
        return headline(levels, Region.LUMBAR)[0]

    assert first_sentence([0.5, 1, 1]) == "Back pain went from 7 to 2."
    assert first_sentence([1, 1, 4]).startswith("Leg pain went from 6 to 1 at its best (")


@pytest.mark.parametrize(
    ("until", "sign", "rise", "is_told"),
    [
        (58, None, 0, True),
        (58, "wound_redness", 0, True),
        (68, None, 0, True),
        (58, None, 5, False),
    ],
    ids=["no flag", "a wound", "gone quiet", "back pain is back"],
)
def test_weekly_pain_that_got_worse_is_left_out_only_beside_a_flag_of_a_rise(
    until, sign, rise, is_told
):
    """A flag of anything else does not say it."""
    entries = []
    for day in range(1, 59):
        peg = None if day % 7 else 6 if day == 56 else 2
        entries.append(
            DiaryEntry(
                OPERATION + timedelta(days=day),
                axial_pain=2 + rise * (day > 35),
                limb_pain=1,
                walking=2,
                peg_pain=peg,
                peg_enjoyment=peg,
                peg_activity=peg,
                signs=frozenset({sign} if sign and day == 58 else ()),
            )
        )
    history = History((Operation(OPERATION, Region.LUMBAR),), tuple(entries))
    page = summarise(history, assess(history, OPERATION + timedelta(days=until)))
    assert bool(page.findings) == (sign is not None or rise > 0 or until > 58)
    assert any("2 before, 6 on" in line for line in page.headline) is is_told


def test_what_the_flag_is_about_is_told_first():
    """Pain that went down would comfort above a flag of more and more strong painkillers."""
    index = Operation(OPERATION, Region.LUMBAR, preop_axial_pain=7, preop_limb_pain=6)
    weeks = range(5)
    history = History(
        (index,),
        tuple(
            DiaryEntry(
                OPERATION + timedelta(days=7 * week + day),
                axial_pain=7 - week,
                limb_pain=1,
                numbness=2 * (week == 4),
                walking=2,
                opioid_doses=week,
            )
            for week in weeks
            for day in range(7)
        ),
    )
    levels = levels_of(history, OPERATION + timedelta(days=34))

    def first(about):
        told = headline(levels, Region.LUMBAR, about=about)
        assert len(told) == 2
        return told[0]

    # Beside an urgent flag only what got worse is told, and rising doses did.
    assert headline(levels, Region.LUMBAR, worse_only=True, about="opioid_doses") == (
        "Strong painkiller doses: from 0 to 4 a day.",
    )
    assert headline(levels, Region.LUMBAR, worse_only=True) == ()

    assert first("").startswith("Back pain went from 7 to 3.")
    assert first("opioid_doses") == "Strong painkiller doses: from 0 to 4 a day."
    assert first("limb_pain").startswith("Leg pain went from 6 to")
    assert first("numbness") == "Numbness was best in the first week (none) and is now some."
    # Of something that the chart does not follow nothing is told.
    assert first("steps") == first("")


def test_a_back_that_settled():
    assert told(7, [6, 4, 2]) == "Back pain went from 7 to 2."


def test_a_back_that_never_moved():
    assert told(7, [7, 7, 7]) == ("Back pain is much the same as before the operation (7, now 7).")


def test_walking_that_was_lost_again_with_nothing_known_from_before():
    assert told(None, [1, 3, 1], "walking") == (
        "Walking was best in week 1 (30 to 60 min) and is now under 10 min."
    )


def test_nothing_to_tell_yet():
    history, _ = recovery(1)
    assert headline(levels_of(history, OPERATION), Region.LUMBAR) == ()


def test_the_first_week_is_not_judged():
    assert told(7, [4]) == ""
    assert told(None, [3, 6, 6]).startswith("Back pain was best in the first week (3)")


@pytest.mark.parametrize("day", [0, 1, 3])
def test_a_page_without_an_entry_says_so_and_counts_nothing(day):
    history = History((Operation(OPERATION, Region.LUMBAR, preop_axial_pain=7),))
    story = summarise(history, assess(history, OPERATION + timedelta(days=day)))
    assert story.status_line == story.sufficiency == "Nothing was entered since the operation."
    assert story.signs_line == "Not answered yet."
    assert story.now == ("The day of the operation" if day == 0 else f"Day {day}")


@pytest.mark.parametrize("status", Status)
def test_no_status_says_that_all_is_well(status):
    _, assessment = recovery(60)
    said = status_sentence(replace(assessment, status=status)).lower()
    assert said
    for word in ("all is well", "normal", "fine", "healthy", "safe"):
        assert word not in said


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("expected", [0, 40])
def test_where_no_day_was_asked_for_none_are_counted(status, expected):
    _, assessment = recovery(60)
    held = replace(
        assessment.sufficiency,
        expected=expected,
        logged=0,
        unasked=0,
        recent_expected=0,
        recent_logged=0,
    )
    said = status_sentence(replace(assessment, status=status, sufficiency=held))
    assert "0 of 0" not in said


def test_without_a_flag_the_days_are_named():
    _, assessment = recovery(60)
    held = assessment.sufficiency
    said = status_sentence(assessment)
    days = f"{held.kept} of {held.expected} expected days were logged."
    assert said.startswith(f"No flag now. {days}")


def test_the_table_of_signs_and_the_line_below_it_count_the_same_days():
    """A sign that is still there when asked after, and a measured fever, are reports too."""
    history, assessment = recovery(20)
    entries = list(history.entries)
    entries[5] = replace(entries[5], signs=frozenset({"calf_swelling"}))
    entries[6] = replace(entries[6], sign_changes={"calf_swelling": SignChange.BETTER})
    entries[7] = replace(entries[7], sign_changes={"calf_swelling": SignChange.GONE})
    entries[9] = replace(entries[9], temperature_c=38.4)
    story = summarise(replace(history, entries=tuple(entries)), assessment)
    assert {(row.sign, row.days) for row in story.signs} == {("calf_swelling", 2), ("fever", 1)}
    assert story.signs_line.startswith("Reported on 3 of ")


def test_none_is_counted_over_answered_days_only():
    history, assessment = recovery(20)
    entries = list(history.entries)
    entries[3] = replace(entries[3], signs=None)
    entries[5] = replace(entries[5], signs=frozenset({"fever"}))
    story = summarise(replace(history, entries=tuple(entries)), assessment)
    answered = len([e for e in entries if e.recorded_on() <= assessment.as_of]) - 1
    assert story.signs_line == f"Reported on 1 of {answered} days answered."
    assert [(row.sign, row.days) for row in story.signs] == [("fever", 1)]


def test_both_dates_of_a_flag_are_told():
    history, assessment = recovery(86)
    (finding,) = summarise(history, assessment).findings
    assert "noticed 2 Mar 2026" in finding.since
    assert "Began about 19 Feb (between 15 Feb and 23 Feb)" in finding.since


def test_the_hash_changes_with_an_answer_and_with_nothing_else():
    history, _ = recovery(30)
    changed = replace(history.entries[4], axial_pain=0)
    other = replace(history, entries=(*history.entries[:4], changed, *history.entries[5:]))
    assert data_hash(history) == data_hash(replace(history, events=()))
    assert data_hash(history) != data_hash(other)


def test_a_diary_without_an_own_question_keeps_the_hash_of_its_older_reports():
    """Worked out once, before an answer kept the words that it was asked with."""
    days = (DiaryEntry(date(2026, 3, 1), axial_pain=3), DiaryEntry(date(2026, 3, 2), walking=2))
    history, _ = recovery(30)
    assert data_hash(replace(history, entries=days)) == "f2d6f6e104de"
    asked = replace(days[0], own_item=4, own_question="Knitting")
    renamed = replace(asked, own_question="Sewing")
    one, other = (data_hash(replace(history, entries=(day,))) for day in (asked, renamed))
    assert one != other


def test_the_page_says_that_the_follow_up_has_ended():
    history, assessment = recovery(30)
    day = assessment.as_of - timedelta(days=3)
    still, ended = (
        summarise(history, assessment, Handover(ended_on=one)).now for one in (None, day)
    )
    assert ended == f"{still}. Follow-up ended on {day_words(day, year=True)}"


def test_notes_can_be_left_out():
    history, assessment = recovery(30)
    noted = replace(history.entries[4], note="Private")
    with_note = replace(history, entries=(*history.entries[:4], noted, *history.entries[5:]))
    assert summarise(with_note, assessment).notes[0].text == "Private"
    assert summarise(with_note, assessment, Handover(with_notes=False)).notes == ()


# --- what the clinic said, and painkillers in the patient's own words ---


def said(kind, topic="", text="", due=None):
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    return Instruction(kind, at.date(), at, topic, text, due)


def test_what_the_clinic_restricted_and_allowed_stands_on_the_page():
    history, assessment = recovery(86)
    assert summarise(history, assessment).limits == ""
    today = assessment.as_of
    held = (
        said(InstructionKind.RESTRICTION, "lifting", due=today),
        said(InstructionKind.RESTRICTION, "work", due=today - timedelta(days=1)),
        said(InstructionKind.CLEARANCE, "driving", due=today + timedelta(days=6)),
        said(InstructionKind.PLAN, "have_picture"),
    )
    told = summarise(replace(history, instructions=held), assessment)
    assert told.limits == "No heavy lifting, until 11 Mar 2026; Driving, from 17 Mar 2026"


def test_the_latest_answer_about_painkillers_stands_beside_the_doses():
    history, assessment = recovery(86, opioids=True)
    entries = list(history.entries)
    entries[-9] = replace(entries[-9], painkiller_change="fewer")
    told = dict(summarise(replace(history, entries=tuple(entries)), assessment).context)
    day = entries[-9].day
    assert "doses of strong painkillers a day in the last week" in told["Painkillers"]
    assert told["Painkillers"].endswith(f"; said on {day_words(day)}: fewer")


def test_of_a_single_dose_or_level_or_day_there_is_one():
    history, _ = recovery(86, opioids=True)
    one = replace(history.index, levels=1, level_names="")
    entries = tuple(replace(entry, opioid_doses=1) for entry in history.entries)
    history = replace(history, operations=(one,), entries=entries)
    told = summarise(history, assess(history, entries[-1].day))
    said = dict(told.context)["Painkillers"]
    assert said.startswith("1 dose of strong painkillers a day in the last week")
    assert "1 level on" in told.operation
    first = replace(history, entries=entries[:1])
    found = summarise(first, assess(first, entries[0].day))
    assert found.signs_line == "Reported on 0 of 1 day answered."


def test_metal_parts_that_nobody_asked_about_are_not_recorded_rather_than_unticked():
    history, assessment = recovery(86)

    def told(asked):
        entries = tuple(replace(e, signs=frozenset(), signs_asked=asked) for e in history.entries)
        story = summarise(replace(history, entries=entries), assessment)
        return dict(story.context)["Loading and hardware"]

    # What was asked is said apart from what was not: each daily form asks about the hardware alone.
    loading, hardware = frozenset({"worse_on_loading"}), frozenset({"clunk"})
    assert told(loading) == "loading: nothing ticked; hardware: not asked"
    assert told(hardware) == "hardware: nothing ticked; loading: not asked"
    assert told(loading | hardware) == "nothing ticked"
    assert told(frozenset({"saddle_numbness"})) == "not recorded"
    # Where nobody knows what was asked, an answer counts for every line, as it does for the rules.
    assert told(None) == "nothing ticked"
    empty = dict(summarise(replace(history, entries=()), assessment).context)
    assert empty["Loading and hardware"] == "not recorded"


def test_totals_of_forms_known_by_the_day_of_the_page_stand_on_it():
    history, assessment = recovery(86)
    assert summarise(history, assessment).scores == ""
    today = assessment.as_of
    typed = tuple(
        FormScore(day, "odi_percent", score, Role.PATIENT)
        for day, score in ((today, 28), (today + timedelta(days=1), 99))
    )
    told = summarise(replace(history, scores=typed), assessment)
    assert told.scores == "ODI 28 % on 11 Mar 2026"


def test_while_an_operation_is_waited_for_the_page_tells_of_the_days_so_far():
    """A warning of before stands among the signs, as it does in the first line."""
    operation = Operation(OPERATION, Region.LUMBAR)
    day = OPERATION - timedelta(days=9)
    entry = DiaryEntry(day, numbness=2, numbness_zones=frozenset({"left_calf"}))
    history = History((operation,), (replace(entry, signs=frozenset({"calf_swelling"})),))
    page = summarise(history, assess(history, day))
    assert [(row.sign, row.days) for row in page.signs] == [("calf_swelling", 1)]
    assert [finding.is_urgent for finding in page.findings] == [True]
    assert page.numbness.startswith("Left calf")


def test_a_numb_place_is_told_with_its_first_and_last_day():
    """A place that is new stands out from one that has been numb since the operation."""
    history, _ = recovery(60, missing=0)
    calf, both = frozenset({"left_calf"}), frozenset({"left_calf", "right_foot"})
    new = history.entries[-3].day
    entries = tuple(
        replace(entry, numbness=2, numbness_zones=both if entry.day >= new else calf)
        for entry in history.entries
    )
    known = replace(history, entries=entries)
    first, last = entries[0].day, entries[-1].day
    page = summarise(known, assess(known, last))
    since = f"{day_words(first, year=True)} to {day_words(last)}"
    assert page.numbness == (
        f"Left calf ({len(entries)} days, {since}), "
        f"Right foot (3 days, {day_words(new)} to {day_words(last)})."
    )


def test_after_a_revision_the_page_tells_of_that_recovery_alone():
    """Numb places, metal parts and notes of the time before it are in the history, not here."""
    history, _ = recovery(60)
    before = replace(
        history.entries[-1],
        numbness=2,
        numbness_zones=frozenset({"left_calf"}),
        signs=frozenset({"clunk"}),
        signs_asked=frozenset({"clunk"}),
        note="before the second one",
    )
    day = before.day + timedelta(days=1)
    since = DiaryEntry(
        day, numbness=0, signs=frozenset(), signs_asked=frozenset({"saddle_numbness"})
    )
    entries = (*history.entries[:-1], before, since)
    again = replace(history, operations=(*history.operations, Operation(day, Region.LUMBAR)))
    known = replace(again, entries=entries)
    page = summarise(known, assess(known, day))
    assert page.numbness == "No place was marked."
    assert dict(page.context)["Loading and hardware"] == "not recorded"
    assert page.notes == ()
    assert page.signs == ()
    first = replace(known, operations=history.operations)
    told = summarise(first, assess(first, day))
    assert "calf" in told.numbness
    assert dict(told.context)["Loading and hardware"] != "not recorded"


def test_what_nobody_has_decided_since_it_asked_leads():
    """Two flags as urgent: an older decision about the newer one is none once that asked again."""
    history, assessment = recovery(86)
    (newer,) = assessment.episodes
    older = replace(newer, pattern=Pattern.WORSENING, raised_on=newer.raised_on - timedelta(days=9))
    found = replace(assessment, episodes=(newer, older))
    decided = dict.fromkeys((newer.key, older.key), ((("Imaging", ""),),))
    for answered, first in ((older, newer), (newer, older)):
        page = Handover(decided=decided, answered=frozenset({answered.key}))
        leading = summarise(history, found, page).findings[0]
        assert leading.pattern is first.pattern


def test_whoever_writes_once_a_week_is_told_by_the_last_answer():
    """Means of their first weeks were "last known" years later, beside a flag of today."""
    days = {**dict.fromkeys(range(40), 2), **dict.fromkeys(range(47, 120, 7), 5)}
    history = History(
        (Operation(OPERATION, Region.LUMBAR),),
        tuple(
            DiaryEntry(OPERATION + timedelta(days=day), axial_pain=pain)
            for day, pain in days.items()
        ),
    )
    levels = levels_of(history, OPERATION + timedelta(days=120))
    assert headline(levels, Region.LUMBAR) == (
        "Back pain was 5 in the last answer (week 16); last mean 2.4 (the two weeks up to week 6).",
    )


def test_a_last_answer_like_the_last_mean_is_told_alone():
    days = {**dict.fromkeys(range(40), 2), **dict.fromkeys(range(47, 120, 7), 2)}
    history = History(
        (Operation(OPERATION, Region.LUMBAR),),
        tuple(DiaryEntry(OPERATION + timedelta(days=d), walking=how) for d, how in days.items()),
    )
    levels = levels_of(history, OPERATION + timedelta(days=120))
    assert headline(levels, Region.LUMBAR) == (
        "Walking was 10 to 30 min in the last answer (week 16).",
    )


def test_without_any_mean_the_last_answer_is_told():
    history = History(
        (Operation(OPERATION, Region.LUMBAR),),
        (DiaryEntry(OPERATION + timedelta(days=100), axial_pain=5),),
    )
    levels = levels_of(history, OPERATION + timedelta(days=101))
    assert headline(levels, Region.LUMBAR) == (
        "Back pain was 5 in the last answer (week 14); too few for a mean.",
    )
