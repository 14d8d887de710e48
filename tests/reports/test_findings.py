"""The size of a change: worse has a plus whatever direction is better, within its own interval."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Episode, Reason
from recovery_tracker.domain.history import History
from recovery_tracker.domain.phrases import say, summary
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


def test_what_was_usual_is_an_answer_that_was_given_most_often():
    """Written late, the first bad weeks lie among the days that are compared with."""
    entries = []
    for day in range(1, 201):
        on = OPERATED + timedelta(days=day)
        worse = day >= 120
        entries.append(
            DiaryEntry(
                on,
                axial_pain=3,
                limb_pain=1,
                numbness=0,
                walking=1 if worse else 4,
                mobility=3 if worse else 1,
                recorded_at=datetime.combine(
                    on + timedelta(days=12 if 130 <= day <= 150 else 0), time(20), UTC
                ),
            )
        )
    history = History((Operation(OPERATED, Region.LUMBAR),), tuple(entries))
    (episode,) = assess(history, entries[-1].day).active
    leading = episode.signals[0]
    assert 1.5 < leading.before < 2.5, "the mean is near an answer that was never given"
    said = summary(episode)
    assert "from mostly “a little hard” to mostly “very hard”" in said
    assert "from mostly “over 1 hour” to mostly “under 10 min”" in said


@pytest.mark.parametrize(
    ("measure", "level", "word"),
    [
        ("mobility", 2.2, "quite hard"),
        ("mobility", 1.7, "a little hard"),
        ("walking", 2.2, "30 to 60 min"),
        ("walking", 2.7, "30 to 60 min"),
    ],
)
def test_the_answer_named_for_the_end_ends_the_flag(measure, level, word):
    """Given each day it is at the level or better; its neighbour towards worse is not."""
    values = {"measure": measure, "level": level, "week": 7, "days": 14}
    assert f"at “{word}” ({level} of 4) or better" in say(Reason("ends_when_eased", values))
