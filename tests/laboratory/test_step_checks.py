"""Steps of a device beside a cohort: however they were counted, no flag may move."""

import pytest

from recovery_tracker.laboratory.step_checks import VARIANTS, step_cells, step_results, told
from recovery_tracker.laboratory.trial import REFERENCE, Sizes, Trial


@pytest.fixture(scope="module")
def results():
    return step_results(Trial(REFERENCE, 5, Sizes(healthy=6, nuisance=1, change=6, read=6, slow=1)))


def test_however_steps_were_counted_every_flag_is_the_same(results) -> None:
    assert [row.variant for row in results] == [*VARIANTS, *VARIANTS]
    assert all(row.unchanged.value == 1.0 for row in results)
    assert all(
        cell.must is None or found.value == 1.0 for cell, found in step_cells(results).items()
    )


def test_a_watch_that_is_new_with_the_pain_says_less_than_one_phone(results) -> None:
    phone, twice, watch = (row for row in results if row.scenario == "loosening")
    assert phone.supported == twice.supported, "the same phone is read, never the sum"
    spoke = [row.supported.value + row.contradicted.value for row in (phone, watch)]
    assert spoke[1] < spoke[0]
    assert len(told(results)) == 2 * len(VARIANTS)
