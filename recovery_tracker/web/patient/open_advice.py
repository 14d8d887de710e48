"""The advice of every open flag."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ...domain.flags import Decision, Pattern, Urgency
from ...storage.flags import StoredFlag
from ..shared import clock
from ..shared.access import installation
from ..shared.language import say_day
from .changed import Changed, changed_answer
from .guidance import Guidance, guidance_of_flag
from .reading import Begun


@dataclass(frozen=True, slots=True)
class OpenAdvice:
    """An open flag with the advice the patient reads and what has happened since."""

    flag: StoredFlag
    card: Guidance
    #: Days in words since the answer was last given or got worse, "" where nobody did.
    told_on: str = ""
    looked_at_on: str = ""
    #: Set where the patient has taken the answer back.
    changed: Changed | None = None
    #: Whether the patient said on the form that somebody knows of it.
    is_spoken_about: bool = False
    #: The day on which that was said; "" where it was not.
    spoken_on: str = ""
    #: Whether one of its signs is still asked about: nobody said that it is gone.
    is_asked_after: bool = False
    #: Flags of the same answers that are named in the card of this emergency.
    beside: tuple[StoredFlag, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether it asks for a call that nobody is known to have made."""
        is_urgent = self.card.urgency >= Urgency.SAME_DAY
        return is_urgent and self.is_unanswered and not self.is_spoken_about

    @property
    def is_called(self) -> bool:
        """Whether the patient said that they called: on the form, or with the button while the
        sign is still there."""
        return self.is_spoken_about or (self.is_asked_after and bool(self.told_on))

    @property
    def is_known(self) -> bool:
        """Whether it would ask for a call, did nobody know of it: the patient called, or the team
        decided about a sign that is still there.
        """
        is_urgent = self.card.urgency >= Urgency.SAME_DAY
        known = self.is_called or (self.is_asked_after and bool(self.looked_at_on))
        return is_urgent and known and self.changed is None

    @property
    def is_unanswered(self) -> bool:
        """Whether it stands and neither the patient nor the team has answered it."""
        return self.changed is None and not (self.told_on or self.looked_at_on)


def open_advice(recovery: Begun, today: date) -> list[OpenAdvice]:
    """The advice of every open flag: the most urgent first, then who is called first, an ambulance
    before a hospital, then the newest word of it.

    The same advice has one card, that of the newest answer: an earlier call was not about it. What
    the answers of an emergency also say stands in its card: nobody is told to call twice.
    """
    clinic, index = installation(), recovery.history.index
    asked_after = [sign for sign in recovery.open_signs if sign.urgency >= Urgency.SAME_DAY]
    spoken = bool(asked_after) and all(sign.spoke_to_someone for sign in asked_after)
    spoken_on = say_day(max(sign.last_told for sign in asked_after)) if spoken else ""
    shown: dict[str, OpenAdvice] = {}
    newest = sorted(recovery.open_flags, key=lambda flag: flag.attention_since, reverse=True)
    for flag in sorted(newest, key=lambda flag: -flag.urgency):
        # "Gone quiet" is answered by the welcome line, never by a card.
        if flag.episode.pattern is Pattern.GONE_QUIET:
            continue
        if is_old_note(flag, today):
            continue
        card = guidance_of_flag(flag, index, today, clinic)
        changed = changed_answer(flag, recovery)
        shown.setdefault(
            f"{card.title} {card.told} {changed is None}",
            OpenAdvice(
                flag,
                card,
                _last_day([said.at for said in flag.acknowledgements], flag, recovery),
                _last_day(_answers_of_the_team(flag), flag, recovery),
                changed,
                is_spoken_about=spoken and bool(flag.episode.signs),
                spoken_on=spoken_on if flag.episode.signs else "",
                is_asked_after=any(sign.sign in flag.episode.signs for sign in asked_after),
            ),
        )
    cards = sorted(shown.values(), key=_place)
    joined = [one for one in cards[1:] if _is_named_in(cards[0], one, cards)]
    if joined:
        beside = tuple(one.flag for one in joined)
        card = guidance_of_flag(cards[0].flag, index, today, clinic, beside)
        cards[0] = replace(cards[0], card=card, beside=beside)
    return [one for one in cards if one not in joined]


def more_urgent(advice: Sequence[OpenAdvice], urgency: Urgency | None) -> OpenAdvice | None:
    """What still waits for a call and is more urgent than the answers of a day; None if nothing is.

    Those answers take no emergency of before back, so it is said before what they ask for.
    """
    waiting = (one for one in advice if one.is_waiting)
    return next((one for one in waiting if urgency is None or one.card.urgency > urgency), None)


def waiting_warnings(advice: Sequence[OpenAdvice]) -> frozenset[tuple[int, datetime]]:
    """The warnings that ask for a call nobody is known to have made, each since when it asks."""
    flags = (flag for one in advice if one.is_waiting for flag in (one.flag, *one.beside))
    return frozenset((flag.id, flag.attention_since) for flag in flags)


def _is_named_in(first: OpenAdvice, one: OpenAdvice, cards: Sequence[OpenAdvice]) -> bool:
    """Whether the card of the first emergency can say this too: answers of no other days than its
    own, or of a same-day sign than those of the emergencies, or about the very same signs, and
    nobody has been called about one of the two alone.
    """
    if one.changed or first.card.urgency is not Urgency.EMERGENCY or not one.flag.episode.signs:
        return False
    days = first.flag.episode.days
    if one.card.urgency is not Urgency.EMERGENCY:
        emergencies = (e for e in cards if e.card.urgency is Urgency.EMERGENCY and not e.changed)
        days = days.union(*(e.flag.episode.days for e in emergencies))
    is_urgent = one.card.urgency >= Urgency.SAME_DAY
    is_of_these_days = frozenset() < one.flag.episode.days <= days
    is_the_same = set(one.flag.episode.signs) <= set(first.flag.episode.signs)
    return is_urgent and (is_of_these_days or is_the_same) and one.is_waiting is first.is_waiting


def _place(one: OpenAdvice) -> tuple[bool, int, int]:
    """What stands before what was taken back, then the most urgent, then who is called first."""
    return one.changed is not None, *one.card.place


def _answers_of_the_team(flag: StoredFlag) -> list[datetime]:
    """When it was decided about; a call that reached nobody has told the patient nothing."""
    return [made.at for made in flag.decisions if made.decision is not Decision.NOT_REACHED]


def _last_day(instants: Sequence[datetime], flag: StoredFlag, recovery: Begun) -> str:
    """The latest of the instants as a day; "" where the flag asks again since."""
    last = max(instants, default=None)
    if last is None or last < flag.attention_since:
        return ""
    return say_day(clock.day_of(last, recovery.patient.zone))


def is_old_note(flag: StoredFlag, today: date) -> bool:
    """Whether it is a note that was told for long enough."""
    return flag.urgency is Urgency.NOTE and today - flag.episode.raised_on > timedelta(days=14)
