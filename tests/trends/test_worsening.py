"""What the trend module says about recoveries that a clinician would recognise."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from recovery_tracker.domain.flags import TREND_PATTERNS, Episode, Pattern, Urgency
from recovery_tracker.domain.phrases import say, summary
from recovery_tracker.trends.evidence import evidence_of
from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.series import diaries_of
from recovery_tracker.trends.worsening import trend_findings

from .recoveries import OPERATION_DAY, Recovery, flare, ramp


def flags(recovery: Recovery) -> list[Episode]:
    found = trend_findings(recovery.history(), recovery.last_day).episodes
    return [episode for episode in found if episode.pattern in TREND_PATTERNS]


def notes(recovery: Recovery) -> list[Episode]:
    found = trend_findings(recovery.history(), recovery.last_day).episodes
    return [episode for episode in found if episode.pattern is Pattern.SLOW_RECOVERY]


@pytest.mark.parametrize("seed", range(8))
def test_an_ordinary_recovery_is_silent(seed: int) -> None:
    assert trend_findings(Recovery(seed=seed).history(), Recovery().last_day).episodes == ()


@pytest.mark.parametrize("seed", range(6))
def test_pain_that_comes_back_with_loading_is_named_loose_hardware(seed: int) -> None:
    recovery = Recovery(seed=seed, axial=ramp(150, 3.0, 42))

    flag, *others = flags(recovery)

    assert not others
    assert flag.pattern is Pattern.LOOSE_HARDWARE
    assert flag.urgency is Urgency.REVIEW
    assert recovery.on(150) < flag.raised_on <= recovery.on(150 + 45)
    assert flag.evidence_for[0].code == "came_back"
    assert flag.cleared_on is None


@pytest.mark.parametrize("seed", range(6))
def test_who_writes_less_once_it_hurts_is_found_by_the_few_entries(seed: int) -> None:
    """A daily diary that falls to one entry in six days as the pain returns."""
    silent = [day for day in range(155, 261) if day % 6]
    recovery = Recovery(seed=seed, axial=ramp(150, 3.0, 42), missing=silent)

    assert recovery.on(150) < flags(recovery)[0].raised_on <= recovery.on(150 + 45)


@pytest.mark.parametrize("seed", range(6))
def test_pain_alone_is_enough_when_nothing_else_is_answered(seed: int) -> None:
    recovery = Recovery(seed=seed, axial=ramp(150, 3.0, 42), others=False)

    flag = flags(recovery)[0]

    assert recovery.on(150) < flag.raised_on <= recovery.on(150 + 60)


@pytest.mark.parametrize("seed", range(6))
def test_a_jump_that_stays_is_found_in_days_and_one_that_fades_is_not(seed: int) -> None:
    stays = Recovery(seed=seed, axial=ramp(150, 3.5, 1), others=False)
    fades = Recovery(seed=seed, axial=flare(150, 3.5, 3), others=False)

    assert flags(stays)[0].raised_on <= stays.on(150 + 14)
    assert flags(fades) == []


@pytest.mark.parametrize("seed", range(6))
def test_less_pain_is_enough_where_other_answers_speak_too(seed: int) -> None:
    little = ramp(150, 1.5, 21)

    with_others = flags(Recovery(seed=seed, axial=little))
    alone = flags(Recovery(seed=seed, axial=little, others=False))

    assert with_others
    assert not alone or with_others[0].raised_on <= alone[0].raised_on


@pytest.mark.parametrize("seed", range(6))
def test_a_jump_is_found_sooner_where_other_answers_speak_too(seed: int) -> None:
    jump = ramp(150, 3.0, 1)

    with_others = flags(Recovery(seed=seed, axial=jump))[0]
    alone = flags(Recovery(seed=seed, axial=jump, others=False))[0]

    assert with_others.raised_on <= Recovery().on(150 + 6)
    assert with_others.raised_on <= alone.raised_on


@pytest.mark.parametrize("seed", range(6))
def test_getting_about_more_does_not_hide_a_rise_of_pain(seed: int) -> None:
    """Pain up by 2.5 in two weeks, while moving is easy and walking is at its most."""
    days = range(150, 261)
    easy: dict[str, Any] = {"mobility": 0, "walking": 4, "signs": frozenset()}
    usual: dict[str, Any] = {"mobility": 1, "walking": 3, "signs": frozenset()}
    rise = ramp(150, 2.5, 14)

    better = flags(Recovery(seed=seed, axial=rise, more=dict.fromkeys(days, easy)))[0]
    same = flags(Recovery(seed=seed, axial=rise, more=dict.fromkeys(days, usual)))[0]

    assert better.raised_on <= Recovery().on(150 + 35)
    assert better.raised_on <= same.raised_on + timedelta(days=2)


@pytest.mark.parametrize("seed", range(6))
def test_what_was_as_bad_before_is_nothing_new(seed: int) -> None:
    """Three bad weeks, again two months later, and again after nine months, from pain alone."""
    first, soon, later = 150, 210, 480

    def added(day: int) -> float:
        return 2.5 * any(0 <= day - begun < 21 for begun in (first, soon, later))

    recovery = Recovery(seed=seed, days=520, axial=added, others=False)
    found = evidence_of(diaries_of([recovery.history()], [recovery.last_day]), STANDARD).axial
    assert found is not None
    new = [found.beyond[0, day : day + 21].max() for day in (first, soon, later)]

    assert new[1] < 0.5 * new[0]
    assert new[2] > 0.5 * new[0]


@pytest.mark.parametrize("seed", range(6))
def test_getting_about_more_hides_no_rise_in_the_first_weeks(seed: int) -> None:
    """Pain up by 4 on day 30, while moving, walking and sleep go from their worst to their best.

    | day | back pain | moving | walking | sleep |
    |---|---|---|---|---|
    | 1 to 29 | 6 falling to 3 | 4 | none | 4 |
    | 30 to 60 | 4 more | 0 | over an hour | 0 |
    """
    poor: dict[str, Any] = {"mobility": 4, "walking": 0, "sleep": 4, "signs": frozenset()}
    easy: dict[str, Any] = {"mobility": 0, "walking": 4, "sleep": 0, "signs": frozenset()}
    rise = ramp(30, 4.0, 1)
    more = {day: poor if day < 30 else easy for day in range(1, 61)}

    found = flags(Recovery(days=60, seed=seed, axial=rise, more=more))

    assert found
    assert Recovery().on(30) < found[0].raised_on <= Recovery().on(30 + 14)


@pytest.mark.parametrize("seed", range(6))
def test_two_entries_a_week_are_enough_to_find_what_grows(seed: int) -> None:
    """The product asks for no more after some months: an entry stands for the days between."""
    rare = [day for day in range(84, 261) if day % 7 not in (3, 6)]

    found = flags(Recovery(seed=seed, axial=ramp(150, 2.0, 42), missing=rare, others=False))

    assert found
    assert Recovery().on(150) < found[0].raised_on <= Recovery().on(150 + 60)


def test_after_months_of_pain_that_went_a_new_worsening_is_found() -> None:
    """What the first one added up is gone once it is over."""
    first, second = ramp(150, 3.0), ramp(340, 3.0)
    recovery = Recovery(
        days=370, axial=lambda day: first(day) if day < 230 else second(day), others=False
    )

    found = flags(recovery)

    assert [each.cleared_on is None for each in found] == [False, True]
    assert recovery.on(340) <= found[1].raised_on


@pytest.mark.parametrize("silent", [90, 180, 260])
def test_who_stopped_writing_when_well_and_comes_back_worse_is_found(silent: int) -> None:
    """Well until day 100, nothing for months, then back with far more pain: all that was written
    before the silence is the usual."""
    back = 100 + silent
    recovery = Recovery(
        days=back + 50, axial=ramp(back - 5, 4.0), missing=range(101, back), others=False
    )

    (flag,) = flags(recovery)

    assert recovery.on(back) < flag.raised_on <= recovery.on(back + 35)
    assert flag.signals[0].before == pytest.approx(2.0, abs=0.6)
    said = [say(reason) for reason in flag.evidence_for if reason.code == "usual_from"]
    assert len(said) == 1


@pytest.mark.parametrize("silent", [90, 180, 260])
def test_who_comes_back_as_well_as_before_is_left_in_peace(silent: int) -> None:
    recovery = Recovery(days=silent + 250, missing=range(101, 100 + silent), others=False)

    assert flags(recovery) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_few_better_days_end_nothing_while_the_other_answers_stay_as_bad(seed: int) -> None:
    """Who moves less to hurt less: pain hardly rises, walking and moving fall by two steps."""
    guarded = {day: {"mobility": 3, "walking": 1} for day in range(150, 231)}
    recovery = Recovery(days=230, seed=seed, axial=ramp(150, 1.0, 20), more=guarded)

    (flag,) = flags(recovery)

    assert flag.cleared_on is None


def test_onset_and_alarm_are_different_days_and_the_interval_holds_the_truth() -> None:
    recovery = Recovery(axial=ramp(150, 3.0, 21))

    flag = flags(recovery)[0]

    assert flag.onset is not None
    assert flag.onset_first is not None
    assert flag.onset_last is not None
    assert flag.onset_first <= flag.onset <= flag.onset_last < flag.raised_on
    assert flag.onset_first <= recovery.on(157)
    assert flag.onset_last >= recovery.on(143)
    assert flag.size_low is not None
    assert flag.size_high is not None
    assert flag.size is not None
    assert flag.size_low <= flag.size <= flag.size_high


def test_a_step_is_seen_within_a_fortnight() -> None:
    recovery = Recovery(axial=ramp(150, 3.0, 1))

    assert flags(recovery)[0].raised_on <= recovery.on(164)


@pytest.mark.parametrize("points", [2.0, 3.0, 4.0])
def test_a_flare_that_resolves_is_no_worsening(points: float) -> None:
    assert flags(Recovery(axial=flare(150, points, 4.0), others=False)) == []


def test_it_ends_when_pain_is_back_and_may_be_raised_again() -> None:
    first, second = ramp(120, 3.0, 5), ramp(260, 3.0, 5)
    back = ramp(170, -3.0, 5)
    recovery = Recovery(days=330, axial=lambda day: first(day) + back(day) + second(day))

    ended, open_one = flags(recovery)

    assert ended.cleared_on is not None
    assert recovery.on(170) < ended.cleared_on < recovery.on(200)
    assert recovery.on(260) < open_one.raised_on
    assert open_one.cleared_on is None


def test_one_worsening_is_one_flag_and_further_news_is_an_update() -> None:
    first, second = ramp(120, 2.5, 7), ramp(200, 3.0, 7)
    recovery = Recovery(axial=lambda day: first(day) + second(day), limb=ramp(170, 4.0, 7))

    flag, *others = flags(recovery)

    assert not others
    said = {update.reason.code: say(update.reason) for update in flag.updates}
    assert set(said) == {"also_rising", "rose_further"}
    # Leg pain began to rise on day 170; what is known is the day on which that was noticed.
    (leg,) = [update for update in flag.updates if update.reason.code == "also_rising"]
    assert recovery.on(170) < leg.day < recovery.on(185)
    assert said["also_rising"] == f"Leg pain alone would have raised a flag on {leg.day}."


def test_a_second_worsening_soon_after_the_first_is_noticed_as_soon() -> None:
    """The days of the first gave way to the weeks since: pain, other answers and swings alike."""
    first, back = ramp(110, 3.0, 5), ramp(150, -3.0, 5)

    def after(day: int) -> float:
        again = ramp(day, 3.0, 5)
        recovery = Recovery(days=day + 60, axial=lambda d: first(d) + back(d) + again(d))
        return (flags(recovery)[-1].raised_on - recovery.on(day)).days

    assert max(after(200), after(280)) < 12


def test_rising_limb_pain_is_a_nerve_pattern() -> None:
    recovery = Recovery(limb=ramp(150, 4.0, 7))

    flag = flags(recovery)[0]

    assert flag.pattern is Pattern.NERVE
    assert flag.raised_on <= recovery.on(171)


@pytest.mark.parametrize("seed", range(6))
def test_a_large_jump_of_limb_pain_is_seen_within_days_and_two_bad_days_are_not(seed: int) -> None:
    """Leg pain of about 2 is 6 from day 150 on, or on days 150 and 151 alone."""
    jump = Recovery(seed=seed, limb=ramp(150, 4.5))
    two_days = Recovery(seed=seed, limb=lambda day: 4.5 if day in (150, 151) else 0.0)

    flag = flags(jump)[0]

    assert flag.pattern is Pattern.NERVE
    assert jump.on(150) < flag.raised_on <= jump.on(155)
    assert not flags(two_days)


def test_rising_numbness_is_a_nerve_pattern() -> None:
    recovery = Recovery(numbness=ramp(150, 2.0, 7))

    flag = flags(recovery)[0]

    assert flag.pattern is Pattern.NERVE
    assert flag.raised_on <= recovery.on(171)


def test_a_numb_zone_never_marked_before_is_a_nerve_pattern_when_it_stays() -> None:
    old, new = frozenset({"left_foot"}), frozenset({"left_foot", "right_calf"})
    more = {
        day: {"numbness": 1, "numbness_zones": new if day >= 150 else old} for day in range(261)
    }
    passing = {**more, **{day: {"numbness": 1, "numbness_zones": old} for day in range(153, 261)}}

    stays = flags(Recovery(more=more))
    passes = flags(Recovery(more=passing))

    assert [flag.pattern for flag in stays] == [Pattern.NERVE]
    assert stays[0].evidence_for[0].values["zone"] == "right_calf"
    assert passes == []


def test_the_first_weeks_are_watched_too() -> None:
    recovery = Recovery(days=58, axial=ramp(35, 3.5, 2))

    flag = flags(recovery)[0]

    assert recovery.on(35) < flag.raised_on <= recovery.on(49)


def test_pain_that_never_improved_is_slow_first_and_failed_fusion_from_month_six() -> None:
    recovery = Recovery(days=400, start=6.5, plateau=6.5)

    slow, failed = notes(recovery), flags(recovery)

    assert [note.raised_on for note in slow] == [recovery.on(84)]
    assert slow[0].urgency is Urgency.NOTE
    named = [flag for flag in failed if flag.pattern is Pattern.FAILED_FUSION]
    assert len(named) == 1
    assert recovery.on(182) <= named[0].raised_on <= recovery.on(190)
    assert [update.day for update in named[0].updates] == [recovery.on(365)]


def test_without_a_score_from_before_the_published_mean_stands_in_and_is_named() -> None:
    recovery = Recovery(days=240, start=6.5, plateau=6.5, preop=None)

    flag = flags(recovery)[0]

    codes = [reason.code for reason in flag.evidence_against]
    assert codes == ["many_without_gain", "preop_unknown"]


def test_more_tablets_at_the_same_pain_is_a_worsening() -> None:
    doses = {day: {"opioid_doses": 1 if day < 150 else 5} for day in range(1, 261)}

    flag = flags(Recovery(more=doses))[0]

    assert flag.pattern is Pattern.WORSENING
    assert flag.evidence_for[0].code == "more_tablets"


def test_a_taper_that_the_diary_shows_is_not_a_worsening() -> None:
    doses = {day: {"opioid_doses": 4 if day < 150 else 0} for day in range(1, 261)}
    axial = ramp(150, 1.0, 14)

    assert flags(Recovery(more=doses, axial=axial, others=False)) == []


def test_a_worsening_after_the_tablets_stopped_says_so() -> None:
    doses = {day: {"opioid_doses": 4 if day < 150 else 0} for day in range(1, 261)}
    recovery = Recovery(more=doses, axial=ramp(150, 3.0, 10))

    explained = flags(recovery)[0].explained_by

    assert [reason.code for reason in explained] == ["tablets_fewer"]
    assert abs((explained[0].values["day"] - recovery.on(150)).days) <= 3  # type: ignore[operator]


def test_a_single_tablet_later_is_no_second_fall() -> None:
    """They fell long before the pain rose, or with it; one bad day with more changes neither."""

    def explained(fell: int, once: int) -> list[int]:
        doses = {day: {"opioid_doses": 4 if day < fell or day == once else 1} for day in range(261)}
        flag = flags(Recovery(more=doses, axial=ramp(150, 3.0, 10)))[0]
        return [(each.values["day"] - OPERATION_DAY).days for each in flag.explained_by]  # type: ignore[operator]

    assert explained(105, once=148) == []
    assert explained(148, once=153) == [148]


def test_a_worsening_after_walking_doubled_says_so() -> None:
    minutes = {day: {"walking_minutes": 25 if day < 150 else 55} for day in range(1, 261)}

    recovery = Recovery(more=minutes, axial=ramp(150, 3.0, 10), others=False)
    explained = flags(recovery)[0].explained_by

    assert "walking_more" in {reason.code for reason in explained}


def test_late_entries_never_open_a_flag_by_themselves() -> None:
    axial = ramp(150, 3.0, 7)
    late = dict.fromkeys(range(150, 261), 3)

    assert flags(Recovery(axial=axial)) != []
    assert flags(Recovery(axial=axial, late=late)) == []


def test_a_day_recorded_the_next_day_counts_from_then() -> None:
    axial = ramp(150, 3.0, 7)
    prompt = flags(Recovery(axial=axial))[0]
    late = flags(Recovery(axial=axial, late=dict.fromkeys(range(150, 261), 1)))[0]

    assert late.raised_on == prompt.raised_on + timedelta(days=1)


def test_missing_days_pause_and_do_not_reset() -> None:
    gaps = [day for day in range(60, 261) if day % 3]
    recovery = Recovery(axial=ramp(150, 3.5, 10), missing=gaps)

    assert flags(recovery)[0].raised_on <= recovery.on(215)


@pytest.mark.parametrize("seed", range(4))
def test_two_entries_a_week_are_enough(seed: int) -> None:
    twice = [day for day in range(85, 261) if day % 7 not in (0, 3)]
    recovery = Recovery(seed=seed, axial=ramp(150, 3.0, 42), missing=twice)

    assert recovery.on(150) < flags(recovery)[0].raised_on <= recovery.on(210)
    assert flags(Recovery(seed=seed, missing=twice)) == []


def test_every_sentence_of_a_receipt_can_be_said() -> None:
    doses = {day: {"opioid_doses": 4 if day < 150 else 0} for day in range(1, 261)}
    recovery = Recovery(more=doses, axial=ramp(150, 3.0, 10))
    for episode in (*flags(recovery), *notes(Recovery(days=260, start=7, plateau=7))):
        reasons = (*episode.evidence_for, *episode.evidence_against, *episode.explained_by)
        for reason in (*reasons, episode.would_clear, *(u.reason for u in episode.updates)):
            assert reason is not None
            assert say(reason)
        assert "{" not in summary(episode)


def test_before_the_operation_and_without_entries_there_is_nothing_to_say() -> None:
    history = Recovery().history()

    assert trend_findings(history, history.index.day - timedelta(days=1)).episodes == ()
    assert not trend_findings(history, history.index.day + timedelta(days=3)).compared
    assert trend_findings(history, Recovery().last_day).compared


def added_up_in_own_swings(recovery: Recovery) -> np.ndarray:
    """The sum of axial pain in the person's own swings, by day."""
    found = evidence_of(diaries_of([recovery.history()], [recovery.last_day]), STANDARD).axial
    assert found is not None
    own: np.ndarray = found.own_total[0]
    return own


@pytest.mark.parametrize("seed", range(6))
def test_a_small_rise_adds_up_faster_in_a_steady_diary(seed: int) -> None:
    rise = ramp(150, 1.2, 21)

    steady = Recovery(seed=seed, noise=0.3, axial=rise, others=False)
    restless = Recovery(seed=seed, noise=1.8, axial=rise, others=False)

    assert added_up_in_own_swings(steady)[185] > added_up_in_own_swings(restless)[185] + 5


@pytest.mark.parametrize("seed", range(6))
def test_other_answers_only_ever_add_to_the_sum_in_own_swings(seed: int) -> None:
    """Daily pain, the same with and without answers that go from their worst to their best."""
    easy = {
        day: {"mobility": 4 * (day < 150), "walking": 4 * (day >= 150), "sleep": 4 * (day < 150)}
        for day in range(1, 261)
    }
    rise = ramp(150, 2.0, 21)

    with_others = Recovery(seed=seed, axial=rise, more=easy)
    alone = Recovery(seed=seed, axial=rise, others=False)

    assert (added_up_in_own_swings(with_others) >= added_up_in_own_swings(alone) - 1e-9).all()
