"""Pain alone: the cohort that the bars come from, and the peer that met them there."""

import numpy as np
import pytest
from numpy.typing import NDArray

from recovery_tracker.laboratory import reach, tables
from recovery_tracker.laboratory.calibration import FIRST_REPORT_SEED, threshold_for
from recovery_tracker.laboratory.cells import Answers
from recovery_tracker.laboratory.consensus import Consensus, ramp_against_flare
from recovery_tracker.laboratory.markdown import markdown_of
from recovery_tracker.laboratory.metrics import crossings, delays
from recovery_tracker.laboratory.plain_generator import PLAIN_SCENARIOS, simulate_plain
from recovery_tracker.laboratory.results import Results
from recovery_tracker.laboratory.trial import GENERATORS, Sizes

Floats = NDArray[np.float64]

TINY = Sizes(healthy=24, nuisance=6, change=6, read=3, slow=4)


def pain_of(name: str, patients: int, seed: int, flares: float = 2.0) -> Floats:
    return simulate_plain(name, patients, seed, flares_a_year=flares).diaries.number("axial_pain")


def test_the_plain_cohort_looks_like_that_of_the_trial() -> None:
    """Missing 13.8 %, 53 % identical neighbours, 12.7 % of two points and more, own SD 0.94."""
    pain = pain_of("healthy", 400, 5)[:, :400]
    step = np.diff(pain, axis=1)
    step = step[~np.isnan(step)]
    assert np.isnan(pain).mean() == pytest.approx(0.138, abs=0.01)
    assert (step == 0).mean() == pytest.approx(0.53, abs=0.02)
    assert (np.abs(step) >= 2).mean() == pytest.approx(0.127, abs=0.02)
    assert np.nanmedian(np.nanstd(pain[:, 120:], axis=1)) == pytest.approx(0.94, abs=0.05)


@pytest.mark.parametrize("name", PLAIN_SCENARIOS)
def test_a_plain_diary_holds_axial_pain_and_nothing_else(name: str) -> None:
    diaries = simulate_plain(name, 10, 5).diaries
    pain = diaries.number("axial_pain")
    assert list(diaries.numbers) == ["axial_pain"]
    assert np.array_equal(diaries.logged, ~np.isnan(pain))
    given = pain[diaries.logged]
    assert given.min() >= 0
    assert given.max() <= 10
    assert np.array_equal(given, np.round(given))


def test_more_flares_make_more_bad_days_and_a_ramp_stays() -> None:
    calm, often = pain_of("healthy", 200, 5, 2.0), pain_of("many_flares", 200, 5)
    assert (often >= 6).sum() > 1.3 * (calm >= 6).sum()
    risen = simulate_plain("ramp_3_42", 200, 5)
    day = np.arange(430) - risen.truth.onset[:, None]
    pain = risen.diaries.number("axial_pain")
    gain = np.nanmean(pain[day >= 42]) - np.nanmean(pain[(day < 0) & (day > -30)])
    assert gain == pytest.approx(3, abs=0.2)


def test_the_filter_bank_gives_the_numbers_of_the_trials_script() -> None:
    """Two made-up diaries, a ramp of 2 and a flare of 3 from day 200, scored by the script."""
    day = np.arange(400)
    usual = 2 + 4 * np.exp(-day / 35) + (day % 5 == 0)
    fading = np.exp(-np.clip(day - 200, 0, None) / 6) * (day >= 200)
    pain = np.round([usual + 2 * np.clip((day - 200) / 42, 0, 1), usual + 3 * fading])
    pain[:, day % 7 == 3] = np.nan
    score = ramp_against_flare(pain)
    at = [59, 120, 199, 206, 215, 230, 250, 300, 399]
    ramp = [-4.5417463, -4.7096634, -4.7863536, -4.1559918, -1.4598769, 2.0919625]
    ramp += [11.9994893, 24.6887597, 3.9287783]
    flare = [-4.5417463, -4.7096634, -4.7863536, 0.7446134, -3.6121192, -7.4212038]
    flare += [-8.4213721, -10.1856391, -5.2068513]
    assert score[0, at].tolist() == pytest.approx(ramp, abs=1e-6)
    assert score[1, at].tolist() == pytest.approx(flare, abs=1e-6)
    assert np.all(np.isinf(score[:, :31]))


def test_a_patients_score_does_not_depend_on_the_company() -> None:
    pain = pain_of("ramp_2_42", 70, 5)
    among, alone = ramp_against_flare(pain)[66], ramp_against_flare(pain[66:67])[0]
    np.testing.assert_allclose(among, alone, atol=1e-9)


@pytest.mark.long
@pytest.mark.slow
def test_the_consensus_reaches_what_it_did_in_the_trial() -> None:
    """At 0.25 false flags: +3 over 42 days 98.2 %, +2 87.2 %, a step in 9 days; within chance."""
    learned = Consensus.from_calm(pain_of("healthy", 128, 901))
    calm = simulate_plain("healthy", 192, 902, flares_a_year=2.0)
    threshold = threshold_for(calm, learned.score(calm.diaries.number("axial_pain")), 0.25)

    def late(name: str) -> Floats:
        cohort = simulate_plain(name, 96, 903, flares_a_year=2.0)
        score = learned.score(cohort.diaries.number("axial_pain"))
        return delays(crossings(score, threshold), cohort.truth.onset)

    assert (late("ramp_3_42") <= 60).mean() >= 0.94
    assert (late("ramp_2_42") <= 60).mean() == pytest.approx(0.872, abs=0.08)
    assert np.median(late("step_3")) == pytest.approx(9, abs=3)


@pytest.mark.long
@pytest.mark.slow
def test_what_pain_alone_can_reach_is_told_for_every_cohort_and_detector() -> None:
    seed = FIRST_REPORT_SEED + 999
    rows = [row for name in reach.COHORTS for row in reach.reached(name, seed, TINY)]
    cohorts = list(dict.fromkeys(row.cohort for row in rows))
    assert cohorts == ["plain, two flares", "plain", *GENERATORS]
    assert len({row.detector for row in rows}) * len(cohorts) == len(rows)
    results = Results(seed, True, "tiny", "rules", reaches=rows)
    results.cells.extend(reach.plain_cells(seed, TINY))
    assert {row.answers for row in results.cells} == {Answers.PAIN}
    for told in (tables.text_of(results), markdown_of(results)):
        assert "consensus of three" in told
        assert "module, as it is" in told
