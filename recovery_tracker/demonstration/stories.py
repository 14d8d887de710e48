"""Synthetic people whose diaries tell a story: the content of the demonstration.

The same instant and the same seed give the same people and the same diaries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..domain.diary import DiaryEntry
from ..domain.flags import Decision
from ..domain.follow_up_times import TIMES
from ..domain.history import DAILY, Event, EventKind, History, Imaging, ImagingResult
from ..domain.people import Role
from ..domain.questionnaires import FormScore
from ..domain.signs import WEEKLY_SIGNS, lines_for
from ..domain.surgery import Operation, Region
from .plots import PLOTS, PainChange, Plot

_SEED = 20260321
#: Share of a good or bad day that the next one keeps.
_KEEPS = 0.45

#: Days logged before the operation, or before today while it is still to come.
_BASELINE = 7

#: Names given to synthetic people; two of them share a surname on purpose.
NAMES = (
    "Rosa Lindqvist", "Tom Ashford", "Mei-Ling Chou", "Karim Haddad", "Elsa Brandt", "Joan Ferrer",
    "Priya Nair", "Oskar Nowak", "Grace Okafor", "Henrik Dahl", "Lucia Romano", "Sam Whitlock",
    "Yuki Tanabe", "Ivan Petrov", "Marta Silva", "Noah Becker", "Amina Diallo", "Peter Kovacs",
    "Chen Wei-Ting", "Ruth Goldman", "Diego Salas", "Hanna Virtanen", "Omar Farouk", "Clara Jensen",
    "Luis Ortega", "Nina Fischer", "Aaron Blake", "Sofia Marino", "Tariq Aziz", "Ingrid Moe",
    "Paul Mercier", "Leila Rahimi", "George Ashford", "Ana Duarte", "Viktor Hansen", "Beth Morgan",
    "Jakub Zielinski", "Ines Costa", "Walter Braun", "Fiona Keane", "Raj Patel", "Emma Larsen",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One synthetic person: what the diary shows in a line, and the diary."""

    title: str
    name: str
    birth_date: date
    hospital_number: str
    history: History
    visits: tuple[date, ...]
    #: What the surgeon has decided about the flags that are open.
    decided: tuple[Decision, str] | None = None


def stories(now: datetime) -> tuple[Story, ...]:
    """Every story as of an instant; the first is the patient whom the demonstration signs in.

    Nothing in them was recorded after it.
    """
    told = []
    today = now.astimezone(UTC).date()
    for number, plot in enumerate(PLOTS):
        rng = np.random.default_rng([_SEED, number])
        told.append(
            Story(
                title=plot.title,
                name=NAMES[number],
                birth_date=date(1946, 3, 5) + timedelta(days=int(rng.integers(0, 16_000))),
                hospital_number=f"DEMO-{number + 1:03}",
                history=_history(rng, plot, today, now),
                visits=_visits(plot, today),
                decided=plot.decided,
            )
        )
    return tuple(told)


def _operation(plot: Plot, day: date) -> Operation:
    low, high = plot.levels.split("-")
    return Operation(
        day=day,
        region=plot.region,
        levels=_count_levels(low, high),
        level_names=plot.levels,
        approach=plot.approach,
        hardware="plate and cage" if plot.region is Region.CERVICAL else "screws, rods and cage",
        risk_factors=plot.risk_factors,
        preop_axial_pain=plot.preop_axial,
        preop_limb_pain=plot.preop_limb,
    )


