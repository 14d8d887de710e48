"""The size of a change: worse has a plus whatever direction is better, within its own interval."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Episode, Reason
from recovery_tracker.domain.history import History
from recovery_tracker.domain.phrases import summary
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.reports.findings import Told, finding_of, size_words
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


def test_what_was_reported_too_is_one_line_that_the_flag_does_not_rest_on():
    told = (("spasm", 140), ("stiffness", 142), ("insomnia", 149))
    reasons = tuple(
        Reason("told_beside", {"sign": sign, "day": OPERATED + timedelta(days=day)})
        for sign, day in told
    )
    episode = flagged("axial_pain", 2, 6)
    episode = replace(episode, evidence_for=episode.evidence_for + reasons)
    finding = finding_of(
        episode, Told(OPERATED + timedelta(days=149), Operation(OPERATED, Region.LUMBAR))
    )
    assert finding.beside == (
        "Muscle spasm, last on 21 May; stiffness, last on 23 May; "
        "insomnia from pain, last on 30 May"
    )
    others = [finding.what_happened, *finding.evidence_for, *finding.rests_on]
    assert "stiffness" not in " ".join(others).lower()
    assert summary(episode).lower().count("not weighed") == 1
