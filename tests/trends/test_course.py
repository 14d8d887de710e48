"""The expected course of recovery."""

from itertools import pairwise

import numpy as np
import pytest

from recovery_tracker.domain.surgery import Approach, Region
from recovery_tracker.trends.course import WEEKS, course_of, expected_course


def test_published_points_stand_where_they_were_published() -> None:
    days = np.array(WEEKS) * 7

    band = expected_course(Region.LUMBAR, None, "axial_pain", days)

    assert band is not None
    assert band.mean.tolist() == pytest.approx([6.7, 5.2, 4.5, 3.8, 3.4, 2.9, 2.7, 2.7, 2.7])


def test_between_two_weeks_it_is_linear_in_the_root_of_the_week() -> None:
    band = expected_course(Region.LUMBAR, None, "axial_pain", [9 / 4 * 7])

    # sqrt(2.25) = 1.5 lies 0.146 of the way from sqrt(2) to sqrt(4).
    assert band is not None
    assert band.mean[0] == pytest.approx(4.5 + (3.8 - 4.5) * (1.5 - 2**0.5) / (2 - 2**0.5))


def test_it_is_scaled_by_the_pain_before_the_operation() -> None:
    usual = expected_course(Region.LUMBAR, None, "axial_pain", [84])
    half = expected_course(Region.LUMBAR, None, "axial_pain", [84], preop=3.35)

    assert usual is not None
    assert half is not None
    assert half.mean[0] == pytest.approx(usual.mean[0] / 2)


@pytest.mark.parametrize("region", list(Region))
@pytest.mark.parametrize("approach", [None, *Approach])
@pytest.mark.parametrize("measure", ["axial_pain", "limb_pain"])
def test_a_band_is_in_order_and_on_the_scale(
    region: Region, approach: Approach | None, measure: str
) -> None:
    band = expected_course(region, approach, measure, range(-5, 800))

    assert band is not None
    lines = [band.low, band.mean, band.high]
    assert all((below <= above).all() for below, above in pairwise(lines))
    assert (band.low >= 0).all()
    assert (band.high <= 10).all()
    assert band.source


#: Published means by week, of the cohorts named in `course`: (region, approach, measure, week,
#: lowest, highest), as the share of the pain before the operation that remains.
COHORTS = [
    # PTLIF n=30; the same, 440 fusions; PTLIF, 440 fusions; PTLIF, Koenders, PLIF.
    (Region.LUMBAR, "axial_pain", 4, 0.53, 0.57),
    (Region.LUMBAR, "axial_pain", 12, 0.38, 0.44),
    (Region.LUMBAR, "axial_pain", 52, 0.34, 0.40),
    (Region.LUMBAR, "axial_pain", 104, 0.31, 0.51),
    (Region.LUMBAR, "limb_pain", 1, 0.55, 0.60),
    (Region.LUMBAR, "limb_pain", 4, 0.38, 0.43),
    (Region.LUMBAR, "limb_pain", 12, 0.20, 0.27),
    (Region.LUMBAR, "limb_pain", 52, 0.19, 0.25),
    (Region.LUMBAR, "limb_pain", 104, 0.11, 0.48),
    # The joined first week against FACET (4.7 of 5.4), which lies a tenth higher.
    (Region.CERVICAL, "axial_pain", 1, 0.78, 0.87),
    # FACET n=124 and Stull n=235; FACET and posterior foraminotomy.
    (Region.CERVICAL, "axial_pain", 52, 0.40, 0.55),
    (Region.CERVICAL, "limb_pain", 52, 0.26, 0.31),
]


def test_the_course_lies_within_its_published_cohorts() -> None:
    """A tenth of a point of rounding is allowed."""
    for region, measure, week, low, high in COHORTS:
        course = course_of(region, Approach.ANTERIOR, measure)
        assert course is not None
        share = course.mean[WEEKS.index(week)] / course.mean[0]
        assert low - 0.02 <= share <= high + 0.02, (region, measure, week, share)


def test_what_no_cohort_stands_behind_is_marked_as_borrowed() -> None:
    """Thoracic, and the neck from behind; nothing else."""
    for region in Region:
        for approach in (None, *Approach):
            for measure in ("axial_pain", "limb_pain"):
                course = course_of(region, approach, measure)
                assert course is not None
                neck_from_behind = region is Region.CERVICAL and approach is Approach.POSTERIOR
                borrowed = region is Region.THORACIC or neck_from_behind
                assert course.is_borrowed is borrowed
                assert ("borrowed" in course.source) is borrowed
                assert bool(course.published) is not borrowed
                assert set(course.published) <= set(WEEKS)


@pytest.mark.parametrize("preop", [1.0, 5.0, 9.0])
def test_it_never_expects_more_pain_than_before_the_operation(preop: float) -> None:
    for region in Region:
        for approach in (None, *Approach):
            band = expected_course(region, approach, "axial_pain", range(800), preop)
            assert band is not None
            assert (band.mean <= preop + 1e-9).all()


def test_the_neck_from_behind_has_its_own_course() -> None:
    front = expected_course(Region.CERVICAL, Approach.ANTERIOR, "axial_pain", [14])
    behind = expected_course(Region.CERVICAL, Approach.POSTERIOR, "axial_pain", [14])

    assert front is not None
    assert behind is not None
    assert behind.mean[0] > front.mean[0]


def test_other_measures_have_no_published_course() -> None:
    assert expected_course(Region.LUMBAR, None, "walking", [10]) is None
