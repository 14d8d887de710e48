"""Onset and size are stated with intervals: on both generators they hold the truth nearly as often
as they say.
"""

from collections.abc import Callable

import numpy as np
import pytest

from recovery_tracker.laboratory.cells import Answers
from recovery_tracker.laboratory.cohort import Cohort
from recovery_tracker.laboratory.engine import find, seen_by
from recovery_tracker.laboratory.judging import caught_flags, onsets_of
from recovery_tracker.laboratory.trial import GENERATORS

PATIENTS, SEED = 80, 61


@pytest.mark.parametrize("answers", [Answers.PAIN, Answers.ALL])
@pytest.mark.parametrize("scenario", ["step_3", "ramp_2_42", "ramp_2_84"])
@pytest.mark.parametrize("generator", GENERATORS)
def test_the_interval_holds_the_day_it_began(
    generator: str, scenario: str, answers: Answers
) -> None:
    cohort = seen_by(GENERATORS[generator](scenario, PATIENTS, SEED), answers)

    found = onsets_of(generator, answers, cohort, find(cohort))

    assert len(found.true) > PATIENTS / 2
    assert found.covered.mean() >= 0.75


@pytest.mark.parametrize("simulate", GENERATORS.values(), ids=list(GENERATORS))
def test_the_interval_holds_the_size_of_a_step(simulate: Callable[..., Cohort]) -> None:
    cohort = simulate("step_3", PATIENTS, SEED)

    held = [
        flag.size_low <= cohort.truth.axial[row] <= flag.size_high
        for row, flag in caught_flags(cohort, find(cohort))
        if flag.size_low is not None and flag.size_high is not None
    ]

    assert len(held) > PATIENTS / 2
    assert np.mean(held) >= 0.8
