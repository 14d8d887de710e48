"""The peers do what their names say, and all raise the same false alarms once calibrated."""

import functools
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from recovery_tracker.domain.errors import RecoveryError
from recovery_tracker.laboratory import real_diaries, slow_peers
from recovery_tracker.laboratory.baselines import best_month, cusum, lagged
from recovery_tracker.laboratory.calibration import (
    CALIBRATION_SEED,
    CHOICE_SEED,
    CONSENSUS_SEED,
    FIRST_REPORT_SEED,
    false_a_year,
    threshold_for,
)
from recovery_tracker.laboratory.checks import check_against_packages
from recovery_tracker.laboratory.cohort import Cohort
from recovery_tracker.laboratory.metrics import crossings, delays
from recovery_tracker.laboratory.peers import PEERS, Peer
from recovery_tracker.laboratory.simulate import simulate_scenario
from recovery_tracker.laboratory.trial import bound_pair

Floats = NDArray[np.float64]

TARGET = 0.25
FAST = [peer for peer in PEERS.values() if peer.most is None and not peer.is_bound]


@pytest.fixture(scope="module")
def calm() -> Cohort:
    return simulate_scenario("healthy", 400, CALIBRATION_SEED)


@functools.cache
def of_healthy(peer: Peer, seed: int) -> tuple[Cohort, Floats]:
    """Healthy people and the peer's score of them; fewer for the one that takes its time."""
    cohort = simulate_scenario("healthy", 128 if peer.name == "consensus" else 400, seed)
    return cohort, peer.score(cohort)


@pytest.fixture(scope="module")
def rising() -> Cohort:
    return simulate_scenario("ramp_3_42", 150, CHOICE_SEED)


def test_the_lagged_baseline_ends_two_weeks_ago_and_begins_ten_weeks_ago() -> None:
    """A patient at 2 on days 0-69 and at 8 from day 70 on."""
    values = np.where(np.arange(200) < 70, 2.0, 8.0)[None, :]
    mean, sd = lagged(values)
    assert np.isnan(mean[0, 23])
    assert mean[0, 24] == 2
    assert mean[0, 84] == 2
    assert mean[0, 140] == 8
    assert sd[0, 84] == 0.4


def test_the_best_month_only_ever_falls_and_skips_missing_days() -> None:
    values = np.concatenate([np.full(40, 6.0), np.full(40, 2.0), np.full(40, 9.0)])[None, :]
    values[0, 45:50] = np.nan
    best = best_month(values)
    known = best[0, ~np.isnan(best[0])]
    assert np.all(np.diff(known) <= 0)
    assert known[0] == 6
    assert known[-1] == 2


def test_a_cusum_by_hand() -> None:
    """Steps 2, 5 (counted as 3), missing, -1 with a slack of a half."""
    assert cusum(np.array([[2.0, 5.0, np.nan, -1.0]]), 0.5).tolist() == [[1.5, 4.0, 4.0, 2.5]]


def test_peers_that_stand_for_a_package_give_its_numbers(calm: Cohort) -> None:
    assert "equals" in check_against_packages(calm)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("peer", FAST, ids=lambda peer: peer.name)
def test_a_calibrated_peer_raises_the_target_and_no_more(peer: Peer) -> None:
    calm, score = of_healthy(peer, CALIBRATION_SEED)
    threshold = threshold_for(calm, score, TARGET)
    assert 0.85 * TARGET <= false_a_year(calm, score, threshold) <= TARGET


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("peer", FAST, ids=lambda peer: peer.name)
def test_a_threshold_holds_on_other_healthy_people(peer: Peer) -> None:
    threshold = threshold_for(*of_healthy(peer, CALIBRATION_SEED), TARGET)
    others = false_a_year(*of_healthy(peer, CHOICE_SEED), threshold)
    assert 0.4 * TARGET <= others <= 1.7 * TARGET


def test_all_answers_catch_more_than_pain_alone(calm: Cohort, rising: Cohort) -> None:
    """The order of the published trial: multi-signal over CUSUM over Mann-Kendall."""

    def caught(name: str) -> float:
        peer = PEERS[name]
        threshold = threshold_for(calm, peer.score(calm), TARGET)
        late = delays(crossings(peer.score(rising), threshold), rising.truth.onset)
        return float((late <= 60).mean())

    assert caught("multi_cusum") >= caught("cusum_lagged") > caught("mann_kendall")
    assert caught("cusum_lagged") >= 0.85


@pytest.mark.parametrize("name", ["kernel_cpd", "bocpd"])
def test_slow_peers_rise_after_a_step(name: str) -> None:
    cohort = simulate_scenario("step_3", 6, 9)
    score = PEERS[name].score(cohort)
    onset = cohort.truth.onset
    after = [np.max(score[i, o + 10 : o + 30]) for i, o in enumerate(onset)]
    before = [np.median(score[i, 90:o]) for i, o in enumerate(onset)]
    assert np.median(after) > np.median(before)


def test_the_clairvoyant_bound_beats_every_peer(calm: Cohort, rising: Cohort) -> None:
    still, moving = bound_pair("ramp_3_42", 100, 33, 200)
    bound = PEERS["clairvoyant"]
    threshold = threshold_for(still, bound.score(still), TARGET)
    late = delays(crossings(bound.score(moving), threshold), moving.truth.onset)
    peer = PEERS["multi_cusum"]
    theirs = threshold_for(calm, peer.score(calm), TARGET)
    peer_late = delays(crossings(peer.score(rising), theirs), rising.truth.onset)
    assert np.median(late) < np.median(peer_late)
    assert (late <= 60).mean() >= 0.97


def test_a_score_that_never_speaks_is_never_an_alarm(calm: Cohort) -> None:
    silent = np.full(calm.diaries.shape, -np.inf)
    assert threshold_for(calm, silent, TARGET) == math.inf


def test_tuning_calibration_and_report_seeds_do_not_meet() -> None:
    held = {CALIBRATION_SEED, CHOICE_SEED, CONSENSUS_SEED}
    assert len(held) == 3
    assert max(held) < FIRST_REPORT_SEED


def test_a_missing_package_is_one_clear_line() -> None:
    with pytest.raises(RecoveryError, match=r"compares with no_such_peer, which is not installed"):
        slow_peers.package("no_such_peer")


def test_a_missing_real_diary_is_one_clear_line(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv(real_diaries.SETTING, str(tmp_path))
    real_diaries.real_scores.cache_clear()
    try:
        with pytest.raises(
            RecoveryError,
            match=rf"participant2\.csv: this real diary.*{real_diaries.SETTING}",
        ):
            real_diaries.real_scores("MyAIGuide 2, knee")
    finally:
        real_diaries.real_scores.cache_clear()
