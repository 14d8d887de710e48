"""Moving and walking that get worse without pain are flagged, and a dip or a choice is not."""

from dataclasses import replace

import pytest

from recovery_tracker.domain.flags import Pattern, Reason, Status, Urgency
from recovery_tracker.trends import assess
from recovery_tracker.trends.worsening import trend_findings

from .recoveries import Recovery, ramp
from .test_endings import check

USUAL = {"mobility": 1, "walking": 3}


def collapse(first: int, last: int, days: int = 260, seed: int = 1, **worse: int) -> Recovery:
    """Pain as ever; moving and walking worse from one day to another."""
    more = {
        day: dict(worse if first <= day <= last else USUAL)
        for day in range(1, days + 1)
        if first <= day <= last or day % 3
    }
    return Recovery(days=days, seed=seed, more=more)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "worse",
    [
        {"mobility": 4, "walking": 0},
        {"mobility": 2, "walking": 2},
        {"mobility": 3, "walking": 3},
        {"mobility": 1, "walking": 0},
    ],
)
def test_it_is_flagged_once_and_stands(seed: int, worse: dict[str, int]) -> None:
    recovery = collapse(130, 260, seed=seed, **worse)
    (episode,) = check(recovery.history(), recovery.last_day)

    assert (episode.pattern, episode.urgency) == (Pattern.WORSENING, Urgency.REVIEW)
    assert recovery.on(153) <= episode.raised_on <= recovery.on(162)
    assert episode.cleared_on is None
    assert episode.onset_first is not None
    assert episode.onset_last is not None
    assert episode.onset_first <= recovery.on(133)
    assert episode.onset_last >= recovery.on(127)
    assert episode.size is not None
    assert episode.size > 0
    assert episode.also_consider[:3] == ("cord", "nerves", "illness")
    assert assess(recovery.history(), recovery.last_day).status is Status.REVIEW


def test_it_ends_when_both_are_back() -> None:
    recovery = collapse(130, 200, mobility=3, walking=1)
    (episode,) = check(recovery.history(), recovery.last_day)

    assert episode.cleared_on is not None
    assert recovery.on(205) < episode.cleared_on < recovery.on(220)


def test_it_tells_the_steps_and_what_ends_it() -> None:
    recovery = collapse(130, 260, mobility=4, walking=0)
    (episode,) = check(recovery.history(), recovery.last_day)

    codes = {(r.code, r.values.get("measure")) for r in episode.evidence_for}
    assert ("rose_and_stayed", "mobility") in codes
    assert ("moved_too", "walking") in codes
    assert isinstance(episode.would_clear, Reason)
    assert episode.would_clear.code == "ends_when_all_eased"
    assert episode.would_clear.values["measure"] == "mobility"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("last", "worse"),
    [
        (143, {"mobility": 4, "walking": 0}),
        (150, {"mobility": 4, "walking": 0}),
        (260, {"mobility": 1, "walking": 2}),
        (260, {"mobility": 1, "walking": 3}),
    ],
)
def test_a_dip_or_a_choice_raises_nothing(seed: int, last: int, worse: dict[str, int]) -> None:
    """Three weeks of illness, somewhat less walking, and answers that never change."""
    recovery = collapse(130, last, seed=seed, **worse)

    assert trend_findings(recovery.history(), recovery.last_day).episodes == ()


def test_under_a_flag_of_pain_it_is_no_news() -> None:
    """Who hurts moves less: that is one worsening."""
    recovery = replace(collapse(130, 260, mobility=3, walking=1), axial=ramp(125, 4), others=False)
    (episode,) = trend_findings(recovery.history(), recovery.last_day).episodes

    assert episode.signals[0].measure == "axial_pain"
    assert not [u for u in episode.updates if u.reason.values["measure"] in ("mobility", "walking")]
