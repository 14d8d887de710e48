"""What a setting moves, and what it never touches."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from recovery_tracker.domain.flags import Assessment, Episode, Pattern, Urgency
from recovery_tracker.domain.history import History
from recovery_tracker.domain.sensitivity import Sensitivity, Step, in_force, rule_set_name, rules_of
from recovery_tracker.laboratory.sensitivity import measure
from recovery_tracker.laboratory.simulate import simulate
from recovery_tracker.trends import STANDARD, Parameters, assess, replay
from recovery_tracker.trends.batch import trend_episodes
from recovery_tracker.trends.results import SAME_ALARMS
from recovery_tracker.trends.sensitivity import MEASURED, MEASURED_RULES, factor_of, is_moved, under
from recovery_tracker.trends.series import diaries_of
from tests.stories import Story
from tests.trends.diaries import diary_tables
from tests.trends.recoveries import OPERATION_DAY, Recovery, ramp
from tests.trends.test_laws import recoveries

EVERY = list(Sensitivity)


def scaled(setting: Sensitivity) -> Parameters:
    """The rule set written out: every alarm times the factor."""
    alarms = [each.name for each in fields(STANDARD) if each.name.endswith("_alarm")]
    assert len(alarms) >= 9
    moved = {name: getattr(STANDARD, name) * factor_of(setting, STANDARD) for name in alarms}
    return replace(STANDARD, rule_set=rule_set_name(STANDARD.rule_set, setting), **moved)


def always(history: History, setting: Sensitivity) -> History:
    """The history of somebody whose clinic has had one setting from the beginning."""
    return replace(history, sensitivity=(Step(history.index.day, setting),))


@pytest.mark.parametrize("setting", EVERY)
def test_a_setting_is_every_alarm_times_its_factor(setting):
    """The same flags as from a rule set whose thresholds were written by hand."""
    diaries = simulate(150, 420, 31).diaries
    by_factor = replay(under(diaries, setting))
    by_hand = replay(diaries, scaled(setting))
    plain = [(row, replace(e, rule_set="")) for row, e in by_factor]
    assert plain == [(row, replace(e, rule_set="")) for row, e in by_hand]
    named = {e.rule_set for _, e in by_factor if is_moved(e)}
    assert named == {rule_set_name(STANDARD.rule_set, setting)}


def test_no_alarm_is_out_of_reach():
    """What adds to the evidence is capped: an alarm above all of it would never be raised."""
    p = STANDARD
    of_pain = (
        p.weight_lasting * p.lasting_clip**2
        + p.weight_today * p.today_clip
        + p.weight_sum * p.sum_most
    )
    more = (p.alone_weight_lasting - p.weight_lasting) * p.lasting_clip**2
    by_itself = of_pain + more + p.alone_weight_beyond * p.beyond_most
    quiet = scaled(Sensitivity.QUIET)
    assert quiet.axial_alarm < 0.95 * of_pain
    assert quiet.alone_axial_alarm < 0.95 * by_itself


def test_settings_differ_where_they_should():
    diaries = simulate(300, 420, 32).diaries
    raised = {s: sum(is_moved(e) for _, e in replay(under(diaries, s))) for s in EVERY}
    assert raised[Sensitivity.QUIET] < raised[Sensitivity.STANDARD] < raised[Sensitivity.SENSITIVE]


def alarming(found: Assessment) -> set[tuple[object, ...]]:
    """Every day on which something asks for action the same day or at once."""
    told = {
        (e.raised_on, e.urgency, e.signs) for e in found.episodes if e.urgency >= Urgency.SAME_DAY
    }
    news = [update for e in found.episodes for update in e.updates]
    return told | {(u.day, u.urgency) for u in news if u.urgency >= Urgency.SAME_DAY}


def levels(found: Assessment) -> list[object]:
    """What was found by levels: neither a change, nor an answer, nor silence."""
    return [
        e
        for e in found.episodes
        if not is_moved(e) and not e.signs and e.pattern is not Pattern.GONE_QUIET
    ]


def silences(found: Assessment) -> list[object]:
    return [
        (e.raised_on, e.cleared_on, e.onset)
        for e in found.episodes
        if e.pattern is Pattern.GONE_QUIET
    ]


@settings(max_examples=30, deadline=None)
@given(diary_tables(days=240), st.integers(60, 260))
def test_answers_levels_and_silence_are_the_same_with_every_setting(table, last):
    story = Story(table)
    found = [assess(always(story.history, s), story.day(last)) for s in EVERY]
    for what in (alarming, levels, silences, lambda f: f.sufficiency):
        told = [what(each) for each in found]
        assert told[0] == told[1] == told[2]


def test_the_test_above_sees_answers_and_levels():
    """It would be empty talk if such diaries held none."""
    answers = Story("lumbar\nday 0-90 axial=3 signs=none\nday 91 signs=saddle_numbness")
    assert alarming(assess(answers.history, answers.day(91)))
    never_better = Story("lumbar\nday 0-240 axial=7 limb=2 signs=none")
    assert levels(assess(never_better.history, never_better.day(240)))


def _two_pains(seed: int) -> Recovery:
    """Back and limb pain that both rise early: a flag of one waits for the scores of both."""
    rises = {"axial": ramp(18, 3.0, 3), "limb": ramp(18, 4.0, 3)}
    return Recovery(days=70, seed=seed, plateau=1.0, noise=1.0, others=False, **rises)


@settings(max_examples=30, deadline=None)
@given(recoveries(), st.integers(20, 260), st.sampled_from(EVERY))
@example(_two_pains(seed=3), 28, Sensitivity.SENSITIVE)
@example(_two_pains(seed=212), 28, Sensitivity.QUIET)
def test_a_change_of_setting_leaves_what_was_raised_before(recovery, day, setting):
    """Nothing is raised, renamed, withdrawn or ended in the past, and a flag keeps its own end."""
    history, today = recovery.history(), recovery.last_day
    step = recovery.on(min(day, recovery.days))
    before = assess(history, today).episodes
    after = assess(replace(history, sensitivity=(Step(step, setting),)), today).episodes

    def told(episodes):
        return [
            (e.pattern, e.raised_on, e.cleared_on, e.onset, e.rule_set)
            for e in episodes
            if e.raised_on < step
        ]

    assert told(after) == told(before)
    name = rule_set_name(STANDARD.rule_set, setting)
    # A day recorded late is judged by the setting of that day, not of the day it came in.
    late = timedelta(days=int(STANDARD.late_after))
    changes = [e for e in after if is_moved(e) and e.raised_on >= step + late]
    assert {e.rule_set for e in changes} <= {name}


def _by_row(pairs, rows: int) -> list[list[Episode]]:
    found: list[list[Episode]] = [[] for _ in range(rows)]
    for row, episode in pairs:
        found[row].append(episode)
    return found


def _for_nine_weeks(points: float) -> Callable[[int], float]:
    return lambda day: points if 150 <= day < 215 else 0.0


@cache
def only_standard() -> tuple[Recovery, Episode]:
    """A rise that came and went, found on standard and not on quiet: the first of many diaries
    whose flag stands for a week or more.
    """
    tried = [
        Recovery(days=260, seed=seed, others=False, axial=_for_nine_weeks(size))
        for size in (1.0, 1.2, 1.4)
        for seed in range(30)
    ]
    diaries = diaries_of([each.history() for each in tried], [tried[0].last_day] * len(tried))
    days = [OPERATION_DAY] * len(tried)
    found = {
        setting: _by_row(trend_episodes(under(diaries, setting), first_days=days), len(tried))
        for setting in (Sensitivity.QUIET, Sensitivity.STANDARD)
    }
    for recovery, quiet, standard in zip(
        tried, found[Sensitivity.QUIET], found[Sensitivity.STANDARD], strict=True
    ):
        if quiet or len(standard) != 1 or standard[0].cleared_on is None:
            continue
        if (standard[0].cleared_on - standard[0].raised_on).days >= 7:
            return recovery, standard[0]
    raise AssertionError("no such rise: the test needs other diaries")


def test_a_flag_that_quiet_would_not_raise_stays_after_the_change():
    """Raised on standard, then the clinic turns to quiet: it stands, and ends as it would have."""
    recovery, standard = only_standard()
    turned = Step(standard.raised_on + timedelta(days=1), Sensitivity.QUIET)
    history = replace(recovery.history(), sensitivity=(turned,))
    (kept,) = [e for e in assess(history, recovery.last_day).episodes if is_moved(e)]
    assert (kept.raised_on, kept.cleared_on) == (standard.raised_on, standard.cleared_on)
    assert kept.rule_set == STANDARD.rule_set


def test_the_assessment_names_the_setting_of_its_day_and_waits_for_the_next():
    recovery = Recovery(days=120, axial=ramp(200, 1))
    step = Step(recovery.on(100), Sensitivity.SENSITIVE)
    history = replace(recovery.history(), sensitivity=(step,))
    day_before = assess(history, recovery.on(99))
    assert day_before.rule_set == STANDARD.rule_set
    assert day_before.next_change_on == step.first
    assert assess(history, step.first).rule_set == f"{STANDARD.rule_set}/sensitive"


def test_names_and_days_of_a_setting():
    steps = (Step(OPERATION_DAY, Sensitivity.QUIET),)
    assert in_force(steps, OPERATION_DAY - timedelta(days=1)) is Sensitivity.STANDARD
    assert in_force(steps, OPERATION_DAY) is Sensitivity.QUIET
    for setting in EVERY:
        assert rules_of(rule_set_name("2026-01-01", setting)) == "2026-01-01"


def test_the_numbers_on_the_page_are_of_the_rules_in_use():
    """After a change of thresholds: python -m recovery_tracker.laboratory.sensitivity"""
    assert STANDARD.rule_set in (MEASURED_RULES, *SAME_ALARMS)


@pytest.mark.long
@pytest.mark.slow
def test_the_numbers_on_the_page_can_be_measured_again():
    assert measure() == dict(MEASURED)