_SPINE = (
    *(f"C{n}" for n in range(1, 8)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
    "S1",
)


def _count_levels(low: str, high: str) -> int:
    """Motion segments between two vertebrae.

    >>> _count_levels("L4", "S1"), _count_levels("T12", "L1")
    (2, 1)
    """
    return _SPINE.index(high) - _SPINE.index(low)


def _history(rng: Generator, plot: Plot, today: date, now: datetime) -> History:
    index = today - timedelta(days=plot.day)
    operations = [_operation(plot, index)]
    if plot.earlier_operation is not None:
        earlier = Plot("", 0, levels="L4-L5")
        operations.insert(0, _operation(earlier, index - timedelta(days=plot.earlier_operation)))
    entries = tuple(
        replace(entry, recorded_at=min(entry.recorded_at, now)) if entry.recorded_at else entry
        for entry in _entries(rng, plot, operations[-1], today)
    )
    return History(
        operations=tuple(operations),
        entries=entries,
        scores=_scores(operations[-1], entries, today) if plot.day > TIMES[1].first else (),
        events=_events(plot, index, today),
        imaging=tuple(
            ImagingResult(index + timedelta(days=day), "xray", Imaging.NO_LOOSENING_SEEN)
            for day in plot.xrays
            if day <= plot.day
        ),
        schedule=DAILY,
    )


def _scores(
    operation: Operation, entries: Sequence[DiaryEntry], today: date
) -> tuple[FormScore, ...]:
    """Totals of forms around the times that registries ask, made up from the pain of those days."""
    form = "ndi_percent" if operation.region is Region.CERVICAL else "odi_percent"
    found = []
    for after in (-10, *(one.day for one in TIMES)):
        day = operation.day + timedelta(days=after)
        near = [e.axial_pain for e in entries if abs((e.day - day).days) <= 10]
        told = [pain for pain in near if pain is not None]
        pain = operation.preop_axial_pain if after < 0 else float(np.mean(told)) if told else None
        if pain is not None and day <= today:
            found.append(FormScore(day, form, min(100, round(6 * pain + 8)), Role.CLINICIAN))
            found.append(FormScore(day, "eq5d_index", round(0.95 - 0.08 * pain, 2), Role.CLINICIAN))
    return tuple(found)


def _events(plot: Plot, index: date, today: date) -> tuple[Event, ...]:
    marked = [(day, EventKind.VISIT, "") for day in plot.visits]
    marked += [(day, EventKind.FALL, "") for day in plot.falls]
    if plot.brace_off is not None:
        marked.append((plot.brace_off, EventKind.BRACE_OFF, ""))
    if plot.tablets_stopped is not None:
        marked.append((plot.tablets_stopped, EventKind.MEDICATION, "Strong tablets stopped"))
    events = [Event(index + timedelta(days=day), kind, label) for day, kind, label in marked]
    return tuple(sorted((e for e in events if e.day <= today), key=lambda event: event.day))


def _visits(plot: Plot, today: date) -> tuple[date, ...]:
    """The next visit: six weeks, three, six, twelve or 24 months after the operation.

    One that would fall on a weekend is on the Monday after it, unless it is today's: a clinic that
    is looked at on a Saturday has one visit all the same.
    """
    for after in (42, 90, 180, 365, 730):
        day = today + timedelta(days=after - plot.day)
        if day >= today:
            weekend = day.weekday() > 4 and day > today
            return (day + timedelta(days=7 - day.weekday()) if weekend else day,)
    return ()


@dataclass(frozen=True)
class _Felt:
    """What the person feels on each day, before it becomes an answer; shape (days,)."""

    axial: NDArray[np.float64]
    limb: NDArray[np.float64]
    numb: NDArray[np.float64]


def _felt(rng: Generator, plot: Plot, pods: NDArray[np.int64]) -> _Felt:
    after = np.clip(pods, 0, None)
    healing = np.exp(-after / plot.span)
    wound = 1.5 * np.exp(-after / 8.0)
    axial = np.where(
        pods < 0, plot.preop_axial, plot.plateau + (plot.preop_axial - plot.plateau) * healing
    )
    limb_left = 0.5 * plot.plateau
    limb = np.where(
        pods < 0, plot.preop_limb, limb_left + (plot.preop_limb - limb_left) * healing**2
    )
    numb = np.where(pods < 0, 2.0, 0.4 + 1.4 * np.exp(-after / 40.0))
    if not plot.zones:
        numb = np.where(pods < 40, numb, 0.0)
    common = _noise(rng, len(pods), plot.noise)
    return _Felt(
        axial=axial + np.where(pods < 0, 0, wound) + common + _added(plot.axial, pods),
        limb=limb
        + 0.4 * common
        + _noise(rng, len(pods), 0.4 * plot.noise)
        + _added(plot.limb, pods),
        numb=numb + _added(plot.numbness, pods),
    )


def _noise(rng: Generator, days: int, sd: float) -> NDArray[np.float64]:
    """Good and bad days: each keeps `_KEEPS` of the day before."""
    fresh = rng.normal(0.0, sd * np.sqrt(1 - _KEEPS**2), days)
    level = np.zeros(days)
    level[0] = fresh[0]
    for before, day in pairwise(range(days)):
        level[day] = _KEEPS * level[before] + fresh[day]
    return level


def _added(changes: tuple[PainChange, ...], pods: NDArray[np.int64]) -> NDArray[np.float64]:
    total = np.zeros(len(pods))
    for change in changes:
        total += change.points * np.clip((pods - change.start) / change.days, 0, 1)
        if change.until is not None:
            total -= change.points * np.clip((pods - change.until) / 7, 0, 1)
    return total


def _entries(
    rng: Generator, plot: Plot, operation: Operation, today: date
) -> tuple[DiaryEntry, ...]:
    start = min(0, plot.day + 1) - _BASELINE
    pods = np.arange(start, plot.day + 1)
    felt = _felt(rng, plot, pods)
    told = {*plot.signs, *plot.temperatures, *plot.notes, *plot.late, *plot.falls}
    entries = []
    for place, pod in enumerate(int(pod) for pod in pods):
        day = operation.day + timedelta(days=pod)
        chance = rng.random()
        silent = plot.silent_from is not None and pod >= plot.silent_from
        skipped = chance > plot.logs and pod not in told
        if silent or skipped or pod == 0 or (day == today and not plot.today):
            continue
        entries.append(_entry(rng, plot, operation, pod, day, felt, place))
    return tuple(entries)


def _entry(
    rng: Generator,
    plot: Plot,
    operation: Operation,
    pod: int,
    day: date,
    felt: _Felt,
    place: int,
) -> DiaryEntry:
    axial, limb = _score(felt.axial[place]), _score(felt.limb[place])
    numb = int(np.clip(round(float(felt.numb[place])), 0, 4))
    weekly = pod % 7 == 0 and pod > 0
    tablets = _doses(plot, pod, axial)
    recorded = datetime.combine(day, time(18, int(rng.integers(0, 60))), UTC)
    return DiaryEntry(
        day=day,
        walking=_walking(plot, pod, axial),
        mobility=int(np.clip(round(0.45 * axial + 2.0 * np.exp(-max(pod, 0) / 15)), 0, 4)),
        axial_pain=axial,
        limb_pain=limb,
        limb_pain_side="left" if limb else None,
        numbness=numb,
        numbness_zones=_zones(plot, pod) if numb else None,
        sleep=int(np.clip(round(0.4 * axial + rng.normal(0, 0.6)), 0, 4)),
        opioid_doses=tablets,
        painkiller_change=("same" if tablets else "none") if weekly else None,
        temperature_c=plot.temperatures.get(pod),
        strain=frozenset({"fall"}) if pod in plot.falls else None,
        note=plot.notes.get(pod),
        peg_pain=axial if weekly else None,
        peg_enjoyment=max(0, axial - 1) if weekly else None,
        peg_activity=axial if weekly else None,
        overall_change=int(np.clip((operation.preop_axial_pain or 0) - axial - 1, -3, 3))
        if weekly
        else None,
        signs=_signs(plot, pod, weekly),
        signs_asked=_asked(operation, pod, weekly) | frozenset(plot.signs.get(pod, ())),
        recorded_at=recorded + timedelta(days=3 if pod in plot.late else 0),
        zone="UTC",
    )


def _score(felt: float) -> int:
    return int(np.clip(round(float(felt)), 0, 10))


def _walking(plot: Plot, pod: int, axial: int) -> int:
    """The band of minutes walked: more with the weeks, less with pain."""
    band = 2.0 if pod < 0 else 0.4 + 3.0 * (1 - np.exp(-pod / 40))
    band -= 0.15 * max(0, axial - 3)
    if plot.walks_more_from is not None and pod >= plot.walks_more_from:
        band += 1
    if plot.walks_less_from is not None and pod >= plot.walks_less_from:
        band -= 1
    return int(np.clip(round(band), 0, 4))


def _doses(plot: Plot, pod: int, axial: int) -> int:
    if plot.tablets_stopped is not None:
        return 0 if pod >= plot.tablets_stopped else 3
    return 0 if pod > 40 or pod < 0 else min(6, axial)


def _zones(plot: Plot, pod: int) -> frozenset[str]:
    begun = plot.numbness and pod >= plot.numbness[0].start + 2
    return frozenset({*plot.zones, *(plot.new_zones if begun else ())})


def _signs(plot: Plot, pod: int, weekly: bool) -> frozenset[str]:
    ticked = set(plot.signs.get(pod, ()))
    if weekly and plot.loading_from is not None and pod >= plot.loading_from:
        ticked |= {"worse_on_loading", "eases_lying"}
    return frozenset(ticked)


def _asked(operation: Operation, pod: int, weekly: bool) -> frozenset[str]:
    """The signs that the form shows on that day."""
    shown = {sign for line in lines_for(operation, pod) for sign in line.signs}
    return frozenset(shown | set(WEEKLY_SIGNS)) if weekly else frozenset(shown)
