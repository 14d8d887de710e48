"""Recoveries to draw: plausible numbers without any randomness from outside."""

import random
from datetime import UTC, date, datetime, timedelta

from recovery_tracker.domain.diary import DiaryEntry
from recovery_tracker.domain.flags import (
    Assessment,
    Episode,
    Pattern,
    Status,
    Sufficiency,
    Urgency,
)
from recovery_tracker.domain.history import Event, EventKind, History, Imaging, ImagingResult
from recovery_tracker.domain.surgery import Operation, Region

OPERATION = date(2025, 12, 16)

EVENTS = (
    (14, EventKind.VISIT, "Wound check"),
    (28, EventKind.PHYSIO, "Physio starts"),
    (52, EventKind.FALL, "Slipped on stairs"),
    (70, EventKind.VISIT, "Phone call"),
)


def entry(day: int, rng: random.Random, *, opioids: bool) -> DiaryEntry:
    """A back that settles over seven weeks and comes back from day 62 on."""
    base = 7 - 4.5 * min(1, day / 50) + min(3.5, max(0, day - 62) * 0.13)
    walked = min(3.4, 0.5 + day / 15) - max(0, min(1.7, (day - 65) * 0.08))
    late = 3 if rng.random() < 0.08 else 0

    def near(value: float, spread: float, high: int) -> int:
        return max(0, min(high, round(value + rng.gauss(0, spread))))

    return DiaryEntry(
        OPERATION + timedelta(days=day),
        axial_pain=near(base, 0.8, 10),
        limb_pain=near(5 - 3 * min(1, day / 40), 0.9, 10),
        numbness=near(1, 0.5, 4),
        mobility=near(base / 2.2, 0.4, 4),
        walking=near(walked, 0.5, 4),
        opioid_doses=near(6 - day / 10, 1, 50) if opioids else None,
        signs=frozenset(),
        recorded_at=datetime(2025, 12, 16, 20, tzinfo=UTC) + timedelta(days=day + late),
    )


def recovery(
    days: int,
    *,
    events: tuple[tuple[int, EventKind, str], ...] = EVENTS,
    region: Region = Region.LUMBAR,
    opioids: bool = False,
    flagged: bool = True,
    missing: float = 0.08,
) -> tuple[History, Assessment]:
    """`days` days of a diary with a gap at days 37 to 41, and the flag it would carry."""
    rng = random.Random(7)
    entries = tuple(
        entry(day, rng, opioids=opioids)
        for day in range(days)
        if not (37 <= day <= 41 or rng.random() < missing)
    )
    today = OPERATION + timedelta(days=max(0, days - 1))
    history = History(
        (Operation(OPERATION, region, levels=2, preop_axial_pain=7, preop_limb_pain=6),),
        entries,
        tuple(Event(OPERATION + timedelta(days=d), kind, text) for d, kind, text in events),
        (ImagingResult(OPERATION + timedelta(days=80), "xray", Imaging.NO_LOOSENING_SEEN),)
        if days > 80
        else (),
    )
    episodes = (
        (
            Episode(
                Pattern.LOOSE_HARDWARE,
                Urgency.REVIEW,
                raised_on=OPERATION + timedelta(days=76),
                onset=OPERATION + timedelta(days=65),
                onset_first=OPERATION + timedelta(days=61),
                onset_last=OPERATION + timedelta(days=69),
                size=3.2,
                days_used=70,
                days_missing=6,
                rule_set="test",
            ),
        )
        if flagged and days > 76
        else ()
    )
    assessment = Assessment(
        as_of=today,
        postoperative_day=(today - OPERATION).days,
        status=Status.REVIEW if episodes else Status.NO_RULE_MATCHED,
        sufficiency=Sufficiency(len(entries), days, 13, 14, 5, entries[-1].day, 5)
        if entries
        else Sufficiency(0, days, 0, min(14, days), 0, None, 0),
        episodes=episodes,
        next_change_on=None,
        rule_set="test",
    )
    return history, assessment
