"""A flag as the page shows it: what it says, what it rests on, what was done about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from ...domain.flags import (
    DECISION_NAMES,
    URGENCY_NAMES,
    Attention,
    Condition,
    Decision,
    Episode,
    Reason,
    Urgency,
)
from ...domain.language import N_
from ...domain.phrases import CONSIDER, POINTS, pattern_name, say
from ...domain.ticked import ticked_since
from ...domain.ticked_words import ticked_words
from ...domain.wording import day_words, near_day_words, show_in
from ...reports.findings import (
    METHOD,
    NOT_AGAINST,
    Told,
    about_words,
    beside_words,
    days_used_words,
    later_words,
    onset_words,
    said_elsewhere,
    size_words,
)
from ...storage.audit_trail import AuditEvent
from ...storage.flags import Acknowledged, StoredFlag
from ..shared.decision_words import decision_pieces, instant_words
from ..shared.language import spoken
from ..shared.zones import clinic_today
from .words import ATTENTION_NAMES, put_off_words

CONDITION_NAMES = {
    Condition.ACTIVE: N_("Holds"),
    Condition.ENDED: N_("Ended"),
    Condition.WITHDRAWN: N_("Withdrawn"),
}

ANSWER_NAMES = {
    Acknowledged.CALLED: N_("The patient says: I have called."),
    Acknowledged.BEEN_SEEN: N_("The patient says: I have been seen."),
}


@dataclass(frozen=True, slots=True)
class FlagView:
    """One flag with everything a clinician may want to check, in words."""

    public_id: str
    version: int
    title: str
    level: str
    urgency: str
    condition: str
    is_open: bool
    attention: str
    is_unseen: bool
    #: Whether it waits for a decision: nobody has made one since it last asked for a look.
    is_undecided: bool
    #: Whether its urgency is that of the whole patient, as the list has it: it is not answered.
    leads: bool
    #: The name of whoever sees to it, "" where nobody does.
    taken_by: str
    #: Who said that they see to it, and when; "" where nobody did.
    taken: str
    #: Who looked at it first since it last asked, and when; "" where nobody did, or a decision
    #: says so.
    seen: str
    #: The signs it is about: what tells two flags of one name apart; "" without.
    about: str
    dates: str
    size: str
    evidence_for: list[str]
    evidence_against: list[str]
    explained_by: list[str]
    also_consider: list[str]
    #: What the score is made of, each with hundredths of an alarm above the person's usual.
    points: list[tuple[str, int]]
    #: What was reported too and no rule weighs; "" where nothing was.
    beside: str
    rests_on: list[str]
    would_clear: str
    updates: list[str]
    was_corrected: bool
    #: Why it stands, where the next operation or its own end would have closed it; else "".
    stands: str
    answers: list[str]
    decisions: list[str]
    rule_set: str

    @property
    def most_for(self) -> int:
        """How many reasons for it are shown above the decision: three, counting one against."""
        return 2 if self.evidence_against else 3


def flag_view_of(flag: StoredFlag, told: Told, zone: str, looks: Sequence[AuditEvent]) -> FlagView:
    """What the page shows of a stored flag; times are given in `zone`, where the patient is.

    `looks` are those at any flag without a decision, newest first.
    """
    episode, today = flag.episode, told.today
    # Put off until a day of the clinic's, as the list has it.
    attention = flag.attention_on(clinic_today())
    put_off = ""
    if flag.decisions:
        put_off = put_off_words(attention, flag.decisions[-1], flag.attention_since, clinic_today())
    return FlagView(
        public_id=flag.public_id,
        version=flag.version,
        title=pattern_name(episode, _),
        about=about_words(episode, _),
        level=flag.urgency.key,
        urgency=_(URGENCY_NAMES[flag.urgency]),
        condition=_(CONDITION_NAMES[flag.condition]),
        is_open=flag.is_open,
        attention=put_off or _(ATTENTION_NAMES[attention]),
        is_unseen=attention is Attention.UNSEEN,
        is_undecided=attention in (Attention.UNSEEN, Attention.SEEN),
        leads=any(flag.need_on(today)),
        taken_by=flag.taken_by,
        taken=_taken(flag, today, zone),
        seen=_seen(flag, looks, today, zone),
        dates=dates_of(episode, told, recorded_at=_recorded(flag, today, zone)),
        size=size_words(episode, _),
        # What a person has to close does not end by an answer.
        **_evidence(episode, told) | ({"would_clear": ""} if flag.corrected_by_patient else {}),
        was_corrected=flag.corrected_by_patient,
        stands=_stands(flag, told.operation.day),
        answers=[
            " ".join((_(ANSWER_NAMES[said.answer]), instant_words(said.at, today, zone, _)))
            + (f" “{said.note}”" if said.note else "")
            for said in flag.acknowledgements
        ],
        decisions=[spoken(decision_pieces(made, today, zone, _)) for made in flag.decisions],
        rule_set=episode.rule_set,
    )


def _evidence(episode: Episode, told: Told) -> dict[str, Any]:
    """What speaks for and against the flag, what it rests on and what would end it."""
    today = told.today

    def sentences(reasons: Iterable[Reason]) -> list[str]:
        show = show_in(_, today)
        return [
            say(reason, _, region=told.region, show=show, signals=episode.signals)
            for reason in reasons
        ]

    ticked = ticked_since(episode, told.days, told.operation, told.today)
    lead = [] if ticked is None else [ticked_words(ticked, today, _)]
    unsaid = said_elsewhere(ticked)
    notes = [reason for reason in episode.evidence_against if reason.code in NOT_AGAINST]
    return {
        "evidence_for": lead + sentences(r for r in episode.evidence_for if r.code not in unsaid),
        "evidence_against": sentences(r for r in episode.evidence_against if r not in notes),
        "explained_by": sentences(episode.explained_by),
        "points": [(_(POINTS[name]), round(100 * share)) for name, share in episode.points],
        "also_consider": [_(CONSIDER[key]) for key in episode.also_consider],
        "beside": beside_words(episode, told, _),
        "rests_on": [
            *sentences(notes),
            *sentences(r for r in episode.evidence_for if r.code in METHOD),
            *days_used_words(episode, _),
        ],
        "would_clear": " ".join(sentences(filter(None, [episode.would_clear]))),
        "updates": list(later_words(episode, told, _)),
    }


def _recorded(flag: StoredFlag, today: date, zone: str) -> str:
    """When a warning answer reached the clinic; "" for what statistics found or a file told."""
    if not flag.episode.signs or flag.imported:
        return ""
    return instant_words(flag.stored_at, today, zone, _)


def _seen(flag: StoredFlag, looks: Sequence[AuditEvent], today: date, zone: str) -> str:
    """Who looked first; a look from before the flag asked again does not count."""
    for look in reversed(looks):
        is_of_it = (look.details or {}).get("flag") == flag.public_id
        if is_of_it and look.at >= flag.attention_since:
            at = instant_words(look.at, today, zone, _)
            return _("%(name)s looked at it, %(at)s", name=look.by, at=at)
    return ""


def _taken(flag: StoredFlag, today: date, zone: str) -> str:
    if flag.taken_at is None:
        return ""
    at = instant_words(flag.taken_at, today, zone, _)
    return _("%(name)s is seeing to it, %(at)s", name=flag.taken_by, at=at)


def _stands(flag: StoredFlag, operated_on: date) -> str:
    if flag.is_open and flag.episode.raised_on < operated_on:
        day = day_words(operated_on, _, year=True)
        return _("From before the operation of %(day)s. It stays until you decide.", day=day)
    if flag.is_missed:
        return _("It ended before anybody looked at it, so it is still on your list.")
    return ""


def dates_of(episode: Episode, told: Told, *, recorded_at: str = "") -> str:
    """The onset with its interval, and apart from it the day the flag was raised.

    Of a warning answer also the hour at which it was recorded.
    """
    today = told.today
    raised = _("raised %(day)s", day=near_day_words(episode.raised_on, today, _))
    if episode.onset is None or episode.signs:
        if recorded_at:
            raised = _("%(raised)s, recorded %(at)s", raised=raised, at=recorded_at)
        return raised[:1].upper() + raised[1:]
    onset = onset_words(episode, told, _)
    if episode.began is None:
        return _("Since %(onset)s, %(raised)s", onset=onset, raised=raised)
    return _(
        "Began about %(onset)s (%(first)s to %(last)s), %(raised)s",
        onset=onset,
        first=near_day_words(episode.onset_first or episode.onset, today, _),
        last=near_day_words(episode.onset_last or episode.onset, today, _),
        raised=raised,
    )


def decisions_for(urgency: Urgency) -> list[tuple[str, str]]:
    """What may be decided: an emergency sign cannot be put off."""
    return [
        (str(decision), _(name))
        for decision, name in DECISION_NAMES.items()
        if not (decision is Decision.WATCH and urgency is Urgency.EMERGENCY)
    ]
