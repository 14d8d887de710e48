"""Pain or numbness that comes back for good is flagged, whatever went before it.

One bad spell, or a slow beginning, must not buy silence about what then hurts for months. The days
allowed for limb pain and numbness are those that rules 2026-11-30.5 needed (decision 0107), those
for back pain the ones that 2026-12-01.1 needs (decision 0113).
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from recovery_tracker.domain.flags import TREND_PATTERNS
from recovery_tracker.trends.worsening import trend_findings

from .recoveries import Recovery

#: The day on which it comes back for good.
BACK = 180
SEEDS = range(4)
#: Bad days in one spell, and within how many days its return must be flagged.
SPELLS = ((10, 10), (14, 15), (21, 18))
#: The day on which a bad beginning was over, and the same.
SETTLED = ((60, 7), (80, 7), (100, 12), (110, 17))
#: First day, days, and within how many days the return of what was bad for weeks must be flagged.
WEEKS = ((70, 30, 6), (70, 50, 6), (100, 30, 6), (100, 50, 11), (60, 90, 11))
#: The same for back pain that is back by two and a half points.
AXIAL_SPELLS = (
    (70, 10, 11),
    (70, 35, 12),
    (70, 50, 19),
    (100, 14, 16),
    (100, 35, 25),
    (130, 21, 13),
)
AXIAL_SETTLED = ((60, 9), (80, 10), (100, 12), (110, 15), (130, 23))


def days_until_a_flag(seed: int, **diary: Callable[[int], float]) -> float:
    """Days from the return to the first flag raised after it; infinite where there is none."""
    recovery = Recovery(seed=seed, days=BACK + 60, **diary)
    waited = (
        (flag.raised_on - recovery.on(BACK)).days
        for flag in trend_findings(recovery.history(), recovery.last_day).episodes
        if flag.pattern in TREND_PATTERNS
    )
    return min((days for days in waited if days >= 0), default=float("inf"))


def bad_then_back(begun: int, days: int, bad: float, back: float) -> Callable[[int], float]:
    """`bad` more for some days, nothing for a time, and `back` more from `BACK` on for good."""
    return lambda day: back if day >= BACK else bad * (begun <= day < begun + days)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("days", "within"), SPELLS)
@pytest.mark.parametrize("begun", [70, 100, 130])
def test_limb_pain_that_is_back_for_good_after_a_bad_spell_is_flagged(
    begun: int, days: int, within: int, seed: int
) -> None:
    limb = bad_then_back(begun, days, 5.0, 4.0)

    assert days_until_a_flag(seed, limb=limb) <= within


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("days", "within"), SPELLS)
@pytest.mark.parametrize("begun", [70, 100, 130])
def test_numbness_that_is_back_for_good_after_a_bad_spell_is_flagged(
    begun: int, days: int, within: int, seed: int
) -> None:
    numbness = bad_then_back(begun, days, 3.0, 2.0)

    assert days_until_a_flag(seed, numbness=numbness) <= within


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("begun", "days", "within"), WEEKS)
def test_what_is_back_for_good_after_bad_weeks_is_flagged(
    begun: int, days: int, within: int, seed: int
) -> None:
    limb = bad_then_back(begun, days, 5.0, 4.0)
    numbness = bad_then_back(begun, days, 3.0, 2.0)

    assert days_until_a_flag(seed, limb=limb) <= within
    assert days_until_a_flag(seed, numbness=numbness) <= within


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("back", "within"), [(4.0, 24), (6.0, 7)])
def test_what_came_and_went_and_is_back_for_good_is_flagged(
    back: float, within: int, seed: int
) -> None:
    def limb(day: int) -> float:
        return back if day >= BACK else 4.0 * (day in range(75, 170) and (day - 75) % 25 < 12)

    assert days_until_a_flag(seed, limb=limb) <= within
    assert days_until_a_flag(seed, numbness=lambda day: limb(day) / 2) <= within


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("settled", "within"), SETTLED)
def test_what_settled_late_and_is_back_for_good_is_flagged(
    settled: int, within: int, seed: int
) -> None:
    limb = bad_then_back(0, settled, 5.0, 4.0)
    numbness = bad_then_back(0, settled, 3.0, 2.0)

    assert days_until_a_flag(seed, limb=limb) <= within
    assert days_until_a_flag(seed, numbness=numbness) <= within


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("begun", "days", "within"), AXIAL_SPELLS)
def test_back_pain_that_is_back_for_good_after_a_bad_spell_is_flagged(
    begun: int, days: int, within: int, seed: int
) -> None:
    assert days_until_a_flag(seed, axial=bad_then_back(begun, days, 4.0, 2.5)) <= within


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("settled", "within"), AXIAL_SETTLED)
def test_back_pain_that_settled_late_and_is_back_for_good_is_flagged(
    settled: int, within: int, seed: int
) -> None:
    assert days_until_a_flag(seed, axial=bad_then_back(0, settled, 4.0, 2.5)) <= within


def test_a_flag_after_a_bad_spell_compares_with_the_weeks_since() -> None:
    recovery = Recovery(days=BACK + 20, axial=bad_then_back(100, 35, 4.0, 2.5))

    found = trend_findings(recovery.history(), recovery.last_day).episodes
    flag = next(each for each in found if each.raised_on >= recovery.on(BACK))
    usual = next(each for each in flag.evidence_for if each.code == "usual_from")

    last = flag.raised_on - timedelta(days=14)
    assert (usual.values["first"], usual.values["last"]) == (last - timedelta(days=27), last)
    assert flag.cleared_on is None
