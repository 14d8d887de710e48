"""The expected course of recovery: what groups of patients reported, week by week.

Published means and spreads at a few weeks, joined linearly in the square root of the week and,
where the pain before the operation is known, moved to this patient. A band is a range reported by
groups of patients in published studies; it is never called "normal", and leaving it never raises a
flag by itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..domain.surgery import Approach, Region

COURSE_VERSION = "2026-11-29"

#: Weeks after the operation at which the published values stand; 0 is before the operation.
WEEKS = (0.0, 1.0, 2.0, 4.0, 6.0, 12.0, 26.0, 52.0, 104.0)


@dataclass(frozen=True, slots=True)
class Course:
    """Mean and between-patient spread of one measure at `WEEKS`, with where they come from.

    `published` are the weeks at which a published cohort stands behind the mean; the others are
    joined by us. `is_borrowed` where no cohort of this operation is published at all: the course is
    that of another one, and nothing may be said of "published groups" by it.
    """

    mean: tuple[float, ...]
    spread: tuple[float, ...]
    source: str
    published: tuple[float, ...]
    is_borrowed: bool = False


_LUMBAR = (
    "compromise between cohorts. Weeks 1 to 6: percutaneous TLIF alone (n=30, IJSS). Months: the"
    " same, and 440 fusions (PMC11015628). Ends only: Koenders 2018 (25 studies, n=1777,"
    " doi:10.1007/s00586-018-5680-3), a PLIF cohort (n=182), QOD registry (n=480). Against it:"
    " Brox, chronic low back pain, 4 years (PMC2938881, n=62): 64 % of the pain left; the reason"
    " for the operation matters more than the week. Spreads: QOD baselines and published changes"
)
_NECK = (
    "Weeks: ACDF recovery trajectories (n=290: neck pain falls to day 24, arm pain to day 11);"
    " the FACET trial had neck pain of 4.7 after a week (5.4 before), a tenth more of it than here."
    " Ends only: its anterior arm (PMC9679957, n=124), Stull (n=235), pooled n=237"
)
_POSTERIOR_NECK = (
    "borrowed: no weekly course of fusion from behind is published; the course of anterior neck"
    " fusion, higher early (5.6 after a week of foraminotomy alone, FACET; the rest is our default)"
)
_THORACIC = "borrowed: the lumbar course; no weekly course is published for thoracic fusion"
_LUMBAR_WEEKS = (0.0, 1.0, 2.0, 4.0, 6.0, 12.0, 26.0, 52.0, 104.0)

_LUMBAR_AXIAL = Course(
    (6.7, 5.2, 4.5, 3.8, 3.4, 2.9, 2.7, 2.7, 2.7),
    (2.4, 2.3, 2.3, 2.2, 2.2, 2.2, 2.3, 2.5, 2.5),
    _LUMBAR,
    _LUMBAR_WEEKS,
)
_LUMBAR_LIMB = Course(
    (6.5, 3.7, 3.1, 2.6, 2.2, 1.7, 1.5, 1.5, 1.6),
    (2.7, 2.6, 2.5, 2.4, 2.3, 2.3, 2.2, 2.4, 2.4),
    _LUMBAR,
    _LUMBAR_WEEKS,
)
_NECK_AXIAL = Course(
    (5.9, 4.6, 3.9, 3.1, 3.0, 2.8, 2.7, 2.7, 2.7),
    (2.6, 2.5, 2.5, 2.4, 2.4, 2.4, 2.5, 2.5, 2.5),
    _NECK,
    (0.0, 4.0, 52.0),
)
_NECK_LIMB = Course(
    (5.8, 2.9, 2.5, 2.3, 2.1, 1.9, 1.8, 1.7, 1.7),
    (2.8, 2.6, 2.5, 2.5, 2.5, 2.5, 2.5, 2.6, 2.6),
    _NECK,
    (0.0, 52.0),
)
_POSTERIOR_NECK_AXIAL = Course(
    (5.0, 5.6, 5.0, 4.2, 3.8, 3.4, 3.2, 3.2, 3.2),
    (2.8, 2.7, 2.7, 2.6, 2.6, 2.6, 2.6, 2.6, 2.6),
    _POSTERIOR_NECK,
    (),
    is_borrowed=True,
)


def course_of(region: Region, approach: Approach | None, measure: str) -> Course | None:
    """The course of a measure; None where there is none (all but the two pain scores).

    Borrowed after a thoracic operation and after one on the neck from behind.
    """
    if measure not in ("axial_pain", "limb_pain"):
        return None
    axial = measure == "axial_pain"
    if region is Region.CERVICAL:
        if approach is not Approach.POSTERIOR:
            return _NECK_AXIAL if axial else _NECK_LIMB
        return _POSTERIOR_NECK_AXIAL if axial else _borrowed(_NECK_LIMB, _POSTERIOR_NECK)
    course = _LUMBAR_AXIAL if axial else _LUMBAR_LIMB
    return _borrowed(course, _THORACIC) if region is Region.THORACIC else course


def _borrowed(course: Course, source: str) -> Course:
    return Course(course.mean, course.spread, source, (), is_borrowed=True)


@dataclass(frozen=True, slots=True)
class Band:
    """Expected values over days: `low` to `high` is one spread either side of the mean. Never below
    0 nor above 10.
    """

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    source: str
    is_borrowed: bool


def expected_course(
    region: Region,
    approach: Approach | None,
    measure: str,
    pod: ArrayLike,
    preop: float | None = None,
) -> Band | None:
    """The expected band on postoperative days `pod` (any shape), or None where none is published.

    With a score from before the operation the mean is the share of it that the course leaves, and
    never more than that score; without one it is the mean of the course. Days before the operation
    are read as day 0.
    """
    course = course_of(region, approach, measure)
    if course is None:
        return None
    root_week = np.sqrt(np.maximum(np.asarray(pod, dtype=np.float64), 0.0) / 7.0)
    knots = np.sqrt(np.array(WEEKS))
    mean = np.interp(root_week, knots, np.array(course.mean))
    spread = np.interp(root_week, knots, np.array(course.spread))
    if preop is not None and not np.isnan(preop):
        mean = np.minimum(mean * (preop / course.mean[0]), preop)

    def scale(value: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.clip(value, 0.0, 10.0)

    return Band(
        mean=scale(mean),
        low=scale(mean - spread),
        high=scale(mean + spread),
        source=course.source,
        is_borrowed=course.is_borrowed,
    )


def shown_course(
    region: Region,
    approach: Approach | None,
    measure: str,
    pod: ArrayLike,
    preop: float | None = None,
) -> Band | None:
    """The band as a chart or a page shows it beside a diary, as published.

    None where no study of this operation stands behind it, and of somebody who had no such pain
    before: studies follow how a pain goes, and a share of none would be a mean that none reports.
    """
    if preop == 0:
        return None
    band = expected_course(region, approach, measure, pod, preop)
    return None if band is None or band.is_borrowed else band
