"""What the warning answers say over the whole history: episodes without any statistics.

Entries are taken in the order in which they became known, so what was raised on a day never depends
on anything recorded later. `domain.triage` decides about each day; this module only joins days.

An emergency answer is an episode of its sign and its day; where a form asks after it only "gone"
ends it. Other answers join by pattern (by their
advice within `urgent_sign`, whose signs have nothing in common) while ticks are at most
`answer_joins_days` apart; a later tick opens a new episode.
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from ..domain.both_sides import marks_both_sides
from ..domain.circumstances import FEVER_C, JUMP, STRAIN_DAYS, shift_signs
from ..domain.context import EVENT_DAYS, context_from, first_known
from ..domain.diary import DiaryEntry, SignChange
from ..domain.flags import Episode, Pattern, Urgency
from ..domain.follow_ups import SCORE_FOLLOW_UPS
from ..domain.history import History
from ..domain.measures import MEASURES
from ..domain.signs import SIGNS
from ..domain.surgery import Operation
from ..domain.triage import DOSES_TWICE_FROM, Concern, triage
from .cases import Case
from .parameters import STANDARD, Parameters

_NUMB = MEASURES["numbness"].high
#: Signs that ask for something; the others only feed a trend.
ASKING = frozenset(sign.id for sign in SIGNS.values() if sign.highest_urgency is not None)


@dataclass(frozen=True, slots=True)
class Findings:
    """Episodes ordered by the day they were raised, and the next day that may change them without a
    further entry; None for no such day.
    """

    episodes: tuple[Episode, ...]
    next_change_on: date | None = None


def answer_findings(history: History, today: date, parameters: Parameters = STANDARD) -> Findings:
    """Every episode of the warning answers since the index operation, as known at the end of today.

    Before the operation those that ask for a call: nothing that can wait is compared yet.
    """
    known = history.known_on(today)
    operation = known.index
    found = fold(operation, known.days_told, today, parameters, known.before_index)
    if today >= operation.day:
        return found
    urgent = (e for e in found.episodes if e.worst_urgency >= Urgency.SAME_DAY)
    return Findings(tuple(urgent), found.next_change_on)


def fold(
    operation: Operation,
    entries: Iterable[DiaryEntry],
    today: date,
    parameters: Parameters = STANDARD,
    operations_before: tuple[Operation, ...] = (),
) -> Findings:
    """The same for known entries, in any order."""
    known_from = first_known(operation, today)
    counted_from = operation.day if operation.day <= today else known_from
    arrivals = [(max(entry.recorded_on(), entry.day), entry.day, entry) for entry in entries]
    arrivals.sort(key=itemgetter(0, 1))
    ledger = _Ledger(parameters)
    seen: list[DiaryEntry] = []
    strained_until = shifted_until = date.min
    for on, day, entry in arrivals:
        if day < known_from:
            continue
        if day >= counted_from:
            ledger.close_what_has_ended(on)
            if entry.strain:
                strained_until = max(strained_until, day + timedelta(days=STRAIN_DAYS))
            if (entry.strain or entry.signs) and _may_have_shifted(entry):
                shifted_until = max(shifted_until, day + timedelta(days=EVENT_DAYS))
            follows = day <= shifted_until or (day <= strained_until and _may_have_jumped(entry))
            if follows or is_interesting(entry):
                context = context_from(operation, day, seen, operations_before)
                ledger.take_in(entry, on, triage(entry, context).concerns)
            ledger.count_clean(entry, on)
        if seen and seen[-1].day > day:
            insort(seen, entry, key=lambda known: known.day)
        else:
            seen.append(entry)
    ledger.close_what_has_ended(today)
    episodes = sorted(
        (case.episode(operation.day) for case in ledger.cases),
        key=lambda episode: (episode.raised_on, episode.pattern, episode.onset, episode.signs),
    )
    return Findings(tuple(episodes), ledger.next_end())


def _may_have_shifted(entry: DiaryEntry) -> bool:
    return entry.had_fall or bool(shift_signs(entry))


def _may_have_jumped(entry: DiaryEntry) -> bool:
    """Whether a pain score is high enough to be a jump over any other."""
    return max(entry.axial_pain or 0, entry.limb_pain or 0) >= JUMP


def is_interesting(entry: DiaryEntry) -> bool:
    """Whether a day by itself may ask for something; most days do not, and triage is skipped."""
    if entry.signs and not ASKING.isdisjoint(entry.signs):
        return True
    asked = entry.signs_asked or frozenset()
    if entry.signs is None and not SCORE_FOLLOW_UPS.isdisjoint(asked):
        return True
    if entry.sign_changes or (entry.temperature_c or 0.0) >= FEVER_C or entry.had_fall:
        return True
    if entry.numbness == _NUMB or entry.limb_pain_side == "both":
        return True
    if (entry.opioid_doses or 0) >= DOSES_TWICE_FROM:
        return True
    return bool(entry.numbness_zones) and marks_both_sides(entry, "numbness_zones") is True


def _group(concern: Concern) -> tuple[Pattern, str]:
    """What a concern joins; the signs of `urgent_sign` have nothing in common but their advice."""
    apart = concern.pattern is Pattern.URGENT_SIGN
    return concern.pattern, concern.advice if apart else ""


class _Ledger:
    """The cases of one patient. At most one is open for each group; emergencies stand alone."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.cases: list[Case] = []
        self._emergencies: dict[str, list[Case]] = {}
        self._matters: dict[tuple[Pattern, str], Case] = {}

    def close_what_has_ended(self, on: date) -> None:
        """Close the matters that explicit answers have ended by then."""
        if not self._matters and not self._emergencies:
            return
        for group, case in list(self._matters.items()):
            end = case.ends_on()
            if end is not None and end <= on:
                self._close(group, end)
        for sign, same in list(self._emergencies.items()):
            end = same[-1].ends_on()
            if end is not None and end <= on:
                self._close_emergencies(sign, end)

    def _latest(self) -> list[Case]:
        """The open cases whose end is awaited; of the same emergency the latest speaks for all."""
        return [*self._matters.values(), *(same[-1] for same in self._emergencies.values())]

    def next_end(self) -> date | None:
        """The first day on which a matter ends although nothing more is recorded."""
        ends = (case.ends_on() for case in self._latest())
        return min((end for end in ends if end is not None), default=None)

    def count_clean(self, entry: DiaryEntry, on: date) -> None:
        """Let every open matter count an entry that answered without it."""
        if not self._matters and not self._emergencies:
            return
        for case in self._latest():
            case.hear_clean(entry, on)

    def take_in(self, entry: DiaryEntry, on: date, concerns: Sequence[Concern]) -> None:
        """Everything that one entry says, on the day it became known."""
        ticked = entry.signs or frozenset()
        for sign, change in entry.sign_changes.items():
            if change is SignChange.GONE and (sign not in ticked or entry.days_late):
                self._hear_gone(sign, on)
        groups: dict[tuple[Pattern, str], list[Concern]] = {}
        for concern in concerns:
            if concern.urgency is Urgency.EMERGENCY:
                self._take_in_emergency(entry, on, concern)
            elif concern.urgency > Urgency.NOTE:
                groups.setdefault(_group(concern), []).append(concern)
        for group, members in groups.items():
            self._take_in_group(group, members, entry, on)

    def _open(self, concerns: Sequence[Concern], entry: DiaryEntry, on: date) -> Case:
        case = Case.opened(concerns, entry, on, self.parameters)
        self.cases.append(case)
        return case

    def _close(self, group: tuple[Pattern, str], on: date) -> Case:
        case = self._matters.pop(group)
        case.cleared_on = on
        return case

    def _close_emergencies(self, sign: str, on: date) -> None:
        for case in self._emergencies.pop(sign):
            case.cleared_on = on

    def _hear_gone(self, sign: str, on: date) -> None:
        if sign in self._emergencies:
            self._close_emergencies(sign, on)
        for group, case in list(self._matters.items()):
            if case.hear_gone(sign, on):
                self._close(group, on)

    def _take_in_emergency(self, entry: DiaryEntry, on: date, concern: Concern) -> None:
        earlier = self._emergencies.setdefault(concern.sign, [])
        if concern.reason.code != "still_there" or not earlier:
            earlier.append(self._open([concern], entry, on))
            return
        earlier[-1].hear_again(on)
        if entry.sign_changes.get(concern.sign) is SignChange.WORSE:
            earlier[-1].add([concern], entry, on)

    def _take_in_group(
        self,
        group: tuple[Pattern, str],
        members: Sequence[Concern],
        entry: DiaryEntry,
        on: date,
    ) -> None:
        case = self._matters.get(group)
        if case is None:
            self._matters[group] = self._open(members, entry, on)
            return
        # "The same" and "better" are known already: they keep a matter open and are no news.
        news = [
            concern
            for concern in members
            if concern.reason.code != "still_there"
            or entry.sign_changes.get(concern.sign) is SignChange.WORSE
        ]
        if not news:
            case.hear_again(on)
        elif (on - case.last_told).days <= self.parameters.answer_joins_days:
            case.add(news, entry, on)
        else:
            # After so long it is a new matter; what was never said to be gone goes along.
            former = self._close(group, on)
            successor = self._open(news, entry, on)
            successor.to_be_gone |= former.to_be_gone
            self._matters[group] = successor
