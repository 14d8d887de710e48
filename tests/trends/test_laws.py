"""What must hold for every diary, whatever is in it."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery_tracker.domain.flags import TREND_PATTERNS, Episode
from recovery_tracker.domain.history import History
from recovery_tracker.laboratory.simulate import simulate_scenario
from recovery_tracker.trends.batch import DAY_ZERO, trend_episodes, trend_score
from recovery_tracker.trends.series import Diaries, diaries_of
from recovery_tracker.trends.worsening import findings_of, trend_findings

from .recoveries import OPERATION_DAY, Recovery, moved, ramp


@st.composite
def _more(draw: st.DrawFn) -> dict[str, object]:
    """Answers that explain, and that count as evidence beside the numbers."""
    return draw(
        st.sampled_from(
            [
                {"strain": frozenset({"fall"})},
                {"signs": frozenset({"clunk"}), "strain": frozenset({"lifting"})},
                {"signs": frozenset({"fever", "worse_on_loading"})},
                {"opioid_doses": 4},
                {"opioid_doses": 0, "painkiller_change": "fewer"},
                {"numbness": 3, "numbness_zones": frozenset({"right_calf"})},
                {"walking_minutes": 90},
            ]
        )
    )


@st.composite
def recoveries(draw: st.DrawFn) -> Recovery:
    """Worsenings of any size and speed, with gaps and late days."""
    days = draw(st.integers(70, 260))
    missing = draw(st.sets(st.integers(1, days), max_size=80))
    late = draw(st.dictionaries(st.integers(1, days), st.integers(1, 20), max_size=20))
    onset, size = draw(st.integers(10, days)), draw(st.floats(0, 5))
    limb = draw(st.floats(0, 4))
    return Recovery(
        days=days,
        seed=draw(st.integers(0, 10**6)),
        plateau=draw(st.floats(0, 7)),
        noise=draw(st.floats(0.2, 1.5)),
        axial=ramp(onset, size, draw(st.integers(1, 60))),
        limb=ramp(draw(st.integers(10, days)), limb, 7),
        others=draw(st.booleans()),
        missing=missing,
        late=late,
        more=draw(st.dictionaries(st.integers(1, days), _more(), max_size=30)),
    )


def as_known(episodes: tuple[Episode, ...], day: date) -> list[Episode]:
    """Episodes as they stood at the end of `day`."""
    return [
        replace(
            each,
            cleared_on=each.cleared_on if each.cleared_on and each.cleared_on <= day else None,
            updates=tuple(update for update in each.updates if update.day <= day),
        )
        for each in episodes
        if each.raised_on <= day
    ]


@settings(max_examples=60, deadline=None)
@given(recoveries(), st.integers(30, 260))
def test_a_day_never_depends_on_later_days(recovery: Recovery, day: int) -> None:
    today = recovery.on(min(day, recovery.days))
    whole = trend_findings(recovery.history(), recovery.last_day + timedelta(days=30)).episodes
    then = trend_findings(recovery.history(), today).episodes

    assert list(then) == as_known(whole, today)


@settings(max_examples=15, deadline=None)
@given(recoveries(), st.integers(0, 40))
def test_whether_it_could_compare_does_not_change_in_silence(recovery: Recovery, days: int) -> None:
    history, today = recovery.history(), recovery.last_day + timedelta(days=20)

    now = trend_findings(history, today).compared

    assert trend_findings(history, today + timedelta(days=days)).compared is now


@settings(max_examples=15, deadline=None)
@given(recoveries(), st.integers(-3000, 3000))
def test_the_calendar_plays_no_part(recovery: Recovery, shift: int) -> None:
    elsewhere = replace(recovery, operation_day=OPERATION_DAY + timedelta(days=shift))

    here = trend_findings(recovery.history(), recovery.last_day).episodes
    there = trend_findings(elsewhere.history(), elsewhere.last_day).episodes

    assert tuple(moved(each, shift) for each in here) == there


@settings(max_examples=15, deadline=None)
@given(recoveries(), st.integers(1, 60))
def test_silence_changes_nothing(recovery: Recovery, days: int) -> None:
    history, today = recovery.history(), recovery.last_day + timedelta(days=20)
    later = today + timedelta(days=days)

    assert trend_findings(history, today).episodes == trend_findings(history, later).episodes


@settings(max_examples=15, deadline=None)
@given(recoveries())
def test_an_unanswered_day_never_raises_a_flag(recovery: Recovery) -> None:
    history = recovery.history()
    logged = {entry.recorded_on() for entry in history.entries}

    assert {
        each.raised_on for each in trend_findings(history, recovery.last_day).episodes
    } <= logged


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("more", [1.0, 2.0])
@pytest.mark.parametrize("others", [True, False])
def test_more_pain_never_removes_a_flag(seed: int, more: float, others: bool) -> None:
    bad = Recovery(seed=seed, axial=ramp(150, 2.5, 20), others=others)
    worse = replace(bad, axial=ramp(150, 2.5 + more, 20))

    first = trend_findings(bad.history(), bad.last_day).episodes
    second = trend_findings(worse.history(), worse.last_day).episodes

    assert first
    assert second
    assert second[0].raised_on <= first[0].raised_on


@pytest.mark.parametrize(
    "scenario", ["loosening", "many_missing", "never_improved", "nerve_numbness", "early_axial"]
)
def test_a_batch_says_the_same_as_one_patient_at_a_time(scenario: str) -> None:
    diaries = simulate_scenario(scenario, 25, 7).diaries

    together = trend_episodes(diaries)
    alone = tuple(
        (row, episode)
        for row in range(diaries.shape[0])
        for _, episode in trend_episodes(diaries.rows(np.array([row])))
    )

    assert together == alone


def test_the_order_of_patients_plays_no_part() -> None:
    diaries = simulate_scenario("loosening", 20, 8).diaries
    order = np.random.default_rng(1).permutation(20)

    mixed = trend_episodes(diaries.rows(order))

    place = {int(row): new for new, row in enumerate(order)}
    expected = [(place[row], episode) for row, episode in trend_episodes(diaries)]
    assert sorted(mixed, key=_place) == sorted(expected, key=_place)


def _place(found: tuple[int, Episode]) -> tuple[int, date]:
    return found[0], found[1].raised_on


def test_a_history_and_its_arrays_say_the_same() -> None:
    recoveries_ = [Recovery(seed=seed, axial=ramp(150, 3.0, 30)) for seed in range(4)]
    histories = [recovery.history() for recovery in recoveries_]
    todays = [recovery.last_day for recovery in recoveries_]

    diaries: Diaries = diaries_of(histories, todays)
    rows, _ = findings_of(diaries, [OPERATION_DAY] * 4)

    assert [trend_findings(h, t).episodes for h, t in zip(histories, todays, strict=True)] == rows


def test_a_flag_is_raised_where_the_score_reaches_one() -> None:
    diaries = simulate_scenario("ramp_3_42", 30, 9).diaries
    scores = trend_score(diaries)

    for row, episode in trend_episodes(diaries):
        if episode.pattern in TREND_PATTERNS and not episode.evidence_for[0].code.startswith(
            "never"
        ):
            assert scores[row, (episode.raised_on - DAY_ZERO).days] >= 1.0


def test_a_cohort_may_count_from_each_row_s_own_day() -> None:
    diaries = simulate_scenario("tablets_stopped", 20, 3).diaries
    ahead = range(100, 100 + diaries.shape[0])

    there = trend_episodes(diaries, first_days=[DAY_ZERO + timedelta(days=n) for n in ahead])

    here = trend_episodes(diaries)
    assert here
    assert there == tuple((row, moved(each, ahead[row])) for row, each in here)


def test_a_history_without_an_entry_has_nothing_to_compare() -> None:
    history = History((Recovery().history().index,))

    assert trend_findings(history, OPERATION_DAY + timedelta(days=100)).episodes == ()
