"""The expected course of each patient of a batch, for every day at once."""

import numpy as np

from ..domain.surgery import Approach, Region
from .course import WEEKS, Course, course_of
from .series import Diaries
from .windows import Bools, Floats


def preop_scores(diaries: Diaries, measure: str) -> tuple[Floats, Bools]:
    """Pain before the operation, shape (n,), and whether it is the patient's own; where it is not
    known the published mean of the region stands in.
    """
    own = diaries.preop_axial if measure == "axial_pain" else diaries.preop_limb
    known = ~np.isnan(own)
    published = np.zeros(len(own))
    for rows, course in _groups(diaries, measure):
        published[rows] = course.mean[0]
    return np.where(known, own, published).astype(np.float64), known


def preop_score(diaries: Diaries, measure: str, row: int) -> tuple[float, bool]:
    """The same for one patient."""
    own = float((diaries.preop_axial if measure == "axial_pain" else diaries.preop_limb)[row])
    if not np.isnan(own):
        return own, True
    approach = None if diaries.approach is None else diaries.approach[row]
    course = course_of(diaries.region[row], approach, measure)
    return (0.0 if course is None else course.mean[0]), False


def course_shares(diaries: Diaries, measure: str) -> Floats:
    """Share of the pain before the operation that the course leaves, at most all; (n, days)."""
    shares = np.ones(diaries.shape)
    for rows, course in _groups(diaries, measure):
        shares[rows] = _by_day(course.mean, diaries.shape[1]) / course.mean[0]
    return np.minimum(shares, 1.0)


def course_is_borrowed(diaries: Diaries, measure: str, row: int) -> bool:
    """Whether no course is published for this patient's operation."""
    approach = None if diaries.approach is None else diaries.approach[row]
    course = course_of(diaries.region[row], approach, measure)
    return course is not None and course.is_borrowed


def course_spreads(diaries: Diaries, measure: str) -> Floats:
    """Published spread between patients, shape (n, days)."""
    spreads = np.ones(diaries.shape)
    for rows, course in _groups(diaries, measure):
        spreads[rows] = _by_day(course.spread, diaries.shape[1])
    return spreads


def _by_day(points: tuple[float, ...], days: int) -> Floats:
    values: Floats = np.interp(
        np.sqrt(np.arange(days) / 7.0), np.sqrt(np.array(WEEKS)), np.array(points)
    )
    return values


def _groups(diaries: Diaries, measure: str) -> list[tuple[Bools, Course]]:
    """Patients who share a published course."""
    approaches: tuple[Approach | None, ...] = diaries.approach or (None,) * diaries.shape[0]
    kinds: list[tuple[Region, Approach | None]] = list(zip(diaries.region, approaches, strict=True))
    groups = []
    for kind in dict.fromkeys(kinds):
        course = course_of(*kind, measure)
        if course is not None:
            groups.append((np.array([each == kind for each in kinds]), course))
    return groups
