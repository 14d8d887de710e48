"""The size of a change: worse has a plus whatever direction is better, within its own interval."""

import re
from datetime import date, timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Episode
from recovery_tracker.domain.history import History
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.reports.findings import size_words
from recovery_tracker.trends import assess

OPERATED = date(2026, 1, 1)


def flagged(measure: str, usual: int, now: int) -> Episode:
    """What a diary raises whose answers change on day 100 and stay."""
    entries = [
        DiaryEntry(
            OPERATED + timedelta(days=day),
            **{"walking": 3, "mobility": 1, "axial_pain": 2, "limb_pain": 1, "numbness": 0}
            | {measure: usual if day < 100 else now},
        )
        for day in range(150)
    ]
    history = History((Operation(OPERATED, Region.LUMBAR),), tuple(entries))
    found = assess(history, entries[-1].day).active
    return next(one for one in found if one.signals and one.signals[0].measure == measure)


@pytest.mark.parametrize(
    ("measure", "usual", "now", "unit"),
    [
        ("walking", 4, 1, "levels worse than usual"),
        ("mobility", 1, 3, "levels worse than usual"),
        ("axial_pain", 2, 6, "points above usual"),
    ],
)
def test_the_size_of_what_got_worse_has_a_plus_and_lies_in_its_interval(measure, usual, now, unit):
    told = size_words(flagged(measure, usual, now))
    said = re.fullmatch(rf"\+(\S+) {unit} that week \((\S+) to (\S+)\)", told)
    size, low, high = map(float, said.groups())
    assert low <= size <= high
