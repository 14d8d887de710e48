"""The trainer of the scorecard: the file says what was trained; the people it learns from."""

import numpy as np
import pytest

from recovery_tracker.laboratory.randomised import ANY_WORSENING, KINDS, simulate_randomised
from recovery_tracker.laboratory.train_scorecard import (
    coded,
    edges_of,
    gathered,
    statistics,
    total,
    trained,
    without,
)
from recovery_tracker.trends.scorecard import STATISTICS, read_table, standard, write_table


@pytest.mark.long
@pytest.mark.slow
def test_what_is_exported_is_what_was_trained(tmp_path) -> None:
    """Its trainer needs a library of the system (Debian's libgomp1), which a new machine lacks."""
    days = gathered(((ANY_WORSENING, 120), ("healthy", 120)), first_seed=7)
    edges = edges_of(days)
    card, model = trained(days, edges)
    path = tmp_path / "table.json"
    write_table(card, path)
    again = read_table(path)
    raw = model.predict(coded(days.values, edges), raw_score=True)
    away = total(again, days.values) - raw
    assert np.ptp(away) < 1e-9
    assert again == card


def test_an_answer_that_is_missing_is_nothing_and_not_a_number() -> None:
    diaries = simulate_randomised("loosening", 30, 5).diaries
    card = standard()
    everything = statistics(diaries)
    for answers in (("mobility",), ("walking",), ("sleep",), ("loading",)):
        left = statistics(without(diaries, answers))
        assert np.isfinite(left).all(), answers
        assert (total(card, left) >= 0).all()
        assert not np.array_equal(left, everything), answers
    silent = without(diaries, ("mobility",))
    assert not statistics(silent)[..., STATISTICS.index("moving")].any()


@pytest.mark.filterwarnings("ignore:(Mean of empty|Degrees of freedom|All-NaN|invalid value)")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_person_is_what_its_name_says(kind: str) -> None:
    people = simulate_randomised("healthy", 150, 5, kind=kind)
    others = simulate_randomised("healthy", 150, 5)
    pain, mixed = (each.diaries.number("axial_pain")[:, 120:] for each in (people, others))
    spread, usual = np.nanmedian(np.nanstd(pain, axis=1)), np.nanmedian(np.nanstd(mixed, axis=1))
    written, often = (each.diaries.logged.mean() for each in (people, others))
    if kind == "steady":
        assert spread < 0.85 * usual
    elif kind == "heavy_tails":
        assert fourth_moment(pain) > fourth_moment(mixed)
    elif kind == "month_shifts":
        assert month_steps(pain) > 1.1 * month_steps(mixed)
    elif kind == "answers_0_5_10":
        assert set(np.unique(pain[~np.isnan(pain)])) <= {0, 5, 10}
    elif kind == "weekly_writer":
        assert written < 1 / 7
    elif kind == "half_logged":
        assert written < 0.8 * often
    else:
        assert share_of_bad_days(people) < share_of_bad_days(others) - 0.1


def fourth_moment(pain: np.ndarray) -> float:
    steps = np.diff(pain, axis=1)
    steps = steps - np.nanmean(steps, axis=1, keepdims=True)
    scaled = np.nanmean(steps**4, axis=1) / np.nanmean(steps**2, axis=1) ** 2
    return float(np.nanmedian(scaled))


def month_steps(pain: np.ndarray) -> float:
    months = [np.nanmean(pain[:, at : at + 28], axis=1) for at in range(0, 280, 28)]
    return float(np.nanmedian(np.nanstd(np.diff(months, axis=0), axis=0)))


def share_of_bad_days(cohort) -> float:
    """Share of days written among those just after a written day of three points more."""
    pain = cohort.diaries.number("axial_pain")
    bad = pain[:, 60:-1] >= np.nanmean(pain[:, 60:], axis=1, keepdims=True) + 2
    return float(cohort.diaries.logged[:, 61:][bad].mean())
