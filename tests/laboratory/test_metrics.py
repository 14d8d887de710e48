"""Everything that is counted, against cases small enough to count by hand."""

import math

import numpy as np
import pytest

from recovery_tracker.laboratory.metrics import (
    alarms_of,
    crossings,
    delays,
    holm,
    median_delay,
    paired_delay,
    paired_share,
    rate,
    share,
    sign_test,
)


def scipy_stats():
    """Loaded by the test that needs it: it takes each process of a run two seconds."""
    from scipy import stats

    return stats


def score(*days: tuple[int, int], length: int = 200) -> np.ndarray:
    """One patient whose score is 1 between the given days, both included, and 0 elsewhere."""
    row = np.zeros((1, length))
    for first, last in days:
        row[0, first : last + 1] = 1
    return row


def test_a_crossing_is_counted_once_for_as_long_as_it_lasts() -> None:
    assert crossings(score((80, 100)), 0.5).day.tolist() == [80]


def test_crossings_closer_than_28_days_are_one_episode() -> None:
    """Above on days 80-90 and again from day 117: 27 days of silence, still the same."""
    assert crossings(score((80, 90), (117, 120)), 0.5).day.tolist() == [80]
    assert crossings(score((80, 90), (118, 120)), 0.5).day.tolist() == [80, 118]


def test_a_score_that_stands_above_when_monitoring_begins_is_an_alarm_of_that_day() -> None:
    assert crossings(score((50, 70)), 0.5, first=60).day.tolist() == [60]
    assert crossings(score((30, 40)), 0.5, first=60).day.tolist() == []


def test_no_statement_is_never_an_alarm() -> None:
    silent = np.full((2, 100), -np.inf)
    silent[1] = np.nan
    assert crossings(silent, -1e9).day.size == 0


def test_an_alarm_that_stood_already_at_the_onset_has_not_found_it() -> None:
    """Alarms on days 90 and 150; onsets on 100, 151 and 150."""
    alarms = alarms_of([(0, 150), (0, 90), (1, 90), (1, 150), (2, 150)])
    found = delays(alarms, np.array([100, 151, 150, 10]))
    assert found.tolist() == [50, math.inf, 0, math.inf]


def test_between_keeps_both_ends() -> None:
    alarms = alarms_of([(0, 59), (0, 60), (0, 61)])
    assert alarms.between(60).day.tolist() == [60, 61]
    assert alarms.between(59, 60).day.tolist() == [59, 60]


def test_share_has_wilsons_interval() -> None:
    estimate = share(np.array([True] * 8 + [False] * 2))
    exact = scipy_stats().binomtest(8, 10).proportion_ci(method="wilson")
    assert estimate.value == 0.8
    assert (estimate.low, estimate.high) == pytest.approx((exact.low, exact.high))
    assert math.isnan(share(np.array([], dtype=bool)).value)


@pytest.mark.parametrize("events", [0, 1, 5, 40])
def test_rate_is_close_to_the_exact_poisson_interval(events: int) -> None:
    estimate = rate(events, 20.0)
    low = scipy_stats().chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    high = scipy_stats().chi2.ppf(0.975, 2 * events + 2) / 2
    assert estimate.value == events / 20
    assert estimate.low == pytest.approx(low / 20, abs=0.01)
    assert estimate.high == pytest.approx(high / 20, abs=0.01)


def test_the_median_delay_counts_a_miss_as_never() -> None:
    assert median_delay(np.array([3.0, 5.0, math.inf])).value == 5
    assert median_delay(np.array([3.0, math.inf, math.inf])).value == math.inf


def test_a_paired_difference_uses_only_patients_who_differ() -> None:
    """Ten patients: three caught by us alone, one by the peer alone."""
    ours = np.array([True] * 8 + [False] * 2)
    theirs = np.array([True] * 5 + [False] * 4 + [True])
    paired = paired_share(ours, theirs)
    assert paired.difference == pytest.approx(0.2)
    assert paired.p == pytest.approx(scipy_stats().binomtest(3, 4).pvalue)
    assert paired.low < paired.difference < paired.high


def test_a_paired_delay_is_positive_when_we_are_earlier() -> None:
    paired = paired_delay(np.array([5.0, 5.0, 5.0]), np.array([9.0, 8.0, math.inf]))
    assert paired.difference == 4


def test_a_peer_that_is_mostly_earlier_is_not_hidden_by_its_misses() -> None:
    """Fifteen patients earlier by two days and five missed: the median says so."""
    paired = paired_delay(np.full(20, 10.0), np.array([8.0] * 15 + [math.inf] * 5))
    assert paired.difference == -2
    assert paired.p == pytest.approx(scipy_stats().binomtest(5, 20).pvalue)


@pytest.mark.parametrize(("better", "worse"), [(0, 0), (5, 0), (12, 7), (300, 260), (2000, 1700)])
def test_the_sign_test_is_the_exact_binomial_one(better: int, worse: int) -> None:
    expected = scipy_stats().binomtest(better, better + worse).pvalue if better + worse else 1.0
    assert sign_test(better, worse) == pytest.approx(expected, rel=1e-6, abs=1e-10)


def test_holms_correction_by_hand() -> None:
    """p 0.01, 0.03, 0.04 become 3 x 0.01, 2 x 0.03 and the larger of that and 1 x 0.04."""
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]
