"""What made a score: the parts of an alarm, each beyond the person's own usual."""

from dataclasses import replace

import numpy as np
import pytest

from recovery_tracker.domain.flags import Episode
from recovery_tracker.domain.phrases import POINTS
from recovery_tracker.domain.sensitivity import Sensitivity
from recovery_tracker.laboratory import engine
from recovery_tracker.laboratory.cells import Answers
from recovery_tracker.laboratory.cohort import Cohort
from recovery_tracker.laboratory.simulate import simulate_scenario
from recovery_tracker.trends.axial import parts_on
from recovery_tracker.trends.batch import trend_episodes
from recovery_tracker.trends.evidence import evidence_of
from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.sensitivity import under


@pytest.fixture(scope="module", params=[Answers.ALL, Answers.PAIN])
def seen(request: pytest.FixtureRequest) -> tuple[Answers, Cohort]:
    return request.param, engine.seen_by(simulate_scenario("loosening", 40, 3), request.param)


def flags(cohort: Cohort) -> list[tuple[int, Episode]]:
    return [pair for pair in engine.find(cohort).flags if pair[1].points]


def test_the_parts_of_a_day_add_up_to_its_score(seen: tuple[Answers, Cohort]) -> None:
    _, cohort = seen
    evidence = evidence_of(cohort.diaries, STANDARD)
    assert evidence.axial is not None
    for row, flag in flags(cohort):
        day = engine.day_of(flag.raised_on)
        parts = parts_on(evidence.axial, row, day, STANDARD)
        assert sum(part[day] for part in parts.values()) == pytest.approx(
            evidence.scores["axial"][row, day]
        )
        assert dict(flag.points).keys() == parts.keys()


def test_a_flag_tells_what_made_it_largest_first(seen: tuple[Answers, Cohort]) -> None:
    answers, cohort = seen
    found = flags(cohort)
    assert len(found) > 20
    told = {name for _, flag in found for name, _ in flag.points}
    # Where pain alone is answered, nothing is told of answers that nobody gave.
    assert ("under_load" in told) == (answers is Answers.ALL)
    assert told <= POINTS.keys()
    for _, flag in found:
        shares = [share for _, share in flag.points]
        assert shares == sorted(shares, reverse=True)
        # Rarely a flag is raised again soon after one that ended: then nothing is new.
        assert shares[0] >= 0


def test_who_is_usually_near_an_alarm_is_told_so(seen: tuple[Answers, Cohort]) -> None:
    """A first alarm is mostly new; what was there before the onset is taken off."""
    _, cohort = seen
    totals = [sum(share for _, share in flag.points) for _, flag in flags(cohort)]
    assert 0.8 < float(np.median(totals)) <= 1.2
    assert min(totals) < 0.9


def test_other_channels_have_no_points() -> None:
    cohort = simulate_scenario("nerve_numbness", 20, 3)
    told = [flag for _, flag in engine.find(cohort).flags if flag.signals[0].measure == "numbness"]
    assert told
    assert not any(flag.points for flag in told)


def test_a_setting_moves_the_alarm_that_points_are_a_share_of() -> None:
    cohort = simulate_scenario("ramp_3_42", 10, 3)
    quiet = replace(cohort, diaries=under(cohort.diaries, Sensitivity.QUIET))
    for setting in (cohort, quiet):
        totals = [
            sum(share for _, share in flag.points)
            for _, flag in trend_episodes(setting.diaries)
            if flag.points
        ]
        assert 0.8 < float(np.median(totals)) < 1.3
