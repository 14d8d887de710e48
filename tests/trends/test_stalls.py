"""Levels instead of changes: recoveries that never came."""

import numpy as np
import pytest

from recovery_tracker.domain.flags import Episode, Pattern
from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.worsening import trend_findings

from .recoveries import OPERATION_DAY, Recovery, ramp


def found(recovery: Recovery, pattern: Pattern) -> list[Episode]:
    episodes = trend_findings(recovery.history(), recovery.last_day).episodes
    return [episode for episode in episodes if episode.pattern is pattern]


@pytest.mark.parametrize("seed", range(4))
def test_half_of_the_pain_gone_is_neither_slow_nor_failed(seed: int) -> None:
    recovery = Recovery(days=400, seed=seed, plateau=3.4)

    assert found(recovery, Pattern.SLOW_RECOVERY) == []
    assert found(recovery, Pattern.FAILED_FUSION) == []


def test_a_late_but_good_recovery_ends_the_note() -> None:
    recovery = Recovery(days=200, start=6.5, plateau=6.5, axial=ramp(110, -4.5, 20))

    (note,) = found(recovery, Pattern.SLOW_RECOVERY)

    assert note.raised_on == recovery.on(84)
    assert note.cleared_on is not None
    assert recovery.on(110) < note.cleared_on < recovery.on(150)
    assert found(recovery, Pattern.FAILED_FUSION) == []


def test_little_pain_before_the_operation_is_never_called_slow() -> None:
    recovery = Recovery(days=250, preop=2.0, start=2.0, plateau=2.0, noise=0.4)

    assert found(recovery, Pattern.SLOW_RECOVERY) == []


@pytest.mark.parametrize("preop", [0.0, 3.0, 7.0])
def test_what_is_said_to_end_a_note_ends_it(preop: float) -> None:
    """Whatever pain was before the operation: little pain is never called slow."""
    recovery = Recovery(
        days=220, preop=preop, start=6.0, plateau=6.0, noise=0.0, axial=ramp(130, -4.0)
    )

    (note,) = found(recovery, Pattern.SLOW_RECOVERY)

    level = float(str(note.would_clear.values["level"]))
    assert level >= STANDARD.slow_level
    assert note.cleared_on is not None
    day = (note.cleared_on - OPERATION_DAY).days
    means = [np.mean([2 if d >= 130 else 6 for d in range(e - 27, e + 1)]) for e in (day - 1, day)]
    assert means[0] > level - 0.15
    assert means[1] <= level


def test_someone_who_once_met_the_course_has_not_failed_to_improve() -> None:
    recovery = Recovery(days=320, plateau=2.0, axial=ramp(130, 5.0, 10))

    assert found(recovery, Pattern.FAILED_FUSION) == []


def test_a_failed_fusion_ends_when_pain_falls_below_the_level() -> None:
    recovery = Recovery(days=330, start=6.5, plateau=6.5, axial=ramp(230, -5.0, 20))

    (flag,) = found(recovery, Pattern.FAILED_FUSION)

    assert flag.cleared_on is not None
    assert recovery.on(240) < flag.cleared_on < recovery.on(280)


def test_back_and_leg_pain_that_both_stay_are_one_note() -> None:
    recovery = Recovery(days=150, start=6.5, plateau=6.5, limb=ramp(1, 6.0, 1))

    assert len(found(recovery, Pattern.SLOW_RECOVERY)) == 1


def test_it_waits_for_enough_entries_and_not_for_ever() -> None:
    away = Recovery(days=300, start=6.5, plateau=6.5, missing=range(70, 105))

    assert found(away, Pattern.SLOW_RECOVERY)[0].raised_on >= away.on(182)
