"""Where it is numb and on which side a limb hurts, counted over the last days.

Counts only: what raises a flag is decided in `evidence`. A day counts as answered where the diary
says that nothing is numb, or where it says which places are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..domain.diary import DiaryEntry
from ..domain.history import History
from ..domain.measures import MEASURES, NUMBNESS_ZONES
from .parameters import STANDARD

#: The days that shares are taken over; the longer one where the shorter holds too few answers.
#: Both our default: two weeks is what a person remembers, four is what a visit asks about.
SHORT, LONG = 14, 28
#: Answered days below which no share is told. Our default, as for means.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Zone:
    """One place: days marked in the short and the long window, and when it was first marked.

    `is_new` says that it was first marked within the window that the map shows, in a diary that
    had been answered long enough before to know.
    """

    key: str
    short: int
    long: int
    first: date | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class ZoneMap:
    """Every place of the region. `window` is the one whose shares are shaded; `answered` its
    answered days, 0 where neither window holds enough.
    """

    window: int
    answered: int
    answered_short: int
    answered_long: int
    zones: tuple[Zone, ...]
    #: Side of the limb pain to days in the long window, and the days on which it was told.
    sides: tuple[tuple[str, int], ...]
    sides_answered: int

    def share(self, zone: Zone) -> float:
        """The share of answered days in the shown window on which the place was marked, 0 to 1."""
        days = zone.short if self.window == SHORT else zone.long
        return days / self.answered if self.answered else 0.0

    @property
    def new(self) -> tuple[Zone, ...]:
        """Places never marked before the shown window."""
        return tuple(zone for zone in self.zones if zone.is_new)


def zone_map(history: History, today: date) -> ZoneMap:
    """The map of a recovery as known on `today`.

    Days before the index operation are not shaded, unless it is still to come.
    """
    known = history.known_on(today)
    entries = known.of_index
    answered = [e for e in entries if _says_where(e)]
    since = today - timedelta(days=LONG - 1)
    if known.index.day <= today:
        since = max(known.index.day, since)
    long = [e for e in answered if e.day >= since]
    short = [e for e in long if e.day > today - timedelta(days=SHORT)]
    window = SHORT if len(short) >= ENOUGH else LONG
    shown = short if window == SHORT else long
    before = [e for e in answered if e.day <= today - timedelta(days=window)]
    can_be_new = len(before) >= STANDARD.zone_history
    zones = []
    for key in NUMBNESS_ZONES[known.region]:
        marked = [e.day for e in answered if key in (e.numbness_zones or ())]
        is_new = can_be_new and bool(marked) and marked[0] > today - timedelta(days=window)
        first = marked[0] if marked else None
        zones.append(Zone(key, _marked(short, key), _marked(long, key), first, is_new))
    told = [e for e in entries if e.day >= since and e.limb_pain_side is not None]
    return ZoneMap(
        window=window,
        answered=len(shown) if len(shown) >= ENOUGH else 0,
        answered_short=len(short),
        answered_long=len(long),
        zones=tuple(zones),
        sides=tuple(
            (side, sum(e.limb_pain_side == side for e in told))
            for side in MEASURES["limb_pain_side"].words
        ),
        sides_answered=len(told),
    )


def _says_where(entry: DiaryEntry) -> bool:
    return entry.numbness == 0 or entry.numbness_zones is not None


def _marked(entries: Sequence[DiaryEntry], key: str) -> int:
    return sum(key in (entry.numbness_zones or ()) for entry in entries)
