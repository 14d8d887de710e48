"""What several of the clinic's pages say in the same words."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import ngettext

from ...domain.flags import URGENCY_NAMES, Attention, Episode, Pattern, Status, Urgency
from ...domain.language import N_
from ...domain.phrases import pattern_name
from ...domain.reminders import Delivery
from ...reports.findings import Told, what_happened
from ...storage.flags import StoredDecision
from ...storage.lines import DecidedLine
from ..shared.decision_words import decision_name
from ..shared.language import mark
from ..shared.language import quick_gettext as _

ATTENTION_NAMES = {
    Attention.UNSEEN: N_("Not yet looked at"),
    Attention.SEEN: N_("Looked at, nothing decided"),
    Attention.DECIDED: N_("Decided"),
    Attention.SNOOZED: N_("Put off"),
}

#: A flag holds and a person has answered it: nothing waits, but it is not over.
DEALT_WITH = N_("Flag answered")

#: What a status says of the diary itself, whether a flag about it was answered or not.
QUIET = frozenset({Status.GONE_QUIET, Status.TOO_LITTLE_DATA})

STATUS_BADGES = {
    Status.BEFORE_OPERATION: ("none", N_("Before the operation")),
    Status.GONE_QUIET: ("quiet", N_("Gone quiet")),
    Status.TOO_LITTLE_DATA: ("quiet", N_("Too little data")),
    Status.TOO_EARLY: ("none", N_("Pain not compared yet")),
    Status.NO_RULE_MATCHED: ("none", N_("No flag now")),
}

#: Patterns that are the urgency by another name.
SAID_BY_BADGE = frozenset({Pattern.EMERGENCY_SIGN, Pattern.URGENT_SIGN, Pattern.GONE_QUIET})


def badge(
    urgency: Urgency | None,
    status: Status | None,
    *,
    is_answered: bool = False,
    is_due: bool = False,
) -> tuple[str, str]:
    """Level and words of a badge: the flag's urgency, else what the status is.

    `is_answered` where a flag stands that somebody has answered: then a rule did match. `is_due`
    where the diary could not be assessed since it was written in: its status says nothing then.
    """
    if urgency is not None and urgency > Urgency.NOTE:
        return urgency.key, _(URGENCY_NAMES[urgency])
    if status is None:
        return "none", _("Not assessed yet")
    if is_due and urgency is None:
        return "quiet", _("Could not be assessed")
    if urgency is None and is_answered and status not in QUIET:
        return "none", _(DEALT_WITH)
    if status in QUIET or urgency is None:
        level, words = STATUS_BADGES.get(status, ("none", DEALT_WITH))
        return level, _(words)
    return urgency.key, _(URGENCY_NAMES[urgency])


def reason_of(episode: Episode, told: Told, *, in_brief: bool = False) -> str:
    """Why a flag stands: the pattern, then what happened; `in_brief` for a row of the list.

    A pattern that says no more than the badge beside it is left out.
    """
    happened = what_happened(episode, told, _, in_brief=in_brief)
    if episode.pattern in SAID_BY_BADGE:
        return happened
    return pattern_name(episode, _) + mark(": ") + happened


def put_off_words(
    attention: Attention | None,
    made: StoredDecision | DecidedLine,
    since: datetime | None,
    today: date,
    *,
    author: str = "",
) -> str:
    """The decision that put a flag off, with its day, by whom where `author` says so, and whether
    that day has come; "" where the flag has asked for attention again since.
    """
    put_off = attention in (Attention.SNOOZED, Attention.SEEN)
    if not put_off or made.until is None:
        return ""
    if since is not None and made.at < since:
        return ""
    name = decision_name(made.decision, made.until, today, _)
    said = mark(", ").join(filter(None, (name, author)))
    return said if made.until > today else _("%(decision)s: due now", decision=said)


def age(birth_date: date | None, today: date) -> int | None:
    """Completed years.

    >>> age(date(1964, 5, 3), date(2026, 5, 2))
    61
    """
    if birth_date is None:
        return None
    before = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - before


def joined(parts: Sequence[str]) -> str:
    """The parts that say something, with commas."""
    return mark(", ").join(part for part in parts if part)


def reminded_words(tally: Counter[Delivery] | None) -> str:
    """Reminders that no entry has answered yet, in one line; "" where there is none."""
    said = []
    if tally and (sent := tally[Delivery.SENT]):
        said.append(ngettext("reminded once", "reminded %(num)s times", sent))
    if tally and (lost := tally[Delivery.FAILED] + tally[Delivery.UNSURE]):
        said.append(ngettext("1 reminder may be lost", "%(num)s reminders may be lost", lost))
    return _("%(reminders)s, no entry since", reminders=mark(", ").join(said)) if said else ""
