"""Steps beside the diary: they speak for or against, may give a note, and decide nothing."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import Assessment, Episode, Pattern, Status, Urgency
from recovery_tracker.domain.history import History
from recovery_tracker.domain.passive import PassiveKind, PassiveValue, of_one_source
from recovery_tracker.domain.phrases import say, summary
from recovery_tracker.domain.surgery import Operation, Region
from recovery_tracker.trends.assessment import assess
from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.trends.steps import Steps, step_notes

DAY_0 = date(2026, 1, 5)
OPERATION = Operation(DAY_0, Region.LUMBAR)


def on(pod: int) -> date:
    return DAY_0 + timedelta(days=pod)


def counted(steps: dict[int, float], source: str = "phone") -> list[PassiveValue]:
    return [PassiveValue(on(d), PassiveKind.STEPS, source, s) for d, s in steps.items()]


def diary(values: list[PassiveValue], *, rises: bool = True, days: int = 151) -> History:
    """Pain that settles at 2, and stands at 5 from day 100 on where it `rises`."""
    entries = tuple(
        DiaryEntry(
            on(pod),
            axial_pain=5 if rises and pod >= 100 else max(2, 7 - pod // 8),
            walking=2,
            signs=frozenset(),
        )
        for pod in range(1, days)
    )
    return History((OPERATION,), entries, passive=of_one_source(values))


def found(history: History, pod: int = 150) -> Assessment:
    return assess(history, on(pod))


def trend(history: History) -> Episode:
    return next(e for e in found(history).episodes if e.likelihoods)


def bare(episode: Episode) -> Episode:
    """The receipt without what steps may add."""
    return replace(
        episode,
        evidence_for=tuple(r for r in episode.evidence_for if not r.code.startswith("steps")),
        evidence_against=tuple(
            r for r in episode.evidence_against if not r.code.startswith("steps")
        ),
    )


STEADY = dict.fromkeys(range(1, 151), 6000.0)
FELL = {day: 6000.0 if day < 100 else 3600.0 for day in range(1, 151)}
WATCH = dict.fromkeys(range(100, 151), 12_000.0)
#: What a device may do, and what it may say about the flag.
SERIES = {
    "absent": ([], set()),
    "steady": (counted(STEADY), {"steps_held"}),
    "fell": (counted(FELL), {"steps_fell"}),
    "a little less": (counted({d: s if d < 100 else 5000.0 for d, s in STEADY.items()}), set()),
    "doubled": (counted({d: s if d < 100 else 2 * s for d, s in STEADY.items()}), {"steps_held"}),
    # Two devices count the same walk: one is read, and the sum never.
    "double-counted": (counted(FELL) + counted(WATCH, "watch"), {"steps_fell"}),
    # The phone stays at home from the day on which there is a watch.
    "a new watch": (
        counted({d: s for d, s in STEADY.items() if d < 100}) + counted(WATCH, "watch"),
        set(),
    ),
    "left at home": (counted({d: s for d, s in STEADY.items() if d % 4 == 0}), set()),
    "too few to be carried": (counted({d: 6000.0 if d < 100 else 40.0 for d in STEADY}), set()),
}


def test_steps_speak_for_or_against_and_change_nothing_else() -> None:
    without = found(diary([]))
    for name, (values, codes) in SERIES.items():
        history = diary(values)
        told = found(history)
        (flag,) = [e for e in told.episodes if e.likelihoods]
        said = {r.code for r in (*flag.evidence_for, *flag.evidence_against)}
        assert {code for code in said if code.startswith("steps")} == codes, name
        others = [bare(e) for e in told.episodes if e.pattern is not Pattern.LESS_WALKING]
        assert others == list(without.episodes), name
        assert (told.status, told.sufficiency) == (without.status, without.sufficiency), name
    fell = trend(diary(counted(FELL)))
    text = say(fell.evidence_for[-1])
    assert text == (
        "Steps that a device counted fell too: usually 6000 a day, 3600 in the two weeks up to the "
        "flag (60\N{NO-BREAK SPACE}%)."
    )


def test_without_a_device_not_one_byte_is_different() -> None:
    history = diary([])
    assert repr(found(history)) == repr(found(replace(history, passive=())))
    other = [PassiveValue(on(day), PassiveKind.SLEEP, "watch", 400.0) for day in range(1, 151)]
    assert repr(found(diary(other))) == repr(found(history))


def halved(first: int = 60, last: int = 150, share: float = 0.45) -> dict[int, float]:
    return {day: 6000 * (share if first <= day <= last else 1) for day in range(1, 151)}


def test_a_lasting_fall_alone_is_a_note_and_never_more() -> None:
    told = found(diary(counted(halved()), rises=False))
    (note,) = told.episodes
    assert (note.pattern, note.worst_urgency) == (Pattern.LESS_WALKING, Urgency.NOTE)
    assert (note.raised_on, note.onset) == (on(80), on(60))
    assert told.status is Status.NO_RULE_MATCHED
    assert "45\N{NO-BREAK SPACE}%" in summary(note)
    # It says when it may end by itself, should the device stop.
    later = found(diary(counted(halved()), rises=False, days=170), 160)
    assert later.next_change_on is not None
    assert later.next_change_on <= on(150 + STANDARD.steps_silent)


@pytest.mark.parametrize(
    ("steps", "cleared"),
    [
        (halved(60, 120), 124),
        # Two weeks are a cold, and 60 % is less than usual and no half.
        (halved(60, 73), None),
        (halved(60, 150, 0.6), None),
        # The first weeks are no usual.
        ({day: 6000.0 if day < 28 else 2500.0 for day in range(1, 151)}, None),
        # A phone that is put away.
        ({day: steps for day, steps in halved().items() if day <= 90}, 118),
    ],
)
def test_when_a_note_begins_and_ends(steps: dict[int, float], cleared: int | None) -> None:
    notes = found(diary(counted(steps), rises=False)).episodes
    assert [note.cleared_on for note in notes] == ([] if cleared is None else [on(cleared)])


def test_nothing_of_later_days_is_told() -> None:
    whole = counted(halved())
    for pod in (79, 80, 100, 130):
        known = [value for value in whole if value.day <= on(pod)]
        assert found(diary(whole), pod) == found(diary(known), pod)


def series(rng: np.random.Generator, *, falls_to: float = 1.0) -> Steps:
    """A year of a phone: half a day's spread, quieter Sundays, at home on one day of five."""
    days = np.arange(366)
    recovered = np.minimum(1.0, 0.3 + days / 60)
    steps = 5000 * recovered * np.exp(rng.normal(0, 0.45, days.size))
    steps = np.where(days % 7 == 6, steps * 0.6, steps)
    steps = np.where(days >= 200, steps * falls_to, steps)
    carried = rng.random(days.size) > 0.2
    return Steps(DAY_0, np.where(carried & (steps >= 100), steps, np.nan))


def test_how_often_a_note_comes_without_and_with_a_fall() -> None:
    """What `docs/trends.md` says of it: seed 5, 400 people each."""
    rng = np.random.default_rng(5)
    calm = [step_notes(series(rng), STANDARD).episodes for _ in range(400)]
    fallen = [step_notes(series(rng, falls_to=0.4), STANDARD).episodes for _ in range(400)]
    false = sum(len(notes) for notes in calm) / len(calm)
    seen = [n for notes in fallen for n in notes if on(200) <= n.raised_on <= on(260)]
    waits = sorted((n.raised_on - on(200)).days for n in seen)
    assert (false, round(len(seen) / len(fallen), 2), waits[len(waits) // 2]) == (0.0, 0.95, 19)
