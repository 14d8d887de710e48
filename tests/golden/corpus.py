"""Small made-up diaries as text, and what the rules find in them.

A diary of `diaries.txt`:

    = loosening after a good start
    lumbar posterior preop=7/5 until=220
    1-220    axial=7..2~ walk=1..3 signs=none
    150-220  axial+0..3

The second line may name region, approach, pain before the operation (back/leg), `imported`,
`tapering`, `until=DAY`, `also=REGION@DAY` (a second operation), `fall@DAY` (an event) and
`quiet@DAY`, `sensitive@DAY` (the clinic's setting from that day on). Every other line gives answers
to the postoperative days A-B, `/n` for every n-th of them: `a..b` runs evenly from a to b, `~` lets
it waver from day to day, `+` adds to what is there, `late=n` records the day n days afterwards,
`skip` leaves the day out, `phone` is the steps that a device counted. Several values of a list are
joined with `+`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from recovery_tracker.domain.context import Context
from recovery_tracker.domain.diary import DiaryEntry, SignChange, Source
from recovery_tracker.domain.flags import Assessment, Episode
from recovery_tracker.domain.history import DAILY, TAPERING, Event, EventKind, History
from recovery_tracker.domain.measures import MEASURES, Kind
from recovery_tracker.domain.passive import PassiveKind, PassiveValue
from recovery_tracker.domain.sensitivity import Sensitivity, Step
from recovery_tracker.domain.signs import SIGNS
from recovery_tracker.domain.surgery import Approach, Operation, Region
from recovery_tracker.domain.triage import triage
from recovery_tracker.trends.assessment import assess
from recovery_tracker.trends.evidence import evidence_of
from recovery_tracker.trends.parameters import STANDARD, Parameters
from recovery_tracker.trends.series import diaries_of

FOLDER = Path(__file__).parent
DAY_0 = date(2025, 3, 3)

#: Steps of a device: no answer, but told in the same way.
PHONE = "phone"

#: How an answer wavers, in steps, day after day; each measure begins at another place.
_WAVER = (0, 1, 0, -1, 0, 0, 1, -1, 0, 1, -1, 0, 0, -1, 1, 0, 2, -1, 0, -2, 1, 0, -1)
_NUMBERS = {
    "axial": "axial_pain",
    "limb": "limb_pain",
    "numb": "numbness",
    "walk": "walking",
    "move": "mobility",
    "sleep": "sleep",
    "opioids": "opioid_doses",
    "minutes": "walking_minutes",
    "steps": "steps",
    "phone": PHONE,
}
_WORDS = {"signs": "signs", "asked": "signs_asked", "strain": "strain", "zones": "numbness_zones"}


class Diary:
    """One diary of the corpus; `name` is unique."""

    def __init__(self, text: str) -> None:
        self.name, head, *lines = text.splitlines()
        self.until = 0
        self._first_line(head.split())
        self._days: dict[int, dict[str, Any]] = {}
        for line in lines:
            self._tell(*line.split())

    def _first_line(self, words: list[str]) -> None:
        operation = Operation(DAY_0, Region(words[0]))
        self.source, self.schedule = Source.FORM, DAILY
        self.events: list[Event] = []
        self.steps: list[Step] = []
        self.second: list[Operation] = []
        for word in words[1:]:
            key, _, value = word.partition("=" if "=" in word else "@")
            if key in set(Approach):
                operation = replace(operation, approach=Approach(key))
            elif key == "preop":
                axial, _, limb = value.partition("/")
                operation = replace(
                    operation,
                    preop_axial_pain=float(axial),
                    preop_limb_pain=float(limb) if limb else None,
                )
            elif key == "imported":
                self.source = Source.IMPORT
            elif key == "tapering":
                self.schedule = TAPERING
            elif key == "until":
                self.until = int(value)
            elif key == "also":
                region, _, day = value.partition("@")
                self.second.append(Operation(_day(int(day)), Region(region)))
            elif key == "fall":
                self.events.append(Event(_day(int(value)), EventKind.FALL))
            else:
                self.steps.append(Step(_day(int(value)), Sensitivity(key)))
        self.operation = operation

    def _tell(self, days: str, *answers: str) -> None:
        span, _, step = days.partition("/")
        first, _, last = span.lstrip("-").partition("-")
        start = -int(first) if span.startswith("-") else int(first)
        end = int(last) if last else start
        for pod in range(start, end + 1, int(step or 1)):
            share = (pod - start) / (end - start) if end > start else 0.0
            for answer in answers:
                self._answer(pod, answer, share)

    def _answer(self, pod: int, answer: str, share: float) -> None:
        if answer == "skip":
            self._days.pop(pod, None)
            return
        values = self._days.setdefault(pod, {})
        adds = "+" in answer.split("=")[0]
        key, _, value = answer.partition("+" if adds else "=")
        if key in _NUMBERS:
            wavers = value.endswith("~")
            low, _, high = value.rstrip("~").partition("..")
            number = float(low) + share * (float(high or low) - float(low))
            if wavers:
                number += _WAVER[(pod + 5 * list(_NUMBERS).index(key)) % len(_WAVER)]
            name = _NUMBERS[key]
            before = values.get(name, 0.0) if adds else 0.0
            values[name] = before + number
        elif key in _WORDS:
            words = frozenset() if value == "none" else frozenset(value.split("+"))
            values[_WORDS[key]] = words
        elif key in set(SignChange):
            changes = {sign: SignChange(key) for sign in value.split("+")}
            values["sign_changes"] = {**values.get("sign_changes", {}), **changes}
        elif key == "temp":
            values["temperature_c"] = float(value)
        elif key == "side":
            values["limb_pain_side"] = value
        elif key == "tablets":
            values["painkiller_change"] = value
        elif key == "spoke":
            values["spoke_to_someone"] = value == "yes"
        elif key == "late":
            values["late"] = int(value)
        else:
            raise ValueError(f"{self.name}: {answer} is no answer")

    @cached_property
    def history(self) -> History:
        entries = tuple(
            self._entry(pod) for pod in sorted(self._days) if self._days[pod].keys() - {PHONE}
        )
        return History(
            (self.operation, *self.second),
            entries,
            passive=tuple(
                PassiveValue(_day(pod), PassiveKind.STEPS, PHONE, float(values[PHONE]))
                for pod, values in sorted(self._days.items())
                if PHONE in values
            ),
            events=tuple(self.events),
            schedule=self.schedule,
            sensitivity=tuple(self.steps),
        )

    def _entry(self, pod: int) -> DiaryEntry:
        values = dict(self._days[pod])
        late = values.pop("late", 0)
        values.pop(PHONE, None)
        for key in _NUMBERS.values():
            if key in values:
                values[key] = _within(key, values[key])
        day = _day(pod)
        at = datetime.combine(day + timedelta(days=late), time(20), UTC)
        return DiaryEntry(day, recorded_at=at, source=self.source, **values)

    @property
    def today(self) -> date:
        return _day(self.until or max(self._days))

    def assess(self, parameters: Parameters = STANDARD) -> Assessment:
        return assess(self.history, self.today, parameters)


def _day(pod: int) -> date:
    return DAY_0 + timedelta(days=pod)


def _within(key: str, value: float) -> int:
    measure = MEASURES[key]
    assert measure.kind is not Kind.NUMBER
    assert measure.low is not None
    assert measure.high is not None
    return round(min(max(value, measure.low), measure.high))


def diaries() -> tuple[Diary, ...]:
    """Every diary of the corpus, in the order of the file."""
    text = (FOLDER / "diaries.txt").read_text(encoding="utf-8")
    return tuple(Diary(block.strip()) for block in text.split("\n= ")[1:])


def findings(diary: Diary, parameters: Parameters = STANDARD) -> str:
    """What the rules find, in a few lines: readable, and ending in digits that change with any
    detail of a receipt. The name of the rule set is no part of it.
    """
    found = diary.assess(parameters)
    kept = found.sufficiency
    lines = [
        f"= {diary.name}",
        f"{found.status} logged {kept.logged}/{kept.expected} {_pod(found.next_change_on)}",
    ]
    episodes = [_line(episode) for episode in found.episodes]
    return "\n".join([*lines, *_scores(diary, parameters), *episodes])


def _scores(diary: Diary, parameters: Parameters) -> Iterator[str]:
    """The highest score of each channel and its day, and the mean of all days that have one: an
    alarm is a score of 1, and a change of the rules shows here before it moves an alarm.
    """
    if diary.today < diary.history.index.day:
        return
    scores = evidence_of(diaries_of([diary.history], [diary.today]), parameters).scores
    told = []
    for channel, score in sorted(scores.items()):
        known = score[0][np.isfinite(score[0])]
        if known.size and known.max() > 0:
            day = int(np.argmax(score[0]))
            told.append(f"{channel} {known.max():.3f}@{day} mean {known.mean():.3f}")
    if told:
        yield "  " + ", ".join(told)


def _line(episode: Episode) -> str:
    span = f"{_pod(episode.raised_on)}..{_pod(episode.cleared_on)}"
    since = f"since {_pod(episode.onset)}"
    why = "+".join(dict.fromkeys(reason.code for reason in episode.evidence_for))
    digits = sha256(";".join(_told(episode)).encode()).hexdigest()[:10]
    return f"  {episode.pattern} {episode.urgency.key} {span} {since} {why} {digits}"


def _told(episode: Episode) -> Iterator[str]:
    yield f"{episode.onset_first} {episode.onset_last} {episode.size} {episode.size_low}"
    yield f"{episode.size_high} {episode.days_used} {episode.days_missing} {episode.signs}"
    for signal in episode.signals:
        yield f"{signal.measure} {signal.before} {signal.now} {signal.days_used}"
        yield f"{signal.days_missing}"
    for reasons in (episode.evidence_for, episode.evidence_against, episode.explained_by):
        for reason in reasons:
            yield f"{reason.code} {sorted(reason.values.items())}"
    yield f"{episode.also_consider} {episode.likelihoods}"
    if episode.would_clear is not None:
        yield f"{episode.would_clear.code} {sorted(episode.would_clear.values.items())}"
    for update in episode.updates:
        yield f"{update.day} {update.urgency} {update.reason.code}"
        yield f"{sorted(update.reason.values.items())}"


def _pod(day: date | None) -> str:
    return "-" if day is None else str((day - DAY_0).days)


#: Operations that the catalogue of signs is asked for.
_OPERATIONS = tuple(
    Operation(DAY_0, region, approach=approach)
    for region, approach in (
        (Region.LUMBAR, Approach.POSTERIOR),
        (Region.CERVICAL, Approach.ANTERIOR),
        (Region.CERVICAL, Approach.POSTERIOR),
        (Region.THORACIC, None),
    )
)


def urgencies() -> str:
    """What a tick alone asks for, by sign and day: a line a sign, one part an operation where they
    differ. "4-90 same_day" holds from day 4 to 90, "91- review" from day 91 on.
    """
    days = sorted({day for bound in _bounds() for day in (bound - 1, bound, bound + 1) if day >= 0})
    return "\n".join(f"{sign}: {_of_sign(sign, days)}" for sign in SIGNS)


def _bounds() -> Iterator[int]:
    yield 0
    for sign in SIGNS.values():
        for window in sign.windows:
            yield from (day for day in (window.first_day, window.last_day) if day is not None)


def _of_sign(sign: str, days: list[int]) -> str:
    told = [_over_days(sign, days, operation) for operation in _OPERATIONS]
    return told[0] if len(set(told)) == 1 else " | ".join(told)


def _over_days(sign: str, days: list[int], operation: Operation) -> str:
    spans: list[list[Any]] = []
    for pod in days:
        entry = DiaryEntry(_day(pod), signs=frozenset({sign}))
        context = Context(operation, entry.day, ())
        found = [c.urgency.key for c in triage(entry, context).concerns if c.sign == sign]
        urgency = found[0] if found else "nothing"
        if spans and spans[-1][2] == urgency:
            spans[-1][1] = pod
        else:
            spans.append([pod, pod, urgency])
    parts = [f"{first}-{last} {urgency}" for first, last, urgency in spans[:-1]]
    return ", ".join([*parts, f"{spans[-1][0]}- {spans[-1][2]}"])
