"""What a day's form asks for that came signed out: read like one that came signed in.

Nothing of any record is read. The day and the operation are not known, so the answers are as urgent
as they are on any day after an operation on any part of the spine; of before, only what the form
itself asked about is known. Risks are not: where only somebody with a blood thinner would be sent
to a hospital, the page asks for a call today, beside what to do if it is urgent.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from werkzeug.datastructures import MultiDict

from ...domain.circumstances import LASTED_DAYS, VERY_NUMB
from ...domain.context import Context
from ...domain.diary import DiaryEntry
from ...domain.flags import Urgency
from ...domain.follow_ups import SEVERE_SCORE
from ...domain.history import EventKind
from ...domain.signs import LINES, SIGNS
from ...domain.surgery import Operation, Region
from ...domain.triage import Concern, triage
from .forms.asking import BOTH_SIDES, PAINS, Asking
from .forms.diary import DiaryForm

_OPERATED = date(2000, 1, 1)
#: A day after every window: "it is gone" takes back only what is an emergency on any day.
_LATE = _OPERATED + timedelta(days=1000)
#: Above every temperature of a person in Celsius, and under every one in Fahrenheit.
_FAHRENHEIT_FROM = 60
_DEGREES = re.compile(r"\s*\+?(\d{1,9})")


def _days() -> tuple[int, ...]:
    """Postoperative days on both sides of every edge at which a sign changes its urgency."""
    windows = [window for sign in SIGNS.values() for window in sign.windows]
    edges = {0, LASTED_DAYS}
    edges |= {window.first_day for window in windows if window.first_day is not None}
    edges |= {window.last_day for window in windows if window.last_day is not None}
    return tuple(sorted({day for edge in edges for day in (edge, edge + 1)}))


_DAYS = _days()


def concerns_at_worst(fields: Iterable[tuple[str, str]]) -> tuple[Concern, ...]:
    """What the answers ask for on the day on which each of them is most urgent, one of each."""
    form = MultiDict(fields)
    worst: dict[str, Concern] = {}
    for concern in _concerns(form):
        known = worst.get(concern.sign)
        if known is None or _weight(concern) > _weight(known):
            worst[concern.sign] = concern
    return tuple(worst.values())


def _weight(concern: Concern) -> tuple[Urgency, bool]:
    """The more urgent counts; of two as urgent the advice that is true on any day."""
    sign = SIGNS.get(concern.sign)
    of_some_days = {window.advice for window in sign.windows} if sign else set()
    return concern.urgency, concern.advice not in of_some_days


def _concerns(form: MultiDict[str, str]) -> Iterator[Concern]:
    """What the answers ask for after every operation, on both sides of every edge."""
    asking = _asking(form)
    entry = _entry(asking, form)
    fell = form.get("kind") == EventKind.FALL
    # What only some regions are told is told first to whoever the form asks about the throat.
    regions = sorted(Region, key=lambda region: region is not Region.CERVICAL)
    if "throat" not in form.get("shown", "").split():
        regions = list(Region)
    for region in regions:
        operation = Operation(_OPERATED, region)
        for pod in _DAYS:
            day = _OPERATED + timedelta(days=pod)
            before = _before(day, asking.open_signs)
            at = entry.recorded_at and entry.recorded_at + (day - entry.day)
            moved = replace(entry, day=day, recorded_at=at)
            yield from triage(moved, Context(operation, day, before, fell=fell)).concerns


def _asking(form: MultiDict[str, str]) -> Asking:
    """What the form says it asked; one that says nothing of it may have asked everything."""
    degrees = _DEGREES.match(form.get("temperature_c", ""))
    whole = Asking(
        day=_LATE,
        today=_LATE,
        operation=Operation(_OPERATED, Region.LUMBAR),
        lines=LINES,
        open_signs=tuple(sign for sign in SIGNS if f"change-{sign}" in form),
        severe_from=dict.fromkeys(PAINS, SEVERE_SCORE),
        both_sides=BOTH_SIDES,
        complete_numbness=True,
        # Only a past day that is told late is asked this.
        still_there="still_there" in form,
        fahrenheit=degrees is not None and int(degrees[1]) >= _FAHRENHEIT_FROM,
    )
    return whole.as_shown(form.get("shown", ""))


def _entry(asking: Asking, form: MultiDict[str, str]) -> DiaryEntry:
    """The answers that can stand, as those of a day on which few signs are urgent alone."""
    typed = form.to_dict(flat=False)
    if "signs" not in typed and any(n[:6] == "signs-" and v == "yes" for n, v in form.items()):
        # The one box that a sheet has a day is the form's "yes" with no line ticked.
        typed["signs"] = ["some"]
    read = DiaryForm(asking, typed)
    read.is_valid()
    at = datetime.combine(asking.day + timedelta(days=asking.still_there), time(12), UTC)
    entry = read.draft_entry(recorded_at=at, zone="UTC")
    if read.shows_recheck:
        return entry
    # The form that knew of before asked nothing: what is on both sides, or cannot be felt, is old.
    numbness = None if entry.numbness is None else min(entry.numbness, VERY_NUMB)
    return replace(entry, limb_pain_side=None, numbness_zones=None, numbness=numbness)


def _before(day: date, open_signs: tuple[str, ...]) -> tuple[DiaryEntry, ...]:
    """Days before that say no more than the form: its open signs, and what both sides is new to."""
    one_foot = frozenset({"left_foot"})
    told = DiaryEntry(
        day, signs=frozenset(open_signs) or None, limb_pain_side="left", numbness_zones=one_foot
    )
    return tuple(replace(told, day=day - timedelta(days=ago)) for ago in (LASTED_DAYS + 1, 1))
