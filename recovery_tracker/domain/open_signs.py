"""Open signs: what the next entry asks about, until the patient says that it has gone."""

from dataclasses import dataclass
from datetime import date, timedelta

from .context import SAME_MATTER_DAYS, context_from
from .diary import DiaryEntry, SignChange, Source
from .flags import Urgency
from .history import History
from .signs import SIGNS, WAS_THERE, Circumstance
from .triage import Concern, triage


@dataclass(frozen=True, slots=True)
class OpenSign:
    """A sign that the next entry asks about; only "gone" closes it, silence never does."""

    sign: str
    urgency: Urgency
    #: The day on which it was first reported, and the day it was last reported.
    since: date
    last_told: date
    change: SignChange | None = None
    spoke_to_someone: bool | None = None


#: Asked about although it is only a note at first: how long it lasts decides.
_ASKED_AFTER = frozenset(
    sign.id for sign in SIGNS.values() if Circumstance.LASTED_OVER_7_DAYS in sign.raised_by
)


def open_signs(history: History, today: date) -> tuple[OpenSign, ...]:
    """The signs that the next entry asks about, most urgent first, then the oldest.

    A sign opens when its answer was an emergency or a same-day matter, and closes only when the
    patient says "gone". In an imported diary only signs of the last `SAME_MATTER_DAYS` days are
    asked about: what a file reported years ago is history. Before the operation the baseline is
    asked about in the same way; from that day on, only what has been reported since.
    """
    known = history.known_on(today)
    operation = known.index
    first = operation.day if operation.day <= today else date.min
    told_days = known.days_told
    entries = [entry for entry in told_days if entry.day >= first]
    entries.sort(key=lambda entry: (entry.recorded_on(), entry.day))
    still_open: dict[str, OpenSign] = {}
    told_by_file: dict[str, bool] = {}
    for entry in entries:
        left_open = entry.signs is None and entry.signs_asked
        told = entry.signs or entry.sign_changes or entry.strain or entry.temperature_c
        if not (told or left_open):
            continue
        context = context_from(operation, entry.day, told_days, known.before_index)
        for concern in triage(entry, context).concerns:
            if concern.sign in SIGNS and concern.advice != WAS_THERE:
                _open(still_open, concern, entry)
                told_by_file[concern.sign] = entry.source is Source.IMPORT
        _hear_of_changes(still_open, entry)
    oldest = today - timedelta(days=SAME_MATTER_DAYS)
    asked = (
        sign
        for sign in still_open.values()
        if sign.last_told >= oldest or not told_by_file[sign.sign]
    )
    found = sorted(asked, key=lambda sign: (-sign.urgency, sign.since, sign.sign))
    return tuple(found)


def is_opened(concern: Concern) -> bool:
    """Whether an answer that was not open before is asked about from then on."""
    if concern.sign not in SIGNS or concern.advice == WAS_THERE:
        return False
    return concern.urgency >= Urgency.SAME_DAY or concern.sign in _ASKED_AFTER


def _open(still_open: dict[str, OpenSign], concern: Concern, entry: DiaryEntry) -> None:
    before = still_open.get(concern.sign)
    if before is None and not is_opened(concern):
        return
    still_open[concern.sign] = OpenSign(
        sign=concern.sign,
        urgency=max(concern.urgency, before.urgency) if before else concern.urgency,
        since=before.since if before else entry.day,
        last_told=entry.day,
        change=None,
        # Reported again: an earlier conversation with somebody was not about this.
        spoke_to_someone=None,
    )


def _hear_of_changes(still_open: dict[str, OpenSign], entry: DiaryEntry) -> None:
    ticked = entry.signs or frozenset()
    for sign, change in entry.sign_changes.items():
        if sign not in still_open:
            continue
        if change is SignChange.GONE and (sign not in ticked or entry.days_late):
            del still_open[sign]
        else:
            before = still_open[sign]
            still_open[sign] = OpenSign(
                before.sign,
                before.urgency,
                before.since,
                entry.day,
                change,
                entry.spoke_to_someone,
            )
