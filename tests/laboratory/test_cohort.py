"""The simulated cohorts are what they claim to be: reproducible, noisy like people, and true."""

import csv
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from recovery_tracker.domain.flags import Pattern
from recovery_tracker.domain.measures import MEASURES, Kind
from recovery_tracker.exchange.cohort_csv import read_cohort
from recovery_tracker.exchange.patients_csv import read_patients
from recovery_tracker.laboratory.assumptions import OUR_DEFAULT, sources
from recovery_tracker.laboratory.cohort import Cohort, pain_alone
from recovery_tracker.laboratory.files import write_cohort, write_cohorts
from recovery_tracker.laboratory.scenarios import MIXTURE, SCENARIOS
from recovery_tracker.laboratory.second_generator import simulate_second
from recovery_tracker.laboratory.simulate import (
    block_count,
    simulate,
    simulate_blocks,
    simulate_scenario,
)

GENERATORS = pytest.mark.parametrize("make", [simulate_scenario, simulate_second])
Make = Callable[..., Cohort]


def pain_of(cohort: Cohort) -> NDArray[np.float64]:
    return cohort.diaries.number("axial_pain")


def neighbours(pain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Differences of answers on consecutive days."""
    step = np.diff(pain, axis=1)
    return step[~np.isnan(step)]


@GENERATORS
def test_the_same_seed_gives_the_same_diaries_and_another_seed_does_not(make: Make) -> None:
    first, again, other = (make("ramp_3_42", 20, seed) for seed in (5, 5, 6))
    assert np.array_equal(pain_of(first), pain_of(again), equal_nan=True)
    assert np.array_equal(first.truth.onset, again.truth.onset)
    assert not np.array_equal(pain_of(first), pain_of(other), equal_nan=True)


def test_a_scenario_does_not_depend_on_what_else_is_simulated() -> None:
    alone = simulate_scenario("step_3", 5, 1)
    simulate_scenario("healthy", 5, 1)
    assert np.array_equal(
        pain_of(alone), pain_of(simulate_scenario("step_3", 5, 1)), equal_nan=True
    )


@GENERATORS
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_answer_of_every_scenario_lies_on_its_scale(make: Make, name: str) -> None:
    diaries = make(name, 8, 2).diaries
    for key, answers in diaries.numbers.items():
        measure = MEASURES[key]
        given = answers[~np.isnan(answers)]
        assert given.size == 0 or (measure.low <= given.min() and given.max() <= measure.high), key
        if measure.kind is not Kind.NUMBER:
            assert np.array_equal(given, np.round(given)), key
        assert not np.any(~np.isnan(answers) & ~diaries.logged), key
    for ticks in (*diaries.signs.values(), *diaries.zones.values(), *diaries.strain.values()):
        assert not np.any(ticks & ~diaries.logged)


@GENERATORS
def test_healthy_diaries_are_as_noisy_sticky_and_gappy_as_published_ones(make: Make) -> None:
    """Targets: 10-40 % of days missing, 40-75 % identical neighbours (MyAIGuide 44-64 %, PMData
    72 %), a within-person SD around 0.9 and a lag-1 correlation of 0.36 to 0.71."""
    cohort = make("healthy", 400, 3)
    pain = pain_of(cohort)
    settled = pain[:, 120:]
    steps = neighbours(settled)
    assert 0.10 <= cohort.missing_share().mean() <= 0.40
    assert 0.40 <= np.mean(steps == 0) <= 0.75
    assert 0.08 <= np.mean(np.abs(steps) >= 2) <= 0.23
    assert 0.8 <= np.median(np.nanstd(settled, axis=1)) <= 1.2
    assert 0.36 <= np.median([lag_one(row) for row in settled]) <= 0.71


def lag_one(row: NDArray[np.float64]) -> float:
    before, after = row[:-1], row[1:]
    both = ~np.isnan(before) & ~np.isnan(after)
    if before[both].std() == 0 or after[both].std() == 0:
        return 0.0
    return float(np.corrcoef(before[both], after[both])[0, 1])


def test_recovery_follows_the_published_lumbar_points() -> None:
    """Back pain after lumbar fusion: 5.2 in week 1, 3.8 in week 4, 2.9 in week 12, then flat."""
    cohort = simulate_scenario("healthy", 1500, 8)
    lumbar = np.array([region == "lumbar" for region in cohort.diaries.region])
    pain = pain_of(cohort)[lumbar]
    weekly = {week: np.nanmean(pain[:, 7 * week - 3 : 7 * week + 4]) for week in (1, 4, 12, 26, 52)}
    for week, published in {1: 5.2, 4: 3.8, 12: 2.9, 26: 2.7, 52: 2.7}.items():
        assert abs(weekly[week] - published) <= 0.5, (week, weekly[week])


def test_people_who_feel_bad_answer_less() -> None:
    """What a patient feels decides, in part, whether the day is logged at all."""
    cohort = simulate_scenario("healthy", 1500, 4, hidden=True)
    assert cohort.hidden is not None
    away = cohort.hidden.felt - cohort.hidden.expected
    logged = cohort.diaries.logged
    assert logged[away >= 2.5].mean() < logged[np.abs(away) < 0.5].mean() - 0.02


@GENERATORS
def test_a_change_raises_pain_by_its_size_from_its_onset_on(make: Make) -> None:
    cohort = make("ramp_3_42", 300, 9)
    pain = cohort.diaries.number("axial_pain")
    rise = around(cohort, pain, 45, 75) - around(cohort, pain, -30, 0)
    assert 2.4 <= rise <= 3.2
    assert np.all(cohort.truth.ramp == 42)


def around(cohort: Cohort, answers: NDArray[np.float64], first: int, last: int) -> float:
    """Mean of all answers from `first` to `last` days after each patient's onset."""
    since = np.arange(answers.shape[1]) - cohort.truth.onset[:, None]
    return float(np.nanmean(answers[(since >= first) & (since < last)]))


@GENERATORS
def test_asymptomatic_loosening_is_no_change_at_all(make: Make) -> None:
    cohort = make("asymptomatic_loosening", 50, 9)
    assert np.all(cohort.truth.onset == -1)
    assert np.all(cohort.truth.axial == 0)
    assert all(patterns == frozenset() for patterns in cohort.truth.accepted)


@GENERATORS
def test_doses_fall_and_pain_rises_by_one_in_a_taper(make: Make) -> None:
    cohort = make("taper", 300, 9)
    doses, pain = cohort.diaries.number("opioid_doses"), pain_of(cohort)
    assert around(cohort, doses, -15, 0) >= 2
    assert around(cohort, doses, 15, 45) < 0.1
    assert 0.6 <= around(cohort, pain, 15, 45) - around(cohort, pain, -30, 0) <= 1.2


@GENERATORS
def test_scheduled_people_log_twice_a_week_from_week_twelve_on(make: Make) -> None:
    logged = make("healthy_scheduled", 60, 9).diaries.logged
    weeks = logged[:, 91:427].reshape(60, -1, 7).sum(axis=2)
    assert weeks.max() == 2
    assert logged[:, :42].mean() > 0.7


@GENERATORS
def test_nothing_is_logged_once_a_patient_has_gone_quiet(make: Make) -> None:
    cohort = make("worse_then_quiet", 50, 9)
    for row, quiet in enumerate(cohort.truth.quiet_from):
        assert quiet > cohort.truth.onset[row]
        assert not cohort.diaries.logged[row, quiet:].any()


@GENERATORS
@pytest.mark.parametrize("name", ["infection_acute", "infection_late"])
def test_every_infection_gives_a_fever_or_a_wound_answer_on_its_day(make: Make, name: str) -> None:
    cohort = make(name, 60, 9)
    signs = cohort.diaries.signs
    for row, day in enumerate(cohort.truth.sign_day):
        told = [s for s in ("fever", "wound_redness", "wound_drainage") if signs[s][row, day]]
        assert told
        assert not any(signs[s][row, :day].any() for s in signs if s in ("fever", "wound_drainage"))
        if "fever" in told:
            assert cohort.diaries.number("temperature_c")[row, day] >= 38.0


def test_two_names_are_right_only_for_a_slow_return_after_month_six() -> None:
    truth = simulate_scenario("loosening", 200, 9).truth
    either = frozenset({Pattern.LOOSE_HARDWARE, Pattern.FAILED_FUSION})
    shared = (truth.onset >= 180) & (truth.ramp >= 42)
    assert [names == either for names in truth.accepted] == shared.tolist()
    assert all(len(names) == 1 for names in simulate_scenario("step_3", 50, 9).truth.accepted)


def test_other_answers_move_with_pain_and_half_as_much_when_the_link_is_halved() -> None:
    def rise(link: float) -> float:
        cohort = simulate_scenario("ramp_3_42", 500, 9, link=link)
        moving = cohort.diaries.number("mobility")
        return around(cohort, moving, 45, 90) - around(cohort, moving, -45, 0)

    whole, halved = rise(1.0), rise(0.5)
    assert 0.8 <= whole <= 1.2
    assert 0.4 <= halved / whole <= 0.6


def test_pain_alone_leaves_nothing_but_the_two_scores() -> None:
    cohort = simulate_scenario("nerve_numbness", 10, 9)
    diaries = pain_alone(cohort.diaries)
    assert set(diaries.numbers) == {"axial_pain", "limb_pain"}
    assert not diaries.signs
    assert not diaries.signs_answered.any()
    assert np.array_equal(diaries.observed_until, cohort.diaries.observed_until)


def test_the_mixture_draws_every_scenario_in_its_share() -> None:
    cohort = simulate(2000, 100, 1)
    names = cohort.truth.scenario
    assert len(names) == cohort.patients == 2000
    expected = MIXTURE["never_improved"] / sum(MIXTURE.values())
    assert abs(names.count("never_improved") / 2000 - expected) <= 0.02
    # What would begin after the last day has not happened to anybody.
    assert np.all(cohort.truth.onset < 100)
    assert "loosening_late" not in names


def test_a_cohort_made_in_blocks_is_the_same_cohort(tmp_path) -> None:
    """Blocks of 500 patients; the files do not show where one ends."""
    whole = simulate(600, 20, 3)
    assert block_count(600, 20) == 2
    write_cohorts(simulate_blocks(600, 20, 3), 600, tmp_path / "blocks")
    write_cohort(whole, tmp_path / "whole")
    for name in ("patients.csv", "diary.csv", "truth.csv"):
        made = (tmp_path / "blocks" / name).read_bytes()
        assert made == (tmp_path / "whole" / name).read_bytes()


def test_rows_keep_diaries_and_truth_of_a_patient_together() -> None:
    cohort = simulate_scenario("loosening", 10, 4, hidden=True)
    part = cohort.rows(np.array([7, 2]))
    assert np.array_equal(pain_of(part), pain_of(cohort)[[7, 2]], equal_nan=True)
    assert np.array_equal(part.truth.onset, cohort.truth.onset[[7, 2]])
    assert part.hidden is not None
    assert np.array_equal(part.hidden.sd, cohort.hidden.sd[[7, 2]])


def test_files_hold_the_same_diaries_that_were_simulated(tmp_path) -> None:
    """What `replay` reads back from the files is what the laboratory computes on."""
    cohort = simulate(25, 120, 7)
    write_cohort(cohort, tmp_path / "made")
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == [
        "diary.csv",
        "patients.csv",
        "truth.csv",
    ]
    people = read_patients(tmp_path / "made" / "patients.csv")
    held = read_cohort(tmp_path / "made" / "diary.csv", people)
    assert held.patient_days == cohort.diaries.logged.sum()
    for places, diaries in held.batches():
        for key, answers in cohort.diaries.numbers.items():
            assert np.array_equal(
                diaries.number(key), np.asarray(answers, float)[places], equal_nan=True
            ), key
        for sign, ticks in cohort.diaries.signs.items():
            found = diaries.signs.get(sign, np.zeros(diaries.shape, dtype=bool))
            assert np.array_equal(found, ticks[places] & cohort.diaries.signs_answered[places])
        assert np.array_equal(
            diaries.was_asked(["worse_on_loading"]),
            cohort.diaries.was_asked(["worse_on_loading"])[places]
            & cohort.diaries.signs_answered[places],
        )


def test_the_truth_file_names_onset_patterns_and_what_is_ambiguous(tmp_path) -> None:
    cohort = simulate(60, 400, 7)
    write_cohort(cohort, tmp_path)
    with (tmp_path / "truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["scenario"] for row in rows] == list(cohort.truth.scenario)
    for row, onset in zip(rows, cohort.truth.onset, strict=True):
        assert row["onset_day"] == (str(onset) if onset >= 0 else "")
        assert (row["onset"] == "") == (onset < 0)
        assert (row["ambiguous"] == "yes") == (";" in row["accepted_patterns"])


def test_every_assumption_says_where_it_comes_from() -> None:
    listed = sources()
    assert all(source for _, _, source in listed)
    assert any(source == OUR_DEFAULT for _, _, source in listed)
